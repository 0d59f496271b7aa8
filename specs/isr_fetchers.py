"""Followers whose answers are overtaken, on top of `specs.isr`.

`isr` takes what a broker does at once for one step. Here, where a setting asks for it, something
may come in between: a broker's metadata while its fetcher is about to truncate; a truncation of the
leader's log while the bytes of its answer are still being sent. And a fetcher may forget with which
epoch its log ends. With the settings as they are in newest Kafka, this spec is `isr`.

Left out, and why that is sound for safety: an answer that is torn in the middle of a batch. The
follower finds that by its checksum, and fetches again. Not covered: a tear in the first bytes of a
batch (offset, length, epoch), which the checksum does not include.

Sources: `AbstractFetcherThread.processFetchRequest` and `truncateOnFetchResponse`,
`FileRecords.writeTo` in Kafka; pull requests #11221 (KAFKA-13207), #18852 (KAFKA-18723) and #14457
(KAFKA-15510).
"""

from dataclasses import replace

from checker import Setting, action, require, some
from specs.isr import Isr
from specs.isr_base import Answer, Broker, CachedEpoch, Fetch


class IsrFetchers(Isr):
    """Replication of one partition, with fetchers that are overtaken, or forget."""

    lag_known_in: dict[Broker, CachedEpoch]
    """The last leader epoch in which a fetcher has had an answer; -1: none."""
    has_forgotten: dict[Broker, bool]
    """Whether that left it without the last epoch of its log (both for `keep_last_epoch_on_empty`
    off)."""

    truncation_answer_epoch_check: Setting[bool] = True
    """KAFKA-13207 (R11): a fetcher truncates only what it still has to fetch, in that epoch."""
    send_from_file: Setting[bool] = False
    """Whether the bytes of an answer are read as they are sent, after the decision to send them;
    a race of threads, and off here unless asked for."""
    bound_append_by_epoch: Setting[bool] = True
    """KAFKA-18723 (R13): a follower appends no record of an epoch above that of its fetch."""
    truncation_ends_sending: Setting[bool] = False
    """A broker that truncates sends nothing more of what it read before; a proposed fix."""
    keep_last_epoch_on_empty: Setting[bool] = True
    """KAFKA-15510 (R14): an answer without records does not make a fetcher forget the epoch."""

    # Truncation that is too late.

    def forget_answers(self, broker: Broker) -> None:
        """As before; but a fetcher that has begun to truncate goes on."""
        if self.match_response_epoch and not self.late_requests:
            self.fetch[broker] = {leader: self.if_begun(broker, leader) for leader in Broker}

    def if_begun(self, follower: Broker, leader: Broker) -> Fetch | None:
        """The answer with which the fetcher is about to truncate, if it is."""
        found = self.fetch[follower][leader]
        if self.truncation_answer_epoch_check or found is None:
            return None
        answer = some(found).answer
        if answer is None:
            return None
        return found if some(answer).diverging is not None else None

    @action
    def truncate_late(self, follower: Broker, leader: Broker) -> None:
        """`AbstractFetcherThread.truncateOnFetchResponse`: whatever the broker is by now."""
        require(self.if_begun(follower, leader) is not None)
        answered = some(self.fetch[follower][leader])
        require(answered.epoch != self.local_epoch[follower])
        self.fetch[follower][leader] = None
        end = some(some(answered.answer).diverging)
        self.truncate(follower, self.truncation_offset(follower, end))

    # Answers that are overwritten.

    @action
    def send_overwritten(self, follower: Broker, leader: Broker) -> None:
        """The leader was deposed, and its log is another one where the answer is read from."""
        require(self.send_from_file, not self.truncation_ends_sending)
        require(self.fetch[follower][leader] is not None)
        fetch = some(self.fetch[follower][leader])
        require(fetch.answer is not None)
        answer = some(fetch.answer)
        require(answer.record is not None, fetch.offset < len(self.log[leader]))
        record = self.log[leader][fetch.offset]
        new = Answer(record, answer.high_watermark, None)
        self.fetch[follower][leader] = replace(fetch, answer=new)

    def append(self, follower: Broker, answer: Answer) -> None:
        """As before, with what a fetcher remembers of it."""
        if not self.keep_last_epoch_on_empty:
            is_first = self.lag_known_in[follower] != self.local_epoch[follower]
            is_empty = answer.record is None
            self.has_forgotten[follower] = is_empty and (is_first or self.has_forgotten[follower])
            self.lag_known_in[follower] = self.local_epoch[follower]
        if answer.record is not None:
            record = some(answer.record)
            if not self.bound_append_by_epoch or record.epoch <= self.local_epoch[follower]:
                self.log[follower] += (record,)
                self.cached_epoch[follower] = record.epoch
        self.high_watermark[follower] = min(answer.high_watermark, len(self.log[follower]))

    # Fetchers that forget.

    def last_fetched_epoch(self, follower: Broker) -> CachedEpoch:
        """As before; a new epoch makes the fetcher look it up in its log again."""
        is_forgotten = self.lag_known_in[follower] == self.local_epoch[follower]
        if is_forgotten and self.has_forgotten[follower]:
            return -1
        return self.cached_epoch[follower]

    def changes(self, follower: Broker, answer: Answer) -> bool:
        """As before; but the first answer of an epoch makes a difference."""
        return (
            answer.record is not None
            or answer.diverging is not None
            or answer.high_watermark != self.high_watermark[follower]
            or not self.keep_last_epoch_on_empty
        )
