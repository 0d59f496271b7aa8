"""A level that only rises, as is said, and is reset: from where it began that changes nothing."""

from typing import Annotated

from checker import Range, Scope, Spec, action, require, step_invariant


class Resets(Spec):
    """To reset a level of 1 is no step."""

    scope = Scope()
    level: Annotated[int, Range(0, 3)] = 1

    @action
    def rise(self) -> None:
        require(self.level < 3)
        self.level += 1

    @action
    def reset(self) -> None:
        self.level = 1

    @step_invariant
    def only_rises(before: "Resets", after: "Resets") -> bool:
        return before.level < after.level
