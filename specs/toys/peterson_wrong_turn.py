"""Peterson's algorithm with the mistake that everybody makes once: a process keeps the turn."""

from checker import action, require
from specs.toys.peterson import Peterson, Place, Process


class PetersonWrongTurn(Peterson):
    """A process sets the turn to itself, where it should have set it to the other one."""

    @action
    def set_turn(self, process: Process) -> None:
        """It lets itself go first."""
        require(self.place[process] == Place.INTERESTED)
        self.turn = process
        self.place[process] = Place.WAITING
