"""A sequence of ids, each handed out once and in order: how the models number epochs and records.

Source: module `IdSequence` of hachikuji/kafka-specification. The ids are 0 to the scope's `Id`;
asking for one more is cut.
"""

from typing import Annotated

from checker import Scope, Spec, Upto, action


class IdSequence(Spec):
    """A counter."""

    scope = Scope(Id=3)

    next_id: Annotated[int, Upto("Id", plus=1)]

    @action
    def take_id(self) -> None:
        """Somebody takes the next id."""
        self.next_id += 1
