"""Where an expression may have no value, and what is known to have one.

The check is syntactic: an operator that can fail fails, unless the types of its arguments say that
it cannot, or the expression was evaluated before on every path that leads here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from checker.ir.expr import Binders, Expr, default, node
from checker.ir.ops import BINDERS, Op
from checker.ir.types import BOOL, MapType, TupleType, Type
from checker.lang.lower.types import as_int, is_within, narrowed


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known at a place: expressions that have a value, and domains that hold them."""

    defined: frozenset[Expr] = frozenset()
    domains: Mapping[Expr, Type] = field(default_factory=dict)

    def and_defined(self, expr: Expr) -> Facts:
        """What is known once `expr` has been evaluated."""
        return replace(self, defined=self.defined.union(strict_parts(expr)))

    def and_known(self, exprs: Iterable[Expr]) -> Facts:
        """What is known once these have been found to have values, part by part."""
        return replace(self, defined=self.defined.union(exprs))

    def and_within(self, expr: Expr, domain: Type) -> Facts:
        """What is known once `expr` was found to lie in `domain`."""
        return replace(self, domains={**self.domains, expr: domain})

    def type_of(self, expr: Expr) -> Type:
        """The narrowest type known for an expression."""
        domain = self.domains.get(expr)
        return expr.type if domain is None else narrowed(expr.type, domain)

    def common(self, other: Facts) -> Facts:
        """What is known on both of two paths."""
        shared = {e: d for e, d in self.domains.items() if other.domains.get(e) == d}
        return Facts(self.defined & other.defined, shared)


NOTHING_KNOWN = Facts()


def is_defined(expr: Expr, facts: Facts = NOTHING_KNOWN) -> bool:
    """Whether an expression is known to have a value wherever the facts hold."""
    seen: set[Expr] = set()
    stack = [expr]
    while stack:
        part = stack.pop()
        if part not in seen and part not in facts.defined:
            seen.add(part)
            if _may_fail(part, facts):
                return False
            stack.extend(part.args)
    return True


def _may_fail(expr: Expr, facts: Facts) -> bool:
    """Whether the operator itself may have no value, all its arguments having one."""
    match expr.op:
        case Op.UNWRAP:
            return True
        case Op.FLOORDIV | Op.MOD:
            divisor = as_int(facts.type_of(expr.args[1]))
            positive = divisor.low is not None and divisor.low > 0
            return not positive and not (divisor.high is not None and divisor.high < 0)
        case Op.SELECT | Op.STORE:
            map_type = expr.args[0].type
            assert isinstance(map_type, MapType)
            return not is_within(facts.type_of(expr.args[1]), map_type.key)
        case Op.INDEX:
            return not _index_is_inside(expr)
        case Op.LEAST | Op.GREATEST | Op.FIRST:
            return default(expr) is None
        case _:
            return False


def _index_is_inside(expr: Expr) -> bool:
    items, index = expr.args
    known = items.op in (Op.TUPLE, Op.CONST, Op.DOMAIN)
    if not known or index.op is not Op.CONST:
        return False
    assert isinstance(items.type, TupleType)
    assert isinstance(index.data, int)
    length = items.type.max_length
    assert length is not None, f"the length of {items} is known"
    return -length <= index.data < length


def strict_parts(expr: Expr) -> Iterator[Expr]:
    """The subexpressions that are evaluated whenever `expr` is, itself included."""
    seen: set[Expr] = set()
    stack = [expr]
    while stack:
        part = stack.pop()
        if part not in seen:
            seen.add(part)
            yield part
            stack.extend(_evaluated_first(part))


def _evaluated_first(expr: Expr) -> tuple[Expr, ...]:
    if expr.op in (Op.AND, Op.OR, Op.ITE):
        return expr.args[:1]
    if expr.op is Op.MAP_OF:
        return ()
    if expr.op in BINDERS:
        assert isinstance(expr.data, Binders)
        return expr.args[:1] + (expr.args[-1:] if expr.data.has_default else ())
    return expr.args


def covers(value: Expr, wanted: Expr, path: Expr) -> bool:
    """Whether evaluating `value` where `path` holds is sure to evaluate `wanted` as well."""
    true = set(path.args if path.op is Op.AND else (path,))
    false = {part.args[0] for part in true if part.op is Op.NOT}
    done: dict[Expr, bool] = {}

    def search(part: Expr) -> bool:
        if part not in done:
            done[part] = False
            done[part] = part is wanted or any(map(search, _evaluated_first(part))) or lazily(part)
        return done[part]

    def lazily(part: Expr) -> bool:
        if part.op is Op.ITE:
            test, then, otherwise = part.args
            if test in true:
                return search(then)
            if test in false or (test.op is Op.NOT and test.args[0] in true):
                return search(otherwise)
            return search(then) and search(otherwise)
        if part.op in (Op.AND, Op.OR):
            goes_on = true if part.op is Op.AND else false
            for before, arg in zip(part.args, part.args[1:], strict=False):
                if before not in goes_on:
                    return False
                if search(arg):
                    return True
        return False

    return search(value)


def evaluating(
    checks: Iterable[tuple[Expr, Expr]], value: Expr, facts: Facts = NOTHING_KNOWN
) -> Expr:
    """`value`, after each check: where its path holds, its expression must have a value.

    Python evaluates a local where it is assigned, used or not. An expression that compares it with
    itself says so; it is left out where `value` evaluates the local anyway.
    """
    pending: list[Expr] = []
    for path, expr in checks:
        if not is_defined(expr, facts) and not covers(value, expr, path):
            has_value = node(Op.EQ, (expr, expr), BOOL, span=expr.span)
            true = path.op is Op.CONST and path.data is True
            skip = node(Op.NOT, (path,), BOOL, span=expr.span)
            pending.append(has_value if true else node(Op.OR, (skip, has_value), BOOL))
    if not pending:
        return value
    check = pending[0] if len(pending) == 1 else node(Op.AND, tuple(pending), BOOL)
    if value.type == BOOL:
        return node(Op.AND, (check, value), BOOL, span=value.span)
    return node(Op.ITE, (check, value, value), value.type, span=value.span)
