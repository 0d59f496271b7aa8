"""The logs of all brokers, one under the other: offsets across, records with epochs, and the HW."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from checker.ir.types import IntType, MapType, RecordType, SortType, TupleType, Type
from checker.ir.values import State, members, show
from checker.trace import Trace
from counterexamples.brief import brief
from counterexamples.drawing.roles import FIELD_FOR_EPOCH, WATERMARKS
from counterexamples.paint import Paint

MARK: Final = "┃"
MISSING: Final = "·"


@dataclass(frozen=True, slots=True)
class _Logs:
    """A variable that is a log for each member of a sort, and where its high watermarks are."""

    name: str
    sort: SortType
    of: RecordType
    position: int
    watermarks: int | None


def log_lines(trace: Trace, state: State, width: int, paint: Paint) -> list[str]:
    """The logs in a state, each with its high watermark; none if the trace has none.

    A log is a sequence of records with an epoch, one for each member of a sort. What does not fit
    the width is left out at the left, where logs are alike most often.
    """
    lines: list[str] = []
    for logs in _found(trace.variables):
        lines += _drawn(logs, state, width, paint)
    return lines


def _found(variables: Sequence[tuple[str, Type]]) -> list[_Logs]:
    marks = {
        type.key: position
        for position, (name, type) in enumerate(variables)
        if name in WATERMARKS and isinstance(type, MapType) and isinstance(type.value, IntType)
    }
    found = []
    for position, (name, type) in enumerate(variables):
        match type:
            case MapType(SortType() as sort, TupleType(RecordType(_, fields) as of)):
                if FIELD_FOR_EPOCH in {field for field, _ in fields}:
                    found.append(_Logs(name, sort, of, position, marks.get(sort)))
            case _:
                continue
    return found


def _drawn(logs: _Logs, state: State, width: int, paint: Paint) -> list[str]:
    held: Any = state[logs.position]
    ends: Any = (None,) * len(held) if logs.watermarks is None else state[logs.watermarks]
    longest = max(map(len, held))
    names = [show(logs.sort, member) for member in members(logs.sort)]
    margin = max(len(logs.name), *(len(name) + 2 for name in names)) + 2
    cells = [[brief(logs.of, record) for record in log] for log in held]
    wide = max((len(cell) for row in cells for cell in row), default=1)
    first = max(0, longest - max(1, (width - margin) // (wide + 1)))
    numbers = " ".join(str(offset).ljust(wide) for offset in range(first, max(longest, 1)))
    legend = "" if logs.watermarks is None else f"    {MARK} high watermark"
    heading = paint.faint(numbers.rstrip() + legend)
    lines = [f"{paint.strong(logs.name.ljust(margin))} {heading}"]
    for name, row, end in zip(names, cells, ends, strict=True):
        drawn = (MARK if end == first else " ") + "".join(
            _cell(row, offset, wide) + (MARK if end == offset + 1 else " ")
            for offset in range(first, max(longest, 1))
        )
        lines.append(f"  {name.ljust(margin - 2)}{drawn}".rstrip())
    return lines


def _cell(row: list[str], offset: int, wide: int) -> str:
    return (row[offset] if offset < len(row) else MISSING).ljust(wide)
