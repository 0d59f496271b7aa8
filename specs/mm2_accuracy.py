"""MirrorMaker 2's translation where nothing goes wrong: how much a group reads again.

The mirrored partition of `mm2_base`, without crash and without lost syncs, and with a planned
failover only: the operator waits until all is copied, synced and checkpointed. Translation is then
not only safe but close, which KAFKA-14666 (an index of older syncs), KAFKA-15906 (delayed syncs are
sent) and KAFKA-15905 (checkpoints are read again after a restart) have brought about.

What is left out, and the sources: as in `mm2_base`.
"""

from checker import Scope, action, require
from specs.mm2_base import MirroredPartition


class Mm2Accuracy(MirroredPartition):
    """Translation and planned failover; the checkpoint task may restart."""

    scope = Scope(Source=4, Gap=1, Target=4, Sync=4)

    @action
    def fail_over(self) -> None:
        """The group goes on at its checkpoint, once nothing is left to do."""
        require(self.is_running(), self.is_drained(), len(self.source) > 0)
        self.resumed = self.failover_position()
