"""Assignments: to locals, to `self.x`, to `self.x[key]`."""

from __future__ import annotations

import ast
from dataclasses import replace

from checker.ir.expr import Expr
from checker.ir.types import MapType, TupleType, Type
from checker.lang.annotations import Place as AnnotationPlace
from checker.lang.annotations import Resolver
from checker.lang.declaration import Code
from checker.lang.errors import SpecError
from checker.lang.lower.access import CALL_OF_ACTION, MISSING, static_value, unknown_attribute
from checker.lang.lower.build import select, store
from checker.lang.lower.check import expect, expect_value, refuse_mutable, unified
from checker.lang.lower.flow import Flow, Run
from checker.lang.lower.place import BodyKind, Local, Place
from checker.lang.lower.types import describe
from checker.lang.sources import Sources


def assign(run: Run, flow: Flow, node: ast.stmt) -> Flow:
    """`target = value`."""
    assert isinstance(node, ast.Assign)
    if len(node.targets) > 1:
        help = "write one assignment for each"
        raise run.place(flow).error("S062", "two targets at once", node.targets[1], help)
    return _assign(run, flow, node.targets[0], node.value)


def assign_augmented(run: Run, flow: Flow, node: ast.stmt) -> Flow:
    """`target += value`, for any operator."""
    assert isinstance(node, ast.AugAssign)
    _check_target(run, flow, node.target)
    combined = ast.copy_location(ast.BinOp(node.target, node.op, node.value), node)
    return _assign(run, flow, node.target, combined)


def assign_annotated(run: Run, flow: Flow, node: ast.stmt) -> Flow:
    """`name: X = value`, for a local whose value does not say its type."""
    assert isinstance(node, ast.AnnAssign)
    place = run.place(flow)
    if not isinstance(node.target, ast.Name):
        help = "a variable is declared in the class body; here write `=` alone"
        raise place.error("S062", "an annotation in a body", node.annotation, help)
    if node.value is None:
        help = f"write `{node.target.id}: {place.text(node.annotation)} = …`"
        raise place.error("S062", "a local without a value", node, help)
    wanted = _annotated_type(run, place, node.annotation)
    _check_target(run, flow, node.target)
    value = expect(place, node.value, wanted, "S088")
    return assign_local(run, flow, node.target, node.value, value)


def _annotated_type(run: Run, place: Place, annotation: ast.expr) -> Type:
    declaration = run.context.declaration
    resolver = Resolver(declaration.scope, declaration.spec.__name__, Sources())
    code = Code(annotation, run.body.code.source, run.body.code.names)
    return resolver.resolve(place.text(annotation), AnnotationPlace(code), bounded=False)


def _assign(run: Run, flow: Flow, target: ast.expr, node: ast.expr) -> Flow:
    _check_target(run, flow, target)
    if isinstance(target, ast.Name):
        place = run.place(flow)
        before = flow.locals.get(target.id)
        hint = None if before is None else before.expr.type
        return assign_local(run, flow, target, node, place.read(node, hint))
    return _assign_state(run, flow, target, node)


def assign_local(run: Run, flow: Flow, target: ast.Name, node: ast.expr, value: Expr) -> Flow:
    """The flow once a local has this value."""
    place = run.place(flow)
    refuse_mutable(place, node, value)
    before = flow.locals.get(target.id)
    if before is not None and unified(before.expr, value) is None:
        message = f"`{target.id}` was {describe(before.expr.type)}, "
        message += f"and becomes {describe(value.type)}"
        raise place.error("S092", message, node, "use two names")
    flow = run.evaluate(flow, value, place.span(node))
    run.context.named.setdefault(value, target.id)
    local = Local(value, place.span(node))
    locals = {**flow.locals, target.id: local}
    return replace(flow, locals=locals, unsure=flow.unsure - {target.id})


def _check_target(run: Run, flow: Flow, target: ast.expr) -> None:
    """Refuse a target that is not a local, `self.x` or `self.x[key]…`."""
    place = run.place(flow)
    match target:
        case ast.Name(id):
            if id in place.views:
                help = f"assign to its variables: `{id}.x = …`"
                raise place.error("S061", f"an assignment to `{id}` itself", target, help)
            if id in flow.locals and flow.locals[id].fixed:
                help = "parameters keep their value: use another name"
                raise place.error("S061", f"an assignment to the parameter `{id}`", target, help)
        case ast.Subscript(value, key):
            if isinstance(key, ast.Slice):
                help = "assign the whole tuple: `self.log[r] = self.log[r][:n] + …`"
                raise place.error("S062", "an assignment to a slice", target, help)
            _check_target_below(run, flow, place, value)
        case ast.Attribute():
            _check_attribute(run, flow, place, target)
        case ast.Tuple() | ast.List():
            help = "write one assignment for each"
            raise place.error("S062", "several targets at once", target, help)
        case _:
            raise place.error("S062", "a starred target", target, "write one assignment for each")


