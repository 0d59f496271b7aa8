"""Conditions on named values: the shortest formula that is true of some points and no others.

A point gives each column a value. A formula is made of *atoms* (`acks = all`, `isr ≥ 2`,
`isr > restarts`), either as an `or` of `and`s or as an `and` of `or`s, whichever is shorter. What
it promises is exact on the points it was made from, and says nothing of any other.

Sets of points are numbers with a bit for each point, as elsewhere sets of states are not: there
are a thousand points at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from heapq import heappop, heappush
from itertools import combinations, pairwise
from typing import Final, TypeAlias, assert_never

Value: TypeAlias = int | str
Point: TypeAlias = tuple[Value, ...]

MOST_TERMS: Final = 200_000
"""Terms looked at for one formula; if that is not enough, it may be longer than need be."""

MOST_CHOICES: Final = 20_000
"""Ways to put terms together that are looked at; the same is true of these."""

MOST_SUBSETS: Final = 6
"""Of more values than this, no set of values is an atom."""


@dataclass(frozen=True, slots=True)
class Column:
    """A name and the values it takes, in order: all of them numbers, or all of them words."""

    name: str
    values: tuple[Value, ...]

    def __post_init__(self) -> None:
        kinds = {type(value) for value in self.values}
        assert len(kinds) == 1, f"{self.name} has values of different kinds: {self.values}"
        assert not self.is_number or all(a < b for a, b in pairwise(self.numbers)), self.values

    @property
    def is_number(self) -> bool:
        """Whether its values have an order that means something."""
        return isinstance(self.values[0], int)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The values that are numbers."""
        return tuple(value for value in self.values if isinstance(value, int))


class Relation(Enum):
    """How an atom compares; its value is how it is written."""

    EQUAL = "="
    UNEQUAL = "≠"
    AT_LEAST = "≥"
    AT_MOST = "≤"
    ABOVE = ">"
    BELOW = "<"
    IN = "in"


PLAIN: Final = (Relation.EQUAL, Relation.AT_LEAST, Relation.AT_MOST)
TERM: Final = 1


@dataclass(frozen=True, slots=True)
class Atom:
    """`name relation value`; or, if `other` is given, a comparison with another column's value."""

    name: str
    relation: Relation
    values: tuple[Value, ...] = ()
    other: str | None = None

    def holds(self, point: Mapping[str, Value]) -> bool:
        """Whether it is true where the columns have these values."""
        value = point[self.name]
        if self.relation is Relation.IN:
            return value in self.values
        operand = self.values[0] if self.other is None else point[self.other]
        if self.relation is Relation.EQUAL:
            return value == operand
        if self.relation is Relation.UNEQUAL:
            return value != operand
        assert isinstance(value, int), f"{self} of {value!r}, which has no order"
        assert isinstance(operand, int), f"{self} of {operand!r}, which has no order"
        return _in_order(value, self.relation, operand)

    @property
    def cost(self) -> int:
        """What it costs to read; of two that are true of the same points the cheaper is used.

        That two columns happen to be equal, or not, is rarely the reason for anything.
        """
        if self.other is not None:
            return 5 if self.relation in (Relation.EQUAL, Relation.UNEQUAL) else 3
        return 2 if self.relation in PLAIN else 3

    def __str__(self) -> str:
        operand = self.other or ", ".join(map(str, self.values))
        if self.relation is Relation.IN:
            operand = f"{{{operand}}}"
        return f"{self.name} {self.relation.value} {operand}"


def _in_order(left: int, relation: Relation, right: int) -> bool:
    match relation:
        case Relation.AT_LEAST:
            return left >= right
        case Relation.AT_MOST:
            return left <= right
        case Relation.ABOVE:
            return left > right
        case Relation.BELOW:
            return left < right
        case Relation.EQUAL | Relation.UNEQUAL | Relation.IN:
            raise AssertionError(f"{relation} needs no order")
        case _:
            assert_never(relation)


