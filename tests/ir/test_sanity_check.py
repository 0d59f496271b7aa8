"""The verifier refuses nonsense, and says which; what is sound, the random models show."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from checker.ir import build as b
from checker.ir.expr import NOWHERE, Binders, Expr, Span, node
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
from checker.ir.ops import Op
from checker.ir.rules import RULES, check_type, is_value
from checker.ir.sanity_check import sanity_check
from checker.ir.types import (
    BOOL,
    INT,
    EnumType,
    IntType,
    MapType,
    OptionType,
    RecordType,
    SetType,
    SortType,
    TupleType,
    Type,
)

DIGIT = IntType(0, 9)
REPLICA = SortType("Replica", 3, "r")
n = b.variable("n", DIGIT)
log = b.variable("log", TupleType(DIGIT, 2))
isr = b.variable("isr", SetType(REPLICA))
hw = b.variable("hw", MapType(REPLICA, DIGIT))
p = b.local("p", REPLICA)
DRAWN_LATER = Parameter("q", "q", REPLICA, b.set_(p))
VARIABLES = (
    b.declare("n", b.const(0), DIGIT),
    b.declare("log", b.const((), log.type), log.type),
    b.declare("isr", b.const(frozenset(), isr.type), isr.type),
    b.declare("hw", b.const((0, 0, 0), hw.type), hw.type),
)
ACTION = Action("step", (Parameter("p", "p", REPLICA),), (), (), "", NOWHERE)
PROPERTY = Property("fine", PropertyKind.INVARIANT, b.TRUE, "", NOWHERE)
MODEL = Model("model", {}, {}, VARIABLES, (ACTION,), (PROPERTY,))


def having(expr: Expr, kind: PropertyKind = PropertyKind.INVARIANT) -> Model:
    """A model in which this expression is a property."""
    return replace(MODEL, properties=(replace(PROPERTY, kind=kind, expr=expr),))


def doing(
    *clauses: Clause,
    updates: tuple[tuple[str, Expr], ...] = (),
    parameters: tuple[Parameter, ...] = ACTION.parameters,
) -> Model:
    """A model with an action of these clauses and updates."""
    action = replace(ACTION, clauses=clauses, updates=updates, parameters=parameters)
    return replace(MODEL, actions=(action,))


def clause(kind: ClauseKind, expr: Expr, domain: Type | None = None, path: Expr = b.TRUE) -> Clause:
    return Clause(kind, path, expr, NOWHERE, domain)


def variable(type: Type, initial: Expr) -> Model:
    return replace(MODEL, variables=(*VARIABLES, Variable("x", type, initial, "", NOWHERE)))


def raw(op: Op, *args: Expr, type: Type = BOOL, data: object = None) -> Model:
    """A model with a node that `build` would not make; as a Boolean if it is none."""
    made = node(op, args, type, data)  # type: ignore[arg-type]
    return having(made if type == BOOL else b.eq(made, made))


x = b.each("x", log)
use_x = b.eq(b.bound(x), b.const(1))
next_n = b.next_("n", DIGIT)

BROKEN: dict[str, tuple[Model, str]] = {
    "not_int": (having(b.not_(n)), "not of 0..9, not bool:\n(not n)"),
    "add_bool": (raw(Op.ADD, n, b.TRUE, type=INT), "add of bool, not int:\n(add n true)"),
    "less_sorts": (doing(clause(ClauseKind.REQUIRE, b.lt(p, p))), "lt of Replica, not int"),
    "equal_kinds": (having(b.eq(n, isr)), "eq of 0..9, not {Replica}"),
    "if_kinds": (raw(Op.ITE, b.TRUE, n, isr, type=DIGIT), "ite of {Replica}, not 0..9"),
    "wrong_result": (raw(Op.ADD, n, n), "add is int, not bool:\n(add n n)"),
    "and_result": (raw(Op.AND, b.TRUE, type=INT), "and is bool, not int:\n(and true)"),
    "min_of_nothing": (raw(Op.MIN, type=INT), "min of nothing:\n(min)"),
    "nested_option": (having(b.is_some(node(Op.SOME, (b.some(n),), OptionType(OptionType(INT))))),
                      "some of 0..9?"),
    "unwrap": (raw(Op.UNWRAP, n, type=INT), "unwrap of 0..9:\n(unwrap n)"),
    "field": (raw(Op.FIELD, b.record("R", a=n), type=INT, data="b"), "R has no field b"),
    "field_of_int": (raw(Op.FIELD, n, type=INT, data="b"), "field of 0..9"),
    "record_arity": (raw(Op.RECORD, type=RecordType("R", (("a", INT),))), "0 fields of R"),
    "record_type": (raw(Op.RECORD, n, type=INT), "record of type int"),
    "length_of_set": (raw(Op.LENGTH, isr, type=INT), "length of {Replica}:\n(length isr)"),
    "size_of_tuple": (raw(Op.SIZE, log, type=INT), "size of ⟨0..9⟩≤2:\n(size log)"),
    "index_by_sort": (raw(Op.INDEX, log, b.const(0, REPLICA), type=DIGIT), "index of Replica"),
    "slice_of_set": (raw(Op.SLICE, isr, n, n, type=isr.type), "slice of {Replica}"),
    "slice_bound": (raw(Op.SLICE, log, b.TRUE, n, type=log.type), "slice of bool, not int"),
    "set_literal": (raw(Op.SET, n, b.TRUE, type=SetType(INT)), "set of bool, not int"),
    "contains": (having(b.contains(isr, n)), "contains of 0..9, not Replica"),
    "subset": (having(b.subset(isr, log)), "subset of ⟨0..9⟩≤2, not {Replica}"),
    "select_key": (raw(Op.SELECT, hw, n, type=DIGIT), "select of 0..9, not Replica"),
    "select_of_set": (raw(Op.SELECT, isr, n, type=DIGIT), "select of {Replica}"),
    "domain": (raw(Op.DOMAIN, type=TupleType(INT, None), data=INT), "without a bound: int"),
    "constant": (having(node(Op.CONST, (), BOOL, 1)), "1 is no value of bool"),
    "no_name": (raw(Op.VARIABLE, type=INT, data=3), "variable of 3, not a name"),
    "unknown": (having(b.variable("m", BOOL)), "m is no variable:\nm"),
    "retyped": (having(b.variable("n", BOOL)), "n is 0..9, not bool:\nn"),
    "next_in_invariant": (having(b.eq(n, next_n)), "only a step invariant reads the state after"),
    "next_in_clause": (doing(clause(ClauseKind.REQUIRE, b.eq(n, next_n))), "only a step invariant"),
    "unbound": (having(b.all_(b.eq(b.local("y", DIGIT), n), x)), "?y is not bound"),
    "default_unbound": (having(b.eq(n, b.least(n, x, default=b.bound(x)))), "?x is not bound"),
    "source_unbound": (having(b.all_(use_x, b.each("y", b.tuple_(b.bound(x))), x)),
                       "?x is not bound"),
    "parameter_type": (doing(clause(ClauseKind.REQUIRE, b.eq(b.local("p", DIGIT), n))),
                       "?p is Replica, used as 0..9"),
    "local_two_types": (having(b.all_(b.and_(use_x, b.local("x", BOOL)), x)), "?x is used as 0..9"),
    "local_type": (having(b.all_(b.local("x", BOOL), x)), "?x is bound as 0..9 and used as bool"),
    "bound_twice": (having(b.and_(b.all_(use_x, x), b.any_(use_x, x))), "?x is bound twice"),
    "shadows": (having(b.all_(b.TRUE, b.each("p", isr))), "?p is a parameter and bound again"),
    "no_binders": (raw(Op.ALL, b.TRUE), "all without bound names"),
    "condition": (having(b.all_(b.TRUE, b.each("x", log, n))), "all of 0..9, not bool"),
    "source": (raw(Op.ALL, n, b.TRUE, b.TRUE, data=Binders(("x",), (INT,))), "all of 0..9"),
    "source_type": (raw(Op.ALL, log, b.TRUE, b.TRUE, data=Binders(("x",), (BOOL,))),
                    "?x goes through 0..9"),
    "parts": (raw(Op.ALL, log, b.TRUE, data=Binders(("x",), (INT,))), "2 parts of a binder"),
    "all_default": (raw(Op.ALL, log, b.TRUE, b.TRUE, b.TRUE, data=Binders(("x",), (INT,), True)),
                    "all has no default"),
    "least_of_sort": (raw(Op.LEAST, isr, b.TRUE, b.const(0, REPLICA), type=REPLICA,
                          data=Binders(("x",), (REPLICA,))), "least of Replica, not int"),
    "property": (having(n), "property fine is 0..9, not bool:\nn"),
    "require": (doing(clause(ClauseKind.REQUIRE, n)), "what a clause requires is 0..9, not bool"),
    "path": (doing(clause(ClauseKind.DEFINED, n, path=n)), "the path of a clause is 0..9"),
    "no_domain": (doing(clause(ClauseKind.WITHIN, n)), "always: (within n)"),
    "domain_of_require": (doing(clause(ClauseKind.REQUIRE, b.TRUE, BOOL)),
                          "only `within` has a domain, and always: (require true :in bool)"),
    "domain_kind": (doing(clause(ClauseKind.WITHIN, n, BOOL)), "keeps within is 0..9, not bool"),
    "update_twice": (doing(updates=(("n", n), ("n", n))), "step updates a variable twice"),
    "update_unknown": (doing(updates=(("m", n),)), "step updates m, which is no variable"),
    "update_kind": (doing(updates=(("n", log),)), "the update of n is ⟨0..9⟩≤2, not 0..9"),
    "no_bound": (variable(INT, b.const(0)), "variable x has no bound: int"),
    "long_tuple": (variable(TupleType(DIGIT, None), b.tuple_(of=DIGIT)), "variable x has no bound"),
    "initial_kind": (variable(DIGIT, b.TRUE), "the initial value of x is bool, not 0..9"),
    "initial_reads": (variable(DIGIT, n), "the initial value of x reads the state"),
    "initial_local": (variable(REPLICA, p), "?p is not bound"),
    "same_variable": (variable(DIGIT, n).__class__("m", {}, {}, (*VARIABLES, VARIABLES[0]), (), ()),
                      "a name is declared twice in ['n', 'log', 'isr', 'hw', 'n']"),
    "same_action": (replace(MODEL, actions=(ACTION, ACTION)), "declared twice in ['step', 'step']"),
    "same_parameter": (doing(parameters=ACTION.parameters * 2), "?p is bound twice"),
    "parameter_bound": (doing(parameters=(Parameter("q", "q", INT),)), "q of step has no bound"),
    "drawn_kind": (doing(parameters=(Parameter("q", "q", DIGIT, isr),)), "source of parameter q"),
    "drawn_later": (doing(parameters=(DRAWN_LATER, ACTION.parameters[0])),
                    "?p is not bound"),
}  # fmt: skip


def test_the_base_of_the_broken_models_is_sound() -> None:
    sanity_check(MODEL)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_model_is_refused(name: str) -> None:
    model, message = BROKEN[name]
    with pytest.raises(AssertionError, match=re.escape(message)):
        sanity_check(model)


def test_next_may_stand_in_a_step_invariant() -> None:
    sanity_check(having(b.le(n, next_n), PropertyKind.STEP_INVARIANT))


def test_the_same_binder_may_stand_in_two_places() -> None:
    quantified = b.all_(use_x, x)
    sanity_check(having(b.or_(quantified, b.not_(quantified))))


def test_the_message_names_the_place() -> None:
    wrong = node(Op.NOT, (b.const(12_345),), BOOL, None, Span("spec.py", 7, 4, 7, 9))
    with pytest.raises(AssertionError, match=r"\(spec\.py:7:5\)"):
        sanity_check(having(wrong))


def test_every_operator_has_a_rule() -> None:
    assert set(RULES) == set(Op)


@pytest.mark.parametrize(
    ("type", "message"),
    [
        (IntType(1, 0), "an empty interval"),
        (EnumType("E", ()), "members"),
        (EnumType("E", ("A", "A")), "members"),
        (SortType("S", -1, "s"), "a sort of size -1"),
        (OptionType(OptionType(BOOL)), "an optional of an optional"),
        (RecordType("R", (("a", INT), ("a", INT))), "fields"),
        (RecordType("R", (("a", IntType(1, 0)),)), "an empty interval"),
        (TupleType(BOOL, -1), "a bound of -1"),
        (SetType(BOOL, -1), "a bound of -1"),
        (MapType(INT, BOOL), "no bound"),
        (MapType(BOOL, IntType(1, 0)), "an empty interval"),
    ],
)
def test_a_type_that_makes_no_sense_is_refused(type: Type, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        check_type(type)


@pytest.mark.parametrize(
    ("type", "good", "bad"),
    [
        (BOOL, True, 1),
        (INT, 1, True),
        (REPLICA, 2, 3),
        (EnumType("E", ("A",)), 0, 1),
        (OptionType(INT), None, False),
        (SetType(INT), frozenset({1}), (1,)),
        (TupleType(INT, 1), (1, 2), (True,)),
        (RecordType("R", (("a", INT),)), (1,), (1, 2)),
        (MapType(BOOL, INT), (1, 2), (1,)),
    ],
)
def test_a_value_has_the_form_of_its_type(type: Type, good: object, bad: object) -> None:
    assert is_value(type, good)
    assert not is_value(type, bad)
