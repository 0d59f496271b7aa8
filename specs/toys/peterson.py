"""Peterson's algorithm: two processes exclude each other with three shared variables (1981).

Raising the flag and giving the turn away are two steps, in that order; so is waiting.
"""

from enum import Enum

from checker import Spec, action, invariant, reachable, require


class Process(Enum):
    """One of the two."""

    LEFT = "left"
    RIGHT = "right"


class Place(Enum):
    """Where a process is in its program."""

    IDLE = "idle"
    INTERESTED = "interested"
    WAITING = "waiting"
    CRITICAL = "critical"


class Peterson(Spec):
    """Both processes, again and again."""

    place: dict[Process, Place]
    flag: dict[Process, bool]
    turn: Process

    @action
    def raise_flag(self, process: Process) -> None:
        """A process says that it wants to enter."""
        require(self.place[process] == Place.IDLE)
        self.flag[process] = True
        self.place[process] = Place.INTERESTED

    @action
    def set_turn(self, process: Process) -> None:
        """It lets the other one go first."""
        require(self.place[process] == Place.INTERESTED)
        self.turn = self.other(process)
        self.place[process] = Place.WAITING

    @action
    def enter(self, process: Process) -> None:
        """It enters when the other one does not want to, or has let it go first."""
        require(
            self.place[process] == Place.WAITING,
            not self.flag[self.other(process)] or self.turn == process,
        )
        self.place[process] = Place.CRITICAL

    @action
    def leave(self, process: Process) -> None:
        """It leaves, and lowers its flag."""
        require(self.place[process] == Place.CRITICAL)
        self.flag[process] = False
        self.place[process] = Place.IDLE

    def other(self, process: Process) -> Process:
        """The other process."""
        return Process.RIGHT if process == Process.LEFT else Process.LEFT

    @invariant
    def mutual_exclusion(self) -> bool:
        """Never are both in their critical sections."""
        return not all(self.place[process] == Place.CRITICAL for process in Process)

    @reachable
    def both_want_to_enter(self) -> bool:
        """The processes do compete."""
        return all(self.place[process] == Place.WAITING for process in Process)
