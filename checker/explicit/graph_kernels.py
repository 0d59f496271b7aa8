"""The kernels that walk a graph of states backwards: from what is bad to what leads there.

Edges are two arrays, `sources` and `targets`, of state numbers. `arrange` sorts the sources by
their targets, so that those who step into state `t` stand from `starts[t]` to `starts[t+1]-1`.
"""

from __future__ import annotations

from collections.abc import Callable

from checker.explicit.assembler import DECLARATIONS, Function
from checker.explicit.kernels import number


def graph_kernels(words: int) -> str:
    """The whole module, for states that are kept in so many words."""
    functions = [number(words), _count_ways(), _arrange(), _spread(), _exhaust()]
    return "\n".join([*functions, DECLARATIONS])


def _count_ways() -> str:
    """`count_ways`: how many ways lead out of each state; all are 0 before.

    Where no step leads out a run may end: that is a way, too.
    """
    f = Function("count_ways", "ptr sources, i64 edges, i64 states, ptr ways")
    with f.loop("0", "%edges") as e:
        _add(f, "%ways", f.load("%sources", e, "i32"), 1)
    with f.loop("0", "%states") as s:
        ways = f.load("%ways", s, "i32")
        f.store(f.emit(f"call i64 @llvm.smax.i64(i64 {ways}, i64 1)"), "%ways", s, "i32")
    return f.text("0")


def _arrange() -> str:
    """`arrange`: fill `starts`, which has room for two more than there are states, and `incoming`.

    All of `starts` is 0 before.
    """
    f = Function(
        "arrange", "ptr sources, ptr targets, i64 edges, i64 states, ptr starts, ptr incoming"
    )
    # While the edges are put in their places, starts[t+1] is where the next one into t goes; in
    # the end it is where those into t+1 begin.
    with f.loop("0", "%edges") as e:
        _add(f, "%starts", f.binary("add", f.load("%targets", e, "i32"), "2"), 1)
    with f.loop("0", "%states") as t:
        before = f.load("%starts", f.binary("add", t, "1"), "i32")
        place = f.binary("add", t, "2")
        f.store(f.binary("add", before, f.load("%starts", place, "i32")), "%starts", place, "i32")
    with f.loop("0", "%edges") as e:
        place = f.binary("add", f.load("%targets", e, "i32"), "1")
        at = f.load("%starts", place, "i32")
        f.store(f.load("%sources", e, "i32"), "%incoming", at, "i32")
        f.store(f.binary("add", at, "1"), "%starts", place, "i32")
    return f.text("0")


def _spread() -> str:
    """`spread`: one more than the least number of steps from each state to one of the queued.

    `distances` of those that are queued are 1, all others 0; they stay 0 where no step leads.
    """
    f = Function("spread", "ptr starts, ptr incoming, ptr queue, i64 queued, ptr distances")
    tail = f.slot("%queued")

    def reach(state: str, source: str) -> None:
        with f.when(f.binary("icmp eq", f.load("%distances", source, "i32"), "0")):
            farther = f.binary("add", f.load("%distances", state, "i32"), "1")
            f.store(farther, "%distances", source, "i32")
            _push(f, tail, source)

    _backwards(f, tail, reach)
    return f.text(f.get(tail))


def _exhaust() -> str:
    """`exhaust`: queue every state all of whose ways out lead to states in the queue.

    `ways` is how many ways out each state has left; the queued ones need none.
    """
    f = Function("exhaust", "ptr starts, ptr incoming, ptr queue, i64 queued, ptr ways")
    tail = f.slot("%queued")

    def close(_: str, source: str) -> None:
        _add(f, "%ways", source, -1)
        with f.when(f.binary("icmp eq", f.load("%ways", source, "i32"), "0")):
            _push(f, tail, source)

    _backwards(f, tail, close)
    return f.text(f.get(tail))


def _backwards(f: Function, tail: str, meet: Callable[[str, str], None]) -> None:
    """Take state after state from the queue, and meet every state that steps into it."""
    head = f.slot("0")
    with f.forever() as empty:
        f.leave(empty, f.binary("icmp sge", f.get(head), f.get(tail)))
        state = f.load("%queue", f.get(head), "i32")
        f.set(head, f.binary("add", f.get(head), "1"))
        first = f.load("%starts", state, "i32")
        last = f.load("%starts", f.binary("add", state, "1"), "i32")
        with f.loop(first, last) as e:
            meet(state, f.load("%incoming", e, "i32"))


def _push(f: Function, tail: str, state: str) -> None:
    f.store(state, "%queue", f.get(tail), "i32")
    f.set(tail, f.binary("add", f.get(tail), "1"))


def _add(f: Function, array: str, index: str, by: int) -> None:
    f.store(f.binary("add", f.load(array, index, "i32"), str(by)), array, index, "i32")
