"""The child process that finds all solutions of a formula, one by one.

What was found is excluded, until there is nothing left. The process can be killed at any time.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Final, TypeAlias

import z3

from checker.symbolic.bits import Leaf, constant
from checker.symbolic.processes import complaint
from checker.symbolic.query import GaveUp, Possible

BATCH: Final = 512
"""So many solutions are sent at once."""

UNDEFINED: Final = "undefined"


@dataclass(frozen=True, slots=True)
class Problem:
    """What to solve, as text: assertions `name ⇒ formula`, of which `conditions` must all hold.

    A solution says what each of the `leaves` is. If `UNDEFINED` is among the names, its formula is
    asked about first; where it is possible nothing else is. Beyond `most` solutions none is wanted.
    """

    text: str
    conditions: tuple[str, ...]
    leaves: tuple[Leaf, ...]
    most: int
    seed: int
    megabytes: int


@dataclass(frozen=True, slots=True)
class Solved:
    """Some solutions: for each leaf its value, bits as a number without sign."""

    values: tuple[tuple[bool | int, ...], ...]


@dataclass(frozen=True, slots=True)
class WithoutValue:
    """A solution of `UNDEFINED`."""

    values: tuple[bool | int, ...]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """There is no solution: these conditions exclude each other."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finished:
    """There are no more solutions, or `more` than were wanted."""

    more: bool


Reply: TypeAlias = Solved | WithoutValue | Contradiction | Finished | GaveUp


def serve(connection: Connection) -> None:
    """Say that one listens, then solve one problem. Ctrl-C is for the parent, which ends us."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        connection.send(Possible({}))
        problem: Problem = connection.recv()
        for reply in replies(problem):
            connection.send(reply)
    except (EOFError, BrokenPipeError):
        return
    except z3.Z3Exception as error:
        connection.send(GaveUp(complaint(error)))


def replies(problem: Problem) -> Iterator[Reply]:
    """All solutions, in no particular order, and then how it ended."""
    z3.set_param("memory_max_size", problem.megabytes)
    solver = z3.Solver()
    solver.set("random_seed", problem.seed)
    formulas = {str(a.arg(0).decl().name()): a for a in z3.parse_smt2_string(problem.text)}
    for formula in formulas.values():
        solver.add(formula)
    bits = _Bits(solver, problem.leaves)
    if UNDEFINED in formulas:
        found = solver.check(z3.Bool(UNDEFINED))
        if found == z3.sat:
            yield WithoutValue(bits.values(bits.read(solver.model())))
        if found == z3.unknown:
            yield GaveUp(solver.reason_unknown())
        if found != z3.unsat:
            return
    yield from _solutions(solver, bits, problem)


def _solutions(solver: z3.Solver, bits: _Bits, problem: Problem) -> Iterator[Reply]:
    wanted = [z3.Bool(name) for name in problem.conditions]
    found: list[tuple[bool | int, ...]] = []
    count = 0
    while (answer := solver.check(*wanted)) == z3.sat:
        count += 1
        if count > problem.most:
            break
        read = bits.read(solver.model())
        bits.exclude(solver, read)
        found.append(bits.values(read))
        if len(found) == BATCH:
            yield Solved(tuple(found))
            found = []
    if answer == z3.unknown:
        yield GaveUp(solver.reason_unknown())
    elif count == 0:
        yield Contradiction(_core(solver, wanted))
    else:
        yield Solved(tuple(found))
        yield Finished(answer == z3.sat)


def _core(solver: z3.Solver, wanted: Sequence[z3.BoolRef]) -> tuple[str, ...]:
    """Conditions that exclude each other, and none of which can be left out."""
    kept = {str(literal) for literal in solver.unsat_core()}
    for literal in wanted:
        others = [other for other in wanted if str(other) in kept - {str(literal)}]
        if str(literal) in kept and solver.check(*others) == z3.unsat:
            kept.remove(str(literal))
    return tuple(str(literal) for literal in wanted if str(literal) in kept)


class _Bits:
    """A Boolean for each bit of each leaf.

    There may be a hundred thousand solutions: the solver's own functions are called without the
    checks of its Python interface, which would take most of the time.
    """

    def __init__(self, solver: z3.Solver, leaves: Sequence[Leaf]) -> None:
        self._leaves = leaves
        self._context = z3.main_ctx().ref()
        self._true = z3.BoolVal(True).as_ast().value
        self._terms = list(_named_bits(solver, leaves))
        self._declared = [term.decl().ast for term in self._terms]
        self._is = [term.as_ast() for term in self._terms]
        self._negations = [z3.Not(term) for term in self._terms]
        self._is_not = [term.as_ast() for term in self._negations]
        self._array = z3.Ast * len(self._terms)

    def read(self, model: z3.ModelRef) -> list[bool]:
        """The bits in a model; what it leaves out may be anything, and is false."""
        values = []
        for declared in self._declared:
            value = z3.Z3_model_get_const_interp(self._context, model.model, declared)
            values.append(value is not None and value.value == self._true)
        return values

    def exclude(self, solver: z3.Solver, bits: Sequence[bool]) -> None:
        """Say that not all bits are as they were."""
        rows = zip(bits, self._is, self._is_not, strict=True)
        other = self._array(*(is_not if bit else is_ for bit, is_, is_not in rows))
        clause = z3.Z3_mk_or(self._context, len(bits), other)
        z3.Z3_solver_assert(self._context, solver.solver, clause)

    def values(self, bits: Sequence[bool]) -> tuple[bool | int, ...]:
        """The value of each leaf."""
        found: list[bool | int] = []
        at = 0
        for leaf in self._leaves:
            if leaf.bits == 0:
                found.append(bits[at])
            else:
                digits = bits[at : at + leaf.bits]
                found.append(sum(1 << place for place, bit in enumerate(digits) if bit))
            at += max(1, leaf.bits)
        return tuple(found)


def _named_bits(solver: z3.Solver, leaves: Sequence[Leaf]) -> Iterator[Any]:
    for leaf in leaves:
        term = constant(leaf)
        for place in range(leaf.bits):
            bit = z3.Bool(f"{leaf.name}.{place}")
            solver.add(bit == (z3.Extract(place, place, term) == 1))
            yield bit
        if leaf.bits == 0:
            yield term


def as_text(formulas: Mapping[str, z3.BoolRef]) -> str:
    """Formulas as a problem's text."""
    solver = z3.Solver()
    solver.add(*(z3.Implies(z3.Bool(name), formula) for name, formula in formulas.items()))
    return str(solver.sexpr())
