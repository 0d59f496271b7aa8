"""States to cells and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checker.ground.cells import decode, encode
from checker.ground.model import Codec
from checker.ir.expr import Value
from checker.ir.types import Type


@dataclass(frozen=True, slots=True)
class StateCodec(Codec):
    """The codec of a model. `kept` are the numbers of the kept cells among all of them.

    `initial` are the stored numbers of the initial state: what the other cells read as.
    """

    types: tuple[Type, ...]
    kept: tuple[int, ...]
    initial: tuple[int, ...]

    def to_cells(self, state: tuple[Value, ...]) -> tuple[int, ...]:
        """The stored numbers of the kept cells, in cell order."""
        numbers: list[int] = []
        for type, value in zip(self.types, state, strict=True):
            numbers.extend(encode(type, value))
        assert len(numbers) == len(self.initial), state
        return tuple(numbers[cell] for cell in self.kept)

    def to_state(self, cells: tuple[int, ...]) -> tuple[Value, ...]:
        """The state; what was dropped reads as its initial value."""
        numbers = list(self.initial)
        for cell, number in zip(self.kept, cells, strict=True):
            numbers[cell] = int(number)
        source: Iterator[int] = iter(numbers)
        return tuple(decode(type, source) for type in self.types)
