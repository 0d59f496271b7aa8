"""A broker that may crash, as often as the scope says, and does nothing else."""

from __future__ import annotations

from checker import Scope, Spec, action


class Spent(Spec):
    """Up, or down."""

    scope = Scope(Crash=1)
    is_down: bool

    @action(budget="Crash")
    def crash(self) -> None:
        self.is_down = not self.is_down