def _check_target_below(run: Run, flow: Flow, place: Place, value: ast.expr) -> None:
    """What stands before `[key]` in a target must be a map of the state."""
    if isinstance(value, ast.Name):
        if value.id not in place.views and value.id not in place.locals:
            place.read(value)
        help = "only maps of the state change in place: `self.x[key] = …`"
        raise place.error("S062", f"an assignment into `{value.id}`", value, help)
    _check_target(run, flow, value)
    found = place.read(value)
    if not isinstance(found.type, MapType):
        help = "only maps have parts that change"
        if isinstance(found.type, TupleType):
            text = place.text(value)
            help = f"tuples do not change in place: `{text} = {text}[:i] + (x,) + {text}[i + 1:]`"
        message = f"an assignment into {describe(found.type)}"
        raise place.error("S062", message, value, help)


def _check_attribute(run: Run, flow: Flow, place: Place, target: ast.Attribute) -> None:
    owner, name = target.value, target.attr
    context = run.context
    if not (isinstance(owner, ast.Name) and owner.id in place.views):
        raise _not_of_state(place, target)
    if name in context.settings:
        help = "settings are constants of a run: make it a variable, without `Setting[…]`"
        raise place.error_at_name("S060", f"an assignment to the setting `{name}`", target, help)
    if name in context.actions:
        raise place.error_at_name("S081", f"`{name}` is an action", target, CALL_OF_ACTION)
    if name not in context.variables:
        raise unknown_attribute(place, target)
    if owner.id != run.state or run.body.kind not in (BodyKind.ACTION, BodyKind.PROCEDURE):
        help = "return the value, and assign it in the action; or let the helper return nothing"
        if run.body.kind is BodyKind.PROPERTY:
            help = "a property only reads the state"
        if run.body.kind is BodyKind.INIT:
            help = f"say what is true of it: `assume({place.text(target)} == …)`"
        message = f"`{place.text(target)}` is changed in {run.body.kind.value}"
        raise place.error("S063", message, target, help)


def _not_of_state(place: Place, target: ast.Attribute) -> SpecError:
    owner = target.value
    if static_value(place, owner) is not MISSING:
        help = "state lives in variables: `self.x`"
        return place.error("S062", "an assignment to something outside the state", target, help)
    place.read(owner)
    text = place.text(owner)
    help = f"records do not change in place: `{text} = replace({text}, {target.attr}=…)`"
    return place.error("S062", "an assignment to a field of a record", target, help)


def _assign_state(run: Run, flow: Flow, target: ast.expr, node: ast.expr) -> Flow:
    """Assign to `self.x[key]…`: the value is evaluated first, then the keys, left to right."""
    keys: list[ast.expr] = []
    root = target
    while isinstance(root, ast.Subscript):
        keys.insert(0, root.slice)
        root = root.value
    assert isinstance(root, ast.Attribute)
    place = run.place(flow)
    variable = flow.values[root.attr]
    domain = run.context.variables[root.attr].type
    maps: list[tuple[Expr, Expr]] = []
    current = variable
    for key_node in keys:
        assert isinstance(domain, MapType)
        key = expect_value(place, key_node, domain.key, "S087")
        maps.append((current, key))
        current = select(current, key, place.span(target))
        domain = domain.value
    value = expect(place, node, domain, "S088")
    if not isinstance(node, ast.DictComp):
        refuse_mutable(place, node, value)
    span = place.span(node)
    if maps:
        flow = run.evaluate(flow, _entry(maps[-1], place, target), place.span(keys[-1]))
    flow = run.assign(flow, value, domain, span)
    for map, key in reversed(maps):
        value = store(map, key, value, place.span(target))
    values = {**flow.values, root.attr: value}
    return replace(flow, values=values, facts=flow.facts.and_known([value]))


def _entry(last: tuple[Expr, Expr], place: Place, target: ast.expr) -> Expr:
    """The old value: it has one exactly where all keys are in their domains."""
    map, key = last
    return select(map, key, place.span(target))
