"""The runs that can be explored: the one that was asked for, and those of the museum's entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from checker.initial import Limits, Unsolved, initial_states
from checker.ir.values import State
from checker.lang.errors import SpecError, ToolError
from checker.lang.load import LoadedSpec, load
from checker.prepare import Prepared, prepare
from checker.trace import Trace
from counterexamples.file import read
from counterexamples.museum_cases import Entry, Side

OWN: Final = ""
"""The name of the run that was asked for."""


MOST_STARTS: Final = 1_000
SECONDS: Final = 30.0
"""So many initial states can be chosen from, and so long are they looked for."""


class UnknownRun(ValueError):
    """There is no run of this name."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One side of a museum entry as a run; `is_mended` is the one with the fix."""

    entry: Entry
    side: Side
    is_mended: bool

    @property
    def name(self) -> str:
        """How a request names the run."""
        return f"{self.entry.id}, mended" if self.is_mended else self.entry.id


class Runs:
    """All runs by name. What a run needs is loaded when it is first asked for."""

    def __init__(self, own: Prepared, trace: Trace | None, entries: Iterable[Entry]) -> None:
        self.exhibits = {run.name: run for entry in entries for run in _sides(entry)}
        self._trace = trace
        self._prepared = {OWN: own}
        self._starts: dict[str, tuple[State, ...]] = {}

    def prepared(self, name: str) -> Prepared:
        """A run's spec with its settings and scope; raises `UnknownRun`."""
        if name not in self._prepared:
            side = self._exhibit(name).side
            self._prepared[name] = prepare(load(side.spec), side.settings, side.scope)
        return self._prepared[name]

    def starts(self, name: str) -> tuple[State, ...]:
        """The states in which a run may begin; raises `ToolError` if they cannot be listed."""
        if name not in self._starts:
            found = initial_states(self.prepared(name), Limits(MOST_STARTS, SECONDS))
            if isinstance(found, Unsolved):
                message = f"the initial states cannot be listed: {found.reason}"
                raise ToolError(message)
            self._starts[name] = found
        return self._starts[name]

    def trace(self, name: str) -> Trace | None:
        """What a walk in a run begins with, if it does not begin at the start."""
        return self._trace if name == OWN else read(self._exhibit(name).entry.trace_file)

    def about(self, name: str) -> str | None:
        """The property that a run is there to show."""
        if name != OWN:
            return self._exhibit(name).entry.property_name
        return None if self._trace is None else self._trace.property

    def _exhibit(self, name: str) -> Exhibit:
        if name not in self.exhibits:
            raise UnknownRun(f"there is no run {name!r:.60}")
        return self.exhibits[name]


def _sides(entry: Entry) -> Iterator[Exhibit]:
    yield Exhibit(entry, entry.broken.side, is_mended=False)
    if entry.fixed is not None:
        yield Exhibit(entry, entry.fixed.side, is_mended=True)


def of_spec(loaded: LoadedSpec, entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries with a trace of this spec, which may be the side without the fix or with it."""
    return tuple(
        entry
        for entry in entries
        if entry.trace_file.exists()
        and (
            is_same(entry.broken.side.spec, loaded)
            or (entry.fixed is not None and is_same(entry.fixed.side.spec, loaded))
        )
    )


def is_same(name: str, loaded: LoadedSpec) -> bool:
    """Whether a name stands for this spec, however each of the two was written."""
    try:
        return name == loaded.name or load(name).spec is loaded.spec
    except SpecError:
        return False
