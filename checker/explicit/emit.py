"""A ground model to LLVM text: `expand`, `judge` and `judge_steps`.

`expand` reads a state's words once, tests each step's guard on registers, and for a step that is
taken patches only the words that change. Steps stand in source order, so successors come out in
it. Neighbouring steps that begin with the same condition (a broker leads, an epoch is left) share
one test of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from checker.explicit.assembler import DECLARATIONS, Function
from checker.explicit.emit_terms import Scope, TermEmitter
from checker.explicit.kernels import kernels, state_words
from checker.explicit.layout import MASK, Layout
from checker.ground.model import ExitKind, GroundModel, GroundProperty, GroundStep
from checker.ground.terms import Term, TermOp
from checker.ir.model import PropertyKind

JUDGE_GROUP = 31
"""Properties that one `judge` function looks at: two bits each in a 64-bit answer."""


@dataclass(frozen=True, slots=True)
class _Condition:
    """A truth that must hold, or (`negated`) must not, for a step to be taken."""

    term: Term
    negated: bool


@dataclass(frozen=True, slots=True)
class _PlannedStep:
    """A step with its guard split into the conditions that must all hold, in order."""

    number: int
    conditions: tuple[_Condition, ...]
    step: GroundStep


def emit(ground: GroundModel, layout: Layout) -> str:
    """The whole module: the protocol's functions and the kernels for its state size."""
    step_type = step_integer(len(ground.steps))
    functions = [
        _expand(ground, layout, step_type),
        *(
            _judge(name, group, layout, is_step)
            for is_step in (False, True)
            for name, group in judges(ground, is_step)
        ),
        *kernels(layout, step_type),
    ]
    return "\n".join([*functions, DECLARATIONS])


def step_integer(steps: int) -> str:
    """The integer type that holds a step's number."""
    return "i8" if steps <= 1 << 8 else "i16" if steps <= 1 << 16 else "i32"


def judges(ground: GroundModel, is_step: bool) -> Iterator[tuple[str, tuple[GroundProperty, ...]]]:
    """The names of the judge functions, each with the properties that it looks at."""
    kind = "judge_steps" if is_step else "judge"
    chosen = [p for p in ground.properties if (p.kind is PropertyKind.STEP_INVARIANT) == is_step]
    for start in range(0, len(chosen), JUDGE_GROUP):
        yield f"{kind}_{start // JUDGE_GROUP}", tuple(chosen[start : start + JUDGE_GROUP])


def _expand(ground: GroundModel, layout: Layout, step_type: str) -> str:
    """`expand`: the successors of `count` states, as many states as their room allows.

    `report`: 0 successors written, 1 first state without one (-1: none), 2 and 3 the first
    undefined step's state and number (-1: none). The result is how many states were expanded.
    """
    f = Function(
        "expand",
        "ptr states, i64 count, i64 base, i64 room, "
        "ptr found, ptr found_parents, ptr found_steps, ptr fired, ptr cut, ptr report",
    )
    found = f.slot("0")
    done = f.slot("%count")
    with f.loop("0", "%count") as i:
        used = f.binary("add", f.get(found), str(len(ground.steps)))
        with f.when(f.binary("icmp sgt", used, "%room")):
            f.set(done, i)
            f.do("br label %full")
            f.lines.append(f"dead{f.fresh()}:")
        _ExpandOne(f, ground, layout, step_type, found, i).run()
    f.label("full")
    f.store(f.get(found), "%report", "0")
    return f.text(f.get(done))


