"""What would have prevented a trace: settings for which the same scope holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from counterexamples.render_terminal import count

Changes: TypeAlias = tuple[tuple[str, str], ...]
"""Settings with other values than in the run that fails."""

MOST_SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class Remedy:
    """Changes with which a complete search finds nothing wrong in so many states.

    `idle` are the actions of the trace that never happen then. `lost` are the goals of the spec
    that are reached without the changes, and never with them: a remedy may be none. If not
    `has_goals_judged`, it is not known of all goals.
    """

    changes: Changes
    states: int
    idle: tuple[str, ...]
    lost: tuple[str, ...]
    has_goals_judged: bool


@dataclass(frozen=True, slots=True)
class Prevention:
    """The remedies found, fewest changes first, and what was tried for it.

    `tried` were decided, and `undecided` were not, for their searches had to stop; `untried` is
    how many more were not begun, and `stop` says why. `without_effect` are settings that make no
    difference to what was asked.
    """

    remedies: tuple[Remedy, ...]
    tried: int
    undecided: tuple[Changes, ...]
    untried: int
    stop: str | None
    without_effect: tuple[str, ...]


def written(changes: Changes) -> str:
    """As on the command line: `truncation=leader_epoch`."""
    return " ".join(f"{name}={value}" for name, value in changes)


def fixes(found: Prevention) -> Iterator[str]:
    """The remedies in words, the first few if there are many; or that there is none."""
    for remedy in found.remedies[:MOST_SHOWN]:
        yield "; ".join(_told(remedy))
    if (more := len(found.remedies) - MOST_SHOWN) > 0:
        yield f"and {more} more"
    if not found.remedies:
        yield _nothing(found)
    if found.undecided:
        names = ", ".join(map(written, found.undecided[:MOST_SHOWN]))
        more = len(found.undecided) - MOST_SHOWN
        also = f", and {more} more" if more > 0 else ""
        yield f"not decided, their searches were stopped: {names}{also}"
    if found.untried:
        yield f"{found.stop}: {count(found.untried, 'more choice')} not tried"


def _told(remedy: Remedy) -> Iterator[str]:
    yield f"{written(remedy.changes)} holds in this scope ({count(remedy.states, 'state')})"
    if remedy.lost:
        yield f"but then never reached: {', '.join(remedy.lost)}"
    if not remedy.has_goals_judged:
        yield "whether all goals are still reached is not known"
    if remedy.idle:
        yield f"then never happens: {', '.join(remedy.idle)}"


def _nothing(found: Prevention) -> str:
    if found.tried == 0 and not found.undecided and not found.untried:
        has_settings = bool(found.without_effect)
        return "no setting makes a difference to it" if has_settings else "the spec has no settings"
    if found.undecided or found.untried:
        return "no remedy was found among the settings"
    return "no single setting and no pair of settings prevents it in this scope"
