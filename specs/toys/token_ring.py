"""A token goes round a ring of four machines that see only their left neighbour's counter.

After Dijkstra, *Self-stabilizing systems in spite of distributed control* (1974), his first
solution, started in order. Machine 0 has the token when its counter equals that of the last
machine, any other machine when its counter differs from its left neighbour's. The counters grow
without end; the scope's `Round` bounds them.

With four machines and r rounds there are 4r + 1 states: one at the start, and in each round one for
each number of machines, 1 to 4, that have taken over the new counter.
"""

from typing import Annotated

from checker import Range, Scope, Spec, Upto, action, invariant, require

Machine = Annotated[int, Range(0, 3)]


class TokenRing(Spec):
    """The counters of the machines."""

    scope = Scope(Round=3)

    counter: dict[Machine, Annotated[int, Upto("Round")]]

    @action
    def pass_on_first(self) -> None:
        """Machine 0 begins a round."""
        require(self.has_token(0))
        self.counter[0] += 1

    @action
    def pass_on(self, machine: Annotated[int, Range(1, 3)]) -> None:
        """Another machine hands the token to its right."""
        require(self.has_token(machine))
        self.counter[machine] = self.counter[machine - 1]

    def has_token(self, machine: Machine) -> bool:
        """Whether it is this machine's turn."""
        return (
            self.counter[0] == self.counter[3]
            if machine == 0
            else self.counter[machine] != self.counter[machine - 1]
        )

    @invariant
    def one_token(self) -> bool:
        """Exactly one machine has the token."""
        return sum(1 for machine in range(4) if self.has_token(machine)) == 1
