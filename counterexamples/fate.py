"""How a trace became inevitable: what could still become of each of its states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from checker.trace import Ending, Trace
from counterexamples.render_terminal import Margin, count

STOPS: Final = {
    "states": "stopped at --explain-states",
    "memory": "stopped for lack of memory",
    "timeout": "stopped at --explain-seconds",
}


@dataclass(frozen=True, slots=True)
class Outlook:
    """What could still become of one state of a trace.

    `distance` is the number of steps to the nearest fault, be it that of the trace or another of
    its kind; `None`: none was found. There may be a nearer one if not `is_nearest`. Of the
    different `successors` the fault can be avoided from `open`, and cannot from `closed`; of the
    others it is not known. `avoidable` says so of the state itself (`None`: not known), and
    `avoidable_beyond` takes a step out of the scope for a way out.
    """

    distance: int | None
    is_nearest: bool
    successors: int
    open: int
    closed: int
    avoidable: bool | None
    avoidable_beyond: bool | None


@dataclass(frozen=True, slots=True)
class Fate:
    """An outlook for the initial state and after each step; in the end the fault is there.

    `states` and `steps` are what was looked at. If it was not everything, it was all that is at
    most `within` steps away from the trace, and `stop` says why.
    """

    outlooks: tuple[Outlook, ...]
    states: int
    steps: int
    within: int | None
    stop: str | None

    @property
    def last(self) -> int:
        """The step with the fault."""
        return len(self.outlooks) - 1

    @property
    def no_return(self) -> int:
        """The first step that is known to leave no run without the fault; 0: there was none."""
        return self._first(one.avoidable is False for one in self.outlooks)

    @property
    def no_return_beyond(self) -> int:
        """The same, if leaving the scope is a way out."""
        return self._first(one.avoidable_beyond is False for one in self.outlooks)

    @property
    def perhaps_no_return(self) -> int:
        """The first step of which it is not known that there is a way out; mostly `no_return`."""
        return self._first(one.avoidable is not True for one in self.outlooks)

    @property
    def is_shortest(self) -> bool:
        """Whether no state of the trace has a nearer fault than the one at its end."""
        return all(
            one.distance == self.last - number and one.is_nearest
            for number, one in enumerate(self.outlooks)
        )

    def _first(self, found: Iterator[bool]) -> int:
        return next(number for number, is_found in enumerate(found) if is_found)


def fault_of(trace: Trace) -> str:
    """What a run does that has the fault of the trace: `violates weak_isr`."""
    match trace.ending:
        case Ending.VIOLATED:
            return f"violates {trace.property}"
        case Ending.UNDEFINED_PROPERTY:
            return f"breaks {trace.property}"
        case Ending.UNDEFINED_STEP:
            return "comes to an undefined step"
        case Ending.DEADLOCK:
            return "ends in deadlock"
        case _:
            raise AssertionError(f"{trace.ending} is no fault")


def sentences(trace: Trace, fate: Fate) -> Iterator[str]:
    """From where on the fault could not be avoided, and what that does not say."""
    point, perhaps = fate.no_return, fate.perhaps_no_return
    if point < fate.last:
        start = f"from step {point} on" if point else "from the beginning"
        yield f"{start}, every run in this scope {fault_of(trace)}"
        yield _beyond(fate)
    elif perhaps == point:
        yield _avoidable(fate)
    if perhaps < point:
        yield f"whether it could be avoided from step {perhaps} on is not known"
    if fate.stop is not None:
        yield (
            f"only what is within {count(fate.within or 0, 'step')} of the trace was looked at: "
            f"{count(fate.states, 'state')}, then {STOPS.get(fate.stop, fate.stop)}"
        )


def _avoidable(fate: Fate) -> str:
    if fate.last == 0:
        return "the initial state has the fault"
    before = fate.outlooks[fate.last - 1]
    ways = f"{before.open} of {count(before.successors, 'way')} on avoided it"
    return f"avoidable until the last step: {place_of(fate.last - 1)}, {ways}"


def place_of(number: int) -> str:
    """The place of a state in the trace."""
    return f"after step {number}" if number else "in the beginning"


def _beyond(fate: Fate) -> str:
    """Whether the scope alone makes it so."""
    point, beyond = fate.no_return, fate.no_return_beyond
    if beyond == point:
        return "no larger scope would help: none of these runs comes to where it ends"
    until = "the last step" if beyond == fate.last else f"step {beyond}"
    return f"some of them could leave the scope: if that is a way out, avoidable until {until}"


def margin(fate: Fate) -> Margin:
    """Beside each step, the ways on after it that still avoid the fault, out of all."""
    outlooks = fate.outlooks[1:]
    if fate.is_shortest:
        return Margin("ways out", [ways(one) for one in outlooks])
    return Margin("left · out", [_left(one) + ways(one) for one in outlooks])


def _left(one: Outlook) -> str:
    """The steps that are left; after the last one, nothing is."""
    if one.distance is None:
        return "? · "
    if one.distance == 0:
        return ""
    return f"{one.distance} · " if one.is_nearest else f"≤{one.distance} · "


def ways(one: Outlook) -> str:
    """The ways on that avoid the fault, out of all: `2/3`; `1–2/3` if one of them is not known."""
    if one.distance == 0:
        return "–"
    unknown = one.successors - one.open - one.closed
    most = f"–{one.open + unknown}" if unknown else ""
    return f"{one.open}{most}/{one.successors}"
