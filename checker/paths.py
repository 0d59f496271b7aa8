"""What the explicit engine found, in the words in which the spec itself walks it again."""

from __future__ import annotations

from checker.explicit.outcome import Finding
from checker.ground.model import GroundModel
from checker.trace import Ending
from counterexamples.replay import Path


def path_of(grounded: GroundModel, finding: Finding) -> Path:
    """The path to a finding: its states as the model sees them, and the steps between them."""
    codec = grounded.codec
    taken = (grounded.steps[number] for number in finding.steps)
    return Path(
        ending=Ending(finding.kind.value),
        property=finding.property,
        states=finding.states,
        steps=tuple((step.action, step.arguments) for step in taken),
        seen=lambda state: codec.to_state(codec.to_cells(state)),
    )