class _ExpandOne:
    """The body of `expand` for one state."""

    def __init__(
        self, f: Function, ground: GroundModel, layout: Layout, step_type: str, found: str, i: str
    ) -> None:
        self.f, self.ground, self.layout, self.step_type = f, ground, layout, step_type
        self.found, self.index = found, i
        words = tuple(state_words(f, "%states", i, layout.words))
        self.words = words
        self.emitter = TermEmitter(f, layout, words)
        self.parent = f.binary("add", i, "%base")
        self.moves = f.slot("0")

    def run(self) -> None:
        """All steps, then the note that the state had no successor."""
        scope = Scope({}, {})
        planned = [_plan(number, step) for number, step in enumerate(self.ground.steps)]
        self.group(planned, scope)
        f = self.f
        still = f.binary("icmp eq", f.get(self.moves), "0")
        first = f.binary("icmp slt", f.load("%report", "1"), "0")
        with f.when(f.binary("and", still, first, "i1")):
            f.store(self.parent, "%report", "1")

    def group(self, steps: Sequence[_PlannedStep], scope: Scope) -> None:
        """Steps in order; a run of them that begins with the same condition tests it once."""
        for term in _shared(steps):
            self.emitter.truth(term, scope)
        for first, members in groupby(steps, key=_first_condition):
            run = list(members)
            if first is None or len(run) == 1:
                for planned in run:
                    self.single(planned, scope)
                continue
            with self.f.when(self.condition(first, scope)):
                rest = [_PlannedStep(s.number, s.conditions[1:], s.step) for s in run]
                inner = scope.inner()
                for term in _common_work(rest):
                    self.emitter.compute(term, inner)
                self.group(rest, inner)

    def condition(self, condition: _Condition, scope: Scope) -> str:
        """The truth that a condition holds."""
        truth = self.emitter.truth(condition.term, scope)
        return self.f.binary("xor", truth, "true", "i1") if condition.negated else truth

    def single(self, planned: _PlannedStep, scope: Scope) -> None:
        """One step: its remaining conditions, its other exits, its successor."""
        scope = scope.inner()
        skip = f"skip{self.f.fresh()}"
        guard = "true"
        for condition in planned.conditions:
            truth = self.condition(condition, scope)
            guard = truth if guard == "true" else self.f.binary("and", guard, truth, "i1")
        self.f.leave(skip, self.f.binary("xor", guard, "true", "i1"))
        for exit in planned.step.exits[_leading(planned.step) :]:
            taken = self.emitter.truth(exit.when, scope)
            if exit.kind is ExitKind.DISABLED:
                self.f.leave(skip, taken)
            else:
                self.leave_with_note(planned.number, exit.kind, exit.scope, taken, skip)
        self.fire(planned, scope)
        self.f.label(skip)

    def leave_with_note(
        self, number: int, kind: ExitKind, scope: str | None, taken: str, skip: str
    ) -> None:
        """A cut is counted by scope; the first undefined step is written down."""
        f = self.f
        with f.when(taken):
            f.set(self.moves, "1")
            if kind is ExitKind.CUT:
                assert scope is not None
                f.increment("%cut", str(self.ground.scopes.index(scope)))
            else:
                with f.when(f.binary("icmp slt", f.load("%report", "2"), "0")):
                    f.store(self.parent, "%report", "2")
                    f.store(str(number), "%report", "3")
            f.do(f"br label %{skip}")
            f.lines.append(f"dead{f.fresh()}:")

    def fire(self, planned: _PlannedStep, scope: Scope) -> None:
        """Patch the words that change and write the successor, unless nothing changed."""
        f = self.f
        words = self.patched(planned.step, scope)
        difference = "0"
        for old, new in zip(self.words, words, strict=True):
            if old != new:
                difference = f.binary("or", difference, f.binary("xor", old, new))
        at = f.get(self.found)
        base = f.binary("mul", at, str(len(words)))
        for k, word in enumerate(words):
            f.store(word, "%found", f.binary("add", base, str(k)))
        f.store(self.parent, "%found_parents", at, "i32")
        f.store(str(planned.number), "%found_steps", at, self.step_type)
        changed = f.emit(f"zext i1 {f.binary('icmp ne', difference, '0')} to i64")
        f.set(self.found, f.binary("add", at, changed))
        f.set(self.moves, f.binary("or", f.get(self.moves), changed))
        f.increment("%fired", str(planned.number), changed)

    def patched(self, step: GroundStep, scope: Scope) -> list[str]:
        """The words of the successor; a word that the step leaves alone stays the same register."""
        f = self.f
        words = list(self.words)
        for word in range(self.layout.words):
            mask, value = 0, "0"
            for cell, term in step.updates:
                place = self.layout.places[cell]
                if place.word != word or place.width == 0:
                    continue
                mask |= place.mask
                stored = self.emitter.number(term, scope)
                if place.shift:
                    stored = f.binary("shl", stored, str(place.shift))
                value = f.binary("or", value, stored)
            if mask:
                kept = f.binary("and", words[word], str(_signed(MASK ^ mask)))
                words[word] = f.binary("or", kept, value)
        return words


def _signed(mask: int) -> int:
    return mask - (1 << 64) if mask >> 63 else mask


def _leading(step: GroundStep) -> int:
    """How many exits (none or one) only disable the step before anything else can happen."""
    return 1 if step.exits and step.exits[0].kind is ExitKind.DISABLED else 0


def _plan(number: int, step: GroundStep) -> _PlannedStep:
    conditions = tuple(_conditions(step.exits[0].when)) if _leading(step) else ()
    return _PlannedStep(number, conditions, step)


