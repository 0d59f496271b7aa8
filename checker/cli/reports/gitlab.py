"""Code quality as GitLab shows it in a merge request: a list of what is wrong."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from checker.cli.reports.cases import Status, Suite
from checker.cli.reports.texts import identities

SEVERITIES: Final = {
    Status.ERROR: "blocker",
    Status.FAILED: "critical",
    Status.UNDETERMINED: "major",
}


def gitlab(suites: Sequence[Suite]) -> str:
    """The report as a document; an empty list if nothing is wrong."""
    found = [
        {
            "description": f"{suite.name}: {case.message}",
            "check_name": f"splitbrain/{case.rule}",
            "fingerprint": identity,
            "severity": SEVERITIES[case.status],
            "location": {"path": case.place.file, "lines": {"begin": case.place.line}},
        }
        for suite, case, identity in identities(suites)
    ]
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"
