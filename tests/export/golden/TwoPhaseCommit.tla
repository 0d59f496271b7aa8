-------------------------------------- MODULE TwoPhaseCommit ---------------------------------------
(* One transaction.

   Written by splitbrain VERSION from toys.two_phase_commit, with Manager=3.

   A step that would leave these bounds is disabled. One that is undefined stops TLC, where it
   has to evaluate what has no value. *)
EXTENDS Integers, Sequences, FiniteSets, TLC

CONSTANT None  \* what an optional holds if it holds nothing

CONSTANTS m1, m2, m3
Manager == {m1, m2, m3}

Stage == {"working", "prepared", "committed", "aborted"}

Decision == {"open", "committed", "aborted"}

Kind == {"prepared", "commit", "abort"}

VARIABLES
  stage,
  decision,
  prepared,
  messages

vars == <<stage, decision, prepared, messages>>

TypeOK ==
  /\ stage \in [Manager -> Stage]
  /\ decision \in Decision
  /\ prepared \in SUBSET Manager
  /\ messages \in SUBSET [kind: Kind, sender: Manager \cup {None}]

Init ==
  /\ stage = [key \in Manager |-> "working"]
  /\ decision = "open"
  /\ prepared = {}
  /\ messages = {}

(* The transaction manager hears that a resource manager is prepared. *)
receive_prepared(manager) ==
  /\ decision = "open"
  /\ [kind |-> "prepared", sender |-> manager] \in messages
  /\ prepared' = prepared \cup {manager}
  /\ UNCHANGED <<stage, decision, messages>>

(* All are prepared: the transaction manager commits. *)
commit ==
  /\ decision = "open"
  /\ prepared = Manager
  /\ decision' = "committed"
  /\ messages' = messages \cup {[kind |-> "commit", sender |-> None]}
  /\ UNCHANGED <<stage, prepared>>

(* The transaction manager gives up, for whatever reason. *)
abort ==
  /\ decision = "open"
  /\ decision' = "aborted"
  /\ messages' = messages \cup {[kind |-> "abort", sender |-> None]}
  /\ UNCHANGED <<stage, prepared>>

(* A resource manager is ready to commit, and says so. *)
prepare(manager) ==
  /\ stage[manager] = "working"
  /\ stage' = [stage EXCEPT ![manager] = "prepared"]
  /\ messages' = messages \cup {[kind |-> "prepared", sender |-> manager]}
  /\ UNCHANGED <<decision, prepared>>

(* A resource manager aborts on its own, which it may until it is prepared. *)
choose_to_abort(manager) ==
  /\ stage[manager] = "working"
  /\ stage' = [stage EXCEPT ![manager] = "aborted"]
  /\ UNCHANGED <<decision, prepared, messages>>

(* A resource manager hears that the transaction commits. *)
receive_commit(manager) ==
  /\ [kind |-> "commit", sender |-> None] \in messages
  /\ stage' = [stage EXCEPT ![manager] = "committed"]
  /\ UNCHANGED <<decision, prepared, messages>>

(* A resource manager hears that the transaction aborts. *)
receive_abort(manager) ==
  /\ [kind |-> "abort", sender |-> None] \in messages
  /\ stage' = [stage EXCEPT ![manager] = "aborted"]
  /\ UNCHANGED <<decision, prepared, messages>>

Next ==
  \/ (\E manager \in Manager : receive_prepared(manager))
  \/ commit
  \/ abort
  \/ (\E manager \in Manager : prepare(manager))
  \/ (\E manager \in Manager : choose_to_abort(manager))
  \/ (\E manager \in Manager : receive_commit(manager))
  \/ (\E manager \in Manager : receive_abort(manager))

Spec == Init /\ [][Next]_vars

(* No resource manager commits while another one aborts. *)
consistent ==
  ~
    (/\ \E manager \in Manager : stage[manager] = "committed"
     /\ \E manager \in Manager : stage[manager] = "aborted")

(* The transaction can succeed. *)
all_commit == \A manager \in Manager : stage[manager] = "committed"

\* Violated as soon as all_commit is reached.
never_all_commit == ~all_commit

====================================================================================================
