"""The parts of one replicated partition: what brokers store and believe, and what is in flight.

This module holds the state of `specs.isr` and the rules that its actions share; the actions stand
there. Kafka's file and method is named where a rule comes from. Abbreviations of places in Kafka:
`Partition`, `Replica` in core/src/main/scala/kafka/cluster; `ReplicaManager`,
`AbstractFetcherThread` in core/src/main/scala/kafka/server; `LeaderEpochFileCache` in
storage/internals/epoch; `ReplicationControlManager` in metadata/controller.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from checker import MaxLen, Range, Setting, Sort, Spec, Upto


class Broker(Sort):
    """A broker, and its replica of the partition."""


LeaderEpoch = Annotated[int, Upto("Epoch")]
CachedEpoch = Annotated[int, Upto("Epoch", start=-1)]  # -1: none
Version = Annotated[int, Upto("PartitionEpoch")]
RecordId = Annotated[int, Upto("Record", plus=-1)]
Offset = Annotated[int, Upto("Record")]
KnownEnd = Annotated[int, Upto("Record", start=-1)]  # -1: unknown


@dataclass(frozen=True)
class Record:
    """What a producer wrote, unique by its id, with the epoch of the leader that appended it."""

    id: RecordId
    epoch: LeaderEpoch


Log = Annotated[tuple[Record, ...], MaxLen("Record")]


@dataclass(frozen=True)
class Registration:
    """The partition in one version of the metadata: a `PartitionRegistration`."""

    leader: Broker | None
    leader_epoch: LeaderEpoch
    isr: frozenset[Broker]
    starts_epoch: bool
    """Whether this version is the first of its leader epoch: all that a follower cares for."""


@dataclass(frozen=True)
class EpochEnd:
    """An epoch, and the offset at which it ends in the log of the one who says so."""

    epoch: CachedEpoch
    offset: Offset


@dataclass(frozen=True)
class Answer:
    """What the leader answers a fetch: a record or none, or where the logs diverge."""

    record: Record | None
    high_watermark: Offset
    diverging: EpochEnd | None


@dataclass(frozen=True)
class Fetch:
    """A fetch in flight from a follower to a leader, or the answer on the way back."""

    epoch: LeaderEpoch
    offset: Offset
    last_epoch: CachedEpoch
    is_outdated: bool
    """Whether the follower has restarted since: the fetch carries an old broker epoch."""
    answer: Answer | None


class Outcome(Enum):
    """What has become of an AlterPartition request. One that is refused is forgotten."""

    SENT = "sent"
    APPLIED = "applied"
    INELIGIBLE = "ineligible replica"


@dataclass(frozen=True)
class AlterPartition:
    """A leader's request to change the ISR, or the controller's reply on the way back."""

    leader_epoch: LeaderEpoch
    version: Version
    """The partition epoch that the leader knew when it asked."""
    isr: frozenset[Broker]
    outdated: frozenset[Broker]
    """The members whose broker epoch in the request is no longer their own."""
    outcome: Outcome
    new_version: Version


@dataclass(frozen=True)
class Waiting:
    """A produce request with acks=all in the purgatory of the broker that appended its record."""

    broker: Broker
    offset: Offset


class Truncation(Enum):
    """How a new follower finds out which part of its log the leader does not have."""

    HIGH_WATERMARK = "before 0.11: it trusts its own high watermark"
    LEADER_EPOCH = "KIP-101, 0.11 to 2.6: it asks for the end of its last epoch, then fetches"
    ON_FETCH = "since 2.7: every fetch says its last epoch, and the answer may say diverging"


class EpochAnswer(Enum):
    """What a leader answers when asked where an epoch ends."""

    OFFSET_ONLY = "KIP-101: where the next larger epoch starts"
    EPOCH_AND_OFFSET = "KIP-279: and which epoch it is that ends there"


class Reelection(Enum):
    """What a leader does with the log ends of its followers if it is elected once more."""

    KEEP = "Kafka since KAFKA-2721: it keeps them"
    RESET = "it forgets them, like any new leader"
    KEEP_IF_NEXT = "it keeps them only if the new epoch follows immediately on its own"


class Acks(Enum):
    """The producer's `acks`."""

    ONE = "1"
    ALL = "all"


