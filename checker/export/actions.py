"""Actions in TLA+: what a step requires, and what it changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from checker.export.sets import number
from checker.export.sharing import let
from checker.export.text import Bracketed, Headed, Infix, Level, Text, Word, brackets
from checker.export.writer import Writer
from checker.ir.expr import Expr, postorder
from checker.ir.model import Action, Clause, ClauseKind
from checker.ir.ops import Op
from checker.ir.types import (
    IntType,
    MapType,
    OptionType,
    RecordType,
    SetType,
    TupleType,
    Type,
)
from checker.lang.lower.types import is_within


def action_body(writer: Writer, action: Action, variables: Sequence[str]) -> Text:
    """The conjunction that an action is, in the order in which its clauses are asked."""
    clauses = [clause for clause in action.clauses if not _is_asked_again(clause, action)]
    roots = [expr for clause in clauses for expr in (clause.path, clause.expr)]
    roots += [value for _, value in action.updates]

    def write(inside: Writer) -> Text:
        asked = [part for clause in clauses for part in clause_texts(inside, clause)]
        changed = {name: inside.write(value) for name, value in action.updates}
        primed = [
            Infix("=", (Word(f"{writer.names[name]}'"), changed[name]), Level.COMPARE)
            for name in variables
            if name in changed
        ]
        kept = tuple(Word(writer.names[name]) for name in variables if name not in changed)
        same = [Headed("UNCHANGED", Bracketed("<<", kept, ">>"), Level.COMPARE)] if kept else []
        return Infix("/\\", (*asked, *primed, *same), Level.AND)

    return let(writer, roots, write, writer.source)


def _is_asked_again(clause: Clause, action: Action) -> bool:
    """Whether TLC evaluates what must be defined anyhow, in another clause or in an update."""
    if clause.kind is not ClauseKind.DEFINED:
        return False
    others = [other.expr for other in action.clauses if other is not clause]
    others += [value for _, value in action.updates]
    return any(part is clause.expr for part in postorder(tuple(others)))


def clause_texts(writer: Writer, clause: Clause) -> Iterator[Text]:
    """What a clause asks, where its path leads to it."""
    always = clause.path.op is Op.CONST and clause.path.data is True
    inside = replace(writer, in_action=always)
    for asked in _asked(inside, clause):
        if always:
            yield asked
        else:
            yield Infix("=>", (writer.write(clause.path), asked), Level.IMPLIES)


def _asked(writer: Writer, clause: Clause) -> Iterator[Text]:
    expr = clause.expr
    match clause.kind:
        case ClauseKind.REQUIRE:
            if expr.op is Op.AND and expr not in writer.calls and expr not in writer.shared:
                yield from map(writer.write, expr.args)
            else:
                yield writer.write(expr)
        case ClauseKind.DEFINED:
            # TLC evaluates both sides, and fails if there is no value.
            value = writer.write(expr)
            yield Infix("=", (value, value), Level.COMPARE)
        case ClauseKind.WITHIN:
            assert clause.domain is not None
            yield from _within(writer, expr, clause.domain)


def _within(writer: Writer, expr: Expr, domain: Type) -> Iterator[Text]:
    """That a new value fits. A bound of the scope cuts the step; leaving another is an error."""
    value = writer.write(expr)
    match domain:
        case IntType(low, high, scope) if scope is not None:
            yield Infix("<=", (value, Word(number(high))), Level.COMPARE)
            if not is_within(expr.type, IntType(low, None)):
                least = Infix("<=", (Word(number(low)), value), Level.COMPARE)
                yield _assert(least, str(domain))
        case TupleType(of, longest, scope) if scope and is_within(_of(expr.type), of):
            length = Bracketed("Len(", (value,), ")")
            yield Infix("<=", (length, Word(number(longest))), Level.COMPARE)
        case SetType(of, most, scope) if scope and is_within(_of(expr.type), of):
            size = Bracketed("Cardinality(", (value,), ")")
            yield Infix("<=", (size, Word(number(most))), Level.COMPARE)
        case _:
            member = Infix("\\in", (value, writer.set_of(domain)), Level.COMPARE)
            yield member if _has_scope(domain) else _assert(member, str(domain))


def _assert(condition: Text, domain: str) -> Text:
    printable = domain.encode("ascii", "replace").decode()
    return Bracketed("Assert(", (condition, Word(f'"outside {printable}"')), ")")


def _of(type: Type) -> Type:
    assert isinstance(type, TupleType | SetType)
    return type.of


def _has_scope(type: Type) -> bool:
    """Whether some bound in a type comes from the scope."""
    match type:
        case IntType(_, _, scope):
            return scope is not None
        case TupleType(of, _, scope) | SetType(of, _, scope):
            return scope is not None or _has_scope(of)
        case OptionType(of):
            return _has_scope(of)
        case RecordType(_, fields):
            return any(_has_scope(of) for _, of in fields)
        case MapType(_, value):
            return _has_scope(value)
        case _:
            return False


def taken(writer: Writer, action: Action, name: str, arguments: Sequence[str]) -> Text:
    """The action for some values of its parameters: one of what `Next` may do.

    `arguments` are the names that the parameters have in the definition.
    """
    heads = []
    for parameter, argument in zip(action.parameters, arguments, strict=True):
        if parameter.drawn_from is None:
            source = writer.set_of(parameter.type, listed=True)
        else:
            source = writer.write(parameter.drawn_from)
        heads.append(f"\\E {argument} \\in {source.flat} :")
        writer = writer.knowing(parameter.local, Word(argument))
    text: Text = Word(f"{name}({', '.join(arguments)})" if arguments else name)
    for head in reversed(heads):
        text = Headed(head, text)
    return text if not heads else brackets(text)
