"""Export to TLA+: what is written parses, keeps its names, and means the same to TLC.

TLC runs where `SPLITBRAIN_TLC_JAR` names a `tla2tools.jar` (or a class path); else its tests are
skipped.
"""

from __future__ import annotations

import os
import re
import subprocess
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import tree_sitter_tlaplus
from tree_sitter import Language, Parser

from checker.check import Options, check
from checker.cli.main import run
from checker.cli.run_export import Request, exported
from checker.export.names import Names, legal
from checker.export.tla import ROWS, TlaFiles
from checker.ir.expr import Expr, postorder
from checker.ir.ops import Op
from checker.lang.load import catalogue, load
from checker.prepare import prepare

HERE = Path(__file__).parent
CORNERS = str(HERE / "corners.py")
JAR = os.environ.get("SPLITBRAIN_TLC_JAR")

SMALL: Mapping[str, Mapping[str, int]] = {
    "toys.two_phase_commit": {},
    "toys.die_hard": {},
    "toys.peterson": {},
    "toys.token_ring": {},
    "published.kip320": {"Replica": 2},
    "published.kip101": {"Replica": 2, "Epoch": 2},
    "published.async_isr": {},
    "published.finite_replicated_log": {},
    "mm2_accuracy": {},
    "mm2_group_sync": {},
    "transactions": {},
    "quorum_election": {"Voter": 2},
    "isr": {"Broker": 2},
    CORNERS: {"Number": 1},
}
"""Scopes that TLC finishes in seconds."""


def export(spec: str, scope: Mapping[str, int] | None = None) -> TlaFiles:
    chosen = [f"{name}={size}" for name, size in (scope or {}).items()]
    return exported(Request(spec, "tla", (), chosen, (), Path()))


def mistakes(module: str) -> list[str]:
    """The lines that a parser of TLA+ does not understand."""
    with warnings.catch_warnings():
        # The package of the grammar hands it over in the old way.
        warnings.simplefilter("ignore", DeprecationWarning)
        grammar = Language(tree_sitter_tlaplus.language())
    root = Parser(grammar).parse(module.encode()).root_node
    stack, found = [root], []
    while stack:
        node = stack.pop()
        if node.is_error or node.is_missing:
            found.append(module.splitlines()[node.start_point[0]])
        stack.extend(node.children)
    return found


def every_expression(spec: str) -> Iterator[Expr]:
    model = prepare(load(spec), {}, {}).model
    clauses = [clause for action in model.actions for clause in action.clauses]
    updates = [value for action in model.actions for _, value in action.updates]
    roots = [*(clause.expr for clause in clauses), *(clause.path for clause in clauses), *updates]
    roots += [variable.initial for variable in model.variables]
    return postorder((*roots, *(judged.expr for judged in model.properties)))


def test_there_is_a_row_for_every_operator() -> None:
    assert set(ROWS) == set(Op)


def test_the_corners_use_all_operators() -> None:
    used = {expr.op for expr in every_expression(CORNERS)}
    assert set(Op) - used == set()


@pytest.mark.parametrize("spec", [*catalogue(), CORNERS])
def test_what_is_written_is_tla(spec: str) -> None:
    assert mistakes(export(spec).module) == []


@pytest.mark.parametrize(
    ("right", "wrong"), [("/\\ hw' =", "/\\ hw' = ="), ("EXTENDS", "EXTENDING"), ("\\in", "\\ni")]
)
def test_the_parser_finds_mistakes(right: str, wrong: str) -> None:
    module = export("published.kip320").module
    assert right in module
    assert mistakes(module.replace(right, wrong, 1))


@pytest.mark.parametrize("spec", ["toys.two_phase_commit", "published.kip320", CORNERS])
def test_module_and_configuration(spec: str) -> None:
    files = export(spec)
    # The version in the heading is not what this is about.
    module = re.sub(r"splitbrain \S+ from", "splitbrain VERSION from", files.module)
    kept = HERE / "golden" / files.name
    assert module == kept.with_suffix(".tla").read_text(encoding="utf-8")
    assert files.config == kept.with_suffix(".cfg").read_text(encoding="utf-8")


def test_no_line_is_long() -> None:
    """But for heads, which are not broken."""
    lines = export("published.kip320").module.splitlines()
    assert max(map(len, lines)) <= 100


def test_helpers_and_locals_keep_their_names() -> None:
    module = export("published.kip320").module
    assert "is_true_leader(replica) ==" in module
    assert "/\\ is_true_leader(leader_)" in module
    assert "record == [id |-> next_record, epoch |-> epoch[leader_]]" in module
    assert "(* Whether the replica believes that it leads. *)" in module


def test_nothing_in_a_comment_ends_it() -> None:
    assert "from all sides ( * even this one * ).\n" in export(CORNERS).module


def test_names_are_legal_and_of_one_thing() -> None:
    names = Names(["leader"])
    assert names.give("leader") == "leader_"
    assert names.give("leader") == "leader__"
    assert names.give("budget.Election") == "budget_Election"
    assert names.give("Len") == "Len_"
    assert legal("WF_x") == "n_WF_x"
    assert legal("über") == "_ber"


def test_the_command_writes_both_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--to", "tla", "--scope", "Replica=2", "--property", "weak_isr"]
    assert run(["export", "published.kip320", *arguments, "--out", str(tmp_path / "new")]) == 0
    assert "Kip320.tla" in capsys.readouterr().out
    assert "strong_isr" not in (tmp_path / "new/Kip320.tla").read_text(encoding="utf-8")
    config = (tmp_path / "new/Kip320.cfg").read_text(encoding="utf-8")
    assert config.splitlines()[:2] == ["SPECIFICATION Spec", "CHECK_DEADLOCK FALSE"]
    assert "  weak_isr" in config.splitlines()


def test_a_sweep_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", "published.kip320", "--to", "tla", "--scope", "Epoch=1..2"]) == 2
    assert "give Epoch one value" in capsys.readouterr().err


@pytest.mark.skipif(JAR is None, reason="SPLITBRAIN_TLC_JAR names no tla2tools.jar")
@pytest.mark.parametrize("spec", SMALL)
def test_tlc_finds_the_same_states(spec: str, tmp_path: Path) -> None:
    files = export(spec, SMALL[spec])
    (tmp_path / f"{files.name}.tla").write_text(files.module, encoding="utf-8")
    (tmp_path / f"{files.name}.cfg").write_text(files.config, encoding="utf-8")
    command = ["java", "-cp", str(JAR), "tlc2.TLC", "-continue", "-workers", "1", files.name]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stdout
    result = check(load(spec), {}, SMALL[spec], Options(cone=False, go_on=True))
    distinct = re.search(r"(\d+) distinct states found, 0 states left", told)
    depth = re.search(r"depth of the complete state graph search is (\d+)", told)
    assert distinct, told[-2000:]
    assert depth, told[-2000:]
    # TLC counts the states on the longest path, we count its steps.
    assert (int(distinct[1]), int(depth[1]) - 1) == (result.states, result.level)
