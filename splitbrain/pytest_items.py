"""Specs as pytest collects them: a file, its spec classes, and a test for each property."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import click
import pytest

from checker.cli.errors import explain
from checker.cli.options import parse_size
from checker.explicit.outcome import Limits
from checker.ir.model import Property
from checker.lang.errors import SpecError, ToolError
from checker.lang.load import load, specs_in
from checker.lang.spec import Spec
from checker.prepare import prepare
from checker.result import Result
from checker.verdict import Holds, Reached
from splitbrain.answers import Question, answered, failure, in_words, judged, loaded, question
from splitbrain.neighbours import mistaken

KEYWORDS = {
    "settings": (dict,),
    "scope": (dict,),
    "properties": (list, tuple),
    "timeout": (int, float),
    "max_states": (int,),
    "max_memory": (int, str),
}
"""What the mark knows, and what it may be."""


class Broken(Exception):
    """The property of a test does not hold; the message is the explained trace."""


class Runs:
    """One search for all selected tests that ask about the same run."""

    def __init__(self) -> None:
        self._selected: dict[Question, dict[str, None]] = {}
        self._results: dict[Question, Result] = {}

    def select(self, asked: Question, name: str) -> None:
        """A test about this property will come."""
        self._selected.setdefault(asked, {})[name] = None

    def result(self, asked: Question, name: str) -> Result:
        """The result of the search, which is made when it is first needed."""
        self.select(asked, name)
        known = self._results.get(asked)
        if known is None or all(found.name != name for found in known.properties):
            known = answered(asked, tuple(self._selected[asked]))
            self._results[asked] = known
        return known


RUNS = pytest.StashKey[Runs]()


def select(session: pytest.Session) -> None:
    """Tell the runs what was selected."""
    runs = session.stash.setdefault(RUNS, Runs())
    for item in session.items:
        if isinstance(item, PropertyTest):
            runs.select(item.asked, item.judged.name)


class SpecFile(pytest.File):
    """A file of specs, loaded by its path: it need not be importable by a name.

    `beside` are the other files of the same pattern: with specs in one of them, helpers may be
    among them, too.
    """

    def __init__(self, *, beside: Sequence[Path], **given: Any) -> None:
        super().__init__(**given)
        self._beside = beside

    def collect(self) -> Iterator[SpecClass]:
        """The specs in the file that can be run."""
        try:
            names = specs_in(str(self.path))
            if not names and not any(map(_has_spec, self._beside)):
                raise self.CollectError(f"{self.path.name} has no spec that can be run")
            if names and (found := mistaken(self.path, self.config.rootpath)) is not None:
                raise self.CollectError(_mistaken_text(self.path, *found))
            for name in names:
                spec = load(f"{self.path}:{name}").spec
                yield SpecClass.from_parent(self, name=name, spec=spec)
        except (SpecError, ToolError) as error:
            raise self.CollectError(explain(error)[0]) from None


def _has_spec(file: Path) -> bool:
    try:
        return bool(specs_in(str(file)))
    except (SpecError, ToolError):
        return True  # It will say so itself.


def _mistaken_text(spec: Path, name: str, folder: Path) -> str:
    return (
        f"{spec.name} imports {name} from beside it, and was given that in {folder}, which was "
        f"imported before: give one of them another name"
    )


class SpecClass(pytest.Collector):
    """A spec: its properties, for each combination of what its mark names."""

    def __init__(self, *, spec: type[Spec], **given: Any) -> None:
        super().__init__(**given)
        self.spec = spec

    def collect(self) -> Iterator[PropertyTest]:
        """A test for each property of each run."""
        chosen = self._chosen()
        wanted = tuple(chosen.get("properties", ()))
        try:
            for asked in _questions(self.spec, chosen):
                settings, scope = dict(asked.settings), dict(asked.scope)
                model = prepare(loaded(asked.spec), settings, scope, wanted).model
                if not model.properties:
                    raise self.CollectError(f"{self.name} has no property to test")
                for property in model.properties:
                    name = f"{property.name}[{asked.label}]" if asked.label else property.name
                    yield PropertyTest.from_parent(self, name=name, asked=asked, judged=property)
        except (SpecError, ToolError, click.UsageError) as error:
            raise self.CollectError(explain(error)[0]) from None

    def _chosen(self) -> Mapping[str, Any]:
        marks = [
            mark for mark in vars(self.spec).get("pytestmark", []) if mark.name == "splitbrain"
        ]
        given: dict[str, Any] = {}
        for mark in marks:
            if mark.args:
                raise self.CollectError("the mark splitbrain has names only, as in settings={...}")
            for name, value in mark.kwargs.items():
                self._check(name, value)
                if name in given:
                    raise self.CollectError(f"two marks splitbrain say {name}: write two classes")
                given[name] = value
        return given

    def _check(self, name: str, value: object) -> None:
        if name not in KEYWORDS:
            known = ", ".join(KEYWORDS)
            raise self.CollectError(f"the mark splitbrain has no {name}; it has {known}")
        kind = KEYWORDS[name]
        if not isinstance(value, kind) or isinstance(value, bool):
            told = " or ".join(one.__name__ for one in kind)
            raise self.CollectError(f"{name} of the mark splitbrain is {value!r:.40}, no {told}")
        if isinstance(value, Mapping):
            for key, values in value.items():
                if isinstance(values, list | tuple) and not values:
                    raise self.CollectError(f"{name} of the mark splitbrain has no value of {key}")


def _questions(spec: type[Spec], chosen: Mapping[str, Any]) -> Iterator[Question]:
    """A question for each combination of values."""
    memory = chosen.get("max_memory")
    limits = Limits(
        states=chosen.get("max_states"),
        memory=None if memory is None else parse_size(str(memory)),
        seconds=chosen.get("timeout"),
    )
    settings: Mapping[str, Any] = chosen.get("settings", {})
    values = [value if isinstance(value, list | tuple) else [value] for value in settings.values()]
    for combination in product(*values):
        some = dict(zip(settings, combination, strict=True))
        yield question(spec, some, chosen.get("scope", {}), limits)


class PropertyTest(pytest.Item):
    """One property of one run: it passes if it holds, or is reached, by a complete search."""

    def __init__(self, *, asked: Question, judged: Property, **given: Any) -> None:
        super().__init__(**given)
        self.asked = asked
        self.judged = judged
        if self.config.pluginmanager.hasplugin("xdist"):
            # With --dist loadgroup, one worker makes the search for all of its tests.
            group = f"{asked.spec.__qualname__}[{asked.label}]"
            self.add_marker(pytest.mark.xdist_group(group))

    def runtest(self) -> None:
        """Search, or read what the search for another property has answered already."""
        result = self.session.stash.setdefault(RUNS, Runs()).result(self.asked, self.judged.name)
        found = judged(result, self.judged.name)
        if not isinstance(found.verdict, Holds | Reached):
            told = failure(result, found, label=self.asked.label)
            raise Broken(f"{found.name}: {in_words(found.verdict)}\n\n{told}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The trace; of a mistake in the spec its place, never our own stack."""
        if isinstance(excinfo.value, Broken):
            return str(excinfo.value)
        if isinstance(excinfo.value, SpecError | ToolError):
            return explain(excinfo.value)[0]
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[os.PathLike[str] | str, int | None, str]:
        """Where the property stands."""
        span = self.judged.span
        return Path(span.file), span.line - 1, self.name


__all__: Sequence[str] = ("PropertyTest", "SpecClass", "SpecFile", "select")