def _conditions(disabled: Term) -> Iterator[_Condition]:
    """The conditions under which an exit is *not* taken, left to right."""
    if disabled.op is TermOp.OR:
        for arg in disabled.args:
            yield from _conditions(arg)
    elif disabled.op is TermOp.NOT:
        negated = disabled.args[0]
        for term in negated.args if negated.op is TermOp.AND else (negated,):
            yield _Condition(term, negated=False)
    else:
        yield _Condition(disabled, negated=True)


def _first_condition(planned: _PlannedStep) -> _Condition | None:
    return planned.conditions[0] if planned.conditions else None


def _shared(steps: Sequence[_PlannedStep]) -> list[Term]:
    """The compound truths that guards of several of the steps need: worth computing once."""
    uses: Counter[Term] = Counter()
    for planned in steps:
        uses.update(list(_truths_below([condition.term for condition in planned.conditions])))
    return [term for term, count in uses.items() if count > 1 and _is_compound(term)]


def _common_work(steps: Sequence[_PlannedStep]) -> list[Term]:
    """What at least half of the steps compute once they are taken, arguments first.

    Once a condition holds that several steps share (this broker is fenced), one of them is mostly
    taken: what they have in common is computed, and its code stands, once.
    """
    uses: Counter[Term] = Counter()
    for planned in steps:
        exits = planned.step.exits[_leading(planned.step) :]
        roots = [exit.when for exit in exits] + [term for _, term in planned.step.updates]
        uses.update(list(_terms_below(roots)))
    return [term for term, count in uses.items() if count > 1 and 2 * count >= len(steps)]


def _terms_below(roots: Sequence[Term]) -> dict[Term, None]:
    """All terms with arguments, each behind its arguments."""
    found: dict[Term, None] = {}
    entered: set[Term] = set()
    stack = list(reversed(roots))
    while stack:
        term = stack[-1]
        if term in entered or not term.args:
            stack.pop()
            if term.args:
                found.setdefault(term)
            continue
        entered.add(term)
        stack.extend(arg for arg in term.args if arg not in entered)
    return found


def _truths_below(terms: Sequence[Term]) -> dict[Term, None]:
    found: dict[Term, None] = {}
    stack = list(reversed(terms))
    while stack:
        term = stack.pop()
        if term not in found and term.high <= 1 and term.low >= 0 and term.args:
            found[term] = None
            stack.extend(reversed(term.args))
    return found


def _is_compound(term: Term) -> bool:
    """A test of one cell against a constant is as cheap as reading back its result."""
    return any(arg.op not in (TermOp.CELL, TermOp.CONST) for arg in term.args)


def _judge(name: str, group: Sequence[GroundProperty], layout: Layout, is_step: bool) -> str:
    """The first of `count` states (or steps) that one of the watched properties speaks about.

    Property k has bit 2k (an invariant false, a goal true) and bit 2k+1 (undefined); `watched`
    says which bits still matter. The bits of the state that is returned go to `report`; `count` is
    returned if there is none. For steps, `found_parents` numbers the states before from `base`.
    """
    parameters = "ptr states, i64 count, i64 watched, ptr report"
    if is_step:
        parameters += ", ptr before, ptr found_parents, i64 base"
    f = Function(name, parameters)
    first = f.slot("%count")
    with f.loop("0", "%count") as i:
        words = tuple(state_words(f, "%states", i, layout.words))
        emitter = TermEmitter(f, layout, words)
        if is_step:
            parent = f.binary("sub", f.load("%found_parents", i, "i32"), "%base")
            before = tuple(state_words(f, "%before", parent, layout.words))
            emitter = TermEmitter(f, layout, before, words)
        bits = f.binary("and", _property_bits(f, emitter, group), "%watched")
        with f.when(f.binary("icmp ne", bits, "0")):
            f.store(bits, "%report", "0")
            f.set(first, i)
            f.do("br label %stop")
            f.lines.append(f"dead{f.fresh()}:")
    f.label("stop")
    return f.text(f.get(first))


def _property_bits(f: Function, emitter: TermEmitter, group: Sequence[GroundProperty]) -> str:
    scope = Scope({}, {})
    bits = "0"
    for k, judged in enumerate(group):
        holds = emitter.truth(judged.holds, scope)
        undefined = emitter.truth(judged.undefined, scope)
        speaks = holds
        if judged.kind is not PropertyKind.REACHABLE:
            speaks = f.binary("xor", holds, "true", "i1")
        bit = f.select(speaks, str(1 << 2 * k), "0")
        bits = f.binary("or", bits, f.select(undefined, str(2 << 2 * k), bit))
    return bits
