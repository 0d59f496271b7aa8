"""The shape of the code, kept by a test: who imports whom, what is global, how big things get.

Sources are read as syntax trees; nothing is imported. `docs/ARCHITECTURE.md` has the picture.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
RATCHET = Path(__file__).with_name("size_ratchet.json")
PACKAGES = ("checker", "specs", "invariants", "counterexamples", "splitbrain", "benchmarks")
LIMITS = {"files": 400, "functions": 60}

# What each unit may import of ours, beside itself. A unit is a package inside `checker`, a module
# that stands beside those packages, or a whole package at the top. `docs/ARCHITECTURE.md` draws it.
ANSWER = {"checker.trace", "checker.verdict", "checker.result"}
RUN = {"checker.ir", "checker.lang", "checker.prepare", "counterexamples", *ANSWER}
ALLOWED: dict[str, set[str]] = {
    "checker.ir": set(),
    "checker.lang": {"checker.ir"},
    "checker.semantics": {"checker.ir", "checker.lang"},
    "checker.processes": set(),
    "checker.symbolic": {"checker.ir", "checker.processes", "checker.semantics"},
    "checker.export": {"checker.ir", "checker.lang"},
    "checker.ground": {"checker.ir"},
    "checker.explicit": {"checker.ir", "checker.ground"},
    "checker.version": set(),
    "checker.trace": {"checker.ir"},
    "checker.verdict": {"checker.ir", "checker.trace"},
    "checker.result": {"checker.ir", "checker.trace", "checker.verdict"},
    "counterexamples": {
        "checker.ir",
        "checker.lang",
        "checker.semantics",
        "checker.version",
        *ANSWER,
    },
    "checker.prepare": {"checker.ir", "checker.lang", "checker.semantics", "counterexamples"},
    "checker.paths": {"checker.ground", "checker.explicit", "checker.trace", "counterexamples"},
    "checker.given": {"checker.ir", "checker.lang"},
    "checker.initial": {"checker.given", "checker.symbolic", *RUN},
    "checker.reachability": {
        "checker.initial",
        "checker.paths",
        "checker.ground",
        "checker.explicit",
        "checker.symbolic",
        *RUN,
    },
    "checker.lifting": {"checker.ir", "checker.lang", "checker.prepare", "checker.symbolic"},
    "checker.proof": {
        "checker.initial",
        "checker.explicit",
        "checker.lifting",
        "checker.reachability",
        "checker.semantics",
        "checker.symbolic",
        *RUN,
    },
    "checker.simplest": {"checker.explicit", "checker.ground", "checker.ir"},
    "checker.check": {
        "checker.given",
        "checker.initial",
        "checker.symbolic",
        "checker.paths",
        "checker.simplest",
        "checker.ground",
        "checker.explicit",
        *RUN,
    },
    "checker.bounded": {
        "checker.check",
        "checker.given",
        "checker.initial",
        "checker.symbolic",
        *RUN,
    },
    "checker.gate": {
        "checker.bounded",
        "checker.check",
        "checker.explicit",
        "checker.processes",
        "checker.proof",
        "checker.symbolic",
        "checker.version",
        *RUN,
    },
    "checker.audit": {
        "checker.explicit",
        "checker.ground",
        "checker.initial",
        "checker.lifting",
        "checker.symbolic",
        *RUN,
    },
    "checker.guards": {"checker.audit", "checker.ir", "checker.symbolic"},
    "checker.inevitable": {"checker.ground", "checker.explicit", *RUN},
    "checker.prevention": {"checker.check", "checker.ground", "checker.explicit", *RUN},
    "checker.explain": {"checker.explicit", "checker.inevitable", "checker.prevention", *RUN},
    "checker.conditions": set(),
    "checker.synthesize": {"checker.check", "checker.conditions", "checker.explicit", *RUN},
    "checker.museum": {"checker.check", "checker.explicit", *RUN},
    "checker.testing": {"checker.ir", "checker.lang", "checker.semantics"},
    "checker.graph": {"checker.semantics", *RUN},
    "checker.simulate": {"checker.initial", "checker.semantics", *RUN},
    "checker": {"checker.lang", "checker.semantics"},
    "checker.explore": {"checker.initial", "checker.semantics", *RUN},
    "specs": {"checker"},
    "invariants": {"checker", "specs"},
    "benchmarks": {
        "checker.guards",
        "checker.ir",
        "checker.lang",
        "checker.prepare",
        "checker.symbolic",
    },
}
MAY_IMPORT_ALL = {"checker.cli", "checker.__main__", "splitbrain"}

# Imports inside functions exist for start-up speed, and almost only where commands begin.
MAY_IMPORT_LATE = {
    "checker.cli": "a command loads only what it needs",
    "checker.initial": "a solver is loaded only for a spec that assumes something of its start",
    "splitbrain": "our packages must be claimed before anything of theirs is imported",
}

MUTABLE = (ast.Dict, ast.List, ast.Set, ast.DictComp, ast.ListComp, ast.SetComp)
MAKERS = {"dict", "list", "set", "defaultdict", "deque", "Counter", "OrderedDict", "bytearray"}
MUTATORS = {
    "add", "append", "clear", "discard", "extend", "insert", "pop", "popitem", "remove", "reverse",
    "setdefault", "sort", "update",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Module:
    """One source file of ours. `name` of a package is the package's own name."""

    name: str
    path: Path
    text: str
    tree: ast.Module

    @property
    def unit(self) -> str:
        """The part of the architecture that the module belongs to."""
        parts = self.name.split(".")
        return ".".join(parts[:2]) if parts[0] == "checker" else parts[0]

    @property
    def functions(self) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
        """Every function and method, with its dotted name inside the module."""
        yield from _functions(self.tree, "")


