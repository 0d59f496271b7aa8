"""The printed form: a golden, stable under everything but the structure."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given

from checker.ir import build as b
from checker.ir.expr import NOWHERE, Expr, postorder
from checker.ir.model import Action, Clause, ClauseKind, Model, Parameter, Property, PropertyKind
from checker.ir.printer import WIDTH, print_clause, print_expr, print_model
from checker.ir.sanity_check import roots, sanity_check
from checker.ir.types import (
    BOOL,
    EnumType,
    IntType,
    MapType,
    OptionType,
    SetType,
    SortType,
    TupleType,
)
from tests.random_models import lively_model, models

REPLICA = SortType("Replica", 3, "r")
MODE = EnumType("Mode", ("FOLLOWER", "LEADER"))
EPOCH = IntType(0, 2, "Epoch")
ENTRY = b.record("Entry", id=b.variable("i", IntType(0, 1)), epoch=b.variable("e", EPOCH)).type
LOG = TupleType(ENTRY, 2, "LogSize")
logs = b.variable("log", MapType(REPLICA, LOG))
isr = b.variable("isr", SetType(REPLICA))
follower, leader = b.local("follower", REPLICA), b.local("leader", REPLICA)
end = b.length(b.select(logs, follower))
entry = b.index(b.select(logs, leader), end)
new_log = b.concat(b.select(logs, follower), b.tuple_(entry))
in_isr = b.each("r", isr)
positions = b.each("i", b.range_(b.const(0), end))
ENTRIES = b.each("e", b.const((), LOG), b.lt(b.field(b.local("e", ENTRY), "epoch"), b.const(2)))


def clause(kind: ClauseKind, expr: Expr, domain: object = None, path: Expr = b.TRUE) -> Clause:
    return Clause(kind, path, expr, NOWHERE, domain)  # type: ignore[arg-type]


def fetching() -> Model:
    """A little of everything, as a protocol would say it."""
    longer = b.lt(end, b.length(b.select(logs, leader)))
    fetch = Action(
        "fetch",
        (Parameter("follower", "follower", REPLICA), Parameter("leader", "leader", REPLICA, isr)),
        (
            clause(ClauseKind.REQUIRE, b.contains(isr, leader)),
            clause(ClauseKind.REQUIRE, longer),
            clause(ClauseKind.DEFINED, entry, path=longer),
            clause(ClauseKind.WITHIN, new_log, LOG, b.and_(longer, b.not_(b.eq(leader, follower)))),
        ),
        (("log", b.store(logs, follower, b.ite(longer, new_log, b.select(logs, follower)))),),
        "",
        NOWHERE,
        "Fetch",
    )
    grows = b.all_(
        b.le(
            b.length(b.select(logs, b.bound(in_isr))),
            b.length(b.select(b.next_("log", logs.type), b.bound(in_isr))),
        ),
        in_isr,
    )
    latest = b.greatest(b.field(b.local("e", ENTRY), "epoch"), ENTRIES, default=b.const(-1))
    return Model(
        "fetching",
        {"truncation": "leader_epoch"},
        {"Replica": 3, "Epoch": 2},
        (
            b.declare("log", b.map_of("each", REPLICA, b.const((), LOG)), logs.type),
            b.declare("isr", b.const(frozenset({0, 2}), isr.type)),
            b.declare("leader", b.none(REPLICA)),
            b.declare("mode", b.const(1, MODE)),
        ),
        (fetch, Action("idle", (), (), (), "", NOWHERE)),
        (
            Property("always", PropertyKind.INVARIANT, b.le(b.const(-1), latest), "", NOWHERE),
            Property("grows", PropertyKind.STEP_INVARIANT, grows, "", NOWHERE),
            Property("never", PropertyKind.REACHABLE, b.FALSE, "", NOWHERE),
        ),
    )


def test_the_golden_model(golden: Callable[[str, str], None]) -> None:
    model = fetching()
    sanity_check(model)
    golden("fetching.txt", print_model(model))


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        (b.TRUE, "true"),
        (b.const(-3), "-3"),
        (b.const(1, REPLICA), "'r2"),
        (b.const(1, MODE), "'leader"),
        (b.none(BOOL), "'none"),
        (b.const(None, OptionType(REPLICA)), "'none"),
        (isr, "isr"),
        (b.next_("isr", isr.type), "isr'"),
        (follower, "?follower"),
        (b.and_(), "(and)"),
        (b.domain(REPLICA), "(domain Replica)"),
        (entry, "(index (select log ?leader) (length (select log ?follower)))"),
        (b.field(entry, "epoch"), f"(field epoch {print_expr(entry)})"),
        (b.record("Pair", a=b.TRUE), "(record Pair true)"),
        (b.any_(b.TRUE, in_isr, positions),
         "(any (?r isr) (?i (range 0 (length (select log ?follower)))) true)"),
        (b.first(b.bound(in_isr), in_isr), "(first (?r isr) ?r)"),
        (b.sum_(b.const(1), b.each("r", isr, b.FALSE)), "(sum (?r isr :if false) 1)"),
        (b.least(b.const(1), in_isr, default=b.const(0)), "(least (?r isr) 1 :default 0)"),
        (b.map_of("k", REPLICA, b.TRUE), "(map_of (?k Replica) true)"),
    ],
)  # fmt: skip
def test_an_expression(expr: Expr, text: str) -> None:
    assert print_expr(expr) == text


def test_a_clause_shows_its_domain_and_its_path() -> None:
    text = print_clause(clause(ClauseKind.WITHIN, b.const(3), EPOCH, b.FALSE))
    assert text == "(within 3 :in 0..2@Epoch :when false)"


@given(models())
def test_printing_is_balanced_narrow_and_repeatable(model: Model) -> None:
    text = print_model(model)
    assert text == print_model(model)
    for line in text.splitlines():
        # Only a constant or a type that is too long by itself, or nesting that leaves no room, is.
        indent = len(line) - len(line.lstrip())
        assert len(line) <= WIDTH or "'" in line or indent > WIDTH // 2, line
    depth = 0
    for character in text:
        # The text of a record's value has brackets of its own, in pairs too.
        depth += (character == "(") - (character == ")")
        assert depth >= 0
    assert depth == 0


def test_different_expressions_print_differently() -> None:
    """But for what a type alone tells apart, and that is no part of the text."""
    texts: dict[str, Expr] = {}
    model = lively_model(0)
    for expr in postorder(tuple(root for root, _ in roots(model))):
        if expr.args:
            first = texts.setdefault(print_expr(expr), expr)
            assert (first.op, len(first.args)) == (expr.op, len(expr.args))


def test_text_does_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    program = (
        "from tests.random_models import lively_model\n"
        "from checker.ir.printer import print_model\n"
        "print(print_model(lively_model(17)))\n"
    )
    texts = [
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=Path(__file__).parent.parent.parent,
            env={"PYTHONHASHSEED": seed, "PATH": "", "PYTHONUTF8": "1"},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert texts[0] == texts[1]
    assert len(texts[0]) > 100
