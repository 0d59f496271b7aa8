"""What each binder means to the solver, where what it goes through has no end: quantifiers.

A choice (the least, the first) becomes an unknown with an axiom that says which one it is: there
is one whenever there is any, for what a state holds is finite, only without bound.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import z3

from checker.ir.expr import Expr, Generator, body, default, generators
from checker.ir.ops import Op
from checker.ir.types import SetType
from checker.symbolic.choose import choose
from checker.symbolic.equal import equal, is_member, precedes
from checker.symbolic.errors import CannotEncode
from checker.symbolic.meaning import Axiom, Encoder, Locals, Meaning, meaning
from checker.symbolic.sets import elements
from checker.symbolic.stretches import for_all_elements, for_some_element, one_stretch
from checker.symbolic.terms import Bool, at_most, both, either, implies, less, negate, pick
from checker.symbolic.trees import (
    Flags,
    Indexed,
    Listed,
    Predicate,
    Tree,
    domain,
    has_flags,
    is_closed,
    remember,
)
from checker.symbolic.trees import default as any_tree
from checker.symbolic.unknown import (
    bound_variables,
    for_all_positions,
    for_some_position,
    quantified,
    quantified_between,
)

Inner = Callable[[Locals], Meaning]


def endless(encoder: Encoder, expr: Expr, locals: Locals) -> Meaning:
    """The meaning of a binder of which some generator cannot be listed."""
    each = generators(expr)

    def inner(chosen: Locals) -> Meaning:
        return encoder.encode(body(expr), chosen)

    match expr.op:
        case Op.ALL | Op.ANY:
            return _quantify(encoder, each, locals, inner, exists=expr.op is Op.ANY)
        case Op.SET_OF:
            return _set_of(encoder, expr, locals, inner)
        case Op.TUPLE_OF:
            return _tuple_of(encoder, expr, locals, inner)
        case Op.LEAST | Op.GREATEST:
            return _extreme(encoder, expr, locals, inner)
        case Op.FIRST:
            return _first(encoder, expr, locals)
        case _:
            message = f"{expr.op.name.lower()} over something without bound"
            raise CannotEncode(message, expr.span)


def _quantify(
    encoder: Encoder, each: tuple[Generator, ...], locals: Locals, inner: Inner, exists: bool
) -> Meaning:
    """All, or any, of what the generators choose; evaluation stops where Python's does."""
    if not each:
        return inner(locals)
    first, rest = each[0], each[1:]
    source = encoder.encode(first.source, locals)

    def one(element: Tree) -> Meaning:
        chosen = {**locals, first.name: element}
        condition = encoder.encode(first.condition, chosen)
        if condition.value is False:
            return Meaning(both(condition.defined, not exists), condition.defined)
        found = _quantify(encoder, rest, chosen, inner, exists)
        defined = both(condition.defined, implies(condition.value, found.defined))
        hit = both(condition.value, found.value)
        holds = hit if exists else either(negate(condition.value), hit)
        return Meaning(both(defined, holds), defined)

    found = _over(source.value, one, exists)
    # What is true of all has a value for each: only of some it must be said that there is one.
    value = both(source.defined, found.value, not exists or found.defined)
    return Meaning(value, both(source.defined, found.defined))


def _over(source: Tree, one: Callable[[Tree], Meaning], exists: bool) -> Meaning:
    """All, or any, elements of a source."""

    def stops(found: Meaning) -> Bool:
        return found.value if exists else both(found.defined, negate(found.value))

    match source:
        case Listed(length, items):
            return _in_order([(less(i, length), x) for i, x in enumerate(items)], one, exists)
        case Flags():
            return _in_order(elements(source), one, exists)
        case Indexed(length, at):
            each = for_some_element if exists else for_all_elements
            value = each(source, lambda element: one(element).value)

            def settled(i: Any) -> Bool:
                earlier = for_some_position(i, lambda j: stops(one(at(j))))
                defined = one(at(i)).defined
                return True if defined is True else either(defined, earlier)

            return Meaning(value, for_all_positions(length, settled))
        case Predicate():
            return _over_predicate(source, one, exists, stops)
        case _:
            raise AssertionError(f"{source} has no members to go through")


