"""The formats of the gate's report, each read by somebody else's reader or schema."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from shlex import split
from xml.etree import ElementTree

import pytest
from junitparser import Error, Failure, JUnitXml

from checker.cli.main import splitbrain
from checker.cli.reports.cases import Status, Suite
from checker.cli.reports.commands import command
from checker.cli.reports.github import MOST, github
from checker.cli.reports.gitlab import gitlab
from checker.cli.reports.junit import junit
from checker.cli.reports.markdown import MOST_BYTES, markdown
from checker.cli.reports.sarif import MOST_STEPS, sarif
from checker.gate.report import Difference, Expected, Outcome, ProofResult, Source
from checker.ir.model import PropertyKind
from checker.ir.types import IntType
from checker.proof import Verdict
from checker.result import NO_DEADLOCK, UNDEFINED_STEP, ExitCode, Result, Solver
from checker.trace import Ending, Step, Trace
from tests.gate.report_readers import GITLAB, JENKINS, drawn, heard, line_at, results, steps_of
from tests.gate.small_report import DOC, KNOWN, UGLY, Reported, ended, make, proof, variants


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory, object_cache: Path) -> Reported:
    return make(tmp_path_factory.mktemp("repository").resolve(), object_cache)


def test_every_kind_of_check_was_run(reported: Reported) -> None:
    outcomes = [check.outcome for check in reported.report.checks]
    assert outcomes == [
        Outcome.OK, Outcome.RED, Outcome.UNDETERMINED, Outcome.ERROR, Outcome.RED,
    ]  # fmt: skip


def test_a_report_is_as_green_as_the_gate(reported: Reported) -> None:
    """In every format: something is wrong exactly if the exit code is not 0."""
    for name, made in variants(reported):
        wrong = made.report.exit is not ExitCode.HOLDS
        xml = JUnitXml.fromstring(junit(made.suites, 1.0).encode())
        assert (xml.failures + xml.errors > 0) == wrong, name
        assert bool(results(sarif(made.suites, made.report))) == wrong, name
        assert bool(json.loads(gitlab(made.suites))) == wrong, name
        assert bool(github(made.suites)) == wrong, name
        assert ("\n### " in markdown(made.suites, made.report)) == wrong, name
        for suite in made.suites:
            green = suite.check is not None and suite.check.outcome is Outcome.OK
            assert bool(suite.findings) != green, (name, suite.name)
            assert bool(suite.causes) != green, (name, suite.name)


def test_what_is_not_known_is_an_error_and_never_passed_or_skipped(reported: Reported) -> None:
    unknown = [reported.alone(reported.check(name)) for name in ("stopped", "missing")] + [
        proof(reported, one) for one in (Verdict.UNKNOWN, Verdict.NOT_INDUCTIVE, Verdict.RELATIVE)
    ]
    for made in unknown:
        text = junit(made.suites, 1.0)
        assert "skipped>" not in text
        (suite,) = JUnitXml.fromstring(text.encode())
        assert (suite.failures, suite.skipped, suite.errors) == (0, 0, suite.tests)
        for case in suite:
            (error,) = case.result
            assert isinstance(error, Error)
    stopped = reported.alone(reported.check("stopped"))
    (first, second) = results(sarif(stopped.suites, stopped.report))
    assert {first["level"], second["level"]} == {"warning"}
    assert {first["ruleId"], second["ruleId"]} == {"splitbrain/check-undetermined"}
    assert [line.startswith("::warning ") for line in github(stopped.suites)] == [True, True]


def test_junit_has_a_suite_for_each_check_and_the_explained_trace(reported: Reported) -> None:
    xml = JUnitXml.fromstring(junit(reported.suites, reported.report.seconds).encode())
    suites = list(xml)
    assert [suite.name for suite in suites] == [check.name for check in reported.report.checks]
    assert (xml.tests, xml.failures, xml.errors) == (12, 2, 3)
    bad = {case.name: case for case in suites[1]}
    assert list(bad) == [KNOWN, "gets_to_two", "as in splitbrain.lock"]
    (failure,) = bad[KNOWN].result
    assert isinstance(failure, Failure)
    assert failure.message == f"{KNOWN} is violated after 3 steps"
    assert failure.text.splitlines()[0].endswith("(models/specs/bad.py:26)")
    assert DOC in failure.text
    assert "▸ 3  increment()  count: 2 → 3" in failure.text
    assert "count is 3  since step 3: increment()" in failure.text
    assert bad["gets_to_two"].classname == UGLY
    (lock,) = (case for case in suites[4] if not case.is_passed)
    (failure,) = lock.result
    assert "generated 6 → 4 (-33.3 %)" in failure.text
    assert suites[4].time == pytest.approx(reported.report.checks[4].seconds, abs=0.001)


def test_junit_holds_no_character_that_xml_forbids(reported: Reported) -> None:
    check = replace(reported.check(UGLY), name="a\x00b\x1bc\ufffe")
    (suite,) = JUnitXml.fromstring(junit(reported.alone(check).suites, 1.0).encode())
    assert suite.name == "a\ufffdb\ufffdc\ufffd"


def test_junit_is_what_jenkins_allows(reported: Reported) -> None:
    for _, made in variants(reported):
        root = ElementTree.fromstring(junit(made.suites, 1_234.5678))
        assert root.tag == "testsuites"
        for element in root.iter():
            required, optional, children = JENKINS[element.tag]
            assert required <= set(element.attrib) <= required | optional
            assert {child.tag for child in element} <= children
            assert re.fullmatch(r"\d+\.\d{3}", element.get("time", "0.000"))


def test_sarif_names_the_line_of_the_property_and_of_every_step(reported: Reported) -> None:
    document = json.loads(sarif(reported.suites, reported.report))
    run = document["runs"][0]
    assert run["invocations"][0]["executionSuccessful"] is False
    assert run["invocations"][0]["exitCode"] == int(reported.report.exit)
    rules = run["tool"]["driver"]["rules"]
    for result in results(json.dumps(document)):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert len(result["message"]["text"]) <= 4_000
        for place in [result["locations"][0], *steps_of(result)]:
            assert line_at(reported.where.root, place["physicalLocation"])
    (bad,) = (one for one in run["results"] if one["ruleId"] == f"splitbrain/{KNOWN}")
    line = line_at(reported.where.root, bad["locations"][0]["physicalLocation"])
    assert f"def {KNOWN}" in line
    steps = list(steps_of(bad))
    lines = [line_at(reported.where.root, step["physicalLocation"]) for step in steps]
    assert ["class Counter" in lines[0], *("def increment" in one for one in lines[1:])] == [
        True
    ] * 4
    assert steps[3]["message"]["text"] == "3. increment()  count: 2 → 3"
    assert "count is 3 (since step 3: increment())" in bad["message"]["text"]


def test_fingerprints_outlive_edits_and_tell_findings_apart(reported: Reported) -> None:
    def prints(made: Reported) -> list[str]:
        found = results(sarif(made.suites, made.report))
        return [one["partialFingerprints"]["primaryLocationLineHash"] for one in found]

    before = prints(reported)
    assert len(set(before)) == len(before) == 5
    check = reported.check(UGLY)
    assert check.facts is not None
    moved = {n: replace(span, line=span.line + 7) for n, span in check.facts.properties.items()}
    edited = replace(check, facts=replace(check.facts, properties=moved), seconds=9.0)
    others = [edited if one is check else one for one in reported.report.checks]
    assert prints(reported.alone(*others)) == before
    assert [one["fingerprint"] for one in json.loads(gitlab(reported.alone(*others).suites))] == [
        one["fingerprint"] for one in json.loads(gitlab(reported.suites))
    ]
    missing = reported.check("missing")
    assert len(set(prints(reported.alone(missing, missing)))) == 2


def test_a_very_long_trace_is_cut_and_says_so(reported: Reported) -> None:
    check = reported.check(UGLY)
    long = Trace(
        spec=check.spec, settings={}, scope={}, variables=(("count", IntType(0, 9)),),
        property=KNOWN, kind=PropertyKind.INVARIANT, ending=Ending.VIOLATED, message="",
        states=tuple((n % 10,) for n in range(1_501)), steps=(Step("increment", ()),) * 1_500,
    )  # fmt: skip
    suites = tuple(_with_trace(suite, long) for suite in reported.alone(check).suites)
    (result,) = results(sarif(suites, reported.report))
    assert len(list(steps_of(result))) == MOST_STEPS
    assert "the last 1,000 are shown" in result["codeFlows"][0]["message"]["text"]
    assert list(steps_of(result))[-1]["message"]["text"].startswith("1500. increment()")
    assert "mermaid" not in markdown(suites, reported.report)


def _with_trace(suite: Suite, trace: Trace) -> Suite:
    cases = (
        replace(one, trace=trace, path=(one.place,) * 1_501, why=None) if one.is_finding else one
        for one in suite.cases
    )
    return replace(suite, cases=tuple(cases))


def test_gitlab_reads_its_report(reported: Reported) -> None:
    found = json.loads(gitlab(reported.suites))
    GITLAB.validate(found)
    severities = [one["severity"] for one in found]
    assert severities == ["critical", "major", "major", "blocker", "critical"]
    assert found[0]["location"] == {"path": "models/specs/bad.py", "lines": {"begin": 26}}
    assert found[0]["description"] == f"{UGLY}: {KNOWN} is violated after 3 steps"
    assert json.loads(gitlab(reported.alone(reported.check("specs/counter.py")).suites)) == []


def test_github_hears_what_was_said(reported: Reported) -> None:
    said = [heard(line) for line in github(reported.suites)]
    assert [kind for kind, _, _ in said] == ["error"] * 3 + ["warning"] * 2
    _, properties, message = said[0]
    assert properties == {
        "file": "models/specs/bad.py", "line": "26", "col": "5",
        "title": f"splitbrain: {UGLY}: {KNOWN}",
    }  # fmt: skip
    assert DOC in message
    assert "\n        count is 3  since step 3: increment()\n" in message


def test_github_is_told_of_no_more_than_it_shows(reported: Reported) -> None:
    missing = reported.check("missing")
    lines = github(reported.alone(*[missing] * (MOST + 3)).suites)
    assert len(lines) == MOST
    assert heard(lines[-1])[2].startswith("and 4 more")
    assert len(github(reported.alone(*[missing] * MOST).suites)) == MOST


def test_the_summary_shows_names_as_they_are(reported: Reported) -> None:
    html = drawn(markdown(reported.suites, reported.report))
    row = next(one for one in html.split("<tr>") if "second ::line" in one)
    cells = re.findall("<td[^>]*>(.*?)</td>", row)
    assert unescape(cells[1]) == f"<code>{' '.join(UGLY.split())}</code>"
    assert cells[2] == f"red: {KNOWN} is violated after 3 steps"
    assert cells[3:5] == ["4", "="]
    assert "Ist kleiner als &lt;3&gt; | `drei` &amp; 50 %: größer nie." in html
    assert "<code>count: 2 → 3</code>" in html
    assert '<code class="language-mermaid">sequenceDiagram' in html
    assert (
        f"cd models &amp;&amp; splitbrain check specs/bad.py --scope Count=3 --property '{KNOWN}'"
        in html
    )
    assert html.count("<h3>") == 4
    assert "<th>acting</th>" not in html
    other = next(one for one in html.split("<tr>") if "<code>other</code>" in one)
    assert re.findall("<td[^>]*>(.*?)</td>", other)[4] == "2 differences"


def test_a_summary_stays_below_its_limit_and_says_what_is_missing(reported: Reported) -> None:
    suites = reported.suites
    whole = markdown(suites, reported.report)
    size = len(whole.encode())
    assert "Left out" not in whole
    for most in range(1_400, size + 300, 211):
        told = markdown(suites, reported.report, most)
        assert len(told.encode()) <= most
        assert told == whole or "Left out, as a summary has at most" in told
        assert told.count("```") % 2 == 0
    many = reported.alone(*[reported.check(UGLY)] * 2_000)
    told = markdown(many.suites, many.report)
    assert MOST_BYTES * 0.9 < len(told.encode()) <= MOST_BYTES
    assert told.count("### ✗") == 2_000
    left_out = re.search(r"bytes: ([\d,]+) traces, 2,000 diagrams\.\n$", told)
    assert left_out
    shown = told.count("Trace: ")
    assert shown + int(left_out[1].replace(",", "")) == 2_000
    assert shown > 100


def test_statuses_are_those_of_the_cases(reported: Reported) -> None:
    limit = reported.rejudged(UGLY, Expected("violated", KNOWN, 3))
    (suite,) = limit.suites
    assert [(case.name, case.status) for case in suite.cases] == [
        ("gets_to_two", Status.PASSED),
        (f"expected: {KNOWN} violated after 3 steps", Status.PASSED),
        ("as in splitbrain.lock", Status.PASSED),
    ]
    locked = replace(reported.check("specs/counter.py"), source=Source.LOCK, result=None)
    (suite,) = reported.alone(locked).suites
    assert [(case.name, case.message) for case in suite.cases] == [
        ("expected: holds", "unchanged since the lock"),
        ("as in splitbrain.lock", "as splitbrain.lock has it"),
    ]
    moved = reported.rejudged(UGLY, Expected("violated", KNOWN, 4))
    (finding,) = moved.suites[0].findings
    assert "found after 3 steps: the limit has moved" in finding.message
    assert finding.trace is not None


def test_the_command_is_that_of_the_engine_with_all_that_was_chosen(reported: Reported) -> None:
    check = reported.check(UGLY)
    assert isinstance(check.result, Result)
    chosen = replace(check, settings={"acks": "all", "usual": "1"}, spec="specs/my spec.py")
    result = replace(check.result, defaults={"acks": "one", "usual": "1"})
    solver = Solver("z3", "4", 0, 7, None)
    proved = ProofResult(check.spec, {}, {}, ("Count", "Epoch"), 2, ("a", "b"), (), 0.1)
    start = ["specs/my spec.py", "--set", "acks=all"]
    bounds = ["--scope", "Count=3"]
    for found, label, wanted in (
        (result, KNOWN, ["check", *start, *bounds, "--property", KNOWN]),
        (result, NO_DEADLOCK, ["check", *start, *bounds, "--deadlock"]),
        (result, UNDEFINED_STEP, ["check", *start, *bounds]),
        (
            replace(result, solver=solver), KNOWN,
            ["check", *start, *bounds, "--engine", "z3", "--depth", "7", "--property", KNOWN],
        ),
        (
            proved, KNOWN,
            ["prove", *start, "--set", "usual=1", *bounds, "--with", "a", "--with", "b",
             "--k", "2", "--lift", "Count,Epoch", "--property", KNOWN],
        ),
    ):  # fmt: skip
        name, *words = split(command(replace(chosen, result=found), label))
        assert (name, words) == ("splitbrain", wanted)
        parsed = splitbrain.commands[wanted[0]].make_context(wanted[0], words[1:])
        assert parsed.params["spec"] == "specs/my spec.py"
    assert command(replace(check, result=None), KNOWN) == ""


def test_what_follows_from_a_finding_is_told_beside_it_only(reported: Reported) -> None:
    """A search that ended at a violation: what was not judged, and a lock that differs by it."""
    check = reported.check(UGLY)
    assert isinstance(check.result, Result)
    made = reported.alone(
        replace(check, result=ended(check.result), differences=(Difference("states 4 → 3"),))
    )
    (suite,) = JUnitXml.fromstring(junit(made.suites, 1.0).encode())
    assert (suite.tests, suite.failures, suite.errors) == (3, 2, 1)
    told = markdown(made.suites, made.report)
    assert "the search ended at what it found" in told
    assert "≠ states 4 → 3" in told
    (result,) = results(sarif(made.suites, made.report))
    assert result["ruleId"] == f"splitbrain/{KNOWN}"
    assert len(github(made.suites)) == len(json.loads(gitlab(made.suites))) == 1
