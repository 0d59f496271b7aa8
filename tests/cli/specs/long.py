"""The first of very many: one choice inside the other."""

from typing import Annotated

from checker import MaxLen, Range, Scope, Spec, action, invariant

Small = Annotated[int, Range(0, 5)]


class Long(Spec):
    """Who is first."""

    scope = Scope()
    first: Small
    queue: Annotated[tuple[Small, ...], MaxLen(600)]

    @action
    def call(self) -> None:
        self.first = next((one for one in self.queue if one > 1), 0)

    @invariant
    def nobody(self) -> bool:
        return self.first == 0