def _in_order(found: Any, one: Callable[[Tree], Meaning], exists: bool) -> Meaning:
    values: list[Bool] = []
    defined: list[Bool] = []
    stopped: list[Bool] = []
    for guard, element in found:
        here = one(element)
        defined.append(either(negate(guard), here.defined, *stopped))
        values.append(both(guard, here.value) if exists else implies(guard, here.value))
        stop = here.value if exists else both(here.defined, negate(here.value))
        stopped.append(both(guard, stop))
    return Meaning(either(*values) if exists else both(*values), both(*defined))


def _over_predicate(
    source: Predicate,
    one: Callable[[Tree], Meaning],
    exists: bool,
    stops: Callable[[Meaning], Bool],
) -> Meaning:
    holds = source.holds
    if exists:
        base = quantified(source.of, lambda x: both(holds(x), one(x).value), exists=True)
        value = either(base, *(both(guard, one(x).value) for guard, x in source.extras))
    else:
        base = quantified(source.of, lambda x: implies(holds(x), one(x).value))
        value = both(base, *(implies(guard, one(x).value) for guard, x in source.extras))

    def settled(x: Tree) -> Bool:
        defined = one(x).defined
        if defined is True:
            return True

        def is_earlier(y: Tree) -> Bool:
            return both(is_member(source, y), precedes(y, x), stops(one(y)))

        return either(defined, quantified(source.of, is_earlier, exists=True))

    defined = quantified(source.of, lambda x: implies(holds(x), settled(x)))
    more = both(*(implies(guard, settled(x)) for guard, x in source.extras))
    return Meaning(value, both(defined, more))


def _everywhere(
    encoder: Encoder, each: tuple[Generator, ...], locals: Locals, inner: Inner
) -> Bool:
    """That all that is chosen has a value, where nothing stops the evaluation early."""

    def has_value(chosen: Locals) -> Meaning:
        return Meaning(inner(chosen).defined)

    return _quantify(encoder, each, locals, has_value, exists=False).value


def _set_of(encoder: Encoder, expr: Expr, locals: Locals, inner: Inner) -> Meaning:
    """The set of all that is chosen: its members are known by there being a choice."""
    assert isinstance(expr.type, SetType)
    each, of = generators(expr), expr.type.of

    def holds(element: Tree) -> Bool:
        def is_it(chosen: Locals) -> Meaning:
            return Meaning(equal(inner(chosen).value, element))

        return _quantify(encoder, each, locals, is_it, exists=True).value

    defined = _everywhere(encoder, each, locals, inner)
    if is_closed(of) and has_flags(of):
        return Meaning(Flags(of, tuple(map(holds, domain(of)))), defined)
    source = encoder.encode(each[0].source, locals).value
    if len(each) > 1 or body(expr).data != each[0].name or not isinstance(source, Predicate):
        raise CannotEncode("a set without bound that is made of another one", expr.span)

    def is_kept(element: Tree) -> Bool:
        chosen = {**locals, each[0].name: element}
        return both(source.holds(element), encoder.encode(each[0].condition, chosen).value)

    extras = tuple(
        (both(guard, encoder.encode(each[0].condition, {**locals, each[0].name: x}).value), x)
        for guard, x in source.extras
    )
    return Meaning(Predicate(source.of, is_kept, source.within, extras), defined)


def _tuple_of(encoder: Encoder, expr: Expr, locals: Locals, inner: Inner) -> Meaning:
    """The bodies for the elements of a sequence, without a choice among them."""
    each = generators(expr)
    source = encoder.encode(each[0].source, locals)
    if len(each) > 1 or each[0].condition.data is not True or not isinstance(source.value, Indexed):
        raise CannotEncode("a choice of elements without bound, as a tuple", expr.span)
    length, at = source.value.length, source.value.at

    def item(i: Any) -> Tree:
        return inner({**locals, each[0].name: at(i)}).value

    defined = _everywhere(encoder, each, locals, inner)
    return meaning(expr.type, Indexed(length, remember(item)), source.defined, defined)


