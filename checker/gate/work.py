"""What a process of the gate does: plan, or run one check. Every failure becomes plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from checker import bounded, proof
from checker import check as search
from checker.explicit.outcome import Limits
from checker.gate.cache import engine_version
from checker.gate.declaration import Bounds, Check
from checker.gate.digests import Meaning
from checker.gate.plan import Plan, Run, plan, render
from checker.gate.report import Failure, ProofResult, ProofRow
from checker.lang.errors import SpecError, ToolError
from checker.lang.load import load
from checker.result import ExitCode, Result

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ToPlan:
    """The entries to look at, the profile that is wanted, and what the lock knows."""

    checks: tuple[Check, ...]
    profile: str
    recorded: Mapping[str, Mapping[str, Meaning]]


@dataclass(frozen=True, slots=True)
class ToRun:
    """A check, and what the gate leaves it of time and memory."""

    run: Run
    bounds: Bounds


def do_plan(task: ToPlan) -> tuple[Plan, str] | Failure:
    """The plan, and the version of the engines that would run it."""
    made = guarded(lambda: plan(task.checks, task.profile, task.recorded))
    return made if isinstance(made, Failure) else (made, engine_version())


def do_run(task: ToRun) -> Result | ProofResult | Failure:
    """The result of a check."""
    return guarded(lambda: _run(task.run, task.bounds))


def guarded(work: Callable[[], T]) -> T | Failure:
    """What the work returns, or why it failed."""
    try:
        return work()
    except SpecError as error:
        return render(error)
    except ToolError as error:
        return Failure(f"error: {error}", ExitCode.FAILED)
    except MemoryError:
        return Failure("error: out of memory; a smaller scope needs less", ExitCode.FAILED)
    except Exception as error:
        detail = " ".join(str(error).split())[:300]
        message = f"internal error: {type(error).__name__}: {detail}"
        return Failure(f"{message}; please report it with the check", ExitCode.FAILED)


def _run(run: Run, bounds: Bounds) -> Result | ProofResult:
    check, loaded = run.check, load(run.spec)
    match check.engine:
        case "explicit":
            limits = Limits(bounds.states, bounds.memory, bounds.seconds)
            options = search.Options(
                check.properties, deadlock=check.deadlock, limits=limits, graph=True
            )
            return search.check(loaded, run.settings, run.scope, options)
        case "z3":
            assert check.depth is not None, "refused by the declaration"
            asked = bounded.Options(
                check.depth, check.properties, seconds=bounds.seconds, memory=bounds.memory
            )
            return bounded.check_bounded(loaded, run.settings, run.scope, asked)
        case _:
            return _prove(run)


def _prove(run: Run) -> ProofResult:
    check = run.check
    wanted = proof.Options(check.properties, check.lemmas, check.k, workers=1)
    if check.lift is not None:
        wanted = proof.Options(check.properties, check.lemmas, check.k, check.lift, workers=1)
    found = proof.run_proof(load(run.spec), run.settings, run.scope, wanted)
    return ProofResult(
        spec=found.spec,
        settings=dict(found.settings),
        scope=dict(found.scope),
        lifted=found.lifted,
        steps=found.steps,
        lemmas=found.assumed,
        rows=tuple(
            ProofRow(row.name, row.kind, row.is_lemma, found.verdict(row), row.trace)
            for row in found.rows
        ),
        seconds=found.seconds,
    )
