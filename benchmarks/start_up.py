"""What a command costs before the search begins: imports, and compiling a large model."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from statistics import median

from benchmarks.measure import Command, Run, run
from benchmarks.scopes import FIVE_REPLICAS, SMALL
from benchmarks.tools import splitbrain

LIMIT_REACHED = 3


def imports(folder: Path, repetitions: int) -> str:
    """A line: how long Python imports modules in a warm check of the smallest scope."""
    timed = ("-X", "importtime")
    checked = splitbrain(SMALL, folder, python=timed)
    bare = Command((sys.executable, *timed, "-c", "pass"))
    run(checked, folder)
    runs = [run(checked, folder) for _ in range(repetitions)]
    failed = [done for done in runs if done.exit != 0]
    if failed:
        return f"imports: not measured: exit code {failed[0].exit}: {_last(failed[0])}"
    own = median(map(_imported, runs))
    python = median(_imported(run(bare, folder)) for _ in range(repetitions))
    return f"imports of a check: {own:.2f} s, of which {python:.2f} s are Python's own start"


def _last(done: Run) -> str:
    return (done.errors or done.output).strip().rpartition("\n")[2]


def _imported(done: Run) -> float:
    """The sum of the self times that `-X importtime` prints, in seconds."""
    lines = [line for line in done.errors.splitlines() if line.startswith("import time:")]
    own = [line.removeprefix("import time:").split("|")[0].strip() for line in lines]
    return sum(int(cell) for cell in own if cell.isdigit()) / 1e6


def compiling(folder: Path) -> str:
    """A line: how long it takes to compile the spec for five replicas, from nothing."""
    done = run(splitbrain(FIVE_REPLICAS, folder, "--max-states", "1000"), folder)
    if done.exit != LIMIT_REACHED:
        return f"compiling: not measured: exit code {done.exit}: {_last(done)}"
    seconds = json.loads(done.output)["seconds"]
    return f"compiling {FIVE_REPLICAS.name}: {seconds['compile']:.2f} s, nothing cached"
