"""`--audit`: after a check, what the spec says in vain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import click

from checker.audit.findings import Audit
from checker.cli.output import complain
from checker.cli.progress import LiveLine
from checker.explicit.outcome import Limits, Stop
from checker.lang.load import LoadedSpec
from checker.result import Result


def refuse_what_does_not_fit(engine: str, swept: Sequence[str]) -> None:
    """Raise for what an audit is not made of."""
    if engine != "explicit":
        raise click.UsageError("--audit is for --engine explicit; a solver visits no state")
    if swept:
        raise click.UsageError(f"--audit is of one run; give {swept[0]} one value")


def audit_after(
    result: Result,
    loaded: LoadedSpec,
    settings: Mapping[str, str],
    scope: Mapping[str, int],
    properties: Sequence[str],
    limits: Limits,
    quiet: bool,
) -> Audit | None:
    """Audit what was checked, in the time that is left; nothing if either is interrupted."""
    if result.stop == Stop.INTERRUPT.value:
        return None
    from checker.audit.run import audit

    if limits.seconds is not None:
        limits = replace(limits, seconds=max(0.0, limits.seconds - result.seconds.total))
    try:
        with LiveLine(wanted=not quiet, label="audit") as live:
            return audit(loaded, settings, scope, properties, limits, live)
    except KeyboardInterrupt:
        # What was checked is not lost.
        complain("the audit was interrupted before there was a result")
        return None
