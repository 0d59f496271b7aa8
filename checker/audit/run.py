"""An audit of a spec: a search goes first, a solver goes on from there."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

import z3

from checker.audit.findings import Audit
from checker.audit.questions import Question, questions
from checker.audit.reasoned import Far, Reasoned
from checker.audit.searched import goals_of, searched
from checker.explicit.outcome import Limits, ProgressCallback, Stop
from checker.ir.model import Property
from checker.lang.load import LoadedSpec
from checker.lifting import bounds_of
from checker.prepare import Prepared, prepare
from checker.symbolic.uniform import is_uniform

NO_LIMITS: Final = Limits()


def audit(
    loaded: LoadedSpec,
    settings: Mapping[str, str],
    scope: Mapping[str, int],
    properties: Sequence[str] = (),
    limits: Limits = NO_LIMITS,
    progress: ProgressCallback | None = None,
    workers: int = 2,
) -> Audit:
    """Ask all conditions of all reachable states, then a solver; raises `SpecError`.

    When the time is up or at Ctrl-C, what was found so far is the answer.
    """
    started = time.perf_counter()
    deadline = None if limits.seconds is None else started + limits.seconds
    prepared = prepare(loaded, settings, scope, properties)
    asked = questions(prepared.model)
    search = searched(prepared, asked, limits, progress)
    reasoned = Reasoned(prepared.model)
    if search.stop != Stop.INTERRUPT.value:
        far = partial(_beyond, loaded, settings, prepared, asked)
        reasoned.run(search.unmet, far, workers, deadline)
    return Audit(
        stop=search.stop,
        states=search.states,
        conditions=len(asked),
        undefined=search.undefined,
        findings=(*map(reasoned.extended, search.unmet), *reasoned.findings()),
        open=reasoned.open(),
        solver=f"z3 {z3.get_version_string()}",
        seconds=time.perf_counter() - started,
    )


def _beyond(
    loaded: LoadedSpec,
    settings: Mapping[str, str],
    prepared: Prepared,
    asked: Sequence[Question],
) -> Far | None:
    """The model without bounds, if it is the same in every scope but for them."""
    model = prepared.model
    lift = frozenset(bounds_of(loaded, settings, model))
    names = [judged.name for judged in model.properties]
    one, other = (
        prepare(
            loaded,
            settings,
            {**model.scope, **{name: model.scope[name] + by for name in lift}},
            names,
        ).model
        for by in (1, 2)
    )
    if not lift or not is_uniform(one, other, lift):
        return None
    # It may have more actions: what may happen 0 times may happen once there.
    larger = questions(one, lift)
    numbers = dict(zip(_identities(larger), range(len(larger)), strict=True))
    goals = goals_of(larger)
    found: dict[str, Property] = {}
    for number, identity in enumerate(_identities(asked)):
        for side in ("true", "false"):
            same = goals.get(f"{numbers.get(identity)} {side}")
            if same is not None:
                found[f"{number} {side}"] = same
    return Far(one, lift, found)


def _identities(asked: Sequence[Question]) -> list[tuple[object, ...]]:
    """What tells questions apart in any scope: whose they are, where they stand, which of those."""
    seen = Counter[tuple[object, ...]]()
    found: list[tuple[object, ...]] = []
    for question in asked:
        key = (question.role, question.owner, question.span)
        found.append((*key, seen[key]))
        seen[key] += 1
    return found
