"""An ISR that shrinks: started as it is declared, anywhere sane, or anywhere at all."""

from typing import Annotated

from checker import Scope, Sort, Spec, Upto, action, assume, init, invariant, require


class Broker(Sort):
    """A broker that hosts a replica."""


Epoch = Annotated[int, Upto("Epoch")]


class Shrinking(Spec):
    """A leader, its ISR, and the epoch that each broker knows."""

    scope = Scope(Broker=2, Epoch=2, Crash=1)

    leader: Broker | None = None
    isr: frozenset[Broker] = frozenset(Broker)
    epoch: Epoch
    known: dict[Broker, Epoch]

    @action
    def elect(self, broker: Broker) -> None:
        require(broker in self.isr)
        self.epoch += 1
        self.leader = broker
        self.known[broker] = self.epoch

    @action(budget="Crash")
    def crash(self, broker: Broker) -> None:
        require(self.leader != broker)
        self.isr -= {broker}

    @invariant
    def leader_in_isr(self) -> bool:
        return self.leader is None or self.leader in self.isr

    @invariant
    def epochs_were_given(self) -> bool:
        return all(self.known[broker] <= self.epoch for broker in Broker)

    @invariant
    def somebody_is_in_sync(self) -> bool:
        """With one crash at most: two brokers are in the ISR at first."""
        return len(self.isr) > 0


class AnySane(Shrinking):
    """The same, from wherever its invariants hold."""

    @init
    def any_sane_state(self) -> None:
        assume(self.leader_in_isr(), self.epochs_were_given())
        assume(self.epoch < 2, len(self.isr) > 0)


class Contradicting(Shrinking):
    """No state is initial."""

    @init
    def nowhere(self) -> None:
        assume(self.epoch > 1)
        assume(len(self.isr) == 2)
        assume(self.epoch < 1)


class Partial(Shrinking):
    """What is assumed has no value where nobody leads."""

    @init("leader")
    def led(self) -> None:
        assume(self.known[self.leader] == 0)
