"""Ground steps of hand-made actions: exits in order, what vanishes, and what the cone keeps."""

from __future__ import annotations

import linecache
from typing import Any

import pytest

from checker.ground import steps as ground_steps
from checker.ground.errors import GroundError
from checker.ground.ground import ground
from checker.ground.model import ExitKind, GroundModel, GroundStep
from checker.ir import build as b
from checker.ir.expr import NOWHERE, Expr
from checker.ir.model import (
    Action,
    Clause,
    ClauseKind,
    Model,
    Parameter,
    Property,
    PropertyKind,
    Variable,
)
from checker.ir.types import BOOL, IntType, RecordType, SetType, SortType, TupleType, Type
from checker.lang.declare import declare
from checker.lang.lower import lower
from tests.ground.moving import Sharing
from tests.ground.stepping import outcomes

EPOCH = IntType(0, 2, "Epoch")
NODE = SortType("Node", 3, "n")
LOG = TupleType(IntType(0, 3), 2, "Length")
MESSAGE = RecordType("Message", (("node", NODE), ("number", IntType(0, 40))))
NET = SetType(MESSAGE, 3, "Message")


def require(expr: Expr, path: Expr = b.TRUE) -> Clause:
    return Clause(ClauseKind.REQUIRE, path, expr, NOWHERE)


def within(expr: Expr, domain: Type, path: Expr = b.TRUE) -> Clause:
    return Clause(ClauseKind.WITHIN, path, expr, NOWHERE, domain)


def action(name: str, *clauses: Clause, **updates: Expr) -> Action:
    return Action(name, (), clauses, tuple(updates.items()), "", NOWHERE)


def var(name: str, type: Type, initial: Any) -> Variable:
    return b.declare(name, b.const(initial, type), type)


def model(
    variables: list[Variable], actions: list[Action], claims: dict[str, Expr] | None = None
) -> Model:
    properties = tuple(
        Property(name, PropertyKind.INVARIANT, expr, "", NOWHERE)
        for name, expr in (claims or {}).items()
    )
    return Model("hand", {}, {}, tuple(variables), tuple(actions), properties)


def only_step(made: Model) -> GroundStep:
    (step,) = ground(made, cone=False).steps
    return step


def kinds(step: GroundStep) -> list[tuple[ExitKind, str | None]]:
    return [(exit.kind, exit.scope) for exit in step.exits]


EPOCH_VAR = b.variable("epoch", EPOCH)
NEXT_EPOCH = b.add(EPOCH_VAR, b.const(1))
LOG_VAR = b.variable("log", LOG)


def test_a_scope_cuts_and_a_fixed_bound_does_not() -> None:
    bump = action("bump", within(NEXT_EPOCH, EPOCH), epoch=NEXT_EPOCH)
    assert kinds(only_step(model([var("epoch", EPOCH, 0)], [bump]))) == [(ExitKind.CUT, "Epoch")]
    lower = b.sub(EPOCH_VAR, b.const(1))
    drop = action("drop", within(lower, EPOCH), epoch=lower)
    made = model([var("epoch", EPOCH, 0)], [drop])
    assert kinds(only_step(made)) == [(ExitKind.UNDEFINED, None)]


def test_a_guard_makes_a_later_check_vanish() -> None:
    guarded = action(
        "guarded",
        require(b.lt(EPOCH_VAR, b.const(2))),
        within(NEXT_EPOCH, EPOCH),
        epoch=NEXT_EPOCH,
    )
    step = only_step(model([var("epoch", EPOCH, 0)], [guarded]))
    assert kinds(step) == [(ExitKind.DISABLED, None)]


def test_exits_of_one_kind_in_a_row_are_one() -> None:
    flag, other = b.variable("flag", BOOL), b.variable("other", BOOL)
    step = only_step(
        model(
            [var("flag", BOOL, False), var("other", BOOL, False), var("epoch", EPOCH, 0)],
            [
                action(
                    "twice",
                    require(flag),
                    require(other),
                    within(NEXT_EPOCH, EPOCH),
                    require(b.eq(flag, other)),
                    require(b.lt(EPOCH_VAR, b.const(1))),
                    epoch=NEXT_EPOCH,
                )
            ],
        )
    )
    # `flag == other` follows from the guards before it.
    assert kinds(step) == [
        (ExitKind.DISABLED, None),
        (ExitKind.CUT, "Epoch"),
        (ExitKind.DISABLED, None),
    ]


def test_order_of_exits_is_that_of_the_clauses() -> None:
    item = b.index(LOG_VAR, b.const(0))
    read_first = action("a", within(NEXT_EPOCH, EPOCH), require(b.eq(item, b.const(1))))
    cut_later = action("b", require(b.eq(item, b.const(1))), within(NEXT_EPOCH, EPOCH))
    variables = [var("epoch", EPOCH, 0), var("log", LOG, ())]
    one, other = ground(model(variables, [read_first, cut_later]), cone=False).steps
    assert [kind for kind, _ in kinds(one)] == [
        ExitKind.CUT,
        ExitKind.UNDEFINED,
        ExitKind.DISABLED,
    ]
    assert [kind for kind, _ in kinds(other)] == [
        ExitKind.UNDEFINED,
        ExitKind.DISABLED,
        ExitKind.CUT,
    ]


def test_a_step_that_is_never_enabled_vanishes() -> None:
    never = action("never", require(b.lt(b.const(1), b.const(0))), epoch=NEXT_EPOCH)
    impossible = action(
        "impossible",
        require(b.lt(EPOCH_VAR, b.const(1))),
        require(b.lt(b.const(1), EPOCH_VAR)),
        epoch=NEXT_EPOCH,
    )
    assert not ground(model([var("epoch", EPOCH, 0)], [never, impossible]), cone=False).steps


