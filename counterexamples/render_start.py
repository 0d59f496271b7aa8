"""Where a trace starts, if a reader cannot know it from the spec."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from checker.ir.expr import Value
from checker.ir.types import Type
from checker.ir.values import bare_sort, zero
from checker.trace import Trace
from counterexamples.drawing.roles import HIDDEN
from counterexamples.paint import Paint
from counterexamples.render_terminal import INDENT, state_lines

MOST_SHOWN: Final = 10
"""Of a state with more variables, those that have nothing to say are left out."""


def start_lines(trace: Trace, width: int, paint: Paint) -> list[str]:
    """The state that a trace starts from, unless it is that of the initial values; an empty line.

    Budgets are left out, as none is used up; of a large state also what is zero, none or empty.
    """
    if trace.start is None:
        return []
    pairs = list(zip(trace.variables, trace.states[0], strict=True))
    declared = [n for n, ((name, _), _) in enumerate(pairs) if not name.startswith(HIDDEN)]
    shown = declared
    if len(declared) > MOST_SHOWN:
        shown = [n for n in declared if _tells(pairs[n][0][1], pairs[n][1])]
    kept = replace(
        trace,
        variables=tuple(trace.variables[n] for n in shown),
        states=tuple(tuple(state[n] for n in shown) for state in trace.states),
    )
    heading = f"{INDENT}{paint.strong('from')}"
    rest = [f"{INDENT}  {paint.faint('all else: zero, none, false or empty')}"]
    lines = state_lines(kept, kept.states[0], width, paint)
    return [heading, *lines, *(rest if len(shown) < len(declared) else []), ""]


def _tells(type: Type, value: Value) -> bool:
    """Whether a value is another one than that of a variable without initial value."""
    return bare_sort(type) is not None or value != zero(type)
