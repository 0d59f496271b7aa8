------------------------------------------ MODULE Kip320 -------------------------------------------
(* Replication as Kafka does it: the version in which nothing committed is lost.

   Written by splitbrain VERSION from published.kip320, with Replica=3 LogSize=2 Record=2 Epoch=1.

   A step that would leave these bounds is disabled. One that is undefined stops TLC, where it
   has to evaluate what has no value. *)
EXTENDS Integers, Sequences, FiniteSets, TLC

CONSTANT None  \* what an optional holds if it holds nothing

\* The value of an optional.
Some(x) == IF x = None THEN Assert(FALSE, "None is used as a value") ELSE x

\* The elements of a sequence.
Range(s) == {s[i] : i \in DOMAIN s}

\* The least of a set of integers.
Min(S) == CHOOSE x \in S : \A y \in S : x <= y

\* The greatest of a set of integers.
Max(S) == CHOOSE x \in S : \A y \in S : y <= x

\* The greatest of a set of integers, or else the default.
Greatest(S, default) == IF S = {} THEN default ELSE Max(S)

\* S[from:to] as Python counts, with bounds past an end.
Slice(s, from, to) ==
  LET place(i) == Max({0, Min({Len(s), IF i < 0 THEN Len(s) + i ELSE i})})
  IN SubSeq(s, place(from) + 1, place(to))

\* What is a sequence over S of at most n elements.
BoundedSequences(S, n) == {s \in Seq(S) : Len(s) <= n}

CONSTANTS r1, r2, r3
Replica == {r1, r2, r3}

VARIABLES
  log,
  \* The high watermark: the offset below which the replica takes records as committed.
  hw,
  epoch,
  leader,
  isr,
  next_record,
  requests,
  quorum_epoch,
  quorum_leader,
  quorum_isr

vars ==
  <<log, hw, epoch, leader, isr, next_record, requests, quorum_epoch, quorum_leader, quorum_isr>>

TypeOK ==
  /\ log \in [Replica -> BoundedSequences([id: 0..1, epoch: 0..1], 2)]
  /\ hw \in [Replica -> 0..2]
  /\ epoch \in [Replica -> (-1)..1]
  /\ leader \in [Replica -> Replica \cup {None}]
  /\ isr \in [Replica -> SUBSET Replica]
  /\ next_record \in 0..2
  /\ requests \in [0..1 -> [leader: Replica \cup {None}, isr: SUBSET Replica]]
  /\ quorum_epoch \in (-1)..1
  /\ quorum_leader \in Replica \cup {None}
  /\ quorum_isr \in SUBSET Replica

(* Whether both logs hold the same record at the offset. *)
agree(one, other, offset) ==
  /\ offset < Len(log[one])
  /\ offset < Len(log[other])
  /\ log[one][offset + 1] = log[other][offset + 1]

(* Whether the replica believes that it leads. *)
presumes_to_lead(replica) == leader[replica] = replica

(* Whether it believes so in the current epoch, and the quorum agrees. *)
is_true_leader(replica) ==
  /\ quorum_leader = replica
  /\ presumes_to_lead(replica)
  /\ epoch[replica] = quorum_epoch

(* One more than the last offset at which the two logs agree. *)
truncation_offset(follower, leader_) ==
  Greatest(
      {offset + 1 :
         offset \in {offset \in 0 .. (Len(log[follower]) - 1) : agree(follower, leader_, offset)}},
      0)

(* Whether, for all that the leader checks, the follower has its log up to the offset. *)
is_caught_up(follower, leader_, offset) ==
  /\ leader[follower] = leader_
  /\ epoch[follower] = epoch[leader_]
  /\ offset <= Len(log[leader_])
  /\ offset <= Len(log[follower])

