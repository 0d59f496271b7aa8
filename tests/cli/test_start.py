"""Where a search starts: `@init`, `--from FILE`, `--assume NAME`, and what commands make of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from checker.cli.run_check import Options
from counterexamples.file import read

DOCS = Path(__file__).parents[2] / "docs"
RESULT = Draft202012Validator(json.loads((DOCS / "result.schema.json").read_text("utf-8")))
TRACE = Draft202012Validator(json.loads((DOCS / "trace.schema.json").read_text("utf-8")))

Splitbrain = Callable[..., Any]

PLAIN = "shrinking.py:Shrinking"
ANY = "shrinking.py:AnySane"


def checked(splitbrain: Splitbrain, *arguments: str) -> Any:
    document = splitbrain("check", *arguments, "--json").json
    RESULT.validate(document)
    return document


def verdicts(document: Any) -> list[str]:
    return [judged["verdict"] for judged in document["properties"]]


def written(folder: Path, values: object) -> str:
    (folder / "state.json").write_text(json.dumps(values), encoding="utf-8")
    return "state.json"


def first_state(document: Any, name: str) -> Any:
    judged = next(judged for judged in document["properties"] if judged["name"] == name)
    return judged["trace"]["states"][0]


def test_a_spec_starts_in_one_state(splitbrain: Splitbrain) -> None:
    document = checked(splitbrain, PLAIN, "--continue")
    assert (document["initial_states"], document["start"]) == (1, None)
    assert verdicts(document) == ["holds", "holds", "holds"]


def test_a_spec_with_init_starts_in_each(splitbrain: Splitbrain) -> None:
    document = checked(splitbrain, ANY, "--continue", "--no-cone")
    # The epochs give 1 + 4 ways; nobody leads with any of 3 ISRs, or one of 2 leads in 2 of them.
    assert document["initial_states"] == 5 * (3 + 2 * 2)
    assert document["start"]["init"] == "any_sane_state"
    assert verdicts(document) == ["holds", "holds", "violated"]
    text = splitbrain("check", ANY).out
    assert "  from 35 initial states  @init any_sane_state\n" in text
    assert "\n   from\n     leader" in text


def test_the_engines_agree(splitbrain: Splitbrain) -> None:
    wanted = (ANY, "--property", "somebody_is_in_sync")
    explicit, z3 = (
        checked(splitbrain, *wanted),
        checked(splitbrain, *wanted, "--engine", "z3", "--depth", "4"),
    )
    assert verdicts(explicit) == verdicts(z3) == ["violated"]
    assert explicit["properties"][0]["steps"] == z3["properties"][0]["steps"] == 1
    assert z3["initial_states"] is None
    assert z3["start"] == explicit["start"]
    walked = splitbrain("simulate", ANY, "--seed", "1", "--json").json
    RESULT.validate(walked)
    assert walked["initial_states"] == 35
    assert verdicts(walked)[2] == "violated"


def test_what_is_proved_starts_anywhere(splitbrain: Splitbrain) -> None:
    proved = splitbrain("prove", ANY, "--property", "epochs_were_given", "--json").json
    assert proved["properties"][0]["verdict"] == "proved"
    # Not so at the start of all: the invariant is none.
    refuted = splitbrain("prove", ANY, "--property", "somebody_is_in_sync", "--json").json
    assert refuted["properties"][0]["verdict"] == "violated"


def test_invariants_are_assumed(splitbrain: Splitbrain) -> None:
    document = checked(splitbrain, PLAIN, "--assume", "leader_in_isr", "--continue", "--no-cone")
    # Any of 3^3 epochs: nobody leads with any of 4 ISRs, or one of 2 leads in 2 of them.
    assert document["initial_states"] == 27 * 8
    assert document["start"]["assume"] == ["leader_in_isr"]
    assert verdicts(document) == ["holds", "violated", "violated"]
    both = checked(splitbrain, PLAIN, "--assume", "leader_in_isr", "--assume", "epochs_were_given",
                   "--continue", "--no-cone")  # fmt: skip
    assert both["initial_states"] == (1 + 4 + 9) * 8
    assert verdicts(both) == ["holds", "holds", "violated"]


def test_a_file_says_what_is_known(splitbrain: Splitbrain, folder: Path) -> None:
    name = written(folder, {"leader": "b1", "isr": ["b1"], "epoch": 1, "known": {"b1": 1}})
    document = checked(splitbrain, PLAIN, "--from", name, "--continue", "--no-cone")
    # `known[b2]` is left out of a map: it may be anything.
    assert document["initial_states"] == 3
    assert document["start"] == {"init": None, "from": name, "assume": [], "unsolved": None}
    assert first_state(document, "epochs_were_given")["known"] == {"b1": 1, "b2": 2}
    # What is not named begins as the spec says.
    written(folder, {"epoch": 1})
    document = checked(splitbrain, PLAIN, "--from", name, "--continue")
    assert document["initial_states"] == 1
    # With an assumption it is unknown.
    assumed = checked(splitbrain, PLAIN, "--from", name, "--assume", "leader_in_isr", "--no-cone")
    assert assumed["initial_states"] == 9 * 8


def test_a_question_mark_is_unknown(splitbrain: Splitbrain, folder: Path) -> None:
    name = written(folder, {"leader": "?", "known": "?", "epoch": 2})
    document = checked(splitbrain, PLAIN, "--from", name, "--no-cone")
    assert document["initial_states"] == 3 * 9


def test_a_file_and_init_are_both_heeded(splitbrain: Splitbrain, folder: Path) -> None:
    name = written(folder, {"epoch": 1, "isr": ["b2"]})
    document = checked(splitbrain, ANY, "--from", name, "--no-cone")
    assert document["initial_states"] == 4 * 2
    assert (document["start"]["init"], document["start"]["from"]) == ("any_sane_state", name)
    written(folder, {"epoch": 2})
    done = splitbrain("check", ANY, "--from", name)
    assert done.exit == 2
    assert "these exclude each other: epoch in state.json, shrinking.py:5" in done.err


def test_too_many_are_not_searched(splitbrain: Splitbrain) -> None:
    document = checked(splitbrain, ANY, "--max-initial", "34")
    assert (document["exit"], document["stopped"], document["states"]) == (3, "initial states", 0)
    assert document["initial_states"] is None
    assert "more than 34" in document["start"]["unsolved"]
    assert verdicts(document) == ["undetermined"] * 3
    done = splitbrain("check", ANY, "--max-initial", "34")
    assert (done.exit, "more than 34" in done.out) == (3, True)
    assert checked(splitbrain, ANY, "--max-initial", "35")["initial_states"] == 35
    assert Options().most_initial == 100_000


def test_no_initial_state_is_a_mistake(splitbrain: Splitbrain) -> None:
    done = splitbrain("check", "shrinking.py:Contradicting")
    assert done.exit == 2
    assert done.err == (
        "error[S039]: there is no initial state: no state satisfies all that is assumed\n"
        "  shrinking.py:65:16\n"
        "     assume(self.epoch > 1)\n"
        "            ^^^^^^^^^^^^^^\n"
        "  help: these exclude each other: shrinking.py:65:16, shrinking.py:67:16\n"
    )
    for other in (("simulate",), ("prove",), ("check", "--engine", "z3", "--depth", "2")):
        assert splitbrain(other[0], "shrinking.py:Contradicting", *other[1:]).err == done.err


def test_an_assumption_without_value_is_a_mistake(splitbrain: Splitbrain) -> None:
    done = splitbrain("check", "shrinking.py:Partial")
    assert done.exit == 2
    assert "error[S029]: an assumption has no value: " in done.err
    assert "leader = none" in done.err
    assert (
        splitbrain("check", "shrinking.py:Partial", "--engine", "z3", "--depth", "1").err
        == done.err
    )


def test_a_trace_says_where_it_starts(splitbrain: Splitbrain, folder: Path) -> None:
    name = written(folder, {"leader": "b1", "isr": ["b1"], "epoch": 1, "known": {"b1": 2}})
    document = checked(splitbrain, PLAIN, "--from", name, "--property", "epochs_were_given")
    kept = Path(document["properties"][0]["trace_file"])
    TRACE.validate(json.loads(kept.read_text("utf-8")))
    trace = read(kept)
    assert trace.start is not None
    assert (trace.start.init, trace.start.file, trace.start.assumed) == (None, name, ())
    shown = splitbrain("show", str(kept))
    assert "replayed in Python: still violated" in shown.out


def test_show_asks_whether_the_state_is_still_initial(splitbrain: Splitbrain, folder: Path) -> None:
    document = checked(splitbrain, ANY, "--property", "somebody_is_in_sync")
    kept = document["properties"][0]["trace_file"]
    assert "replayed in Python: still violated" in splitbrain("show", kept).out
    spec = folder / "shrinking.py"
    text = spec.read_text("utf-8").replace(
        "assume(self.epoch < 2, len(self.isr) > 0)", "assume(self.epoch == 0, len(self.isr) > 1)"
    )
    spec.write_text(text, encoding="utf-8")
    assert "at the initial state, it is not initial now" in splitbrain("show", kept).out


MISTAKES: list[tuple[object, str]] = [
    ({"leadr": "b1"}, "there is no variable leadr\n  help: did you mean leader?"),
    ({"budget.Crash": 0}, "there is no variable budget.Crash"),
    ({"leader": "b9"}, 'leader: "b9" is not a value: expected "b1", "b2"'),
    ({"epoch": 7}, "epoch: 7 is outside 0..2@Epoch\n  help: give the run a larger scope: --scope"),
    ({"epoch": -1}, "epoch: -1 is outside 0..2@Epoch"),
    ({"epoch": "one"}, 'epoch: "one" is not a value: expected a whole number in 0..2@Epoch'),
    ({"isr": ["b1", "b1"]}, 'isr: ["b1", "b1"] is not a value: expected a list of Broker'),
    ({"isr": ["b1", "?"]}, "isr: of a set all is known, or nothing"),
    ({"known": {"b3": 1}}, "known: b3 is none of its keys: b1, b2"),
    ({"known": [1, 2]}, "known: [1, 2] is no object of its keys: b1, b2"),
    ({"known": {"b1": True}}, "known[b1]: true is not a value"),
    ([], "state.json is no object"),
]


@pytest.mark.parametrize(("values", "said"), MISTAKES)
def test_mistakes_in_a_file(
    splitbrain: Splitbrain, folder: Path, values: object, said: str
) -> None:
    done = splitbrain("check", PLAIN, "--from", written(folder, values))
    assert (done.exit, done.out) == (2, "")
    assert done.err.startswith("error: state.json")
    assert said in done.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"leader": "b1",\n "epoch" 1}', "state.json:2:10: not JSON: Expecting ':' delimiter"),
        ('{"epoch": 1, "epoch": 2}', 'state.json: "epoch" is there twice'),
        ("[" * 100_000, "state.json: nested too deeply"),
    ],
)
def test_files_that_are_not_json(
    splitbrain: Splitbrain, folder: Path, text: str, said: str
) -> None:
    (folder / "state.json").write_text(text, encoding="utf-8")
    done = splitbrain("check", PLAIN, "--from", "state.json")
    assert (done.exit, said in done.err) == (2, True), done.err


def test_other_mistakes(splitbrain: Splitbrain, folder: Path) -> None:
    done = splitbrain("check", PLAIN, "--from", "nowhere.json")
    assert (done.exit, done.err) == (2, "error: there is no file nowhere.json\n")
    (folder / "state.json").write_bytes(b"\xff\xfe")
    assert "it is not text" in splitbrain("check", PLAIN, "--from", "state.json").err
    done = splitbrain("check", PLAIN, "--assume", "leader_in_isrs")
    assert (done.exit, "did you mean leader_in_isr?" in done.err) == (2, True)
    done = splitbrain("check", PLAIN, "--assume", "leader_in_isr", "--audit")
    assert (done.exit, "--audit is about where the spec starts" in done.err) == (2, True)
