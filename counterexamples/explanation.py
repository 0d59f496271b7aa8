"""How a trace was bound to happen, and what would have prevented it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from counterexamples.fate import Fate
from counterexamples.prevention import Prevention


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was found out about a trace that ends in a fault; `problem` says why if not all was."""

    fate: Fate | None
    prevention: Prevention | None
    problem: str | None = None


Explanations: TypeAlias = Mapping[str, Explanation]
"""What was found out about traces, by the label of their verdict."""

NOT_EXPLAINED: Final[Explanations] = {}
