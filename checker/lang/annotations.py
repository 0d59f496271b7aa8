"""Annotations to types: what `dict[Broker, Log]` means under a scope."""

from __future__ import annotations

import ast
import dataclasses
import types
from collections.abc import Callable, Mapping
from enum import Enum, Flag
from typing import Annotated, Any, ForwardRef, Union, get_args, get_origin

from checker.ir.expr import Span
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
)
from checker.ir.values import cardinality
from checker.lang.choices import check_sort_size
from checker.lang.classes import check_names, check_record
from checker.lang.declaration import Code
from checker.lang.domains import MaxLen, Range, SettingMark, Sort, Upto, prefix_of
from checker.lang.errors import SpecError
from checker.lang.sources import Sources
from checker.lang.suggest import did_you_mean

GREATEST_KEY_DOMAIN = 4096

_INSTEAD: dict[object, str] = {
    str: "an `Enum`, or a `Sort` for interchangeable names",
    float: "`Annotated[int, Range(low, high)]`",
    complex: "`Annotated[int, Range(low, high)]`",
    bytes: "`Annotated[tuple[X, ...], MaxLen(n)]`",
    list: "`Annotated[tuple[X, ...], MaxLen(n)]`",
    set: "`frozenset[X]`",
    object: "a type of the language",
    Any: "a type of the language",
}


def evaluated(raw: object, names: Mapping[str, Any], span: Span) -> Any:
    """An annotation as an object: text (from a `__future__` import, or quoted) is evaluated."""
    if isinstance(raw, ForwardRef):
        raw = raw.__forward_arg__
    if not isinstance(raw, str):
        return raw
    try:
        return evaluated(eval(raw, dict(names)), names, span)  # it may be quoted twice
    except NameError as error:
        known = [name for name in names if not name.startswith("__")]
        help = did_you_mean(error.name or raw, known, "known here")
        raise SpecError("S025", f"`{error.name}` is not defined", span, help) from None
    except SpecError:
        raise
    except Exception as error:
        raise SpecError("S025", f"the annotation cannot be evaluated: {error}", span) from None