def _otherwise(encoder: Encoder, expr: Expr, locals: Locals) -> Meaning:
    given = default(expr)
    return Meaning(any_tree(expr.type)) if given is None else encoder.encode(given, locals)


def _chosen(encoder: Encoder, expr: Expr, locals: Locals) -> tuple[Any, list[Any]]:
    """An unknown integer for what a binder chooses, which depends on the bound names around."""
    trees = (locals[name] for name in encoder.free_names(expr))
    around = list(dict.fromkeys(v for tree in trees for v in bound_variables(tree)))
    name = str(z3.FreshInt(expr.op.name.lower()).decl().name())
    sorts = [variable.sort() for variable in around]
    return z3.Function(name, *sorts, z3.IntSort())(*around), around


def _assume(encoder: Encoder, chosen: Any, around: list[Any], axiom: Bool) -> None:
    if axiom is not True:
        whole = z3.ForAll(around, axiom) if around else axiom
        encoder.axioms.append(Axiom(str(chosen.decl().name()), whole))


def _extreme(encoder: Encoder, expr: Expr, locals: Locals, inner: Inner) -> Meaning:
    """The least or greatest body: one of them is, and none lies beyond."""
    each, otherwise = generators(expr), _otherwise(encoder, expr, locals)
    found, around = _chosen(encoder, expr, locals)

    def is_there(chosen: Locals) -> Meaning:
        return Meaning(True)

    def is_found(chosen: Locals) -> Meaning:
        return Meaning(equal(inner(chosen).value, found))

    def is_not_beyond(chosen: Locals) -> Meaning:
        pair = (found, inner(chosen).value)
        return Meaning(at_most(*(pair if expr.op is Op.LEAST else pair[::-1])))

    exists = _quantify(encoder, each, locals, is_there, exists=True).value
    hit = _quantify(encoder, each, locals, is_found, exists=True).value
    bound = _quantify(encoder, each, locals, is_not_beyond, exists=False).value
    defined = _everywhere(encoder, each, locals, inner)
    _assume(encoder, found, around, implies(both(exists, defined), both(hit, bound)))
    some = True if default(expr) is not None else exists
    value = pick(exists, found, otherwise.value)
    return meaning(expr.type, value, otherwise.defined, defined, some)


def _first(encoder: Encoder, expr: Expr, locals: Locals) -> Meaning:
    """The first element that fits: none before it does."""
    each, otherwise = generators(expr), _otherwise(encoder, expr, locals)
    source = encoder.encode(each[0].source, locals)
    if len(each) > 1 or not isinstance(source.value, Indexed):
        raise CannotEncode("the first of several choices without bound", expr.span)
    whole = one_stretch(source.value)
    position, around = _chosen(encoder, expr, locals)

    def fits(i: Any) -> Meaning:
        return encoder.encode(each[0].condition, {**locals, each[0].name: whole.at(i)})

    def fits_not(i: Any) -> Bool:
        return negate(fits(i).value)

    exists = quantified_between(whole.first, whole.last, lambda i: fits(i).value, exists=True)
    is_first = both(
        at_most(whole.first, position),
        less(position, whole.last),
        fits(position).value,
        quantified_between(whole.first, position, fits_not),
    )
    _assume(encoder, position, around, implies(exists, is_first))
    found = encoder.encode(body(expr), {**locals, each[0].name: whole.at(position)})
    last = pick(exists, position, whole.last)
    asked = quantified_between(whole.first, last, lambda i: fits(i).defined)
    some = True if default(expr) is not None else exists
    value = choose(exists, found.value, otherwise.value)
    has_value = (source.defined, otherwise.defined, asked, implies(exists, found.defined), some)
    return meaning(expr.type, value, *has_value)
