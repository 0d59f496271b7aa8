------------------------------------------ MODULE Corners ------------------------------------------
(* Sequences, functions and sets, from all sides ( * even this one * ).

   Written by splitbrain VERSION from corners.py, with Node=2 Number=2.

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

\* The least of a set of integers, or else the default.
Least(S, default) == IF S = {} THEN default ELSE Min(S)

\* The greatest of a set of integers, or else the default.
Greatest(S, default) == IF S = {} THEN default ELSE Max(S)

\* The first element of a sequence, or else the default.
First(s, default) == IF s = <<>> THEN default ELSE Head(s)

\* S[i] as Python counts: from 0, and from the end where i is negative.
At(s, i) == s[(IF i < 0 THEN Len(s) + i ELSE i) + 1]

\* S[from:to] as Python counts, with bounds past an end.
Slice(s, from, to) ==
  LET place(i) == Max({0, Min({Len(s), IF i < 0 THEN Len(s) + i ELSE i})})
  IN SubSeq(s, place(from) + 1, place(to))

\* The integers from a up to but not including b, in order.
Interval(a, b) == [i \in 1..(IF a < b THEN b - a ELSE 0) |-> a + i - 1]

\* The sum of the values of a function.
Sum(f) ==
  LET over[S \in SUBSET DOMAIN f] ==
        IF S = {} THEN 0 ELSE LET x == CHOOSE y \in S : TRUE IN f[x] + over[S \ {x}]
  IN over[DOMAIN f]

\* The sequences of a sequence, one after the other.
Joined(ss) ==
  LET upto[n \in 0..Len(ss)] == IF n = 0 THEN <<>> ELSE upto[n - 1] \o ss[n]
  IN upto[Len(ss)]

\* What is a sequence over S of at most n elements.
BoundedSequences(S, n) == {s \in Seq(S) : Len(s) <= n}

\* The subsets of S of at most n members.
SetsUpTo(S, n) == {T \in SUBSET S : Cardinality(T) <= n}

CONSTANTS n1, n2
Node == {n1, n2}

Mode == {"idle", "busy"}

VARIABLES
  items,
  picked,
  owner,
  mode,
  seen,
  known,
  pairs,
  total

vars == <<items, picked, owner, mode, seen, known, pairs, total>>

TypeOK ==
  /\ items \in BoundedSequences([number: 0..2, mode: Mode], 2)
  /\ picked \in BoundedSequences(0..2, 2)
  /\ owner \in Node \cup {None}
  /\ mode \in [Node -> Mode]
  /\ seen \in [Node -> [BOOLEAN -> (-3)..9]]
  /\ known \in SUBSET Node
  /\ pairs \in SetsUpTo([number: 0..2, mode: Mode], 2)
  /\ total \in (-3)..9

(* The item so far from the end. *)
last(back) == At(items, (-1) - back)

Init ==
  /\ items = <<>>
  /\ picked = <<>>
  /\ owner = None
  /\ mode = [key \in Node |-> "idle"]
  /\ seen = [key \in Node |-> [key_ \in BOOLEAN |-> (-3)]]
  /\ known = {}
  /\ pairs = {}
  /\ total = (-3)

(* Append an item. *)
add(number, mode_, owner_) ==
  LET v1 == Append(items, [number |-> number, mode |-> mode_])
  IN  /\ IF owner = None THEN TRUE ELSE Some(owner) /= owner_
      /\ [number |-> number, mode |-> mode_] \notin Range(Slice(items, 0, 1))
      /\ Len(v1) <= 2
      /\ items' = v1
      /\ owner' = owner_
      /\ mode' = [mode EXCEPT ![owner_] = mode_]
      /\ seen' = [seen EXCEPT ![owner_][mode_ = "busy"] = Len(v1) - 1]
      /\ total'
           = ((-
                     Sum([i \in {i \in DOMAIN v1 : v1[i].mode /= "idle" \/ 1 < Len(v1)} |->
                            v1[i].number + 1]))
                  % 4)
               + (Len(v1) \div 2)
      /\ UNCHANGED <<picked, known, pairs>>

(* Take items off the front, and pick what is left over at the end. *)
drop(items_) ==
  LET gone == Slice(items, 0, items_)
  IN  /\ 0 < items_
      /\ items_ <= Len(items)
      /\ items' = Slice(items, items_, Len(items))
      /\ picked'
           = Slice(
                 LET items__ == SelectSeq(gone, LAMBDA item : item.mode = "busy") IN
                   [i \in DOMAIN items__ |-> items__[i].number],
                 (-2),
                 Len(LET items__ == SelectSeq(gone, LAMBDA item : item.mode = "busy") IN
                       [i \in DOMAIN items__ |-> items__[i].number]))
      /\ owner' = First(SelectSeq(<<n1, n2>>, LAMBDA node : node \in known), None)
      /\ known' = {node \in Node : mode[node] = "busy"}
      /\ UNCHANGED <<mode, seen, pairs, total>>

(* Change one field of the last item. *)
mark(node) ==
  LET changed == [last(0) EXCEPT !.mode = "busy"]
  IN  /\ 0 < Len(items)
      /\ IF node \notin known THEN TRUE ELSE last(0).mode = "idle"
      /\ Len(Append(Slice(items, 0, (-1)), changed)) <= 2
      /\ Cardinality(pairs \cup {changed}) <= 2
      /\ items' = Append(Slice(items, 0, (-1)), changed)
      /\ known' = (known \cup {node}) \ (known \cap {node})
      /\ pairs' = pairs \cup {changed}
      /\ UNCHANGED <<picked, owner, mode, seen, total>>

(* Extremes, sums over pairs, ranges in order. *)
gather ==
  LET low == Min({item.number : item \in pairs})
      high ==
        Greatest({item.number : item \in {item \in Range(items) : low < item.number}}, low * 2)
      numbers == {item.number : item \in pairs}
      v4 == SelectSeq(Interval(low, high + 1), LAMBDA n : n \in numbers)
      v5 == {item \in pairs : item.number /= low}
  IN  /\ 0 < Cardinality(pairs)
      /\ known \subseteq Node
      /\ v4 \in BoundedSequences(0..2, 2)
      /\ Cardinality(v5) <= 2
      /\ picked' = v4
      /\ mode' = [node \in Node |-> IF node \in known THEN "busy" ELSE mode[node]]
      /\ pairs' = v5
      /\ total'
           = Max({
                     low,
                     high,
                     Sum([n \in numbers |->
                            Sum([i \in {i \in DOMAIN items : items[i].number = n} |-> 1])])})
      /\ UNCHANGED <<items, owner, seen, known>>

(* Two generators in a row, and the first of something. *)
spread ==
  LET both ==
        Joined(LET items_ == picked IN
                 [i \in DOMAIN items_ |->
                    LET items__ == Interval(0, items_[i]) IN
                      [i_ \in DOMAIN items__ |-> items_[i] - items__[i_]]])
      found == Head(SelectSeq(both \o <<1>>, LAMBDA n : 0 < n))
  IN  /\ (\E n \in Range(picked) : 0 < n) \/ 0 < Len(picked)
      /\ picked' = <<>>
      /\ total'
           = (IF 0 < Cardinality(known)
              THEN Min({found, Least(Range(both), 3)})
              ELSE Max({total, - total}))
      /\ UNCHANGED <<items, owner, mode, seen, known, pairs>>

Next ==
  \/ (\E number \in 0..2 : \E mode_ \in Mode : \E owner_ \in Node : add(number, mode_, owner_))
  \/ (\E items_ \in 0..2 : drop(items_))
  \/ (\E node \in Node : mark(node))
  \/ gather
  \/ spread

Spec == Init /\ [][Next]_vars

(* Whatever is seen is the index of an item that was there. *)
numbers_fit == \A node \in Node : \A flag \in Range(<<TRUE, FALSE>>) : seen[node][flag] <= 2

(* Breaks. *)
never_three == total /= 3

(* Only a step that changes the total changes it. *)
total_changes_with_others == [][total = total' \/ ~ (items = items' /\ picked = picked')]_vars

(* Everybody is known at some time. *)
all_known == known = Node

\* Violated as soon as all_known is reached.
never_all_known == ~all_known

====================================================================================================
