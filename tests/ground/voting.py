"""Voting by messages in flight: a set of records with more values than a word has bits."""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from checker import MaxLen, Scope, Sort, Spec, Upto, action, invariant, require


class Node(Sort):
    """Who votes."""


class Kind(Enum):
    """What a message says."""

    ASK = 1
    GRANT = 2
    REFUSE = 3
    ACCEPT = 4


Term = Annotated[int, Upto("Term")]


@dataclass(frozen=True)
class Message:
    """A message, in flight until it is received or lost."""

    kind: Kind
    source: Node
    to: Node
    term: Term


class Voting(Spec):
    """A node that asks in a new term leads when a majority has granted it."""

    scope = Scope(Node=3, Term=1, Message=2)

    term: dict[Node, Term]
    voted: dict[Node, Node | None]
    granted: dict[Node, frozenset[Node]]
    leads: dict[Node, bool]
    messages: Annotated[frozenset[Message], MaxLen("Message")]

    @action
    def ask(self, node: Node) -> None:
        """A node starts a term, votes for itself, and asks the others."""
        require(not self.leads[node])
        self.term[node] += 1
        self.voted[node] = node
        self.granted[node] = frozenset({node})
        self.messages |= {Message(Kind.ASK, node, n, self.term[node]) for n in Node if n != node}

    @action
    def grant(self, m: Message) -> None:
        """A node that has no vote in the term yet grants it."""
        require(m in self.messages, m.kind == Kind.ASK, m.term >= self.term[m.to])
        require(m.term > self.term[m.to] or self.voted[m.to] is None)
        self.term[m.to] = m.term
        self.voted[m.to] = m.source
        self.leads[m.to] = False
        self.messages = (self.messages - {m}) | {Message(Kind.GRANT, m.to, m.source, m.term)}

    @action
    def count(self, m: Message) -> None:
        """A vote is counted, if the term is still the same."""
        require(m in self.messages, m.kind == Kind.GRANT, m.term == self.term[m.to])
        self.granted[m.to] |= {m.source}
        self.messages -= {m}

    @action
    def lead(self, node: Node) -> None:
        """A majority has voted for the node."""
        require(not self.leads[node], self.voted[node] == node)
        require(len(self.granted[node]) * 2 > len(Node))
        self.leads[node] = True

    @action
    def lose(self, m: Message) -> None:
        """A message is lost."""
        require(m in self.messages)
        self.messages -= {m}

    @invariant
    def one_leader_a_term(self) -> bool:
        """No two nodes lead in one term."""
        return all(
            a == b or not (self.leads[a] and self.leads[b]) or self.term[a] != self.term[b]
            for a in Node
            for b in Node
        )
