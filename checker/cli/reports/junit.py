"""JUnit XML, as Jenkins, GitLab and the actions of GitHub read it.

A suite for each check, a case for each thing judged. What is not known is an error: dashboards
show what was skipped as green.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree

from checker.cli.reports.cases import Case, Status, Suite
from checker.cli.reports.texts import explained

FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold, however it is written."""


def junit(suites: Sequence[Suite], seconds: float) -> str:
    """The report as a document."""
    root = ElementTree.Element(
        "testsuites", {"name": "splitbrain gate", **_counts(suites), "time": f"{seconds:.3f}"}
    )
    for suite in suites:
        root.append(_suite(suite))
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _counts(suites: Sequence[Suite]) -> dict[str, str]:
    return {
        "tests": str(sum(len(suite.cases) for suite in suites)),
        "failures": str(sum(suite.count(Status.FAILED) for suite in suites)),
        "errors": str(sum(suite.count(Status.UNDETERMINED, Status.ERROR) for suite in suites)),
    }


def _suite(suite: Suite) -> ElementTree.Element:
    check = suite.check
    time = 0.0 if check is None else check.seconds
    made = ElementTree.Element(
        "testsuite",
        {"name": _legal(suite.name), **_counts([suite]), "skipped": "0", "time": f"{time:.3f}"},
    )
    if check is not None:
        told = {"spec": check.spec, "engine": check.engine, "source": check.source.value}
        told |= {**check.settings, **{name: str(bound) for name, bound in check.scope.items()}}
        properties = ElementTree.SubElement(made, "properties")
        for name, value in told.items():
            ElementTree.SubElement(
                properties, "property", {"name": _legal(name), "value": _legal(value)}
            )
    made.extend(_case(suite, case) for case in suite.cases)
    return made


def _case(suite: Suite, case: Case) -> ElementTree.Element:
    names = {"classname": _legal(suite.name), "name": _legal(case.name)}
    made = ElementTree.Element("testcase", names)
    text = _legal("\n".join(explained(case)))
    match case.status:
        case Status.PASSED:
            ElementTree.SubElement(made, "system-out").text = text
            return made
        case Status.FAILED:
            tag = "failure"
        case _:
            tag = "error"
    message = {"message": _legal(case.message), "type": case.status.value}
    ElementTree.SubElement(made, tag, message).text = text
    return made


def _legal(text: str) -> str:
    return FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
