"""Statements: a body executed with expressions for values."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

from checker.ir.expr import Expr, Span
from checker.lang.declaration import MethodDeclaration
from checker.lang.errors import SpecError
from checker.lang.lower.access import CALL_OF_ACTION, static_value, unknown_attribute
from checker.lang.lower.arguments import arguments
from checker.lang.lower.assign import assign, assign_annotated, assign_augmented
from checker.lang.lower.build import negation
from checker.lang.lower.check import condition, expect, refuse_mutable
from checker.lang.lower.defined import NOTHING_KNOWN, evaluating
from checker.lang.lower.flow import (
    OPEN,
    Flow,
    Open,
    Returned,
    Run,
    Tree,
    continued,
    met,
    on_branch,
    settled,
)
from checker.lang.lower.match import Arm, arms
from checker.lang.lower.place import Body, BodyKind, Context, Local, Place, View
from checker.lang.lower.refused_statements import refused_statement
from checker.lang.runtime import assume, require

Statement: TypeAlias = Callable[[Run, Flow, ast.stmt], Flow]


def execute(run: Run, flow: Flow, block: list[ast.stmt]) -> Flow:
    """The flow after a block of statements."""
    for statement in block:
        if flow.ended:
            help = "every path before it has returned"
            raise run.place(flow).error("S067", "this is never reached", statement, help)
        read = _STATEMENTS.get(type(statement), refused_statement)
        try:
            flow = read(run, flow, statement)
        except RecursionError:
            message = "an expression nested deeper than can be read"
            help = "give parts of it names: a local, or a helper"
            raise run.place(flow).error("S070", message, statement, help) from None
    return flow


def execute_function(
    context: Context, body: Body, views: Mapping[str, View], locals: dict[str, Local]
) -> Expr:
    """The value that a body returns; it may not change a state."""
    run = Run(context, body, None, views)
    assert isinstance(body.code.node, ast.FunctionDef)
    known = NOTHING_KNOWN
    for local in locals.values():
        known = known.and_defined(local.expr)
    flow = execute(run, Flow({}, locals, facts=known), body.code.node.body)
    if not flow.ended:
        raise _no_return(run, flow)
    check_unused(run, flow, frozenset())

    def returned(leaf: Returned) -> Expr:
        assert leaf.value is not None, f"{body.name} returns nothing"
        return leaf.value

    value = settled(flow.result, returned)
    return evaluating(((clause.path, clause.expr) for clause in run.clauses), value)


def execute_procedure(run: Run, flow: Flow, used: frozenset[str] = frozenset()) -> Flow:
    """The flow after a body that changes the state, whichever way it returned.

    `used` are the parameters that the body must read.
    """
    assert isinstance(run.body.code.node, ast.FunctionDef)
    after = execute(run, flow, run.body.code.node.body)
    check_unused(run, after, used)
    if isinstance(after.result, Open):
        return replace(flow, values=after.values, facts=after.facts)
    tree = continued(after.result, Returned(None, after.values))
    values = {name: _variable(tree, name) for name in flow.values}
    return replace(flow, values=values, facts=flow.facts.and_known(values.values()))


def _variable(tree: Tree, name: str) -> Expr:
    return settled(tree, lambda leaf: leaf.values[name])


def assigned_names(node: ast.AST) -> frozenset[str]:
    """The names that a body assigns to: its locals."""
    return frozenset(
        part.id
        for statement in getattr(node, "body", [])
        for part in _own_parts(statement)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    )


def _own_parts(statement: ast.AST) -> list[ast.AST]:
    """The syntax below a statement, but for comprehensions, whose names are their own."""
    found, stack = [], [statement]
    while stack:
        part = stack.pop()
        found.append(part)
        if isinstance(part, ast.GeneratorExp | ast.SetComp | ast.DictComp | ast.ListComp):
            continue
        stack.extend(ast.iter_child_nodes(part))
    return found


def state_name(method: MethodDeclaration) -> str:
    """What a method calls its state: `self`."""
    assert isinstance(method.code.node, ast.FunctionDef)
    return method.code.node.args.args[0].arg


def check_unused(run: Run, flow: Flow, parameters: frozenset[str]) -> None:
    """Every local, and every parameter of an action, is for something."""
    place, reads = run.place(flow), run.body.reads
    unused = {name for name in run.body.assigned if name not in reads and name[0] != "_"}
    for part in ast.walk(run.body.code.node):
        if isinstance(part, ast.Name) and part.id in unused:
            help = f"leave it out, or call it `_{part.id}`"
            raise place.error("S047", f"`{part.id}` is never used", part, help)
    unused = {name for name in parameters if name not in reads and name[0] != "_"}
    for part in ast.walk(run.body.code.node):
        if isinstance(part, ast.arg) and part.arg in unused:
            help = "leave it out: every value of its domain would be the same step again"
            raise place.error("S048", f"parameter `{part.arg}` is never used", part, help)


def _no_return(run: Run, flow: Flow) -> SpecError:
    node = run.body.code.node
    assert isinstance(node, ast.FunctionDef)
    message = f"`{node.name}` returns no value on some path"
    head = run.place(flow).span(node)
    start = head.column + len("def ")
    span = Span(head.file, head.line, start, head.line, start + len(node.name))
    return SpecError("S066", message, span, "end every path with `return …`")


def _if(run: Run, flow: Flow, node: ast.stmt) -> Flow:
    assert isinstance(node, ast.If)
    test = condition(run.place(flow), node.test)
    flow = run.evaluate(flow, test, run.place(flow).span(node.test))
    then = execute(run, on_branch(flow, test), node.body)
    otherwise = execute(run, on_branch(flow, negation(test)), node.orelse)
    return met(flow, test, then, otherwise)


def _match(run: Run, flow: Flow, node: ast.stmt) -> Flow:
    assert isinstance(node, ast.Match)
    place = run.place(flow)
    subject = place.read(node.subject)
    flow = run.evaluate(flow, subject, place.span(node.subject))
    return _arms(run, flow, arms(place, node, subject))


def _arms(run: Run, flow: Flow, remaining: list[Arm]) -> Flow:
    """Each arm where its test holds and no earlier one did."""
    if not remaining:
        return flow
    (test, block), *others = remaining
    if test is None:
        return execute(run, flow, block)
    then = execute(run, on_branch(flow, test), block)
    return met(flow, test, then, _arms(run, on_branch(flow, negation(test)), others))


def _return(run: Run, flow: Flow, node: ast.stmt) -> Flow:
    assert isinstance(node, ast.Return)
    place, kind = run.place(flow), run.body.kind
    found: Expr | None = None
    if kind in (BodyKind.ACTION, BodyKind.PROCEDURE, BodyKind.INIT):
        if node.value is not None:
            help = "an action changes the state with `self.x = …`; write `return` alone"
            if kind is BodyKind.INIT:
                help = "say what must be true with `assume(…)`; write `return` alone"
            raise place.error("S065", f"{kind.value} returns no value", node.value, help)
    elif node.value is None:
        raise place.error("S066", "`return` without a value", node, "write `return …`")
    else:
        assert run.body.result is not None, f"{run.body.name} has no type of result"
        found = expect(place, node.value, run.body.result, "S094")
        refuse_mutable(place, node.value, found)
    return replace(flow, result=continued(flow.result, Returned(found, flow.values)), ended=True)


def _expression(run: Run, flow: Flow, node: ast.stmt) -> Flow:
    assert isinstance(node, ast.Expr)
    place = run.place(flow)
    match node.value:
        case ast.Constant(str()):
            return flow
        case ast.Constant(value) if value is ...:
            return flow
        case ast.Call(func) if static_value(place, func) is require:
            return _require(run, flow, node.value)
        case ast.Call(func) if static_value(place, func) is assume:
            return _assume(run, flow, node.value)
        case ast.Call(ast.Attribute(ast.Name(state), method) as func) if state in place.views:
            return _procedure(run, flow, node.value, func, method)
        case ast.Call() | ast.Yield() | ast.YieldFrom() | ast.Await() | ast.NamedExpr():
            place.read(node.value)
    raise _without_effect(place, node.value)


def _without_effect(place: Place, node: ast.expr) -> SpecError:
    text, word = place.text(node), "assume" if place.body.kind is BodyKind.INIT else "require"
    help = "leave it out"
    if place.body.kind in (BodyKind.FUNCTION, BodyKind.PROPERTY):
        help = f"did you mean return {text}?"
    elif isinstance(node, ast.Compare):
        help = f"did you mean {word}({text})?"
        if (
            word == "require"
            and isinstance(node.ops[0], ast.Eq)
            and isinstance(node.left, ast.Attribute | ast.Subscript)
        ):
            left, right = place.text(node.left), place.text(node.comparators[0])
            help = f"did you mean {left} = {right}, or require({text})?"
    elif isinstance(node, ast.BoolOp | ast.UnaryOp):
        help = f"did you mean {word}({text})?"
    elif isinstance(node, ast.Call):
        help = f"use its value, as in `{word}({text})`"
    return place.error("S059", "a statement without effect", node, help)


def _require(run: Run, flow: Flow, node: ast.Call) -> Flow:
    place = run.place(flow)
    if run.body.kind not in (BodyKind.ACTION, BodyKind.PROCEDURE):
        help = "return a condition, and require it in the action"
        if run.body.kind is BodyKind.INIT:
            help = "a state is initial if what is assumed is true: write `assume(…)`"
        raise place.error("S064", f"`require` in {run.body.kind.value}", node.func, help)
    if node.keywords or not node.args:
        raise place.error("S083", "`require` of what?", node, "write `require(condition, …)`")
    return _required(run, flow, node)


def _assume(run: Run, flow: Flow, node: ast.Call) -> Flow:
    place = run.place(flow)
    if run.body.kind is not BodyKind.INIT:
        help = "an action is enabled by `require(…)`; what is initial stands in a method with @init"
        raise place.error("S100", f"`assume` in {run.body.kind.value}", node.func, help)
    if node.keywords or not node.args:
        raise place.error("S083", "`assume` what?", node, "write `assume(condition, …)`")
    return _required(run, flow, node)


def _required(run: Run, flow: Flow, node: ast.Call) -> Flow:
    """The flow where all arguments are true."""
    place = run.place(flow)
    tests = [(condition(place, arg), place.span(arg)) for arg in node.args]
    # Python evaluates all arguments before `require` looks at the first.
    for test, span in tests[1:]:
        flow = run.evaluate(flow, test, span)
    for test, span in tests:
        flow = run.require(flow, test, span)
    return flow


def _procedure(run: Run, flow: Flow, node: ast.Call, func: ast.Attribute, name: str) -> Flow:
    place, context = run.place(flow), run.context
    if name in context.actions:
        raise place.error_at_name("S081", f"`{name}` is an action", func, CALL_OF_ACTION)
    method = context.declaration.helpers.get(name)
    if method is None and name not in context.properties:
        if name in context.variables or name in context.settings:
            place.read(node)
        raise unknown_attribute(place, func)
    if method is None or method.result is not None:
        place.read(node)
        raise _without_effect(place, node)
    if run.state is None:
        message = f"`{name}` changes the state"
        help = f"{run.body.kind.value} only reads it: call it in an action"
        raise place.error("S063", message, node, help)
    return _call(run, flow, node, method)


def _call(run: Run, flow: Flow, node: ast.Call, method: MethodDeclaration) -> Flow:
    """The flow after a helper that changes the state, expanded in place."""
    place = run.place(flow)
    given = arguments(place, node, method)
    for local in given.values():
        flow = run.evaluate(flow, local.expr, local.span)
    run.context.lowered.add(method.name)
    body = Body(
        BodyKind.PROCEDURE,
        method.code,
        method.name,
        assigned=assigned_names(method.code.node),
        callers=(*run.body.callers, run.body.name),
    )
    inner = Run(run.context, body, state_name(method), {}, run.clauses)
    start = replace(flow, locals=given, unsure=frozenset(), result=OPEN)
    after = execute_procedure(inner, start)
    return replace(flow, values=after.values, facts=after.facts)


def _pass(run: Run, flow: Flow, node: ast.stmt) -> Flow:
    return flow


_STATEMENTS: Final[Mapping[type[ast.stmt], Statement]] = {
    ast.Pass: _pass,
    ast.If: _if,
    ast.Match: _match,
    ast.Return: _return,
    ast.Expr: _expression,
    ast.Assign: assign,
    ast.AnnAssign: assign_annotated,
    ast.AugAssign: assign_augmented,
}
