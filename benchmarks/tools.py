"""The tools that are measured: how each is built for a scope, run, and read."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import rumur_model
from benchmarks.measure import Command, Run, build, run
from benchmarks.scopes import Scope

PEERS = Path(__file__).with_name("peers")
TLC_JAR = "SPLITBRAIN_TLC_JAR"
"""The environment variable that names a `tla2tools.jar` (or a class path)."""
GCC = ("gcc", "-march=native")
START = "import sys; from checker.cli.main import main; sys.exit(main())"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool says of its own search. `seconds` is `None` where it does not say."""

    states: int
    generated: int
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool. `prepare` builds in an empty folder; `command` is then measured there.

    A tool that does another job (it merges states that are equal up to renaming) is shown, and
    neither compared nor expected to find the same number of states.
    """

    name: str
    programs: tuple[str, ...]
    prepare: Callable[[Scope, Path], None]
    command: Callable[[Scope, Path], Command]
    read: Callable[[Run], Answer]
    three_replicas_only: bool = True
    same_job: bool = True
    variable: str | None = None
    """The environment variable that says where the tool is."""
    most_states: int | None = None
    """Above so many states the tool would take hours."""

    def obstacle(self, scope: Scope) -> str | None:
        """Why the tool cannot be measured here, if it cannot."""
        missing = [program for program in self.programs if shutil.which(program) is None]
        if missing:
            return f"not measured: {', '.join(missing)} not installed"
        if self.variable is not None and self.variable not in os.environ:
            return f"not measured: {self.variable} is not set"
        if self.most_states is not None and scope.states > self.most_states:
            return f"not measured: would take hours above {self.most_states:,} states"
        if self.three_replicas_only and scope.replicas != 3:
            return "not measured: the model is for three replicas"
        return None


def _number(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    if found is None:
        raise RuntimeError(f"expected {pattern!r} in:\n{text[-2000:]}")
    return float(found[1])


def splitbrain(scope: Scope, folder: Path, *more: str, python: Sequence[str] = ()) -> Command:
    """Our own check of a scope, its cache in `folder`; `python` are options for Python itself."""
    size = ("--scope", scope.name, "--property", "strong_isr")
    arguments = (sys.executable, *python, "-c", START, "check", "published.kip320", *size, "--json")
    places = {"XDG_CACHE_HOME": str(folder / "cache"), "PYTHONPATH": str(PEERS.parent.parent)}
    return Command((*arguments, *more), places)


def _ours_cold(scope: Scope, folder: Path) -> Command:
    shutil.rmtree(folder / "cache", ignore_errors=True)
    return splitbrain(scope, folder)


def _ours_warm(scope: Scope, folder: Path) -> Command:
    return splitbrain(scope, folder)


def _warm_up(scope: Scope, folder: Path) -> None:
    run(splitbrain(scope, folder), folder)


def _read_ours(done: Run) -> Answer:
    if done.exit != 0:
        raise RuntimeError(f"exit code {done.exit}\n{done.output}{done.errors}")
    result = json.loads(done.output)
    return Answer(result["states"], result["generated"], result["seconds"]["search"])


def _nothing(scope: Scope, folder: Path) -> None:
    """Nothing to build."""


def _build_c(scope: Scope, folder: Path) -> None:
    sizes = {"R": scope.replicas, "L": scope.log_size, "MR": scope.records, "ME": scope.epoch}
    defines = [f"-D{name}={size}" for name, size in sizes.items()]
    build(folder, [*GCC, "-O2", *defines, str(PEERS / "kip320.c"), "-o", "c"])


def _run_c(scope: Scope, folder: Path) -> Command:
    return Command((str(folder / "c"), str(scope.table_bits)))


def _read_c(done: Run) -> Answer:
    states = _number(r"distinct (\d+)", done.output)
    generated = _number(r"generated (\d+)", done.output)
    return Answer(int(states), int(generated), _number(r"time ([\d.]+)", done.output))


def _build_spin(*order: str) -> Callable[[Scope, Path], None]:
    def prepare(scope: Scope, folder: Path) -> None:
        sizes = {"L": scope.log_size, "MR": scope.records, "ME": scope.epoch}
        defines = [f"-D{name}={size}" for name, size in sizes.items()]
        options = ["-O2", "-DSAFETY", "-DNOREDUCE", "-DNOFAIR", "-DMEMLIM=9500", *order]
        build(
            folder,
            ["spin", *defines, "-a", str(PEERS / "kip320.pml")],
            [*GCC, *options, "pan.c", "-o", "pan"],
        )

    return prepare


def _run_spin(scope: Scope, folder: Path) -> Command:
    huge_pages = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
    return Command((str(folder / "pan"), "-m10000", f"-w{scope.table_bits}"), huge_pages)


def _read_spin(done: Run) -> Answer:
    if "errors: 0" not in done.output:
        raise RuntimeError(done.output[-2000:])
    states = _number(r"(\d+) states, stored", done.output)
    # Spin counts the making of the initial state too, and prints eight digits of a large number.
    generated = _number(r"([\d.]+(?:e\+\d+)?) transitions", done.output) - 1
    return Answer(int(states), int(generated), _number(r"elapsed time ([\d.]+)", done.output))


def _build_rumur(model: Callable[[Scope], str], *options: str) -> Callable[[Scope, Path], None]:
    def prepare(scope: Scope, folder: Path) -> None:
        (folder / "model.m").write_text(model(scope), encoding="utf-8")
        common = ["--threads", "1", "--counterexample-trace", "off", "--deadlock-detection", "off"]
        # The generated checker takes 128 bytes of this for each slot of its first table.
        capacity = ["--set-capacity", str(128 << scope.table_bits)]
        build(
            folder,
            ["rumur", *common, *capacity, *options, "-o", "model.c", "model.m"],
            [*GCC, "-std=c11", "-O3", "-mcx16", "-DNDEBUG", "model.c", "-o", "model", "-lpthread"],
        )

    return prepare


def _run_rumur(scope: Scope, folder: Path) -> Command:
    return Command((str(folder / "model"),))


def _read_rumur(done: Run) -> Answer:
    if "No error found" not in done.output:
        raise RuntimeError(done.output[-2000:])
    states = _number(r"(\d+) states, \d+ rules fired", done.output)
    generated = _number(r"\d+ states, (\d+) rules fired", done.output)
    return Answer(int(states), int(generated), None)  # it says whole seconds only


def _symmetric(scope: Scope) -> str:
    return rumur_model.symmetric((PEERS / "kip320.m").read_text(encoding="utf-8"), scope)


def _export(scope: Scope, folder: Path) -> None:
    size = ("--scope", scope.name, "--property", "strong_isr")
    export = ("export", "published.kip320", "--to", "tla", *size, "--out", str(folder))
    build(folder, [sys.executable, "-c", START, *export])
    # That every variable keeps to its domain is no question to the other tools.
    config = folder / "Kip320.cfg"
    lines = config.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.strip() != "TypeOK"]
    config.write_text("\n".join(kept) + "\n", encoding="utf-8")


def _run_tlc(scope: Scope, folder: Path) -> Command:
    java = ("java", "-XX:+UseParallelGC", "-Xmx6g", "-cp", os.environ[TLC_JAR])
    return Command((*java, "tlc2.TLC", "-workers", "1", "-noGenerateSpecTE", "Kip320"))


def _read_tlc(done: Run) -> Answer:
    if "No error has been found" not in done.output:
        raise RuntimeError(done.output[-2000:])
    # TLC counts the making of the initial state too.
    generated = _number(r"(\d+) states generated, \d+ distinct", done.output) - 1
    states = _number(r"(\d+) distinct states found, 0 states left", done.output)
    return Answer(int(states), int(generated), None)  # it says whole seconds only


COLD = Tool("splitbrain, cold cache", (), _nothing, _ours_cold, _read_ours, False)
WARM = Tool("splitbrain, warm cache", (), _warm_up, _ours_warm, _read_ours, False)
C = Tool("C by hand", ("gcc",), _build_c, _run_c, _read_c, False)
SPIN = ("spin", "gcc")
SPIN_DEPTH = Tool("Spin, depth first", SPIN, _build_spin("-DSFH"), _run_spin, _read_spin)
SPIN_BREADTH = Tool("Spin, breadth first", SPIN, _build_spin("-DBFS"), _run_spin, _read_spin)
RUMUR = Tool(
    "Rumur",
    ("rumur", "gcc"),
    _build_rumur(rumur_model.flat, "--symmetry-reduction", "off", "--value-type", "int32_t"),
    _run_rumur,
    _read_rumur,
)
RUMUR_SYMMETRY = Tool(
    "Rumur, with symmetry",
    ("rumur", "gcc"),
    _build_rumur(_symmetric, "--symmetry-reduction", "heuristic", "--scalarset-schedules", "off"),
    _run_rumur,
    _read_rumur,
    same_job=False,
)
TLC = Tool(
    "TLC, one worker",
    ("java",),
    _export,
    _run_tlc,
    _read_tlc,
    three_replicas_only=False,
    variable=TLC_JAR,
    most_states=5_000_000,
)

TOOLS = (COLD, WARM, C, SPIN_DEPTH, SPIN_BREADTH, RUMUR, RUMUR_SYMMETRY, TLC)
