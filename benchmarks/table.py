"""The measurements of one scope as a table: medians, and ratios to the peers of the same run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.tools import SPIN_BREADTH, SPIN_DEPTH, Answer, C, Tool


@dataclass(frozen=True, slots=True)
class Sample:
    """One measured run: the tool's own answer, and what was seen from outside."""

    answer: Answer
    seconds: float
    peak_memory: int


@dataclass(frozen=True, slots=True)
class Row:
    """A tool with its samples, or with the reason why there are none."""

    tool: Tool
    samples: Sequence[Sample]
    note: str = ""

    @property
    def command(self) -> float:
        """Seconds of the whole command, the median."""
        return median(sample.seconds for sample in self.samples)

    @property
    def search(self) -> float:
        """Seconds of the search as the tool says; of the whole command where it does not."""
        said = [sample.answer.seconds for sample in self.samples]
        known = [seconds for seconds in said if seconds is not None]
        return median(known) if known else self.command

    @property
    def measured(self) -> bool:
        """Whether there is anything to compare."""
        return bool(self.samples)


HEADINGS = (
    "tool", "states", "generated", "command s", "search s", "M gen/s", "peak MB",
    "command / C", "search / C", "command / Spin", "search / Spin",
)  # fmt: skip


def references(rows: Sequence[Row]) -> tuple[Row | None, Row | None]:
    """The rows that the others are set against: the C, and the faster of Spin's two orders."""
    measured = [row for row in rows if row.measured]
    hand_written = [row for row in measured if row.tool is C]
    spin = [row for row in measured if row.tool in (SPIN_DEPTH, SPIN_BREADTH)]
    best = min(spin, key=lambda row: row.command, default=None)
    return (hand_written[0] if hand_written else None), best


def _ratios(row: Row, reference: Row | None) -> list[str]:
    """Time of the reference over ours, so that 2.00 is twice as fast as the reference."""
    if reference is None or not row.tool.same_job:
        return ["", ""]
    pairs = ((reference.command, row.command), (reference.search, row.search))
    return [f"{theirs / ours:.2f}" if ours > 0 else "" for theirs, ours in pairs]


def _seconds(value: float) -> str:
    return f"{value:.2f}" if value >= 0.1 else f"{value:.4f}"


def _cells(row: Row, rows: Sequence[Row]) -> list[str]:
    if not row.measured:
        return [row.tool.name, row.note, *[""] * (len(HEADINGS) - 2)]
    answer = row.samples[0].answer
    rate = answer.generated / row.search / 1e6 if row.search > 0 else 0.0
    peak = median(sample.peak_memory for sample in row.samples) / 1e6
    hand_written, spin = references(rows)
    return [
        row.tool.name + ("" if row.tool.same_job else " (another job)"),
        f"{answer.states:,}",
        f"{answer.generated:,}",
        _seconds(row.command),
        _seconds(row.search) if answer.seconds is not None else "as command",
        f"{rate:.1f}",
        f"{peak:,.0f}",
        *_ratios(row, hand_written),
        *_ratios(row, spin),
    ]


def render(rows: Sequence[Row]) -> str:
    """A Markdown table that also reads well on a terminal."""
    lines = [list(HEADINGS), *[_cells(row, rows) for row in rows]]
    # A note may run over its neighbours: it does not widen its column.
    wide = [line for line in lines if line[2]]
    widths = [max(len(line[i]) for line in wide) for i in range(len(HEADINGS))]
    widths[0] = max(len(line[0]) for line in lines)
    ruler = ["-" * widths[0], *["-" * (width - 1) + ":" for width in widths[1:]]]
    lines.insert(1, ruler)
    return "\n".join(
        "| " + " | ".join(_aligned(cell, width, i) for i, (cell, width) in pairs) + " |"
        for pairs in ([*enumerate(zip(line, widths, strict=True))] for line in lines)
    )


def _aligned(cell: str, width: int, column: int) -> str:
    return cell.ljust(width) if column == 0 else cell.rjust(width)
