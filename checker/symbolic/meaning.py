"""What an expression means as a formula: a tree, and when there is one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from checker.ir.expr import Binders, Expr, generators
from checker.ir.ops import BINDERS, Op
from checker.ir.types import BoolType, TupleType, Type
from checker.symbolic.fits import lifted
from checker.symbolic.terms import Bool, both
from checker.symbolic.trees import Tree

Trees: TypeAlias = Mapping[str, Tree]
Locals: TypeAlias = Mapping[str, Tree]
Axioms: TypeAlias = list[tuple[str, Bool]]
"""What is true of unknowns that encoding introduced, each with the name of its unknown."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """A value, and whether there is one. A condition without value is false, not just anything.

    So *true* needs no second thought, and *false* is `defined` and not `value`.
    """

    value: Any
    defined: Bool = True


Row: TypeAlias = Callable[["Encoder", Expr, Locals], Meaning]


def meaning(type: Type, value: Tree, *defined: Bool) -> Meaning:
    """A value that exists under these conditions."""
    whole = both(*defined)
    if isinstance(type, BoolType) and whole is not True:
        return Meaning(both(whole, value), whole)
    return Meaning(value, whole)


@dataclass(slots=True)
class Encoder:
    """Encodes expressions over the states before and after a step, each node once.

    `lift` names the scope's bounds that do not count. `axioms` grows as encoding introduces
    unknowns. Owns its memory of what is encoded already.
    """

    table: Mapping[Op, Row]
    before: Trees
    after: Trees | None = None
    lift: Set[str] = frozenset()
    axioms: Axioms = field(default_factory=list)
    _known: dict[object, tuple[Meaning, object]] = field(default_factory=dict)
    _free: dict[Expr, tuple[str, ...]] = field(default_factory=dict)
    _lifted: dict[Expr, bool] = field(default_factory=dict)
    _sources: dict[str, Expr] = field(default_factory=dict)

    def encode(self, expr: Expr, locals: Locals) -> Meaning:
        """The meaning of an expression, given what its free names stand for."""
        used = tuple(locals[name] for name in self.free_names(expr))
        key = (expr, tuple(map(_identity, used)))
        if key not in self._known:
            if expr.op in BINDERS and expr.op is not Op.MAP_OF:
                self._sources |= {each.name: each.source for each in generators(expr)}
            self._known[key] = (self.table[expr.op](self, expr, locals), used)
        return self._known[key][0]

    def type(self, type: Type) -> Type:
        """A type as it is once bounds are lifted."""
        return lifted(type, self.lift) if self.lift else type

    def trusts(self, expr: Expr) -> bool:
        """Whether the bounds in the expression's type hold: nothing below it was lifted."""
        if not self.lift:
            return True
        if expr not in self._lifted:
            own = expr.data if expr.op is Op.DOMAIN else expr.type
            reads = expr.op in (Op.VARIABLE, Op.NEXT, Op.LOCAL, Op.DOMAIN)
            below = expr.args
            if expr.op is Op.LOCAL and expr.data in self._sources:
                # The type of a bound name has its bounds from what it goes through.
                below = (self._sources[str(expr.data)],)
            self._lifted[expr] = not self._has_bounded_length(expr) and (
                (reads and self.type(own) != own)  # type: ignore[arg-type]
                or not all(map(self.trusts, below))
            )
        return not self._lifted[expr]

    def _has_bounded_length(self, expr: Expr) -> bool:
        """Whether it is the length of a variable: whatever its items are, that may have a bound."""
        if expr.op is not Op.LENGTH or expr.args[0].op not in (Op.VARIABLE, Op.NEXT):
            return False
        before, after = expr.args[0].type, self.type(expr.args[0].type)
        assert isinstance(before, TupleType), before
        assert isinstance(after, TupleType), after
        return after.max_length is not None and after.max_length == before.max_length

    def free_names(self, expr: Expr) -> tuple[str, ...]:
        """The parameters and bound names that an expression speaks of."""
        if expr not in self._free:
            names = dict.fromkeys(name for arg in expr.args for name in self.free_names(arg))
            if expr.op is Op.LOCAL:
                names[str(expr.data)] = None
            if expr.op in BINDERS:
                assert isinstance(expr.data, Binders)
                # A name is unique in its model: it cannot be free beside its binder.
                names = {name: None for name in names if name not in expr.data.names}
            self._free[expr] = tuple(names)
        return self._free[expr]


def _identity(tree: Tree) -> object:
    """Equal for the same tree; a literal is the same wherever it stands."""
    return (tree.__class__, tree) if isinstance(tree, int) else id(tree)
