"""SARIF 2.1.0, the part of it that code scanning on GitHub shows.

A rule for each property, a result for each finding, the trace as a code flow. What passed has no
result: code scanning would show it as an alert.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import quote

from checker.cli.reports.cases import OWN_RULES, UNDETERMINED, Case, Status, Suite
from checker.cli.reports.places import Place
from checker.cli.reports.texts import changed, cut, identities, reasons
from checker.gate.report import GateReport, Outcome
from checker.result import ExitCode
from checker.trace import Trace
from checker.version import VERSION

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
ROOT: Final = "%SRCROOT%"
MOST_MESSAGE: Final = 4_000
MOST_DESCRIPTION: Final = 1_000
MOST_STEPS: Final = 1_000
"""GitHub shows no more places of a code flow."""
MOST_RESULTS: Final = 5_000
"""GitHub keeps no more of a run."""
LEVELS: Final = {
    Status.FAILED: "error",
    Status.ERROR: "error",
    Status.UNDETERMINED: "warning",
}

Json = dict[str, Any]


def sarif(suites: Sequence[Suite], report: GateReport) -> str:
    """The report as a document."""
    found = sorted(identities(suites), key=lambda one: LEVELS[one[1].status] != "error")
    kept = found[:MOST_RESULTS]
    order = {id: n for n, id in enumerate(dict.fromkeys(_rule_id(case) for _, case, _ in kept))}
    run = {
        "tool": {
            "driver": {
                "name": "splitbrain",
                "version": VERSION,
                "semanticVersion": VERSION,
                "rules": [_rule(next(c for _, c, _ in kept if _rule_id(c) == id)) for id in order],
            }
        },
        "automationDetails": {"id": f"splitbrain/{report.profile}/"},
        "invocations": [_invocation(report, len(found) - len(kept))],
        "originalUriBaseIds": {ROOT: {"description": _text("The root of the repository.")}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(*one, order[_rule_id(one[1])]) for one in kept],
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _text(text: str) -> Json:
    return {"text": text}


def _rule_id(case: Case) -> str:
    return f"splitbrain/{case.rule}"


def _rule(case: Case) -> Json:
    own = OWN_RULES.get(case.rule)
    told = cut(own or case.doc or f"The property {case.rule} has to hold.", MOST_DESCRIPTION)
    level = "warning" if case.rule == UNDETERMINED else "error"
    more = "The code flow of a result is a trace that shows it." if own is None else ""
    return {
        "id": _rule_id(case),
        "shortDescription": _text(told),
        "fullDescription": _text(told),
        "help": _text(f"{told} {more}".strip()),
        "defaultConfiguration": {"level": level},
        "properties": {"problem.severity": level, "tags": ["model checking"]},
    }


def _invocation(report: GateReport, left_out: int) -> Json:
    """A check that was not answered makes the whole run an unsuccessful one."""
    open_ones = [
        check for check in report.checks if check.outcome in (Outcome.ERROR, Outcome.UNDETERMINED)
    ]
    notes = [
        {
            "level": "error" if check.outcome is Outcome.ERROR else "warning",
            "message": _text(cut("\n".join((check.name, *check.messages)), MOST_MESSAGE)),
        }
        for check in open_ones
    ]
    if left_out:
        notes.append({"level": "warning", "message": _text(f"{left_out:,} results left out")})
    return {
        "executionSuccessful": bool(report.checks) and not open_ones and not left_out,
        "exitCode": int(report.exit),
        "exitCodeDescription": ExitCode(report.exit).name.lower(),
        "toolExecutionNotifications": notes,
    }


def _result(suite: Suite, case: Case, identity: str, rule: int) -> Json:
    lines = [f"{suite.name}: {case.message}", *case.details, *reasons(case.why)]
    lines += [f"See it: {case.command}"] if case.command else []
    result: Json = {
        "ruleId": _rule_id(case),
        "ruleIndex": rule,
        "kind": "fail",
        "level": LEVELS[case.status],
        "message": _text(cut("\n".join(lines), MOST_MESSAGE)),
        "locations": [{"physicalLocation": _physical(case.place)}],
        "partialFingerprints": {"primaryLocationLineHash": identity},
    }
    if case.trace is not None:
        result["codeFlows"] = [_flow(case, case.trace)]
    return result


def _physical(place: Place) -> Json:
    return {
        "artifactLocation": {"uri": quote(place.file), "uriBaseId": ROOT},
        "region": {"startLine": place.line, "startColumn": place.column},
    }


def _flow(case: Case, trace: Trace) -> Json:
    """The initial state and every step; of a very long trace its end."""
    places = list(zip(case.path, _steps(trace), strict=True))
    told = f"{len(trace.steps):,} steps"
    if len(places) > MOST_STEPS:
        places = places[-MOST_STEPS:]
        told += f", of which the last {MOST_STEPS:,} are shown"
    locations = [
        {
            "location": {"physicalLocation": _physical(place), "message": _text(text)},
            "executionOrder": number,
        }
        for number, (place, text) in enumerate(places, 1)
    ]
    return {"message": _text(told), "threadFlows": [{"locations": locations}]}


def _steps(trace: Trace) -> Iterator[str]:
    yield "the initial state"
    for number, step in enumerate(trace.steps, 1):
        told = "   ".join(changed(trace, number))
        yield cut(f"{number}. {step}  {told}".rstrip(), MOST_MESSAGE)