(* Whether the epoch's request names this leader and is news to the replica. *)
is_newer_request(epoch_, leader_, replica) ==
  /\ requests[epoch_].leader = leader_
  /\ epoch[replica] < epoch_

(* Whether everything that earlier leaders left in this log is committed. *)
has_reached_own_epoch(leader_) ==
  IF hw[leader_] = Len(log[leader_])
  THEN TRUE
  ELSE log[leader_][hw[leader_] + 1].epoch = epoch[leader_]

Init ==
  /\ log = [key \in Replica |-> <<>>]
  /\ hw = [key \in Replica |-> 0]
  /\ epoch = [key \in Replica |-> (-1)]
  /\ leader = [key \in Replica |-> None]
  /\ isr = [key \in Replica |-> {}]
  /\ next_record = 0
  /\ requests = [key \in 0..1 |-> [leader |-> None, isr |-> {}]]
  /\ quorum_epoch = (-1)
  /\ quorum_leader = None
  /\ quorum_isr = Replica

(* The controller makes a member of the ISR the leader, for whatever reason. *)
controller_elect_leader(replica) ==
  /\ replica \in quorum_isr
  /\ quorum_leader /= replica
  /\ quorum_epoch + 1 <= 1
  /\ requests' = [requests EXCEPT ![quorum_epoch + 1] = [leader |-> replica, isr |-> quorum_isr]]
  /\ quorum_epoch' = quorum_epoch + 1
  /\ quorum_leader' = replica
  /\ UNCHANGED <<log, hw, epoch, leader, isr, next_record, quorum_isr>>

(* The controller holds a broker for dead: it leaves the ISR, and leads no more.

   The broker itself may be alive and go on. A leader that is the last member stays in the ISR. *)
controller_shrink_isr(replica) ==
  LET v1 == quorum_leader = replica
      v2 == quorum_isr = {replica}
      v3 == quorum_isr \ {replica}
  IN  /\ ~ v1 => replica \in quorum_isr
      /\ ~ v1 => quorum_epoch + 1 <= 1
      /\ v1 /\ v2 => quorum_epoch + 1 <= 1
      /\ v1 /\ ~ v2 => quorum_epoch + 1 <= 1
      /\ requests'
           = (IF v1
              THEN IF v2
                   THEN [requests EXCEPT
                            ![quorum_epoch + 1] = [leader |-> None, isr |-> quorum_isr]]
                   ELSE [requests EXCEPT ![quorum_epoch + 1] = [leader |-> None, isr |-> v3]]
              ELSE [requests EXCEPT ![quorum_epoch + 1] = [leader |-> quorum_leader, isr |-> v3]])
      /\ quorum_epoch' = quorum_epoch + 1
      /\ quorum_leader' = (IF v1 THEN None ELSE quorum_leader)
      /\ quorum_isr' = (IF v1 THEN IF v2 THEN quorum_isr ELSE v3 ELSE v3)
      /\ UNCHANGED <<log, hw, epoch, leader, isr, next_record>>

(* A replica learns that it leads. Its high watermark may lie below its predecessor's. *)
become_leader(leader_, epoch_) ==
  /\ is_newer_request(epoch_, leader_, leader_)
  /\ epoch' = [epoch EXCEPT ![leader_] = epoch_]
  /\ leader' = [leader EXCEPT ![leader_] = requests[epoch_].leader]
  /\ isr' = [isr EXCEPT ![leader_] = requests[epoch_].isr]
  /\ UNCHANGED <<log, hw, next_record, requests, quorum_epoch, quorum_leader, quorum_isr>>

(* As before, but only once the records of earlier epochs are committed. *)
leader_expand_isr(leader_, follower) ==
  /\ is_true_leader(leader_)
  /\ follower \notin isr[leader_]
  /\ is_caught_up(follower, leader_, hw[leader_])
  /\ has_reached_own_epoch(leader_)
  /\ isr' = [isr EXCEPT ![leader_] = isr[leader_] \cup {follower}]
  /\ quorum_isr' = isr[leader_] \cup {follower}
  /\ UNCHANGED <<log, hw, epoch, leader, next_record, requests, quorum_epoch, quorum_leader>>

(* The true leader drops a follower from the ISR that lags behind the end of its log. *)
leader_shrink_isr(leader_, follower) ==
  /\ is_true_leader(leader_)
  /\ follower \in isr[leader_]
  /\ follower /= leader_
  /\ ~ is_caught_up(follower, leader_, Len(log[leader_]))
  /\ isr' = [isr EXCEPT ![leader_] = isr[leader_] \ {follower}]
  /\ quorum_isr' = isr[leader_] \ {follower}
  /\ UNCHANGED <<log, hw, epoch, leader, next_record, requests, quorum_epoch, quorum_leader>>

(* Whoever presumes to lead appends a producer's record: a stale leader too. *)
leader_write(leader_) ==
  LET record == [id |-> next_record, epoch |-> epoch[leader_]]
  IN  /\ presumes_to_lead(leader_)
      /\ next_record + 1 <= 2
      /\ Append(log[leader_], record) \in BoundedSequences([id: 0..1, epoch: 0..1], 2)
      /\ log' = [log EXCEPT ![leader_] = Append(log[leader_], record)]
      /\ next_record' = next_record + 1
      /\ UNCHANGED <<hw, epoch, leader, isr, requests, quorum_epoch, quorum_leader, quorum_isr>>

(* A presumed leader commits its next record: all of the ISR that it knows has it. *)
leader_increment_high_watermark(leader_) ==
  LET offset == hw[leader_] + 1
  IN  /\ presumes_to_lead(leader_)
      /\ \A replica \in isr[leader_] : is_caught_up(replica, leader_, offset)
      /\ offset <= 2
      /\ hw' = [hw EXCEPT ![leader_] = offset]
      /\ UNCHANGED
           <<
               log,
               epoch,
               leader,
               isr,
               next_record,
               requests,
               quorum_epoch,
               quorum_leader,
               quorum_isr>>

(* A replica truncates against the leader of the new epoch, never against a stale one. *)
become_follower(follower, leader_, epoch_) ==
  /\ follower /= leader_
  /\ is_newer_request(epoch_, leader_, follower)
  /\ presumes_to_lead(leader_)
  /\ epoch[leader_] = epoch_
  /\ truncation_offset(follower, leader_) <= Len(log[follower])
  /\ log' = [log EXCEPT ![follower] = Slice(log[follower], 0, truncation_offset(follower, leader_))]
  /\ hw' = [hw EXCEPT ![follower] = Min({truncation_offset(follower, leader_), hw[follower]})]
  /\ epoch' = [epoch EXCEPT ![follower] = epoch_]
  /\ leader' = [leader EXCEPT ![follower] = requests[epoch_].leader]
  /\ isr' = [isr EXCEPT ![follower] = requests[epoch_].isr]
  /\ UNCHANGED <<next_record, requests, quorum_epoch, quorum_leader, quorum_isr>>

(* A follower copies the leader's next record, and the high watermark that comes with it. *)
follower_fetch(follower, leader_) ==
  LET end == Len(log[follower])
      v2 == Append(log[follower], log[leader_][end + 1])
  IN  /\ presumes_to_lead(leader_)
      /\ end < Len(log[leader_])
      /\ is_caught_up(follower, leader_, end)
      /\ Len(v2) <= 2
      /\ log' = [log EXCEPT ![follower] = v2]
      /\ hw' = [hw EXCEPT ![follower] = Min({hw[leader_], end + 1})]
      /\ UNCHANGED
           <<epoch, leader, isr, next_record, requests, quorum_epoch, quorum_leader, quorum_isr>>

Next ==
  \/ (\E replica \in quorum_isr : controller_elect_leader(replica))
  \/ (\E replica \in Replica : controller_shrink_isr(replica))
  \/ (\E leader_ \in Replica : \E epoch_ \in 0..1 : become_leader(leader_, epoch_))
  \/ (\E leader_ \in Replica : \E follower \in Replica : leader_expand_isr(leader_, follower))
  \/ (\E leader_ \in Replica : \E follower \in Replica : leader_shrink_isr(leader_, follower))
  \/ (\E leader_ \in Replica : leader_write(leader_))
  \/ (\E leader_ \in Replica : leader_increment_high_watermark(leader_))
  \/ (\E follower \in Replica :
        \E leader_ \in Replica : \E epoch_ \in 0..1 : become_follower(follower, leader_, epoch_))
  \/ (\E follower \in Replica : \E leader_ \in Replica : follower_fetch(follower, leader_))

Spec == Init /\ [][Next]_vars

(* Neither the quorum nor any replica returns to an earlier epoch. *)
epochs_never_go_back ==
  [][/\ quorum_epoch <= quorum_epoch'
     /\ \A replica \in Replica : epoch[replica] <= epoch'[replica]]_vars

(* Replication works: every replica comes to hold a record for committed. *)
every_replica_commits == \A replica \in Replica : 0 < hw[replica]

\* Violated as soon as every_replica_commits is reached.
never_every_replica_commits == ~every_replica_commits

(* Failover works: a replica leads in the current epoch with a record of an earlier one. *)
new_leader_has_an_old_record ==
  \E leader_ \in Replica :
    is_true_leader(leader_) /\ (\E record \in Range(log[leader_]) : record.epoch < epoch[leader_])

\* Violated as soon as new_leader_has_an_old_record is reached.
never_new_leader_has_an_old_record == ~new_leader_has_an_old_record

(* Below a leader's high watermark, all of the ISR that it knows holds the leader's records.

   Whoever presumes to lead is meant, stale or not. The promise is weak, because the next leader
   comes from the quorum's ISR, which may be another one. *)
weak_isr ==
  \A leader_ \in Replica :
    presumes_to_lead(leader_)
      => (\A replica \in isr[leader_] :
            \A offset \in 0 .. (hw[leader_] - 1) : agree(leader_, replica, offset))

(* Below a leader's high watermark, all of the quorum's ISR holds the leader's records.

   So whatever consumers may have seen is on every broker that can be elected. *)
strong_isr ==
  \A leader_ \in Replica :
    presumes_to_lead(leader_)
      => (\A replica \in quorum_isr :
            \A offset \in 0 .. (hw[leader_] - 1) : agree(leader_, replica, offset))

(* The leader is in the ISR: as published, and so false while there is no leader. *)
leader_in_isr ==
  /\ quorum_leader /= None
  /\ Some(quorum_leader) \in quorum_isr

(* The leader, if there is one, is in the ISR: what `leader_in_isr` means. *)
leader_in_isr_if_any ==
  \/ quorum_leader = None
  \/ quorum_leader /= None /\ Some(quorum_leader) \in quorum_isr

====================================================================================================
