"""What an expression means as a formula: a tree, and when there is one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from checker.ir.expr import Binders, Expr, generators
from checker.ir.ops import BINDERS, Op
from checker.ir.types import BoolType, TupleType, Type
from checker.symbolic.errors import CannotEncode
from checker.symbolic.fits import lifted
from checker.symbolic.terms import Bool, both
from checker.symbolic.trees import Tree
from checker.symbolic.unknown import anything

Trees: TypeAlias = Mapping[str, Tree]
Locals: TypeAlias = Mapping[str, Tree]


@dataclass(frozen=True, slots=True)
class Axiom:
    """What is true of an unknown that encoding introduced, by the name of the unknown.

    Of one that stands for what has no formula nothing is known; `gap` says why there is none.
    """

    unknown: str
    fact: Bool = True
    gap: str | None = None


Axioms: TypeAlias = list[Axiom]


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
    unknowns; `limits` are conditions that no step has come past, as it would have been cut. Owns
    its memory of what is encoded already.
    """

    table: Mapping[Op, Row]
    before: Trees
    after: Trees | None = None
    lift: Set[str] = frozenset()
    axioms: Axioms = field(default_factory=list)
    limits: list[Bool] = field(default_factory=list)
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
            self._known[key] = (self._meaning(expr, locals), used)
        return self._known[key][0]

    def _meaning(self, expr: Expr, locals: Locals) -> Meaning:
        try:
            return self.table[expr.op](self, expr, locals)
        except CannotEncode as error:
            if not self.lift:
                raise
            return self._gap(expr, locals, error)

    def _gap(self, expr: Expr, locals: Locals, error: CannotEncode) -> Meaning:
        """Anything in the place of what has no formula, and it may have a value or not.

        What is proved of any value is true of the one that Python computes: it depends on nothing
        but the state and the names around. A counterexample would prove nothing, but none counts
        where bounds are lifted. Raises the error again where even the names have no scalars.
        """
        around = tuple(locals[name] for name in self.free_names(expr))
        type = self.type(expr.type)
        try:
            name, value, defined = anything(type, around, is_within=self.trusts(expr))
        except CannotEncode:
            raise error from None
        self.axioms.append(Axiom(name, gap=str(error)))
        return meaning(expr.type, value, defined)

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
