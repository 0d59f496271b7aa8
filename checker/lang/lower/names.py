"""What a spec's source calls the parts of its model: helper methods and locals.

Lowering expands helpers where they are called. For a reader of the model in another notation
their names are found again here: expressions are interned, so what a helper returned is known
wherever it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from checker.ir.expr import Expr
from checker.ir.model import Parameter
from checker.ir.ops import Op
from checker.lang.declaration import Declaration
from checker.lang.lower.expressions import read
from checker.lang.lower.helpers import function_value
from checker.lang.lower.model import lower_in, parameters_of, state_view
from checker.lang.lower.place import Context

NAMELESS = frozenset({Op.CONST, Op.VARIABLE, Op.NEXT, Op.LOCAL})


@dataclass(frozen=True, slots=True)
class Helper:
    """A helper method that returns a value, as a function of its parameters."""

    name: str
    parameters: tuple[Parameter, ...]
    body: Expr
    doc: str


@dataclass(frozen=True, slots=True)
class SourceNames:
    """The helpers of a spec in source order, what calls of them return, what locals stand for.

    All in the state before a step: a helper that reads changed variables has no name here.
    """

    helpers: tuple[Helper, ...]
    calls: Mapping[Expr, tuple[str, tuple[Expr, ...]]]
    locals: Mapping[Expr, str]


def source_names(declaration: Declaration) -> SourceNames:
    """The names in a spec that `lower` has already accepted."""
    context = Context(declaration, read)
    lower_in(context)
    view = state_view(context)
    helpers = []
    for method in declaration.helpers.values():
        if method.result is not None:
            parameters, locals = parameters_of(method)
            body = function_value(context, method, view, locals)
            helpers.append(Helper(method.name, parameters, body, method.doc))
    names = frozenset(helper.name for helper in helpers)
    calls = _calls(context, names, tuple(view.values.values()))
    return SourceNames(tuple(helpers), calls, context.named)


def _calls(
    context: Context, names: frozenset[str], here: tuple[Expr, ...]
) -> dict[Expr, tuple[str, tuple[Expr, ...]]]:
    """What helpers returned in the state before a step, by the expression."""
    found: dict[Expr, tuple[str, tuple[Expr, ...]]] = {}
    for key, value in context.expanded.items():
        match key:
            case (str(name), tuple(arguments), state) if name in names and state == here:
                if value.op not in NAMELESS:
                    found.setdefault(value, (name, arguments))
    return found
