"""Finding a spec by what a user calls it: a name from `specs/`, or a file of the user's own."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType, TracebackType
from zlib import crc32

from checker.ir.expr import Span
from checker.lang.declare import is_abstract
from checker.lang.errors import SpecError
from checker.lang.sources import readable
from checker.lang.spec import Spec, classes_of
from checker.lang.suggest import did_you_mean

SPECS = "specs"
INVARIANTS = "invariants"
LEMMAS = "invariants.lemmas"
"""What only proofs need: a search would judge it for nothing."""


@dataclass(frozen=True, slots=True)
class LoadedSpec:
    """A spec class, the name it was asked for by, and the modules that may hold its properties."""

    name: str
    spec: type[Spec]
    modules: tuple[ModuleType, ...]


def load(name: str) -> LoadedSpec:
    """The spec of a name: `published.kip320`, `path/to/file.py` or `path/to/file.py:Class`.

    Raises `SpecError` if there is none, if a file has several, or if it cannot be imported.
    """
    place, wanted = _split(name)
    if place.endswith(".py") or "/" in place or "\\" in place:
        module = _from_file(Path(place))
    else:
        module = _from_specs(place)
    spec = _choose(module, place, wanted)
    return LoadedSpec(name, spec, property_modules(spec))


def specs_in(file: str) -> tuple[str, ...]:
    """The names of the specs in a file that can be run, in source order; raises `SpecError`."""
    return tuple(spec.__name__ for spec in _concrete(_from_file(Path(file))))


def catalogue() -> list[str]:
    """The names of all specs of ours that can be run, in alphabetical order."""
    found = []
    for name in _names():
        concrete = list(_concrete(_imported(f"{SPECS}.{name}")))
        many = len(concrete) > 1
        found += [f"{name}:{spec.__name__}" if many else name for spec in concrete]
    return found


def property_modules(spec: type[Spec]) -> tuple[ModuleType, ...]:
    """The modules of a spec and its bases, base first; for what is built on ours, `invariants` too.

    Property functions that a file imports count as its own.
    """
    names = [cls.__module__ for cls in classes_of(spec)]
    if any(name.startswith(f"{SPECS}.") for name in names):
        judged = (name for name in _modules_below(INVARIANTS) if not name.startswith(f"{LEMMAS}."))
        names += judged
    return tuple(_imported(name) for name in dict.fromkeys(names))


def with_lemmas(loaded: LoadedSpec) -> LoadedSpec:
    """A spec of ours with the lemmas that are kept for it, for a proof; a user's as it is."""
    if not loaded.spec.__module__.startswith(f"{SPECS}."):
        return loaded
    lemmas = map(_imported, _modules_below(LEMMAS))
    return replace(loaded, modules=(*loaded.modules, *lemmas))


def _split(name: str) -> tuple[str, str | None]:
    place, colon, wanted = name.rpartition(":")
    # A drive letter is no file name: `C:\specs\mine.py`.
    if colon and wanted.isidentifier() and len(place) > 1:
        return place, wanted
    return name, None


def _names() -> list[str]:
    """The names of the modules below `specs`, some of which have only bases for others."""
    return [name.partition(".")[2] for name in _modules_below(SPECS)]


def _modules_below(package: str) -> list[str]:
    root = _imported(package)
    below = pkgutil.walk_packages(root.__path__, f"{package}.")
    return sorted(module.name for module in below if not module.ispkg)


def _from_specs(name: str) -> ModuleType:
    names = _names()
    if name not in names:
        if _is_file(Path(f"{name}.py")):
            raise _not_found(name, f"did you mean {name}.py?")
        last = {known.rpartition(".")[2]: known for known in reversed(names)}
        if name in last:
            raise _not_found(name, f"did you mean {last[name]}?")
        suggestion = did_you_mean(name, names, "specs")
        raise _not_found(name, suggestion)
    return _imported(f"{SPECS}.{name}")


def _not_found(name: str, help: str) -> SpecError:
    return SpecError("S032", f"there is no spec {name}", help=help)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that no file can have, or a folder that may not be read
        return False


