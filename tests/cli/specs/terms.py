"""Who leads a term: every election starts one, and nobody ever forgets one."""

from typing import Annotated

from checker import Scope, Sort, Spec, Upto, action, invariant, reachable, require, step_invariant

Term = Annotated[int, Upto("Term")]


class Node(Sort):
    """Who may lead."""


class Terms(Spec):
    """Elections."""

    scope = Scope(Node=2, Term=2)

    newest: Term
    term: dict[Node, Term]

    @action
    def elect(self, node: Node) -> None:
        """The node starts a new term."""
        self.newest += 1
        self.term[node] = self.newest

    @action
    def resign(self, node: Node) -> None:
        """The node leads no more."""
        require(self.term[node] > 0)
        self.term[node] = 0

    @invariant
    def one_leads(self) -> bool:
        """At most one node holds the newest term."""
        return self.newest == 0 or sum(1 for n in Node if self.term[n] == self.newest) <= 1

    @invariant
    def terms_are_given(self) -> bool:
        """No term is held that was not begun."""
        return all(self.term[n] <= self.newest for n in Node)

    @invariant
    def one_holds_each_term(self) -> bool:
        """No two nodes hold the same term."""
        return all(
            a == b or self.term[a] == 0 or self.term[a] != self.term[b] for a in Node for b in Node
        )

    @step_invariant
    def terms_grow(before: "Terms", after: "Terms") -> bool:
        """The newest term never goes back."""
        return before.newest <= after.newest

    @reachable
    def somebody_leads(self) -> bool:
        """Elections happen."""
        return any(self.term[n] > 0 for n in Node)
