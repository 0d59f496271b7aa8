"""Votes: each is cast once, so that a majority of them excludes every rival."""

from checker import invariant
from specs.quorum_base import Voter
from specs.quorum_election import QuorumElection


@invariant
def votes_end_with_the_leader(s: QuorumElection) -> bool:
    """Who knows the leader of its epoch has no vote in it any more."""
    return all(s.vote[voter] is None or s.leader[voter] is None for voter in Voter)


@invariant
def candidates_are_granted_votes(s: QuorumElection) -> bool:
    """Only who stands is granted votes."""
    return all(len(s.granted[voter]) == 0 or s.is_candidate(voter) for voter in Voter)


@invariant
def who_has_lost_its_disk_does_not_stand(s: QuorumElection) -> bool:
    """A new disk is no voter (KIP-853), and neither has nor seeks votes."""
    return all(s.vote[voter] is None for voter in Voter if s.replaced[voter])


@invariant
def who_leads_names_itself(s: QuorumElection) -> bool:
    """Who acts as leader names itself, in its epoch."""
    return all(s.leader[voter] == voter for voter in Voter if s.leads[voter])


@invariant
def granted_votes_bind(s: QuorumElection) -> bool:
    """Who has granted a vote is in that epoch, for this candidate, or no more for anybody in it."""
    return all(
        s.replaced[voter]
        or s.epoch[voter] > s.epoch[candidate]
        or (
            s.epoch[voter] == s.epoch[candidate]
            and (s.vote[voter] == candidate or s.leader[voter] is not None)
        )
        for candidate in Voter
        for voter in s.granted[candidate]
    )


@invariant
def votes_are_granted_once(s: QuorumElection) -> bool:
    """Two candidates of one epoch are granted the votes of different voters."""
    return all(
        one == other
        or s.epoch[one] != s.epoch[other]
        or len(s.granted[one] & s.granted[other]) == 0
        for one in Voter
        for other in Voter
    )


@invariant
def an_elected_leader_has_no_rival(s: QuorumElection) -> bool:
    """Once an epoch has a leader, no majority is left for anybody else.

    A vote is left for a rival if it was granted, or if the voter has not come to that epoch, or has
    neither voted for somebody else nor heard of the leader there.
    """
    return all(
        2
        * sum(
            1
            for voter in Voter
            if (s.epoch[rival] == s.epoch[knows] and voter in s.granted[rival])
            or (
                not s.replaced[voter]
                and (
                    s.epoch[voter] < s.epoch[knows]
                    or (
                        s.epoch[voter] == s.epoch[knows]
                        and s.leader[voter] is None
                        and (s.vote[voter] is None or s.vote[voter] == rival)
                    )
                )
            )
        )
        <= len(Voter)
        for knows in Voter
        if s.leader[knows] is not None
        for rival in Voter
        if s.leader[knows] != rival and s.epoch[rival] <= s.epoch[knows]
    )