def test_only_what_may_change_is_updated() -> None:
    appended = b.concat(LOG_VAR, b.tuple_(b.const(3)))
    append = action(
        "append",
        require(b.eq(b.length(LOG_VAR), b.const(1))),
        within(appended, LOG),
        log=appended,
        epoch=EPOCH_VAR,
    )
    found = ground(model([var("epoch", EPOCH, 0), var("log", LOG, ())], [append]), cone=False)
    (step,) = found.steps
    assert [found.cells[cell].name for cell, _ in step.updates] == ["len(log)", "log[1]"]


def network() -> Model:
    net = b.variable("net", NET)
    m = b.local("m", MESSAGE)
    rest = b.difference(net, b.set_(m))
    seen = b.field(m, "number")
    receive = Action(
        "receive",
        (Parameter("m", "m", MESSAGE, net),),
        (require(b.contains(net, m)), require(b.lt(b.variable("seen", IntType(0, 40)), seen))),
        (("net", rest), ("seen", seen)),
        "",
        NOWHERE,
    )
    start = frozenset({(0, 7), (2, 7), (1, 40)})
    return model([var("net", NET, start), var("seen", IntType(0, 40), 8)], [receive])


def test_a_drawn_parameter_has_a_step_for_each_slot() -> None:
    found = ground(network(), cone=False)
    assert [step.arguments for step in found.steps] == [(None,), (None,), (None,)]
    assert all(kinds(step) == [(ExitKind.DISABLED, None)] for step in found.steps)
    initial = (frozenset({(0, 7), (2, 7), (1, 40)}), 8)
    assert [taken.after for taken in outcomes(found, initial)] == [
        (frozenset({(0, 7), (2, 7)}), 40)
    ]


def test_what_is_refused_has_a_place() -> None:
    with pytest.raises(GroundError, match="action share: an integer has no bound") as refused:
        ground(lower(declare(Sharing)))
    span = refused.value.span
    assert span is not None
    line = linecache.getline(span.file, span.line)
    assert line[span.column : span.end_column] == "{6 // self.heirs, 1}"


def test_too_many_choices_of_arguments_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ground_steps, "MOST_STEPS", 100)
    parameter = Parameter("m", "m", MESSAGE)
    wide = Action("wide", (parameter,), (), (("epoch", b.const(0)),), "", NOWHERE)
    with pytest.raises(GroundError, match="action wide: it has more than 100 choices"):
        ground(model([var("epoch", EPOCH, 0)], [wide]), cone=False)


X, Y, Z = (b.variable(name, EPOCH) for name in "xyz")


def bump(name: str, *clauses: Clause) -> Action:
    more = b.add(b.variable(name, EPOCH), b.const(1))
    return action(f"bump_{name}", *clauses, within(more, EPOCH), **{name: more})


def kept(*actions: Action) -> GroundModel:
    variables = [var(name, EPOCH, 0) for name in "xyz"]
    return ground(model(variables, list(actions), {"claim": b.lt(X, b.const(3))}), ["claim"])


def test_the_cone_of_a_claim_that_is_always_true_is_nothing() -> None:
    found = kept(bump("x"), bump("y"))
    assert (found.cells, found.steps) == ((), ())
    assert found.dropped_variables == ("x", "y", "z")
    assert found.dropped_actions == ("bump_x", "bump_y")


def claim_on_x(*actions: Action) -> GroundModel:
    variables = [var(name, EPOCH, 0) for name in "xyz"]
    return ground(model(variables, list(actions), {"claim": b.lt(X, b.const(2))}))


def test_the_cone_follows_guards_of_steps_that_change_it() -> None:
    found = claim_on_x(bump("x", require(b.lt(Y, b.const(1)))), bump("y"), bump("z"))
    assert [cell.name for cell in found.cells] == ["x", "y"]
    assert [step.action for step in found.steps] == ["bump_x", "bump_y"]
    assert (found.dropped_variables, found.dropped_actions) == (("z",), ("bump_z",))
    assert found.codec.to_cells((1, 2, 0)) == (1, 2)
    assert found.codec.to_state((1, 2)) == (1, 2, 0)


def test_a_step_that_may_be_undefined_is_in_every_cone() -> None:
    division = b.floordiv(b.const(1), Z)
    found = claim_on_x(bump("x"), bump("y", require(b.eq(division, b.const(1)))), bump("z"))
    assert [step.action for step in found.steps] == ["bump_x", "bump_y", "bump_z"]
    undefined = found.steps[1]
    # Whether it would be cut after that makes no difference: `y` matters to nothing.
    assert (kinds(undefined), undefined.updates) == ([(ExitKind.UNDEFINED, None)], ())
    assert [cell.name for cell in found.cells] == ["x", "z"]


def test_what_is_always_cut_is_kept_and_counted() -> None:
    """A budget of 0 is no reason to say that the properties do not depend on the fault."""
    spent = IntType(0, 0, "Fault")
    one_more = b.add(b.variable("budget", spent), b.const(1))
    fault = action("fault", require(b.lt(Y, b.const(1))), within(one_more, spent), x=b.const(0))
    far = action("far", within(one_more, spent), z=b.const(0))
    variables = [*(var(name, EPOCH, 0) for name in "xyz"), var("budget", spent, 0)]
    claim = {"claim": b.lt(X, b.const(2))}
    found = ground(model(variables, [bump("x"), fault, far, bump("z")], claim))
    assert [step.action for step in found.steps] == ["bump_x", "fault"]
    assert kinds(found.steps[1]) == [(ExitKind.DISABLED, None), (ExitKind.CUT, "Fault")]
    assert found.steps[1].updates == ()
    assert found.scopes == ("Epoch", "Fault")
    assert found.dropped_actions == ("far", "bump_z")
