"""What well-known names mean to the eye: the one table that knows Kafka's words.

A picture is drawn from the types of a trace: a variable with a value for each broker lies on the
brokers' lanes, whatever it is called. What stands here only makes it nicer: who keeps the rest of
the state, what is a high watermark, who leads. A name that is missing here is drawn all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Role:
    """Somebody who keeps variables that belong to no member of a sort, and has a lane for them.

    It stands only in a trace that has all of `present`. `inputs` change because it sends something;
    anything else changes because it is told. One that never `acts` is only told and asked.
    """

    title: str
    variables: frozenset[str]
    present: frozenset[str] = frozenset()
    inputs: frozenset[str] = frozenset()
    acts: bool = True


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CLIENTS: Final = "produced waiting acked acked_by_one handling"

ROLES: Final = (
    Role(
        "ZooKeeper",
        _names("controller controller_epoch decided_in online history"),
        _names("controller controller_epoch online"),
    ),
    Role(
        "metadata log",
        _names("history quorum_epoch quorum_leader fenced"),
        _names("history quorum_epoch seen_fenced"),
    ),
    Role(
        "controller",
        _names("leader leader_epoch isr partition_epoch metadata elr last_known_leader fenced")
        | _names("is_recovering has_lowered_minimum lowered_after"),
        _names("leader leader_epoch isr metadata"),
    ),
    Role(
        "controller",
        _names("requests quorum_epoch quorum_leader quorum_isr"),
        _names("requests quorum_isr"),
    ),
    Role(
        "controller",
        _names("history fenced shutting_down down unregistered cut replicas adding removing")
        | _names("removed_in"),
        _names("history fenced applied_version"),
    ),
    Role("clients", _names(_CLIENTS), _names("produced acked"), _names("produced"), acts=False),
    Role("consumer", _names("read"), _names("read high_watermark"), acts=False),
    Role("source cluster", _names("source group furthest source_is_lost"), _names("source syncs")),
    Role(
        "source task",
        _names("position stored polled last last_synced delayed syncs"),
        _names("source syncs"),
    ),
    Role(
        "checkpoint task",
        _names("slots read loading checkpoint is_known"),
        _names("source syncs"),
    ),
    Role("target cluster", _names("target resumed reached has_returned"), _names("source syncs")),
    Role(
        "checkpoint task",
        _names("checkpoint snapshot writing refreshes_next seen"),
        _names("refreshes_next has_members"),
    ),
    Role("target group", _names("committed has_members"), _names("refreshes_next has_members")),
    Role(
        "producer",
        _names("phase transaction attempt epoch is_added asked told"),
        _names("phase told requests"),
    ),
    Role("coordinator", _names("status current_epoch"), _names("phase told requests")),
    Role("partition", _names("log"), _names("phase told requests")),
    Role("partition", _names("log epoch"), _names("is_rebalancing known_epoch")),
    Role(
        "consumer",
        _names("position known_epoch is_rebalancing seen"),
        _names("is_rebalancing known_epoch"),
    ),
    Role("group coordinator", _names("committed"), _names("is_rebalancing known_epoch")),
)

REST: Final = "shared"
"""The lane of what nobody in the table keeps."""

WATERMARKS: Final = ("high_watermark", "hw")
"""Offsets that are marked in the log of the same lane."""

MARKED_LOG: Final = "log"

BELIEVES_TO_LEAD: Final = ("acts_as_leader", "leads")
"""True where a lane takes itself for the leader."""

LEADER_AS_SEEN: Final = ("local_leader", "leader")
"""The leader that a lane knows; it leads where that is itself."""

OWN_EPOCH: Final = ("local_epoch", "epoch")
"""The leader epoch that colours a lane's leadership."""

LEADERS: Final = ("leader", "quorum_leader", "controller")
"""The member that all agree on, or that is registered."""

IN_SYNC: Final = ("isr", "quorum_isr")

TROUBLES: Final = ("fenced", "down", "cut", "unregistered", "shutting_down")

BOARDS: Final = {"history": "version"}
"""Sequences whose entries are news for others, and the parameter that says which is read."""

LATEST: Final = ("history",)
"""Sequences of records whose last one is what counts now."""

NOT_IN_FLIGHT: Final = ("waiting", "handling")
"""Optional records that wait at a place, though they look like messages."""

RECEIVER: Final = ("receiver", "to", "destination")
SENDER: Final = ("sender", "source", "origin")

LOSES: Final = ("lose_", "drop_", "discard_", "forget_")
"""How an action is called in which a message is lost."""

MINOR: Final = _names(
    "cached_epoch known_end local_version is_metadata_behind partition_epoch next_record unflushed "
    "stored last_synced quorum_epoch seen_version cached_version known furthest commit_epoch end "
    "produced late_note sessions waiting leads acts_as_leader"
)
"""Of these a picture speaks last; the table beside it has them all."""

FIELD_FOR_EPOCH: Final = "epoch"
FIELD_FOR_NAME: Final = "id"
HIDDEN: Final = "budget."