class Form(Enum):
    """How a condition's terms are joined."""

    ANY = "any"
    """One term is true in all its atoms: an `or` of `and`s."""
    ALL = "all"
    """Every term is true in some atom: an `and` of `or`s."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A formula. Without terms, `ANY` is never true and `ALL` always is."""

    form: Form
    terms: tuple[tuple[Atom, ...], ...]

    def holds(self, point: Mapping[str, Value]) -> bool:
        """Whether it is true where the columns have these values."""
        if self.form is Form.ANY:
            return any(all(atom.holds(point) for atom in term) for term in self.terms)
        return all(any(atom.holds(point) for atom in term) for term in self.terms)

    @property
    def cost(self) -> int:
        """What it costs to read."""
        return sum(TERM + sum(atom.cost for atom in term) for term in self.terms)

    @property
    def texts(self) -> tuple[str, ...]:
        """Each term as it is written beside others."""
        joint = " and " if self.form is Form.ANY else " or "
        alone = len(self.terms) == 1
        texts = ((joint.join(map(str, term)), len(term) > 1 and not alone) for term in self.terms)
        return tuple(f"({text})" if brackets else text for text, brackets in texts)

    def __str__(self) -> str:
        if not self.terms:
            return "never" if self.form is Form.ANY else "always"
        return (" or " if self.form is Form.ANY else " and ").join(self.texts)


NEVER: Final = Condition(Form.ANY, ())
ALWAYS: Final = Condition(Form.ALL, ())


def shortest(columns: Sequence[Column], points: Sequence[Point], wanted: set[Point]) -> Condition:
    """The shortest condition that is true of the wanted points and false of all the others.

    Shortest as `Condition.cost` counts, if the limits of this module allow. `points` are all
    combinations of the columns' values; the result was tried on each of them.
    """
    assert wanted <= set(points), wanted - set(points)
    names = [column.name for column in columns]
    named = [dict(zip(names, point, strict=True)) for point in points]
    yes = sum(1 << bit for bit, point in enumerate(points) if point in wanted)
    no = (1 << len(points)) - 1 - yes
    if not (yes and no):
        found = ALWAYS if yes else NEVER
    else:
        atoms = _atoms(columns, named)
        negation = {atom: atoms[(yes | no) & ~mask] for mask, atom in atoms.items()}
        refused = [[negation[atom] for atom in term] for term in _cover(atoms, no, yes)]
        any_form = Condition(Form.ANY, _in_order_of(columns, _cover(atoms, yes, no)))
        all_form = Condition(Form.ALL, _in_order_of(columns, refused))
        found = min((any_form, all_form), key=lambda condition: condition.cost)
    for point, place in zip(points, named, strict=True):
        assert found.holds(place) == (point in wanted), f"{found} is wrong of {place}"
    return found


def _in_order_of(
    columns: Sequence[Column], terms: Iterable[Sequence[Atom]]
) -> tuple[tuple[Atom, ...], ...]:
    """Terms and their atoms in the order of the columns that they speak of."""
    place = {column.name: number for number, column in enumerate(columns)}

    def key(atom: Atom) -> tuple[int, int]:
        return place[atom.name], 0 if atom.other is None else place[atom.other]

    ordered = [tuple(sorted(term, key=key)) for term in terms]
    return tuple(sorted(ordered, key=lambda term: [key(atom) for atom in term]))


def _atoms(columns: Sequence[Column], points: Sequence[Mapping[str, Value]]) -> dict[int, Atom]:
    """Every atom that tells some points from others, by the points where it is true.

    Of two that are true of the same points the cheaper one is here. What one says, another denies.
    """
    found: dict[int, Atom] = {}
    for atom in sorted(_vocabulary(columns), key=lambda atom: atom.cost):
        mask = sum(1 << bit for bit, point in enumerate(points) if atom.holds(point))
        if 0 < mask < (1 << len(points)) - 1:
            found.setdefault(mask, atom)
    return found


def _vocabulary(columns: Sequence[Column]) -> Iterator[Atom]:
    for column in columns:
        yield from _of_numbers(column) if column.is_number else _of_words(column)
    for left, right in combinations((column for column in columns if column.is_number), 2):
        for relation in Relation:
            if relation is not Relation.IN:
                yield Atom(left.name, relation, other=right.name)


def _of_numbers(column: Column) -> Iterator[Atom]:
    """Below, above and between: the lowest value is written `= 0`, the highest `≥ 2`."""
    for lower, value in pairwise(column.numbers):
        lowest = lower == column.numbers[0]
        yield Atom(column.name, Relation.EQUAL if lowest else Relation.AT_MOST, (lower,))
        yield Atom(column.name, Relation.AT_LEAST, (value,))
    for value in column.numbers[1:-1]:
        yield Atom(column.name, Relation.EQUAL, (value,))
        yield Atom(column.name, Relation.UNEQUAL, (value,))