def _from_file(path: Path) -> ModuleType:
    """Import a file, as `python file.py` would: what stands beside it can be imported too."""
    if not _is_file(path):
        what = "cannot be found, or is not a file"
        near = (str(other) for other in sorted(path.parent.glob("*.py")) if _is_file(other))
        help = did_you_mean(str(path), near, "Python files there")
        raise SpecError("S032", f"{path} {what}", help=help)
    full = path.resolve()
    ours = _module_of_ours(full)
    if ours is not None:
        return _imported(ours)
    name = _module_name(full)
    if str(full.parent) not in sys.path:
        sys.path.append(str(full.parent))
    found = importlib.util.spec_from_file_location(name, full)
    if found is None or found.loader is None:
        raise SpecError("S032", f"{path} is not a Python file", help="name a file that ends in .py")
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module
    try:
        # What a file prints when it is imported is no part of a command's answer.
        with redirect_stdout(sys.stderr):
            found.loader.exec_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        del sys.modules[name]
        raise _cannot_import(error, str(full)) from None
    return module


def _module_of_ours(full: Path) -> str | None:
    """The name of the module that a file below `specs` is: it must not be imported twice."""
    for root in _imported(SPECS).__path__:
        base = Path(root).resolve()
        if full.is_relative_to(base):
            parts = full.relative_to(base).with_suffix("").parts
            return ".".join((SPECS, *parts))
    return None


def _module_name(full: Path) -> str:
    """The file's own name, unless that is the name of another module."""
    stem = full.stem
    if stem.isidentifier() and stem not in ("__main__", "__init__"):
        other = importlib.util.find_spec(stem)
        if other is None or other.origin == str(full):
            return stem
    return f"spec_in_{full.parent.name}_{stem}_{crc32(bytes(full)):08x}"


def _imported(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except Exception as error:
        origin = importlib.util.find_spec(name)
        raise _cannot_import(error, str(origin.origin) if origin else name) from None


def _choose(module: ModuleType, place: str, wanted: str | None) -> type[Spec]:
    own = list(_own(module))
    names = [spec.__name__ for spec in own]
    if wanted is not None:
        if wanted not in names:
            help = did_you_mean(wanted, names, f"specs in {place}")
            raise SpecError("S032", f"{place} has no spec {wanted}", help=help)
        return own[names.index(wanted)]
    concrete = list(_concrete(module))
    if not concrete:
        if own:
            help = "check a spec that is derived from it"
            message = f"{place} has only specs that are bases for others: {', '.join(names)}"
        else:
            message = f"{place} has no spec"
            help = "write a class that is derived from `Spec`, with an `@action`"
        raise SpecError("S033", message, help=help)
    if len(concrete) > 1:
        choices = ", ".join(f"{place}:{spec.__name__}" for spec in concrete)
        raise SpecError("S033", f"{place} has several specs", help=f"name one: {choices}")
    return concrete[0]


def _own(module: ModuleType) -> Iterator[type[Spec]]:
    """The specs that a module defines itself, in source order."""
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Spec):
            if value.__module__ == module.__name__:
                yield value


def _concrete(module: ModuleType) -> Iterator[type[Spec]]:
    return (spec for spec in _own(module) if not is_abstract(spec))


def _cannot_import(error: BaseException, path: str) -> SpecError:
    """What a user needs to know of a failed import: the error, and its line in the user's file."""
    if isinstance(error, SpecError):
        span = error.span or _innermost(error.__traceback__, path)
        return SpecError(error.code, error.message, span, error.help)
    if isinstance(error, SyntaxError) and error.filename is not None and error.lineno is not None:
        column = max(0, (error.offset or 1) - 1)
        end = max(column, (error.end_offset or 0) - 1)
        where = readable(error.filename)
        span = Span(where, error.lineno, column, error.end_lineno or error.lineno, end)
        return SpecError("S034", f"{type(error).__name__}: {error.msg}", span)
    message = f"{type(error).__name__}: {error}"
    span = _innermost(error.__traceback__, path) or Span(readable(path), 1, 0, 1, 0)
    return SpecError("S034", message, span, "a spec's file must be importable: run it with python")


def _innermost(traceback: TracebackType | None, path: str) -> Span | None:
    """The last line of the file that was being executed."""
    line = None
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == path:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return None if line is None else Span(readable(path), line, 0, line, 0)
