"""Since when something is so: a trace walked backwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checker.ir.expr import Expr, Value, postorder
from checker.ir.ops import Op
from checker.ir.types import BOOL
from checker.ir.values import State
from checker.semantics.undefined import Undefined
from checker.trace import Trace
from counterexamples.why.answer import Fact, Since
from counterexamples.why.source import Source
from counterexamples.why.words import Scene, compared, depends, frozen, sentence, shown, words


@dataclass(frozen=True, slots=True)
class History:
    """A trace to walk back through; `of_step`: of pairs of states, not of single ones."""

    trace: Trace
    of_step: bool

    def scene(self, source: Source | None, views: tuple[str, str]) -> Scene:
        """The end of the trace."""
        states = self.trace.states
        if self.of_step:
            return Scene(source, self._named(states[-2]), self._named(states[-1]), {}, views)
        return Scene(source, self._named(states[-1]), None, {})

    def _named(self, state: State) -> Mapping[str, Value]:
        return {name: v for (name, _), v in zip(self.trace.variables, state, strict=True)}

    def facts(self, expr: Expr, truth: bool, scene: Scene) -> Iterator[Fact]:
        """What is so, and since when: of two things compared, each has a history of its own."""
        held = frozen(expr, scene)
        if held.op is Op.EQ and held.args[0] is held.args[1]:
            return
        is_comparison = expr.op in (Op.EQ, Op.LT, Op.LE)
        if is_comparison and all(depends(arg) for arg in held.args):
            said = compared(expr, truth, scene)
            for text, arg in zip(said, held.args, strict=True):
                yield self._fact(text, arg, arg, scene)
        elif expr.type != BOOL:
            yield self._fact(f"{words(expr, scene)} is {shown(expr, scene)}", held, held, scene)
        else:
            watched = held.args[0] if expr.op is Op.IS_SOME else held
            yield self._fact(sentence(expr, truth, scene), watched, held, scene)

    def _fact(self, text: str, watched: Expr, held: Expr, scene: Scene) -> Fact:
        read = tuple(dict.fromkeys(places(held, scene)))
        return Fact(text, self.since(watched, scene), read)

    def since(self, held: Expr, scene: Scene) -> Since:
        """The step at which an expression, with its keys fixed, got the value that it has."""
        reads = {part.op for part in postorder((held,))}
        last = len(self.trace.states) - 1
        if {Op.VARIABLE, Op.NEXT} <= reads:
            return self._at(last)
        end = last - (self.of_step and Op.NEXT not in reads)
        final = self._seen(held, scene, end)
        for number in range(end, 0, -1):
            if self._seen(held, scene, number - 1) != final:
                return self._at(number)
        return self._at(0)

    def _at(self, number: int) -> Since:
        return Since(number, str(self.trace.steps[number - 1]) if number else "from the start")

    def _seen(self, held: Expr, scene: Scene, number: int) -> object:
        """The value in a state of the trace; one that is undefined is like no other."""
        state = self._named(self.trace.states[number])
        try:
            return Scene(None, state, state, scene.locals).value(held)
        except Undefined:
            return Undefined


def places(held: Expr, scene: Scene) -> Iterator[str]:
    """The places that an expression with fixed keys reads, as `diff` names them: `log[b1]`."""
    inner = {id(arg) for part in postorder((held,)) if _is_place(part) for arg in part.args}
    for part in postorder((held,)):
        if _is_place(part) and id(part) not in inner:
            yield words(part, Scene(None, scene.before, scene.after, scene.locals))


def _is_place(expr: Expr) -> bool:
    if expr.op in (Op.VARIABLE, Op.NEXT):
        return True
    if expr.op is Op.SELECT:
        return expr.args[1].op is Op.CONST and _is_place(expr.args[0])
    return expr.op is Op.FIELD and _is_place(expr.args[0])