def _functions(
    node: ast.AST, prefix: str
) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{prefix}{child.name}", child
            yield from _functions(child, f"{prefix}{child.name}.")
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.")
        else:
            yield from _functions(child, prefix)


def _read(path: Path) -> Module:
    parts = path.relative_to(ROOT).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    text = path.read_text(encoding="utf-8")
    return Module(name, path, text, ast.parse(text))


@cache
def modules() -> dict[str, Module]:
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return {module.name: module for module in map(_read, paths)}


def test_modules_are_found() -> None:
    assert {"checker.ir.expr", "checker.lang.errors"} <= set(modules())


def imported(module: Module, node: ast.AST) -> Iterator[str]:
    """The modules of ours that an import statement names."""
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, f"{module.name}:{node.lineno}: write imports in full"
        inner = [f"{node.module}.{alias.name}" for alias in node.names]
        names = [name if name in modules() else str(node.module) for name in inner]
    else:
        return
    yield from (name for name in names if name.split(".")[0] in PACKAGES)


def edges() -> Iterator[tuple[Module, Module, int]]:
    for module in modules().values():
        for node in ast.walk(module.tree):
            for name in imported(module, node):
                if name in modules():  # else mypy says so
                    yield module, modules()[name], getattr(node, "lineno", 0)


def test_imports_go_one_way() -> None:
    wrong = [
        f"{module.path}:{line}: {module.unit} may not import {target.name}"
        for module, target, line in edges()
        if target.unit != module.unit
        and module.unit not in MAY_IMPORT_ALL
        and target.unit not in ALLOWED.get(module.unit, set())
    ]
    assert not wrong, "\n".join(wrong)


def test_every_unit_has_a_place() -> None:
    units = {module.unit for module in modules().values()}
    assert not units - set(ALLOWED) - MAY_IMPORT_ALL, "say in ALLOWED what the new unit may import"


def test_allowed_imports_have_no_cycle() -> None:
    TopologicalSorter(ALLOWED).prepare()


def test_no_module_is_part_of_an_import_cycle() -> None:
    graph: dict[str, set[str]] = {}
    for module, target, _ in edges():
        if target != module:
            graph.setdefault(module.name, set()).add(target.name)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def test_imports_stand_at_the_top() -> None:
    late = {
        f"{module.path}:{node.lineno}: import inside {name}"
        for module in modules().values()
        if module.unit not in MAY_IMPORT_LATE
        for name, function in module.functions
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert not late, "\n".join(sorted(late))


def is_mutable(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Call):
        maker = value.func.attr if isinstance(value.func, ast.Attribute) else value.func
        return (maker.id if isinstance(maker, ast.Name) else maker) in MAKERS
    return isinstance(value, MUTABLE)


def global_targets(module: Module) -> Iterator[tuple[ast.Name, ast.expr | None]]:
    for node in module.tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name):
                yield target, getattr(node, "value", None)


def test_module_level_tables_are_named_as_constants() -> None:
    wrong = [
        f"{module.path}:{target.lineno}: {target.id} is mutable and global"
        for module in modules().values()
        for target, value in global_targets(module)
        if is_mutable(value) and target.id != "__all__" and target.id.upper() != target.id
    ]
    assert not wrong, "\n".join(wrong)


def changed_name(node: ast.AST) -> str | None:
    """The name of a thing that a statement or call changes in place."""
    target: ast.expr | None = None
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
        target = node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        target = node.func.value if node.func.attr in MUTATORS else None
    elif isinstance(node, ast.AugAssign):
        target = node.target
    return target.id if isinstance(target, ast.Name) else None


def test_tables_are_never_changed() -> None:
    wrong = []
    for module in modules().values():
        tables = {target.id for target, _ in global_targets(module)}
        for name, function in module.functions:
            own = {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
            names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
            own |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
            for node in ast.walk(function):
                if isinstance(node, ast.Global) or changed_name(node) in tables - own:
                    line = getattr(node, "lineno", function.lineno)
                    wrong.append(f"{module.path}:{line}: {name} changes a global")
    assert not wrong, "\n".join(wrong)


def sizes() -> dict[str, dict[str, int]]:
    """Lines of every file and function of ours, tests included."""
    tests = [_read(path) for path in sorted((ROOT / "tests").rglob("*.py"))]
    found: dict[str, dict[str, int]] = {"files": {}, "functions": {}}
    for module in [*modules().values(), *tests]:
        place = module.path.relative_to(ROOT).as_posix()
        found["files"][place] = len(module.text.splitlines())
        for name, node in module.functions:
            assert node.end_lineno is not None
            found["functions"][f"{place}:{name}"] = node.end_lineno - node.lineno + 1
    return found


@pytest.mark.parametrize("kind", ["files", "functions"])
def test_sizes_only_shrink(kind: str) -> None:
    ratchet = json.loads(RATCHET.read_text(encoding="utf-8"))[kind]
    large = {name: size for name, size in sizes()[kind].items() if size > LIMITS[kind]}
    grown = {name: size for name, size in large.items() if size > ratchet.get(name, 0)}
    assert not grown, f"more than {LIMITS[kind]} lines: {grown}"
    assert ratchet == large, f"something became smaller: write {large} into {RATCHET.name}"


def test_packages_say_what_they_may_not_know() -> None:
    """The first line of defence against a wrong import is that the reader was told."""
    packages = [module for module in modules().values() if module.path.name == "__init__.py"]
    silent = [
        module.name
        for module in packages
        if not re.search(r"\b(know|import)", ast.get_docstring(module.tree) or "")
        and module.name not in ("specs.published", "specs.toys")
    ]
    assert not silent, f"these packages do not say what they may not know or import: {silent}"
