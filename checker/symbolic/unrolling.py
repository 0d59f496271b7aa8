"""The child process of a bounded search: paths of more and more steps, in one solver that learns.

What a step is comes as text, once; the solver is told of one step after the other. The process
can be killed at any time, whatever it is doing.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Final, TypeAlias

import z3

from checker.symbolic.processes import complaint
from checker.symbolic.query import Answer, GaveUp, Impossible, Possible

START: Final = "start"
STEP: Final = "step"


@dataclass(frozen=True, slots=True)
class Problem:
    """A model as text: assertions `name ⇒ formula`, `START` and `STEP` among the names.

    The name of an unknown begins with `s` in the state before a step, with `t` in the state after
    it, with `a` if it is chosen. `selector` says which action is taken; `choices` are, for each
    action, the unknowns of its arguments. Small ones come first, false before true; but those in
    `ones_first` have a first bit (or are a Boolean) that comes first if it is set: a sign, say.
    """

    text: str
    selector: str
    choices: tuple[tuple[str, ...], ...]
    ones_first: frozenset[str]
    seed: int
    megabytes: int


@dataclass(frozen=True, slots=True)
class Longer:
    """Paths of one step more: are there any?"""


@dataclass(frozen=True, slots=True)
class Ask:
    """Whether a formula may be true on a path, where the state before is that after `at` steps.

    Of all paths the first is wanted: by its first action, by the arguments of that, by its second
    action, and so on, for `taken` steps. Any such path is sent at once, the first one after it.
    """

    name: str
    at: int
    taken: int


Request: TypeAlias = Problem | Longer | Ask


def named(unknown: str, steps: int) -> str:
    """The name of an unknown in the state after so many steps, or of a choice made there."""
    if unknown.startswith("t"):
        return f"s{unknown[1:]}@{steps + 1}"
    return f"{unknown}@{steps}"


def serve(connection: Connection) -> None:
    """Say that one listens, then answer requests until there are no more.

    Ctrl-C is for the parent, which ends its child.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    connection.send(Possible({}))
    paths: _Paths | None = None
    while True:
        try:
            request: Request = connection.recv()
            if isinstance(request, Problem):
                paths = _Paths(request)
                continue
            assert paths is not None, "a request before the problem"
            for answer in paths.answers(request):
                connection.send(answer)
        except EOFError:
            return
        except z3.Z3Exception as error:
            connection.send(GaveUp(complaint(error)))
            return


class _Paths:
    """All paths of as many steps as were asked for."""

    def __init__(self, problem: Problem) -> None:
        z3.set_param("memory_max_size", problem.megabytes)
        z3.set_param("sat.random_seed", problem.seed)
        self.problem = problem
        self.steps = 0
        self.formulas = {
            str(assertion.arg(0).decl().name()): assertion.arg(1)
            for assertion in z3.parse_smt2_string(problem.text)
        }
        self.own = {name: dict(_unknowns(formula)) for name, formula in self.formulas.items()}
        self.unknowns = {name: term for own in self.own.values() for name, term in own.items()}
        # A solver for finite domains: formulas become clauses; it keeps them, and what it learns.
        self.solver = z3.SolverFor("QF_FD")
        self.solver.add(self._at(START, 0))

    def answers(self, request: Longer | Ask) -> Iterator[Answer]:
        """One answer; two where there is a path."""
        if isinstance(request, Longer):
            self.solver.add(self._at(STEP, self.steps))
            self.steps += 1
            yield self._found() or Possible({})
            return
        self.solver.push()
        self.solver.add(self._at(request.name, request.at))
        nothing = self._found()
        if nothing is not None:
            yield nothing
        else:
            model = self.solver.model()
            yield Possible(self._values(model, request.taken))
            yield Possible(self._values(self._first(model, request.taken), request.taken))
        self.solver.pop()

    def _found(self) -> Impossible | GaveUp | None:
        match self.solver.check():
            case z3.sat:
                return None
            case z3.unsat:
                return Impossible()
            case _:
                return GaveUp(self.solver.reason_unknown())

    def _at(self, name: str, steps: int) -> z3.BoolRef:
        """A formula about the state after so many steps."""
        own = self.own[name].items()
        pairs = ((term, z3.Const(named(of, steps), term.sort())) for of, term in own)
        return z3.substitute(self.formulas[name], *pairs)

    def _chosen(self, name: str, step: int) -> Any:
        term = self.unknowns.get(name)
        return None if term is None else z3.Const(named(name, step), term.sort())

    def _first(self, model: z3.ModelRef, taken: int) -> z3.ModelRef:
        """The model of the first path, found bit by bit; adds to the solver what is settled."""
        selector = self.problem.selector
        for step in range(taken):
            model = self._least(model, selector, step)
            action = model.eval(self._chosen(selector, step), model_completion=True).as_long()
            for name in self.problem.choices[action]:
                model = self._least(model, name, step)
        return model

    def _least(self, model: z3.ModelRef, name: str, step: int) -> z3.ModelRef:
        for bit in _preferred(self._chosen(name, step), name in self.problem.ones_first):
            if not z3.is_true(model.eval(bit, model_completion=True)):
                answer = self.solver.check(bit)
                if answer == z3.unsat:
                    self.solver.add(z3.Not(bit))
                    continue
                if answer != z3.sat:
                    return model
                model = self.solver.model()
            self.solver.add(bit)
        return model

    def _values(self, model: z3.ModelRef, taken: int) -> dict[str, bool | int]:
        """The values of all unknowns: bits as numbers without sign."""
        found: dict[str, bool | int] = {}
        for steps in range(taken + 1):
            for name, term in self.unknowns.items():
                if not name.startswith("t"):
                    at = named(name, steps)
                    value = model.eval(z3.Const(at, term.sort()), model_completion=True)
                    found[at] = bool(z3.is_true(value)) if z3.is_bool(term) else value.as_long()
        return found


def _unknowns(formula: z3.BoolRef) -> Iterator[tuple[str, z3.ExprRef]]:
    stack: list[Any] = [formula]
    seen: set[int] = set()
    while stack:
        term = stack.pop()
        if term.get_id() in seen:
            continue
        seen.add(term.get_id())
        stack.extend(term.children())
        if z3.is_const(term) and term.decl().kind() == z3.Z3_OP_UNINTERPRETED:
            yield str(term.decl().name()), term


def _preferred(term: Any, one_first: bool) -> Iterator[z3.BoolRef]:
    """What makes an unknown come early, bit by bit."""
    if term is None:
        return
    if z3.is_bool(term):
        yield term if one_first else z3.Not(term)
        return
    for number in reversed(range(term.size())):
        wanted = 1 if one_first and number == term.size() - 1 else 0
        yield z3.Extract(number, number, term) == wanted
