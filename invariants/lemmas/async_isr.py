"""ISR changes by request: what may be in force at the controller, the leader counts.

Together these are inductive, and `valid_high_watermark` follows from `isr_in_force_is_counted`.
"""

from checker import invariant
from specs.published.async_isr import AsyncIsr


@invariant
def leader_is_not_ahead(s: AsyncIsr) -> bool:
    """The leader knows no newer version than there is; if the newest, the ISR that is in force."""
    return s.leader_version < s.controller_version or (
        s.leader_version == s.controller_version and s.leader_isr == s.controller_isr
    )


@invariant
def isr_in_force_is_counted(s: AsyncIsr) -> bool:
    """Whatever ISR is in force, the leader knows it or asked for it, but for who was dropped."""
    return s.controller_isr <= s.leader_isr | s.pending_isr


@invariant
def requests_are_counted(s: AsyncIsr) -> bool:
    """No request is of a version that the leader does not know; what it asks for it counts."""
    return all(
        request.version < s.leader_version
        or (request.version == s.leader_version and request.isr <= s.pending_isr)
        for request in s.requests
    )


@invariant
def updates_only_shrink(s: AsyncIsr) -> bool:
    """What the leader has not heard of yet are ever smaller ISRs, down to the one in force."""
    return all(
        update.version <= s.leader_version
        or (
            update.version <= s.controller_version
            and s.controller_isr <= update.isr
            and (update.version < s.controller_version or update.isr == s.controller_isr)
            and all(
                later.isr <= update.isr for later in s.updates if later.version >= update.version
            )
        )
        for update in s.updates
    )