def _of_words(column: Column) -> Iterator[Atom]:
    for value in column.values:
        yield Atom(column.name, Relation.EQUAL, (value,))
    many = len(column.values)
    for size in range(2, many - 1 if many > 3 else many):
        if many <= MOST_SUBSETS:
            for values in combinations(column.values, size):
                yield Atom(column.name, Relation.IN, values)
    if many > 3:
        for value in column.values:
            yield Atom(column.name, Relation.UNEQUAL, (value,))


@dataclass(frozen=True, slots=True)
class _Term:
    """Atoms, and the points where all of them are true."""

    mask: int
    atoms: tuple[Atom, ...] = ()
    cost: int = TERM

    def with_atom(self, mask: int, atom: Atom) -> _Term:
        return _Term(self.mask & mask, (*self.atoms, atom), self.cost + atom.cost)


def _cover(atoms: Mapping[int, Atom], yes: int, no: int) -> list[tuple[Atom, ...]]:
    """The cheapest terms that together are true of all points in `yes`, and of none in `no`."""
    return [term.atoms for term in _choose(_terms(atoms, yes, no), yes)]


def _terms(atoms: Mapping[int, Atom], yes: int, no: int) -> list[_Term]:
    """The terms that a shortest cover is made of, cheapest first; all of them within the limit.

    A term that is still true of a point in `no` needs an atom that is false there: only those are
    tried, so that no atom is in a term for nothing.
    """
    found: list[_Term] = []
    seen, waiting, serial = set[int](), [(TERM, 0, _Term(yes | no))], 0
    while waiting and serial < MOST_TERMS:
        _, _, term = heappop(waiting)
        if term.mask in seen or any(term.mask & ~better.mask == 0 for better in found):
            continue
        seen.add(term.mask)
        wrong = term.mask & no
        if not wrong:
            found.append(term)
            continue
        for mask, atom in atoms.items():
            both = term.mask & mask
            if not both & wrong & -wrong and both & yes and both not in seen:
                serial += 1
                longer = term.with_atom(mask, atom)
                heappush(waiting, (longer.cost, serial, longer))
    return found + _missing(found, atoms, yes, no)


def _missing(found: Sequence[_Term], atoms: Mapping[int, Atom], yes: int, no: int) -> list[_Term]:
    """A term for each point that none of those found is true of: not the best, but one."""
    left = yes
    for term in found:
        left &= ~term.mask
    made: list[_Term] = []
    while left:
        point, term = left & -left, _Term(yes | no)
        for mask, atom in atoms.items():
            if mask & point and term.mask & no & ~mask:
                term = term.with_atom(mask, atom)
        assert not term.mask & no, "two points have the same values"
        left &= ~term.mask
        made.append(term)
    return made


def _choose(terms: Sequence[_Term], yes: int) -> tuple[_Term, ...]:
    """The cheapest of the terms that together are true of all points in `yes`.

    Of the terms that are true of one point, one is needed: points that few are true of come first.
    """
    points = [1 << bit for bit in range(yes.bit_length()) if yes >> bit & 1]
    true_of = {point: [term for term in terms if term.mask & point] for point in points}
    points.sort(key=lambda point: len(true_of[point]))
    seen, serial = set[int](), 0
    waiting: list[tuple[int, int, int, tuple[_Term, ...]]] = [(0, 0, yes, ())]
    while serial < MOST_CHOICES:
        cost, _, left, chosen = heappop(waiting)
        if not left:
            return chosen
        if left in seen:
            continue
        seen.add(left)
        for term in true_of[next(point for point in points if point & left)]:
            serial += 1
            heappush(waiting, (cost + term.cost, serial, left & ~term.mask, (*chosen, term)))
    return _greedy(terms, yes)


def _greedy(terms: Sequence[_Term], yes: int) -> tuple[_Term, ...]:
    """One after the other the term with the most new points for its cost."""
    chosen: list[_Term] = []
    while yes:
        chosen.append(max(terms, key=lambda term: (term.mask & yes).bit_count() / term.cost))
        yes &= ~chosen[-1].mask
    return tuple(chosen)
