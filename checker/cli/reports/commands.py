"""What a user types to see a finding again, in the folder of the declaration."""

from __future__ import annotations

from collections.abc import Mapping
from shlex import join

from checker.gate.report import CheckReport, ProofResult
from checker.result import NO_DEADLOCK, UNDEFINED_STEP, Result


def command(check: CheckReport, label: str) -> str:
    """The command that runs a check again for one verdict; empty if there is no result."""
    match check.result:
        case Result() as found:
            chosen = {k: v for k, v in check.settings.items() if found.defaults.get(k) != v}
            words = ["splitbrain", "check", check.spec, *_choices(chosen, check.scope)]
            if found.solver is not None:
                words += ["--engine", "z3", "--depth", str(found.solver.depth)]
            return join([*words, *_wanted(label)])
        case ProofResult() as proof:
            words = ["splitbrain", "prove", check.spec, *_choices(check.settings, check.scope)]
            words += [word for lemma in proof.lemmas for word in ("--with", lemma)]
            words += ["--k", str(proof.steps)] if proof.steps > 1 else []
            words += ["--lift", ",".join(proof.lifted) or "none"]
            return join([*words, *_wanted(label)])
        case None:
            return ""


def _choices(settings: Mapping[str, str], scope: Mapping[str, int]) -> list[str]:
    words = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
    bounds = ",".join(f"{name}={bound}" for name, bound in scope.items())
    return [*words, *(["--scope", bounds] if bounds else [])]


def _wanted(label: str) -> list[str]:
    match label:
        case str() if label == NO_DEADLOCK:
            return ["--deadlock"]
        case str() if label == UNDEFINED_STEP:
            return []
        case _:
            return ["--property", label]
