"""Visibility: what a consumer has read stays where it was.

KIP-101, KIP-207 and KIP-392 promise it. It is supposed to fail with unclean leader election, and
with acks=1 it holds all the same: only records below the high watermark are read.
"""

from checker import invariant, reachable, some, step_invariant
from specs.isr_base import Broker
from specs.isr_rules import IsrRules


@invariant
def leader_has_read(s: IsrRules) -> bool:
    """The leader's log holds whatever was read, at the offset at which it was read."""
    return all(
        s.leader is None
        or (offset < len(s.log[some(s.leader)]) and s.log[some(s.leader)][offset] == s.read[offset])
        for offset in range(len(s.read))
    )


@step_invariant
def leader_high_watermark_grows(before: IsrRules, after: IsrRules) -> bool:
    """As long as a broker leads, its high watermark does not go back."""
    return all(
        after.high_watermark[broker] >= before.high_watermark[broker]
        for broker in Broker
        if before.leads(broker) and after.leads(broker)
        if before.local_epoch[broker] == after.local_epoch[broker]
    )


@reachable
def something_is_read(s: IsrRules) -> bool:
    """A consumer reads a record."""
    return len(s.read) > 0
