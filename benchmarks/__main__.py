"""`python -m benchmarks`: measure, compare, print a table for each scope."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import start_up
from benchmarks.measure import run
from benchmarks.scopes import FULL, QUICK, Scope
from benchmarks.table import Row, Sample, render
from benchmarks.tools import TOOLS, Tool


def main() -> int:
    """Measure what the arguments ask for; 1 if a tool failed or found a wrong number of states."""
    options = _options()
    tools = [tool for tool in TOOLS if _chosen(tool, options.tool)]
    scopes = [scope for scope in (QUICK if options.quick else FULL) if options.scope in scope.name]
    print(f"{_machine()}\n")
    right = True
    with tempfile.TemporaryDirectory() as folder:
        print(start_up.imports(_inside(folder, "imports"), options.repetitions))
        print(start_up.compiling(_inside(folder, "compiling")))
        for scope in scopes:
            rows = _measure(scope, tools, options.repetitions, _inside(folder, scope.name))
            print(f"\nKIP-320, strong_isr, {scope.name}\n\n{render(rows)}", flush=True)
            right &= all(row.measured or row.note.startswith("not measured") for row in rows)
    print(
        "\nMedians of whole commands that took turns. Ratios are the peer's time over the tool's:"
        "\nabove 1 is faster than the peer. Spin is the faster of its two orders."
    )
    return 0 if right else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small scopes only: under a minute")
    parser.add_argument("--repetitions", type=int, default=3, metavar="N", help="3 by default")
    parser.add_argument(
        "--tool", action="append", metavar="WORD", help="only tools whose name has WORD; repeatable"
    )
    parser.add_argument("--scope", default="", metavar="TEXT", help="only scopes that contain TEXT")
    options = parser.parse_args()
    if options.repetitions < 1:
        parser.error("--repetitions must be at least 1")
    return options


def _chosen(tool: Tool, words: Sequence[str] | None) -> bool:
    return words is None or any(word.lower() in tool.name.lower() for word in words)


def _inside(folder: str, name: str) -> Path:
    path = Path(folder) / name
    path.mkdir()
    return path


def _machine() -> str:
    load = f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {load}"


def _measure(scope: Scope, tools: Sequence[Tool], repetitions: int, folder: Path) -> list[Row]:
    """Build every tool, then let them take turns, so that a slow minute hits all alike."""
    samples: dict[str, list[Sample]] = {tool.name: [] for tool in tools}
    notes = {tool.name: _prepare(tool, scope, folder) for tool in tools}
    for turn in range(repetitions):
        for tool in tools:
            if notes[tool.name]:
                continue
            print(f"turn {turn + 1} of {repetitions}: {scope.name}: {tool.name}", file=sys.stderr)
            try:
                samples[tool.name].append(_sample(tool, scope, folder / tool.name))
            except RuntimeError as error:
                print(f"{tool.name}: {error}", file=sys.stderr)
                notes[tool.name] = f"FAILED: {str(error).splitlines()[0]}"
                samples[tool.name].clear()
    return [Row(tool, samples[tool.name], notes[tool.name]) for tool in tools]


def _prepare(tool: Tool, scope: Scope, folder: Path) -> str:
    """Build the tool; why it cannot be measured, or nothing."""
    obstacle = tool.obstacle(scope)
    if obstacle is None:
        own = folder / tool.name
        own.mkdir()
        try:
            tool.prepare(scope, own)
        except RuntimeError as error:
            print(f"{tool.name}: {error}", file=sys.stderr)
            return "FAILED to build"
    return obstacle or ""


def _sample(tool: Tool, scope: Scope, folder: Path) -> Sample:
    done = run(tool.command(scope, folder), folder)
    answer = tool.read(done)
    if tool.same_job and answer.states != scope.states:
        raise RuntimeError(f"found {answer.states:,} states, and not {scope.states:,}")
    return Sample(answer, done.seconds, done.peak_memory)


if __name__ == "__main__":
    sys.exit(main())