class IsrBase(Spec):
    """One partition, its replicas, and a controller whose decisions are atomic."""

    abstract = True

    # What each replica stores.
    log: dict[Broker, Log]
    high_watermark: dict[Broker, Offset]
    cached_epoch: dict[Broker, CachedEpoch]
    """The last entry of the leader epoch cache. Earlier entries are those of the log's records;
    this one may be an epoch that has no record yet."""

    # What each broker believes. One that names itself leader presumes to lead; the fields after
    # `local_epoch` say something only then.
    local_leader: dict[Broker, Broker | None] = {  # noqa: RUF012
        broker: next((first for first in Broker), None) for broker in Broker
    }
    local_epoch: dict[Broker, LeaderEpoch]
    local_isr: dict[Broker, frozenset[Broker]] = {  # noqa: RUF012
        broker: frozenset(Broker)
        if broker == next((first for first in Broker), None)
        else frozenset()
        for broker in Broker
    }
    pending_isr: dict[Broker, frozenset[Broker]]
    """The ISR that the leader has asked for and not heard of; empty: nothing is pending."""
    local_version: dict[Broker, Version]
    """The partition epoch, from the metadata or from the reply to an AlterPartition."""
    is_metadata_behind: dict[Broker, bool]
    """Whether `local_version` came by a reply, and the metadata have not brought it yet."""
    known_end: dict[Broker, dict[Broker, KnownEnd]]
    """The log ends of the followers, as the leader last heard."""
    outdated: dict[Broker, frozenset[Broker]]
    """The followers whose broker epoch, as the leader last heard it, is no longer their own."""
    must_truncate: dict[Broker, bool]
    """Whether a follower has yet to ask where its last epoch ends (`LEADER_EPOCH` only)."""

    # The controller's registration of the partition, and earlier ones still on their way.
    leader: Broker | None = next((first for first in Broker), None)
    leader_epoch: LeaderEpoch
    isr: frozenset[Broker] = frozenset(Broker)
    partition_epoch: Version
    fenced: frozenset[Broker]
    metadata: dict[Version, Registration | None]
    """The versions that are still news to some broker. Any of them may be the next it sees."""

    sessions: dict[Broker, frozenset[Broker]]
    """The followers with a fetch session at a broker (`epoch_in_fetch_session` off)."""
    late_note: dict[Broker, dict[Broker, KnownEnd]]
    """A follower's log end that the leader has yet to store (`fetch_update_atomic` off)."""

    # What is in flight: one fetch for each pair of brokers, one AlterPartition for each leader.
    fetch: dict[Broker, dict[Broker, Fetch | None]]
    alter: dict[Broker, AlterPartition | None]

    # Producers, and a consumer.
    produced: Annotated[int, Upto("Record")]
    waiting: dict[RecordId, Waiting | None]
    acked: frozenset[RecordId]
    read: Log
    """What the consumer has read, at the offsets at which it read it."""

    min_insync_replicas: Setting[Annotated[int, Range(1, 3)]] = 2
    """Kafka's `min.insync.replicas`; the smaller of it and the number of replicas counts."""
    acks: Setting[Acks] = Acks.ALL
    read_from_followers: Setting[bool] = False
    """KIP-392."""
    bump_without_change: Setting[bool] = False
    """Whether the leader epoch may grow with the same leader: a reassignment that drops a replica,
    and before 3.6 every shrink of the ISR (KAFKA-15021)."""
    late_requests: Setting[bool] = False
    """Whether fetch requests take time; else only the answers do (see `specs.isr`)."""

    truncation: Setting[Truncation] = Truncation.ON_FETCH
    """KIP-101 (R1)."""
    epoch_answer: Setting[EpochAnswer] = EpochAnswer.EPOCH_AND_OFFSET
    """KIP-279 (R3)."""
    fetch_epoch_check: Setting[bool] = True
    """KIP-320 (R4): a fetch of another leader epoch is refused."""
    epoch_in_fetch_session: Setting[bool] = True
    """KAFKA-9338 (R71): that goes for all fetches of a fetch session (KIP-227), not the first."""
    fetch_update_atomic: Setting[bool] = True
    """N2: a leader stores a log end in the epoch in which it took the fetch. Kafka lets go of the
    lock in between; that is a race of threads, and off here unless asked for."""
    truncation_epoch_check: Setting[bool] = True
    """KIP-320 (R5): so is a follower's question where its last epoch ends."""
    refetch_on_epoch_change: Setting[bool] = True
    """KAFKA-7164 (R7): a follower truncates in every new epoch, not only for a new leader."""
    assign_epoch_on_election: Setting[bool] = True
    """KAFKA-7415 (R8): a leader caches its epoch before the first record."""
    skip_update_on_divergence: Setting[bool] = True
    """KAFKA-13141 (R9): a fetch that diverges says nothing about the follower's log end."""
    truncate_before_hw: Setting[bool] = True
    """KAFKA-14704 (R10): nothing else of an answer counts that says diverging."""
    match_response_epoch: Setting[bool] = True
    """KAFKA-18991 (R12): an answer to a fetch of an older leader epoch is dropped."""
    leso_check: Setting[bool] = True
    """KAFKA-7128 (R18): who joins the ISR has reached the start of the leader's epoch."""
    maximal_isr: Setting[bool] = True
    """KIP-497 (R19): a replica that may be in the ISR counts as if it were."""
    shrink_optimistic: Setting[bool] = False
    """R20: a leader would take the shrink that it asked for as granted. Kafka never did."""
    partition_epoch_check: Setting[bool] = True
    """KIP-497 (R21): the controller refuses a change of an older version."""
    isr_eligibility: Setting[bool] = True
    """KIP-841 (R22): a fenced broker does not join the ISR."""
    broker_epoch_check: Setting[bool] = True
    """KIP-903 (R23): nor does one that has restarted since it caught up."""
    fence_one_at_a_time: Setting[bool] = True
    """KAFKA-13173 (R37): the controller fences one broker, and then computes the next change."""
    strict_min_isr_hw: Setting[bool] = True
    """KAFKA-15583 (R27): the high watermark rests while the ISR is below the minimum."""
    fail_pending_on_step_down: Setting[bool] = True
    """KAFKA-2960 (R31): the purgatory is emptied when a leader becomes a follower."""
    reelection: Setting[Reelection] = Reelection.KEEP
    """N1. Kafka keeps the log ends; every other value is a proposed fix."""
    keep_pending_on_same_version: Setting[bool] = False
    """N4. Kafka drops a pending change also if the metadata only repeat the known version."""
