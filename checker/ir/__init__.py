"""The middle: types, one closed table of operators, expressions and models.

Architecture invariant: this package imports nothing of ours. Everything else speaks through it.
"""

from checker.ir.bounds import is_bounded
from checker.ir.expr import NOWHERE, Binders, Expr, Generator, Span, Value, node, postorder
from checker.ir.model import (
    Action,
    Clause,
    ClauseKind,
    Init,
    Model,
    Parameter,
    Property,
    PropertyKind,
    Variable,
)
from checker.ir.ops import BINDERS, TABLE, Op
from checker.ir.printer import print_clause, print_expr, print_model
from checker.ir.sanity_check import sanity_check
from checker.ir.types import (
    BOOL,
    INT,
    BoolType,
    EnumType,
    IntType,
    MapType,
    OptionType,
    RecordType,
    SetType,
    SortType,
    TupleType,
    Type,
    compatible,
    join,
)
from checker.ir.values import State, members, show

__all__ = [
    "BINDERS",
    "BOOL",
    "INT",
    "NOWHERE",
    "TABLE",
    "Action",
    "Binders",
    "BoolType",
    "Clause",
    "ClauseKind",
    "EnumType",
    "Expr",
    "Generator",
    "Init",
    "IntType",
    "MapType",
    "Model",
    "Op",
    "OptionType",
    "Parameter",
    "Property",
    "PropertyKind",
    "RecordType",
    "SetType",
    "SortType",
    "Span",
    "State",
    "TupleType",
    "Type",
    "Value",
    "Variable",
    "compatible",
    "is_bounded",
    "join",
    "members",
    "node",
    "postorder",
    "print_clause",
    "print_expr",
    "print_model",
    "sanity_check",
    "show",
]
