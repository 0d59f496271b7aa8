"""The child process in which a solver runs, so that it can be killed whatever it is doing."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from multiprocessing.connection import Connection
from typing import Any

import z3

from checker.symbolic.processes import complaint
from checker.symbolic.query import Answer, GaveUp, Impossible, Possible, Query

MEMORY = 3_000
"""Megabytes; a solver that wants more gives up."""


def serve(connection: Connection) -> None:
    """Answer queries until there are no more. Ctrl-C is for the parent, which ends its children."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    z3.set_param("memory_max_size", MEMORY)
    while True:
        try:
            query = connection.recv()
        except EOFError:
            return
        connection.send(answer(query))


def answer(query: Query) -> Answer:
    """What the solver says, in a context of its own: no query knows of another."""
    context = z3.Context()
    try:
        solver = z3.Solver(ctx=context)
        solver.set("timeout", round(query.seconds * 1000))
        solver.from_string(query.text)
        found = solver.check()
        if found == z3.unsat:
            return Impossible()
        if found == z3.unknown:
            return GaveUp(_reason(solver.reason_unknown()))
        return Possible(_values(solver, query, context))
    except z3.Z3Exception as error:
        return GaveUp(complaint(error))


def _reason(reason: str) -> str:
    return "timeout" if reason in ("timeout", "canceled") else reason


def _values(solver: z3.Solver, query: Query, context: z3.Context) -> dict[str, bool | int]:
    """The values of all constants in a model that has as many of the preferences as it may."""
    model = solver.model()
    kept: list[z3.BoolRef] = []
    solver.set("timeout", max(100, round(query.seconds * 1000 / 20)))
    for name in query.preferences:
        wish = z3.Bool(name, context)
        if z3.is_true(model.eval(wish, model_completion=True)):
            kept.append(wish)
        elif solver.check(*kept, wish) == z3.sat:
            kept.append(wish)
            model = solver.model()
    return {str(constant.name()): _value(model, constant) for constant in _constants(model)}


def _constants(model: z3.ModelRef) -> Sequence[z3.FuncDeclRef]:
    return [declared for declared in model.decls() if declared.arity() == 0]


def _value(model: z3.ModelRef, constant: z3.FuncDeclRef) -> bool | int:
    # A model may say what a number is by another term, not by a numeral.
    term: Any = model.eval(constant(), model_completion=True)
    if z3.is_bool(term):
        return bool(z3.is_true(term))
    if not z3.is_int_value(term):
        raise z3.Z3Exception(f"a model without a value for {constant.name()}")
    return int(term.as_long())
