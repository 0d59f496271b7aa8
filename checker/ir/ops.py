"""The one closed table of operators. Every backend has a row for each, and a test says so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Op(Enum):
    """An operator of the middle language; `TABLE` says what each one means."""

    CONST = auto()
    VARIABLE = auto()
    NEXT = auto()
    LOCAL = auto()
    NOT = auto()
    AND = auto()
    OR = auto()
    ITE = auto()
    EQ = auto()
    LT = auto()
    LE = auto()
    NEG = auto()
    ADD = auto()
    SUB = auto()
    MUL = auto()
    FLOORDIV = auto()
    MOD = auto()
    MIN = auto()
    MAX = auto()
    SOME = auto()
    IS_SOME = auto()
    UNWRAP = auto()
    RECORD = auto()
    FIELD = auto()
    TUPLE = auto()
    LENGTH = auto()
    INDEX = auto()
    SLICE = auto()
    CONCAT = auto()
    RANGE = auto()
    DOMAIN = auto()
    SET = auto()
    SIZE = auto()
    CONTAINS = auto()
    UNION = auto()
    INTERSECTION = auto()
    DIFFERENCE = auto()
    SUBSET = auto()
    SELECT = auto()
    STORE = auto()
    ALL = auto()
    ANY = auto()
    SUM = auto()
    LEAST = auto()
    GREATEST = auto()
    FIRST = auto()
    SET_OF = auto()
    TUPLE_OF = auto()
    MAP_OF = auto()


@dataclass(frozen=True, slots=True)
class OpInfo:
    """One row: how many arguments (`None`: any number), what it means, when it is undefined."""

    arity: int | None
    meaning: str
    undefined: str = ""
    binder: bool = False


TABLE: dict[Op, OpInfo] = {
    Op.CONST: OpInfo(0, "the value `data`"),
    Op.VARIABLE: OpInfo(0, "the variable `data` in the state (before a step)"),
    Op.NEXT: OpInfo(0, "the variable `data` in the state after a step; step invariants only"),
    Op.LOCAL: OpInfo(0, "the parameter or bound name `data`"),
    Op.NOT: OpInfo(1, "not a"),
    Op.AND: OpInfo(None, "all of them, left to right, stopping at the first false"),
    Op.OR: OpInfo(None, "any of them, left to right, stopping at the first true"),
    Op.ITE: OpInfo(3, "b if a else c; only the chosen one is evaluated"),
    Op.EQ: OpInfo(2, "a == b, for values of compatible types"),
    Op.LT: OpInfo(2, "a < b, integers"),
    Op.LE: OpInfo(2, "a <= b, integers"),
    Op.NEG: OpInfo(1, "-a"),
    Op.ADD: OpInfo(2, "a + b"),
    Op.SUB: OpInfo(2, "a - b"),
    Op.MUL: OpInfo(2, "a * b"),
    Op.FLOORDIV: OpInfo(2, "a // b, rounded down", "b is 0"),
    Op.MOD: OpInfo(2, "a % b, with the sign of b", "b is 0"),
    Op.MIN: OpInfo(None, "the least of one or more integers"),
    Op.MAX: OpInfo(None, "the greatest of one or more integers"),
    Op.SOME: OpInfo(1, "a as an optional value"),
    Op.IS_SOME: OpInfo(1, "a is not None"),
    Op.UNWRAP: OpInfo(1, "the value of the optional a", "a is None"),
    Op.RECORD: OpInfo(None, "a record of the node's type from its fields in order"),
    Op.FIELD: OpInfo(1, "the field `data` of a"),
    Op.TUPLE: OpInfo(None, "the tuple of the arguments"),
    Op.LENGTH: OpInfo(1, "the length of the tuple a"),
    Op.INDEX: OpInfo(2, "a[b]; a negative b counts from the end", "b < -len(a) or b >= len(a)"),
    Op.SLICE: OpInfo(3, "a[b:c] with Python's clamping; an absent bound is the constant None"),
    Op.CONCAT: OpInfo(2, "the tuple a followed by the tuple b"),
    Op.RANGE: OpInfo(2, "the tuple of the integers from a up to but not including b"),
    Op.DOMAIN: OpInfo(0, "the tuple of all members of the type `data`, in order"),
    Op.SET: OpInfo(None, "the set of the arguments"),
    Op.SIZE: OpInfo(1, "the number of members of the set a"),
    Op.CONTAINS: OpInfo(2, "whether the set or tuple a contains b"),
    Op.UNION: OpInfo(2, "a | b"),
    Op.INTERSECTION: OpInfo(2, "a & b"),
    Op.DIFFERENCE: OpInfo(2, "a - b"),
    Op.SUBSET: OpInfo(2, "a <= b, for sets"),
    Op.SELECT: OpInfo(2, "the value of the map a at key b", "b is not in the key domain"),
    Op.STORE: OpInfo(3, "the map a with c at key b", "b is not in the key domain"),
    Op.ALL: OpInfo(None, "body holds for all, stopping at the first false", binder=True),
    Op.ANY: OpInfo(None, "body holds for any, stopping at the first true", binder=True),
    Op.SUM: OpInfo(None, "the sum of the bodies", binder=True),
    Op.LEAST: OpInfo(None, "the least body, or the default", "no body and no default", binder=True),
    Op.GREATEST: OpInfo(
        None, "the greatest body, or the default", "no body and no default", binder=True
    ),
    Op.FIRST: OpInfo(
        None, "the first body in order, or the default", "no body and no default", binder=True
    ),
    Op.SET_OF: OpInfo(None, "the set of the bodies", binder=True),
    Op.TUPLE_OF: OpInfo(None, "the tuple of the bodies, in order", binder=True),
    Op.MAP_OF: OpInfo(1, "the map with body for every key", binder=True),
}

BINDERS = frozenset(op for op, info in TABLE.items() if info.binder)
