"""MirrorMaker 2 between clusters that mirror each other: what names and cycle tests prevent.

What it models: one record, on its way from cluster to cluster. Every cluster mirrors every topic to
every other one (or, with `one_way`, only to those later in their order). A replication policy names
the copy: the default puts the source cluster's name in front, the identity policy keeps the name.
Before a topic is mirrored, `is_cycle` asks whether the name says that it comes from the target.

A topic's name is the tuple of the clusters in front of it, the last hop first: `us.eu.orders` on a
third cluster is (us, eu).

What it leaves out: other copies of the record (each goes its own way, whatever the others do);
offsets, groups, and the copies that at-least-once makes within one hop (`mm2_offsets`); topic
filters, internal topics, and heartbeats (which keep their prefix under either policy); local topics
whose names look remote. A hop beyond the scope is cut: a loop shows itself before.

Sources (Kafka 4.0): `MirrorSourceConnector.isCycle`, `formatRemoteTopic` (connect/mirror);
`DefaultReplicationPolicy`, `IdentityReplicationPolicy.topicSource`, `upstreamTopic`
(connect/mirror-client).
"""

from enum import Enum
from typing import Annotated

from checker import MaxLen, Scope, Setting, Sort, Spec, action, invariant, reachable, require


class Policy(Enum):
    """`replication.policy.class`."""

    DEFAULT = "default"
    IDENTITY = "identity"


class Cluster(Sort):
    """A Kafka cluster, and its alias."""


Name = Annotated[tuple[Cluster, ...], MaxLen("Hop")]


class Mm2Cycles(Spec):
    """Clusters, and the way that the record has come."""

    scope = Scope(Cluster=3, Hop=4)

    replication_policy: Setting[Policy] = Policy.DEFAULT
    one_way: Setting[bool] = False
    """Flows without cycles, as the identity policy's documentation asks for."""

    passed: Annotated[tuple[Cluster, ...], MaxLen("Hop")]  # the clusters before this one
    cluster: Cluster | None  # where the copy is
    topic: Name

    @action
    def produce(self, cluster: Cluster) -> None:
        """A producer writes the record to a local topic."""
        require(self.cluster is None)
        self.cluster = cluster

    @action
    def mirror(self, source: Cluster, target: Cluster) -> None:
        """The flow from the copy's cluster to another one mirrors the topic that it is in."""
        require(self.cluster == source, source != target)
        require(self.comes_before(source, target) or not self.one_way)
        require(not self.is_cycle(target))
        self.passed += (source,)
        self.cluster = target
        if self.replication_policy == Policy.DEFAULT:
            prefix: Name = (source,)
            self.topic = prefix + self.topic

    def is_cycle(self, target: Cluster) -> bool:
        """Whether the name says that the topic came from the target, or by it.

        Under the identity policy every topic seems to come from the flow's own source, and there is
        no earlier name to look at: never.
        """
        return self.replication_policy == Policy.DEFAULT and target in self.topic

    def comes_before(self, source: Cluster, target: Cluster) -> bool:
        """Whether the one stands before the other in the order of clusters."""
        return next((c for c in Cluster if c == source or c == target), target) == source

    @invariant
    def record_never_comes_back(self) -> bool:
        """No record returns to a cluster where it was: each is mirrored at most once a hop.

        Who says so: KIP-382, for the default policy. Supposed to fail with the identity policy and
        flows both ways: its documentation says so, and `isCycle` gives up (KAFKA-9726).
        """
        return self.cluster not in self.passed

    @reachable
    def record_is_everywhere(self) -> bool:
        """Mirroring works: hop by hop, the record comes to every cluster."""
        return all(c in self.passed or c == self.cluster for c in Cluster)
