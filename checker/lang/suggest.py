"""Help lines that name what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(name: str, known: Iterable[str], what: str) -> str:
    """`did you mean X?` if something known is close, else the list of what is known."""
    names = list(dict.fromkeys(known))
    folded = {candidate.lower(): candidate for candidate in reversed(names)}
    close = get_close_matches(name.lower(), folded, n=1)
    if close:
        return f"did you mean {folded[close[0]]}?"
    return f"{what}: {', '.join(names)}" if names else f"{what}: none"
