"""What a model means, slowly and plainly: the twin that every fast engine is compared with.

Architecture invariant: nothing here knows about bits, machine code or solvers.
"""

from checker.semantics.evaluate import Environment, by_name, evaluate
from checker.semantics.initial import initial_states, is_initial
from checker.semantics.reference import Exploration, explore
from checker.semantics.step import (
    Cut,
    Disabled,
    Fired,
    Outcome,
    UndefinedStep,
    arguments,
    fire,
    initial_state,
    judge,
    steps,
    successors,
)
from checker.semantics.undefined import Undefined

__all__ = [
    "Cut",
    "Disabled",
    "Environment",
    "Exploration",
    "Fired",
    "Outcome",
    "Undefined",
    "UndefinedStep",
    "arguments",
    "by_name",
    "evaluate",
    "explore",
    "fire",
    "initial_state",
    "initial_states",
    "is_initial",
    "judge",
    "steps",
    "successors",
]