def is_setting(annotation: object) -> bool:
    """Whether an evaluated annotation is a `Setting[...]`."""
    metadata = getattr(annotation, "__metadata__", ())
    return any(isinstance(mark, SettingMark) for mark in metadata)


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where an annotation stands, for its names, for the caret, and for how it was written.

    `is_exact` is false for a part of an annotation that is written elsewhere: behind an alias.
    """

    code: Code
    is_exact: bool = True

    @property
    def names(self) -> Mapping[str, Any]:
        """The names that the annotation sees."""
        return self.code.names

    @property
    def span(self) -> Span:
        """Where the caret goes."""
        return self.code.span

    def part(self, position: int) -> Place:
        """The place of one of the arguments: of `X` in `frozenset[X]`, or in `X | None`."""
        match self.code.node:
            case ast.Subscript(_, ast.Tuple(arguments)) if position < len(arguments):
                return self._at(arguments[position])
            case ast.Subscript(_, argument) if position == 0:
                return self._at(argument)
            case ast.BinOp(left, ast.BitOr(), right):
                is_none = isinstance(left, ast.Constant) and left.value is None
                return self._at(right if is_none else left)
            case _:
                return Place(self.code, is_exact=False)

    def written(self, annotation: object) -> str:
        """An annotation as its author wrote it, as far as that is known."""
        return ast.unparse(self.code.node) if self.is_exact else show(annotation)

    def _at(self, node: ast.expr) -> Place:
        return Place(Code(node, self.code.source, self.code.names), self.is_exact)


class Resolver:
    """Resolves annotations under one scope, and remembers the classes that it met."""

    def __init__(self, scope: Mapping[str, int], spec_name: str, sources: Sources) -> None:
        self.scope = scope
        self.spec_name = spec_name
        self.sources = sources
        self.types: dict[type, Type] = {}
        self._open: list[type] = []

    def resolve(self, raw: object, place: Place, bounded: bool = True) -> Type:
        """The type that an annotation means; without `bounded`, `int` and `tuple` need no bound."""
        annotation = evaluated(raw, place.names, place.span)
        if hasattr(annotation, "__value__"):  # Python 3.12's `type Epoch = …`
            return self.resolve(annotation.__value__, place, bounded)
        origin = get_origin(annotation)
        if origin is Annotated:
            return self._annotated(annotation, place, bounded)
        if origin in (Union, types.UnionType):
            return self._optional(annotation, place, bounded)
        if origin is dict:
            return self._map(annotation, place)
        if origin is frozenset:
            return SetType(self.resolve(get_args(annotation)[0], place.part(0), bounded))
        if origin is tuple:
            return self._tuple(annotation, place, bounded)
        if isinstance(annotation, type) and origin is None:
            return self._class(annotation, place, bounded)
        raise _not_a_type(annotation, origin, place)

    def bound(self, name: object, place: Place) -> int:
        """The value of a scope name; a `SpecError` if the spec gives it no default."""
        if isinstance(name, str) and name in self.scope:
            return self.scope[name]
        add = f"add `{name}=2` to `scope = Scope(…)` in {self.spec_name}"
        close = did_you_mean(str(name), self.scope, "")
        help = f"{close} Or {add}" if close.startswith("did you mean") else add
        message = f"`{name}` has no default in the scope of {self.spec_name}"
        raise SpecError("S002", message, place.span, help)

    def _annotated(self, annotation: Any, place: Place, bounded: bool) -> Type:
        base, *metadata = get_args(annotation)
        marks = [mark for mark in metadata if isinstance(mark, Range | Upto | MaxLen)]
        if any(mark in (Range, Upto, MaxLen) for mark in metadata if isinstance(mark, type)):
            raise SpecError("S008", "a bound without its arguments", place.span, _BOUNDS)
        if len(marks) > 1:
            raise SpecError("S008", "a domain with two bounds", place.span, "keep one of them")
        if not marks:
            return self.resolve(base, place.part(0), bounded)
        mark = marks[0]
        if base is int and isinstance(mark, Range | Upto):
            return self._integers(mark, place)
        if isinstance(mark, MaxLen) and get_origin(base) in (tuple, frozenset):
            found = self.resolve(base, place.part(0), bounded=False)
            return self._with_length(found, base, mark, place)
        what = f"{type(mark).__name__} does not bound `{place.part(0).written(base)}`"
        raise SpecError("S008", what, place.span, _BOUNDS)

    def _integers(self, mark: Range | Upto, place: Place) -> Type:
        bounds = (mark.low, mark.high) if isinstance(mark, Range) else (mark.start, mark.plus)
        if not all(isinstance(bound, int) for bound in bounds):
            raise SpecError("S008", f"the bounds of {show(mark)} are not int", place.span, _BOUNDS)
        if isinstance(mark, Range):
            found = IntType(mark.low, mark.high)
        else:
            found = IntType(mark.start, self.bound(mark.scope, place) + mark.plus, mark.scope)
        assert found.low is not None
        assert found.high is not None
        if found.low > found.high:
            raise SpecError("S026", f"the domain {found} is empty", place.span, "widen its bounds")
        return found

    def _with_length(self, found: Type, base: Any, mark: MaxLen, place: Place) -> Type:
        of = self.resolve(get_args(base)[0], place.part(0).part(0))
        scope = mark.bound if isinstance(mark.bound, str) else None
        most = self.bound(mark.bound, place) if scope is not None else mark.bound
        if not isinstance(most, int) or most < 0:
            help = "give a whole number from 0, or a name of the scope"
            raise SpecError("S026", f"`{show(mark)}` is no length", place.span, help)
        if isinstance(found, TupleType):
            return TupleType(of, most, scope)
        return SetType(of, most, scope)

    def _optional(self, annotation: Any, place: Place, bounded: bool) -> Type:
        arms = [arm for arm in get_args(annotation) if arm is not type(None)]
        if len(arms) != 1 or len(arms) == len(get_args(annotation)):
            help = "a variable has one type: write a frozen dataclass with an Enum that tells which"
            message = f"`{place.written(annotation)}` is a union"
            raise SpecError("S008", message, place.span, help)
        of = self.resolve(arms[0], place.part(0), bounded)
        if isinstance(of, OptionType):
            help = "None would have two meanings: use an Enum, or a record with an optional field"
            raise SpecError("S012", "an optional of an optional", place.span, help)
        return OptionType(of)

    def _map(self, annotation: Any, place: Place) -> Type:
        key_annotation, value_annotation = get_args(annotation)
        at_key = place.part(0)
        try:
            key = self.resolve(key_annotation, at_key)
        except SpecError as error:
            if error.code != "S007":
                raise
            raise _bad_key(at_key.written(key_annotation), at_key) from None
        if not isinstance(key, _SIMPLE) or cardinality(key) > GREATEST_KEY_DOMAIN:
            raise _bad_key(at_key.written(key_annotation), at_key)
        return MapType(key, self.resolve(value_annotation, place.part(1)))

    def _tuple(self, annotation: Any, place: Place, bounded: bool) -> Type:
        arguments = get_args(annotation)
        if len(arguments) != 2 or arguments[1] is not Ellipsis:
            help = "write `tuple[X, ...]` for a sequence, or a frozen dataclass for a record"
            message = f"`{place.written(annotation)}` is not a sequence"
            raise SpecError("S008", message, place.span, help)
        if bounded:
            raise _unbounded(annotation, place)
        return TupleType(self.resolve(arguments[0], place.part(0), bounded), None)

    def _class(self, cls: type, place: Place, bounded: bool) -> Type:
        if cls in self.types:
            return self.types[cls]
        if cls is bool:
            return BOOL
        if cls is int:
            if bounded:
                raise _unbounded(cls, place)
            return INT
        make = self._maker(cls)
        if make is None:
            raise _not_a_type(cls, cls, place)
        return self._named(cls, make, place)

    def _named(self, cls: type, make: Callable[[Any, Place], Type], place: Place) -> Type:
        if cls in self._open:
            help = "a record may not contain itself: refer to it by an index"
            raise SpecError("S008", f"{cls.__name__} contains itself", place.span, help)
        if cls.__name__ in (other.__name__ for other in self.types):
            help = "rename one of them: values are shown and compared by these names"
            message = f"two classes are named {cls.__name__}"
            raise SpecError("S017", message, place.span, help)
        self._open.append(cls)
        try:
            found = make(cls, place)
        finally:
            self._open.pop()
        self.types[cls] = found
        return found

    def _maker(self, cls: type) -> Callable[[Any, Place], Type] | None:
        if issubclass(cls, Sort) and cls is not Sort:
            return self._sort
        if issubclass(cls, Enum) and not issubclass(cls, Flag):
            return self._enum
        if dataclasses.is_dataclass(cls):
            return self._record
        return None

    def _sort(self, cls: type[Sort], place: Place) -> Type:
        check_names(cls, place.span)
        size = self.bound(cls.__name__, place)
        check_sort_size(cls.__name__, size, place.span)
        return SortType(cls.__name__, size, prefix_of(cls))

    def _enum(self, cls: type[Enum], place: Place) -> Type:
        check_names(cls, place.span)
        members = tuple(member.name for member in cls)
        if not members:
            raise SpecError("S026", f"{cls.__name__} has no members", place.span, "give it some")
        return EnumType(cls.__name__, members)

    def _record(self, cls: Any, place: Place) -> Type:
        check_record(cls, place.span)
        fields = []
        for field in dataclasses.fields(cls):
            fields.append(
                (field.name, self.resolve(field.type, self._field(cls, field.name, place)))
            )
        if not fields:
            raise SpecError("S026", f"{cls.__name__} has no fields", place.span, "give it some")
        return RecordType(cls.__name__, tuple(fields))

    def _field(self, cls: type, name: str, place: Place) -> Place:
        """Where a field of a record is annotated: in the record, or in a base of it."""
        owner = next(base for base in cls.__mro__ if name in vars(base).get("__annotations__", {}))
        try:
            source = self.sources.of_class(owner)
        except SpecError:
            return Place(place.code, is_exact=False)
        for statement in source.node.body:
            match statement:
                case ast.AnnAssign(ast.Name(field), annotation) if field == name:
                    return Place(source.code(annotation))
        return Place(place.code, is_exact=False)


_BOUNDS = (
    'an int is bounded by `Range(low, high)` or `Upto("Name")`, '
    'a tuple or frozenset by `MaxLen(n)` or `MaxLen("Name")`'
)
_ARGUMENTS = {"tuple": "X, ...", "frozenset": "X", "dict": "K, V"}
_SIMPLE = (BoolType, IntType, EnumType, SortType, OptionType, RecordType)


def show(annotation: object) -> str:
    """An annotation as its author wrote it, nearly."""
    if isinstance(annotation, Range):
        return f"Range({annotation.low}, {annotation.high})"
    if isinstance(annotation, Upto):
        return f'Upto("{annotation.scope}")'
    if isinstance(annotation, MaxLen):
        return f"MaxLen({annotation.bound!r})"
    if get_origin(annotation) is Annotated:
        return f"Annotated[{', '.join(map(show, get_args(annotation)))}]"
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return annotation.__name__
    if annotation is Ellipsis:
        return "..."
    arguments = get_args(annotation)
    if isinstance(annotation, types.GenericAlias) and arguments:
        return f"{annotation.__origin__.__name__}[{', '.join(map(show, arguments))}]"
    if get_origin(annotation) in (Union, types.UnionType):
        return " | ".join("None" if arm is type(None) else show(arm) for arm in arguments)
    return str(annotation).removeprefix("typing.")


def _unbounded(annotation: object, place: Place) -> SpecError:
    if annotation is int:
        help = 'write `Annotated[int, Range(0, 5)]`, or `Annotated[int, Upto("Epoch")]`'
    else:
        written = place.written(annotation)
        help = f'write `Annotated[{written}, MaxLen(3)]`, or `MaxLen("Record")`'
    return SpecError("S007", f"`{place.written(annotation)}` has no bound", place.span, help)


def _bad_key(key: str, place: Place) -> SpecError:
    help = "a key is a Sort, an Enum, a bool, a bounded int, or a small record of these"
    message = f"`{key}` cannot be the key of a map: its domain is not small and finite"
    return SpecError("S009", message, place.span, help)


def _not_a_type(annotation: object, origin: object, place: Place) -> SpecError:
    name = place.written(annotation)
    if annotation in (tuple, frozenset, dict):
        written = show(annotation)
        help = f"write `{written}[{_ARGUMENTS[written]}]`"
        return SpecError("S007", f"`{written}` of what?", place.span, help)
    if annotation is None or annotation is type(None):
        return SpecError("S008", "None is no domain", place.span, "write `X | None`")
    instead = next((text for bad, text in _INSTEAD.items() if bad in (annotation, origin)), None)
    if instead is not None:
        return SpecError("S008", f"`{name}` is not finite", place.span, f"use {instead}")
    if annotation is Sort:
        help = "name it: `class Replica(Sort)`, and use Replica"
    elif isinstance(annotation, type):
        help = f"make {name} a `@dataclass(frozen=True)`, an `Enum` or a `Sort`"
    else:
        help = "types are bool, Annotated[int, …], Enum, Sort, X | None, frozen dataclasses, "
        help += "frozenset[X], Annotated[tuple[X, ...], MaxLen(n)], dict[K, V]"
    return SpecError("S008", f"`{name}` is not a type of the language", place.span, help)
