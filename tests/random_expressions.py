"""Random well-typed expressions, for Hypothesis: every operator, defined and undefined alike.

`Expressions.make(type)` gives an expression whose type is compatible with the one asked for; its
bounds may be wider, as those of `n + 1` are wider than those of `n`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

from checker.ir import build as b
from checker.ir.bounds import is_bounded
from checker.ir.expr import Expr, Generator, Value
from checker.ir.types import (
    BOOL,
    BoolType,
    EnumType,
    IntType,
    MapType,
    OptionType,
    RecordType,
    SetType,
    SortType,
    TupleType,
    Type,
    compatible,
)
from checker.ir.values import cardinality, members

T = TypeVar("T")

SMALL = IntType(0, 2)
NODE = SortType("Node", 2, "n")
COLOUR = EnumType("Colour", ("RED", "GREEN", "BLUE"))
KEYS: tuple[Type, ...] = (NODE, BOOL, COLOUR, IntType(1, 2))
MOST_MEMBERS = 40
"""Sets are made of types with at most so many values: an engine may use a bit for each."""


@dataclass(frozen=True, slots=True)
class Choices:
    """Where all randomness comes from: `below(n)` is one of `0..n-1`; 0 is the simplest choice."""

    below: Callable[[int], int]

    def between(self, low: int, high: int) -> int:
        """An integer, both ends included."""
        return low + self.below(high - low + 1)

    def coin(self) -> bool:
        """True as often as false."""
        return self.below(2) == 1

    def pick(self, options: Sequence[T]) -> T:
        """One of these, the simplest first."""
        return options[self.below(len(options))]


def parts(type: Type) -> Iterator[Type]:
    """A type and every type inside it."""
    yield type
    match type:
        case OptionType(of) | TupleType(of) | SetType(of):
            yield from parts(of)
        case MapType(key, value):
            yield from parts(key)
            yield from parts(value)
        case RecordType(_, fields):
            for _, field in fields:
                yield from parts(field)


def draw_value(choices: Choices, type: Type) -> Value:
    """A value of a bounded type."""
    match type:
        case BoolType() | IntType() | EnumType() | SortType():
            return choices.pick(tuple(members(type)))
        case OptionType(of):
            return draw_value(choices, of) if choices.coin() else None
        case RecordType(_, fields):
            return tuple(draw_value(choices, field) for _, field in fields)
        case TupleType(of, most):
            return tuple(draw_value(choices, of) for _ in range(choices.between(0, most or 0)))
        case SetType(of, most):
            most = 2 if most is None else most
            return frozenset(draw_value(choices, of) for _ in range(choices.between(0, most)))
        case MapType(key, value):
            return tuple(draw_value(choices, value) for _ in range(cardinality(key)))


def readings(expr: Expr) -> Iterator[Expr]:
    """What can be read off a value without fail: itself, its length, its fields, some elements."""
    yield expr
    match expr.type:
        case OptionType():
            yield b.is_some(expr)
        case TupleType():
            yield b.length(expr)
        case SetType(of):
            yield b.size(expr)
            yield b.contains(expr, b.const(next(members(of)), of))
        case RecordType(_, fields):
            for name, _ in fields:
                yield from readings(b.field(expr, name))
        case MapType(key, _):
            for value in list(members(key))[:2]:
                yield from readings(b.select(expr, b.const(value, key)))
        case IntType(_, high) if high is not None:
            yield b.lt(expr, b.const(high))
        case EnumType() | SortType():
            yield b.eq(expr, b.const(1, expr.type))
        case _:
            pass


class Expressions:
    """A source of random expressions over some variables. It counts the names that it binds."""

    def __init__(self, choices: Choices, variables: Sequence[tuple[str, Type]]) -> None:
        self.choices = choices
        self.variables = [b.variable(name, type) for name, type in variables]
        self.leaves = [leaf for variable in self.variables for leaf in readings(variable)]
        self.pool = [BOOL, SMALL, *(part for _, type in variables for part in parts(type))]
        self.records = [type for type in self.pool if isinstance(type, RecordType)]
        self.numbers = count()

    def fresh(self, name: str = "x") -> str:
        """A name that nothing else in the model binds."""
        return f"{name}{next(self.numbers)}"

    def make(self, type: Type, depth: int, scope: tuple[Expr, ...] = ()) -> Expr:
        """An expression of a type compatible with this one; `scope` are locals and `next`s."""
        # Deeper expressions end early now and then, and rather in a name than in a constant.
        if depth == 0 or self.choices.between(0, 3) == 0:
            near = [leaf for name in scope for leaf in readings(name)]
            names = [leaf for leaf in near if compatible(leaf.type, type)]
            if not names or self.choices.coin():
                names += [leaf for leaf in self.leaves if compatible(leaf.type, type)]
            if names and self.choices.between(0, 3) > 0:
                return self.choices.pick(names)
            return b.const(draw_value(self.choices, type), type)
        own, anywhere = self._own(type), self._anywhere(type)
        production = self.choices.pick(own if own and self.choices.between(0, 2) > 0 else anywhere)
        return production(type, depth - 1, scope)

    def _own(self, type: Type) -> list[Production]:
        """The productions whose result is of this kind, whatever it is made of."""
        match type:
            case BoolType():
                return [self._connective, self._comparison, self._set_test, self._quantifier]
            case IntType():
                return [self._arithmetic, self._division, self._measure, self._extreme]
            case OptionType():
                return [self._some]
            case RecordType():
                return [self._record]
            case TupleType():
                return [self._tuple, self._slice, self._concat, self._tuple_of, self._listing]
            case SetType():
                return [self._set, self._set_operator, self._set_of]
            case MapType():
                return [self._store, self._map_of]
            case _:
                return []

    def _anywhere(self, type: Type) -> list[Production]:
        """The productions whose result may be of any type."""
        productions: list[Production] = [self._ite, self._index, self._first]
        if not isinstance(type, MapType):
            productions.append(self._select)
        if not isinstance(type, OptionType):
            productions.append(self._unwrap)
        if any(compatible(t, type) for record in self.records for _, t in record.fields):
            productions.append(self._field)
        return productions

    def _connective(self, type: Type, depth: int, scope: Scope) -> Expr:
        makers: tuple[Callable[..., Expr], ...] = (b.and_, b.or_, b.not_)
        make = self.choices.pick(makers)
        arity = 1 if make is b.not_ else self.choices.between(0, 3)
        return make(*(self.make(BOOL, depth, scope) for _ in range(arity)))

    def _comparison(self, type: Type, depth: int, scope: Scope) -> Expr:
        makers: tuple[Callable[..., Expr], ...] = (b.eq, b.lt, b.le, b.is_some)
        make = self.choices.pick(makers)
        if make is b.is_some:
            of = self._simple_type()
            return b.is_some(self.make(OptionType(of), depth, scope))
        of = self.choices.pick(self.pool) if make is b.eq else SMALL
        return make(self.make(of, depth, scope), self.make(of, depth, scope))

    def _set_test(self, type: Type, depth: int, scope: Scope) -> Expr:
        of = self._simple_type()
        if self.choices.coin():
            kinds: tuple[Type, ...] = (SetType(of), TupleType(of, 2))
            kind = self.choices.pick(kinds)
            return b.contains(self.make(kind, depth, scope), self.make(of, depth, scope))
        one, other = (self.make(SetType(of), depth, scope) for _ in range(2))
        return b.subset(one, other)

    def _quantifier(self, type: Type, depth: int, scope: Scope) -> Expr:
        each, inner = self._generators(depth, scope)
        return self.choices.pick((b.all_, b.any_))(self.make(BOOL, depth, inner), *each)

    def _arithmetic(self, type: Type, depth: int, scope: Scope) -> Expr:
        makers: tuple[Callable[..., Expr], ...] = (b.add, b.sub, b.min_, b.max_, b.neg, b.mul)
        make = self.choices.pick(makers)
        arity = {b.neg: 1, b.min_: 3, b.max_: 3}.get(make, 2)
        return make(*(self.make(SMALL, depth, scope) for _ in range(arity)))

    def _division(self, type: Type, depth: int, scope: Scope) -> Expr:
        divisor = self.make(SMALL, 0, scope)
        if self.choices.below(4) < 3:
            divisor = b.max_(divisor, b.const(1))
        make = self.choices.pick((b.floordiv, b.mod))
        return make(self.make(SMALL, depth, scope), divisor)

    def _measure(self, type: Type, depth: int, scope: Scope) -> Expr:
        of = self._simple_type()
        if self.choices.coin():
            return b.length(self.make(TupleType(of, 2), depth, scope))
        return b.size(self.make(SetType(of), depth, scope))

    def _extreme(self, type: Type, depth: int, scope: Scope) -> Expr:
        each, inner = self._generators(depth, scope)
        make = self.choices.pick((b.sum_, b.least, b.greatest))
        body = self.make(SMALL, depth, inner)
        if make is b.sum_:
            return b.sum_(body, *each)
        choose = b.least if make is b.least else b.greatest
        return choose(body, *each, default=self._default(SMALL, scope))

    def _first(self, type: Type, depth: int, scope: Scope) -> Expr:
        each, inner = self._generators(depth, scope)
        return b.first(self.make(type, depth, inner), *each, default=self._default(type, scope))

    def _default(self, type: Type, scope: Scope) -> Expr | None:
        return None if self.choices.below(6) == 5 else self.make(type, 0, scope)

    def _some(self, type: Type, depth: int, scope: Scope) -> Expr:
        assert isinstance(type, OptionType)
        return b.some(self.make(type.of, depth, scope))

    def _unwrap(self, type: Type, depth: int, scope: Scope) -> Expr:
        optional = self.make(OptionType(type), depth, scope)
        if self.choices.below(4) == 3:
            return b.unwrap(optional)
        return b.ite(b.is_some(optional), b.unwrap(optional), self.make(type, 0, scope))

    def _record(self, type: Type, depth: int, scope: Scope) -> Expr:
        assert isinstance(type, RecordType)
        fields = {name: self.make(field, depth, scope) for name, field in type.fields}
        return b.record(type.name, **fields)

    def _field(self, type: Type, depth: int, scope: Scope) -> Expr:
        places = [(r, n) for r in self.records for n, field in r.fields if compatible(field, type)]
        record, name = self.choices.pick(places)
        return b.field(self.make(record, depth, scope), name)

    def _tuple(self, type: Type, depth: int, scope: Scope) -> Expr:
        assert isinstance(type, TupleType)
        items = [self.make(type.of, depth, scope) for _ in range(self.choices.between(0, 2))]
        return b.tuple_(*items, of=type.of)

    def _slice(self, type: Type, depth: int, scope: Scope) -> Expr:
        bounds = [
            self.make(IntType(-2, 2), min(depth, 1), scope) if self.choices.coin() else b.NO_BOUND
            for _ in range(2)
        ]
        return b.slice_(self.make(type, depth, scope), *bounds)

    def _concat(self, type: Type, depth: int, scope: Scope) -> Expr:
        return b.concat(self.make(type, depth, scope), self.make(type, min(depth, 1), scope))

    def _tuple_of(self, type: Type, depth: int, scope: Scope) -> Expr:
        assert isinstance(type, TupleType)
        each, inner = self._generators(depth, scope, most=1)
        return b.tuple_of(self.make(type.of, depth, inner), *each)

    def _listing(self, type: Type, depth: int, scope: Scope) -> Expr:
        assert isinstance(type, TupleType)
        if isinstance(type.of, IntType):
            return b.range_(self.make(SMALL, 0, scope), self.make(SMALL, 0, scope))
        small = is_bounded(type.of) and cardinality(type.of) <= 4
        return b.domain(type.of) if small else self._tuple(type, depth, scope)

    def _index(self, type: Type, depth: int, scope: Scope) -> Expr:
        items = self.make(TupleType(type, 2), depth, scope)
        place = self.make(IntType(-1, 1), min(depth, 1), scope)
        if self.choices.below(4) == 3:
            return b.index(items, place)
        inside = b.and_(b.le(b.const(0), place), b.lt(place, b.length(items)))
        return b.ite(inside, b.index(items, place), self.make(type, 0, scope))

    def _set(self, type: Type, depth: int, scope: Scope) -> Expr:
        assert isinstance(type, SetType)
        number = self.choices.between(0, 2)
        return b.set_(*(self._member(type.of, depth, scope) for _ in range(number)), of=type.of)

    def _member(self, type: Type, depth: int, scope: Scope) -> Expr:
        """An expression for a member of a set: not of more values than an engine can bear."""
        made = self.make(type, depth, scope)
        if is_bounded(made.type) and cardinality(made.type) <= max(MOST_MEMBERS, cardinality(type)):
            return made
        return b.const(draw_value(self.choices, type), type)

    def _set_operator(self, type: Type, depth: int, scope: Scope) -> Expr:
        make = self.choices.pick((b.union, b.intersection, b.difference))
        return make(self.make(type, depth, scope), self.make(type, depth, scope))

    def _set_of(self, type: Type, depth: int, scope: Scope) -> Expr:
        assert isinstance(type, SetType)
        each, inner = self._generators(depth, scope)
        return b.set_of(self._member(type.of, depth, inner), *each)

    def _select(self, type: Type, depth: int, scope: Scope) -> Expr:
        known = [t for t in self.pool if isinstance(t, MapType) and compatible(t.value, type)]
        map_type = self.choices.pick(known) if known else MapType(self.choices.pick(KEYS), type)
        key = self.make(map_type.key, depth, scope)
        return b.select(self.make(map_type, depth, scope), key)

    def _store(self, type: Type, depth: int, scope: Scope) -> Expr:
        assert isinstance(type, MapType)
        key, value = self.make(type.key, depth, scope), self.make(type.value, depth, scope)
        return b.store(self.make(type, depth, scope), key, value)

    def _map_of(self, type: Type, depth: int, scope: Scope) -> Expr:
        assert isinstance(type, MapType)
        key = b.local(self.fresh("k"), type.key)
        return b.map_of(str(key.data), type.key, self.make(type.value, depth, (*scope, key)))

    def _ite(self, type: Type, depth: int, scope: Scope) -> Expr:
        condition = self.make(BOOL, depth, scope)
        return b.ite(condition, self.make(type, depth, scope), self.make(type, depth, scope))

    def _simple_type(self) -> Type:
        simple = [t for t in self.pool if not isinstance(t, MapType | OptionType | SetType)]
        return self.choices.pick([t for t in simple if cardinality(t) <= MOST_MEMBERS])

    def _generators(
        self, depth: int, scope: Scope, most: int = 2
    ) -> tuple[list[Generator], tuple[Expr, ...]]:
        """One or two generators, and the scope of what they bind."""
        made = []
        for _ in range(self.choices.between(1, most)):
            generator = b.each(self.fresh(), self._source(min(depth, 1), scope))
            scope = (b.bound(generator), *scope)
            if self.choices.coin():
                generator = b.each(generator.name, generator.source, self.make(BOOL, 1, scope))
            made.append(generator)
        return made, scope

    def _source(self, depth: int, scope: Scope) -> Expr:
        known = [
            leaf for leaf in (*scope, *self.leaves) if isinstance(leaf.type, TupleType | SetType)
        ]
        kind = self.choices.between(0, 3)
        if kind == 0 and known:
            return self.choices.pick(known)
        of = self._simple_type()
        if kind == 1:
            return b.range_(self.make(SMALL, 0, scope), self.make(SMALL, depth, scope))
        if kind == 2 and cardinality(of) <= 4:
            return b.domain(of)
        kinds: tuple[Type, ...] = (SetType(of), TupleType(of, 2))
        return self.make(self.choices.pick(kinds), depth, scope)


Scope = tuple[Expr, ...]
Production = Callable[[Type, int, Scope], Expr]
