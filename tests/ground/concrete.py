"""What a symbolic value is in a state: its terms evaluated, its shape undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from checker.ground.binders import TABLE
from checker.ground.cells import bounded_cells, decode, encode, unpack
from checker.ground.evaluate import evaluate_term
from checker.ground.grounder import Grounder
from checker.ground.sets import bits
from checker.ground.symbolic import (
    Domain,
    ExtendedSet,
    ListedSet,
    MaskSet,
    Product,
    ScalarOption,
    SlotSet,
    StructOption,
    Symbolic,
    Symbols,
    TupleValue,
    read,
)
from checker.ground.terms import Term
from checker.ir.expr import Expr
from checker.ir.types import BoolType, MapType, OptionType, RecordType, SetType, TupleType, Type

Cells = Sequence[int]


@dataclass(frozen=True, slots=True)
class Bench:
    """Expressions over some variables, grounded, with the states that they are looked at in."""

    grounder: Grounder
    types: dict[str, Type]

    def cells(self, values: dict[str, Any]) -> tuple[int, ...]:
        """The cells of a state."""
        return tuple(
            number for name, type in self.types.items() for number in encode(type, values[name])
        )

    def look(self, expr: Expr, values: dict[str, Any]) -> Any:
        """The value of an expression in a state, or the string "undefined"."""
        found = self.grounder.ground(expr, {})
        cells = self.cells(values)
        if not evaluate_term(found.defined, cells):
            return "undefined"
        return concrete(self.grounder.symbols, expr.type, found.value, cells)


def bench(types: dict[str, Type]) -> Bench:
    """A bench with variables of these types."""
    symbols = Symbols()
    before: dict[str, Symbolic] = {}
    first = 0
    for name, type in types.items():
        cells = bounded_cells(type, name)
        numbers = [symbols.cell(first + i, cell.size) for i, cell in enumerate(cells)]
        before[name] = read(symbols, type, iter(numbers))
        first += len(cells)
    return Bench(Grounder(symbols, TABLE, before, {}), types)


def concrete(s: Symbols, type: Type, value: Symbolic, cells: Cells) -> Any:
    """The value of `type` that a symbolic value is where the cells have these numbers."""
    match type, value:
        case _, MaskSet(domain, _):
            inside = [evaluate_term(bit, cells) for bit in bits(s, value)]
            assert domain.members is not None
            return frozenset(m for m, is_in in zip(domain.members, inside, strict=True) if is_in)
        case _, SlotSet(domain, keys):
            stored = [evaluate_term(key, cells) for key in keys]
            taken = [key for key in stored if key]
            assert taken == sorted(set(taken)), f"{stored} does not ascend"
            assert stored == taken + [0] * (len(stored) - len(taken)), f"{stored} has gaps"
            return frozenset(_member(domain, key - 1) for key in taken)
        case SetType(of, _), ListedSet(_, members):
            counted = [member for counts, member in members if evaluate_term(counts, cells)]
            return frozenset(concrete(s, of, member, cells) for member in counted)
        case _, ExtendedSet(base, added):
            both = concrete(s, type, base, cells) | concrete(s, type, added, cells)
            return both
        case OptionType(of), ScalarOption(code, low):
            number = evaluate_term(code, cells)
            return None if number == 0 else _scalar(of, number + low - 1)
        case OptionType(of), StructOption(is_some, inner, _):
            return concrete(s, of, inner, cells) if evaluate_term(is_some, cells) else None
        case RecordType(_, fields), Product(parts):
            pairs = zip(fields, parts, strict=True)
            return tuple(concrete(s, inner, part, cells) for (_, inner), part in pairs)
        case MapType(_, of), Product(parts):
            return tuple(concrete(s, of, part, cells) for part in parts)
        case TupleType(of, _), TupleValue(length, items, _):
            there = items[: evaluate_term(length, cells)]
            assert len(there) == evaluate_term(length, cells)
            return tuple(concrete(s, of, item, cells) for item in there)
        case _:
            assert isinstance(value, Term), f"{value} is no {type}"
            return _scalar(type, evaluate_term(value, cells))


def _scalar(type: Type, number: int) -> bool | int:
    return bool(number) if isinstance(type, BoolType) else number


def _member(domain: Domain, code: int) -> Any:
    return decode(domain.type, iter(unpack(code, domain.sizes)))
