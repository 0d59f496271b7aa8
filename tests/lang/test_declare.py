"""What a spec class declares, and what is said of one that declares it wrongly."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

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
)
from checker.lang import codes
from checker.lang.choices import parse_setting
from checker.lang.declare import declare, is_abstract, spec_name
from checker.lang.errors import SpecError
from checker.lang.lower import codes as lower_codes
from tests.lang.declaration_mistakes import BODIES, GOOD, HEAD

Write = Callable[..., ModuleType]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Write a file with the head and a body, and import it."""
    monkeypatch.chdir(tmp_path)
    names = []

    def make(body: str, first: str = "") -> ModuleType:
        path = tmp_path / "spec.py"
        path.write_text(first + HEAD + body, encoding="utf-8")
        # Mistakes of one second have one size now and then: no compiled file may be reused.
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
        found = importlib.util.spec_from_file_location("declared", path)
        assert found is not None
        assert found.loader is not None
        module = importlib.util.module_from_spec(found)
        sys.modules[module.__name__] = module
        names.append(module.__name__)
        found.loader.exec_module(module)
        return module

    yield make
    for name in names:
        sys.modules.pop(name, None)


def message(module: ModuleType, spec: str = "Wrong", **chosen: Any) -> str:
    """What is said of a spec that declares something wrongly."""
    with pytest.raises(SpecError) as raised:
        pytest.fail(f"accepted: {declare(getattr(module, spec), modules=[module], **chosen)}")
    error = raised.value
    assert error.code in codes.CODES
    line = ""
    if error.span is not None:
        line = Path(error.span.file).read_text(encoding="utf-8").splitlines()[error.span.line - 1]
    return error.render(line)


def test_mistakes(write: Write, golden: Callable[[str, str], None]) -> None:
    said = [f"# {name}\n{message(write(body))}\n" for name, body in BODIES.items()]
    golden("declarations.txt", "\n".join(said))


def test_every_mistake_is_a_mistake_of_its_own(write: Write) -> None:
    assert len({message(write(body)) for body in BODIES.values()}) == len(BODIES)


def test_codes_are_unique() -> None:
    assert not set(codes.CODES) & set(lower_codes.CODES)
    assert all("S001" <= code <= "S039" for code in codes.CODES)


def test_every_code_is_raised_somewhere() -> None:
    table = Path(codes.__file__)
    sources = [path for path in table.parents[1].rglob("*.py") if path != table]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    assert set(re.findall(r'"(S0[0-3]\d)"', text)) == set(codes.CODES)


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (
            {"scope": {"Epok": 1}},
            "error[S003]: Good has no scope entry Epok\n  help: did you mean Epoch?",
        ),
        (
            {"scope": {"Zebra": 1}},
            "error[S003]: Good has no scope entry Zebra\n"
            "  help: the scope of Good has: Replica, Epoch",
        ),
        (
            {"scope": {"Epoch": -1}},
            "error[S004]: the scope entry Epoch is -1\n"
            "  help: give a whole number, as in Epoch=2",
        ),
        (
            {"scope": {"Epoch": True}},
            "error[S004]: the scope entry Epoch is True\n"
            "  help: give a whole number, as in Epoch=2",
        ),
        (
            {"settings": {"mod": "fast"}},
            "error[S014]: Good has no setting mod\n  help: did you mean mode?",
        ),
        (
            {"settings": {"mode": "safer"}},
            "error[S015]: mode cannot be safer\n  help: did you mean safe? (values: fast, safe)",
        ),
        (
            {"settings": {"mode": 1}},
            "error[S015]: mode cannot be 1\n  help: values: fast, safe",
        ),
    ],
)  # fmt: skip
def test_wrong_choices(write: Write, chosen: dict[str, Any], said: str) -> None:
    assert message(write(GOOD), "Good", **chosen) == said


ALL_DOMAINS = '''
@dataclass(frozen=True)
class Record:
    id: Annotated[int, Range(1, 3)]
    replica: "Replica"

Log = Annotated[tuple[Record, ...], MaxLen("Record")]

class Everything(Spec):
    """All domains."""
    scope = Scope(Replica=3, Epoch=2, Record=4)
    flag: bool = True
    """Whether it is so."""
    epoch: Annotated[int, Upto("Epoch", start=-1, plus=1)]  # the latest
    mode: Mode
    leader: Replica | None
    other: Optional[Epoch] = None
    log: dict[Replica, Log]
    fixed: Annotated[tuple[bool, ...], MaxLen(2)]
    seen: frozenset[Replica] = frozenset(Replica)
    sent: Annotated[frozenset[Record], MaxLen("Record")]
    nested: dict[Replica, dict[Mode, bool]]

    @action
    def elect(self, replica: Replica, log: Log) -> None:
        """Somebody leads."""
        self.leader = replica

    def longer(self, one: tuple[Record, ...], n: int) -> int:
        return n

    def forget(self) -> None:
        self.leader = None
'''


@pytest.mark.parametrize("future", ["", "from __future__ import annotations\n"])
def test_domains(write: Write, future: str) -> None:
    module = write(ALL_DOMAINS, future)
    declared = declare(module.Everything)
    replica = SortType("Replica", 3, "r")
    mode = EnumType("Mode", ("FAST", "SAFE"))
    record = RecordType("Record", (("id", IntType(1, 3)), ("replica", replica)))
    log = TupleType(record, 4, "Record")
    assert {variable.name: variable.type for variable in declared.variables} == {
        "flag": BOOL,
        "epoch": IntType(-1, 3, "Epoch"),
        "mode": mode,
        "leader": OptionType(replica),
        "other": OptionType(IntType(0, 2, "Epoch")),
        "log": MapType(replica, log),
        "fixed": TupleType(BOOL, 2),
        "seen": SetType(replica),
        "sent": SetType(record, 4, "Record"),
        "nested": MapType(replica, MapType(mode, BOOL)),
    }
    assert [v.name for v in declared.variables if v.initial] == ["flag", "other", "seen"]
    assert [v.doc for v in declared.variables][:2] == ["Whether it is so.", "the latest"]
    (elect,) = declared.actions
    assert [parameter.type for parameter in elect.parameters] == [replica, log]
    assert elect.doc == "Somebody leads."
    longer, forget = declared.helpers.values()
    assert [parameter.type for parameter in longer.parameters] == [TupleType(record, None), INT]
    assert (longer.result, forget.result) == (INT, None)
    assert {cls.__name__: type for cls, type in declared.types.items()} == {
        "Replica": replica,
        "Mode": mode,
        "Record": record,
    }


INHERITANCE = """
class Base(Spec):
    abstract = True
    scope = Scope(Replica=2, Epoch=1)
    first: bool
    second: bool
    mode: Setting[Mode] = Mode.FAST

    @action
    def one(self) -> None: self.first = True

    @action
    def two(self) -> None: self.second = True

    @invariant
    def kept(self) -> bool: return True

class Derived(Base):
    scope = Scope(Epoch=5, Extra=1)
    third: bool
    first: bool = True
    mode = Mode.SAFE

    @action
    def three(self) -> None: self.third = True

    @action
    def one(self) -> None: self.first = False

class Last(Derived):
    @invariant
    def kept(self) -> bool: return self.third

    @reachable
    def goal(self) -> bool: return self.third
"""


def test_inheritance_replaces_in_place(write: Write) -> None:
    module = write(INHERITANCE)
    declared = declare(module.Last)
    assert [variable.name for variable in declared.variables] == ["first", "second", "third"]
    assert [action.name for action in declared.actions] == ["one", "two", "three"]
    assert declared.scope == {"Replica": 2, "Epoch": 5, "Extra": 1}
    assert [setting.value for setting in declared.settings] == [module.Mode.SAFE]
    one = declared.actions[0].code
    assert "first = False" in one.source.line(one.span.end_line)
    assert declared.variables[0].initial is not None
    assert [found.method.name for found in declared.properties] == ["kept", "goal"]


def test_a_spec_that_says_so_is_abstract(write: Write) -> None:
    module = write(INHERITANCE)
    assert is_abstract(module.Base)
    assert not is_abstract(module.Derived)
    assert "error[S016]: Base is abstract" in message(module, "Base")


def test_settings(write: Write) -> None:
    module = write(GOOD)
    (default,) = declare(module.Good).settings
    (given,) = declare(module.Good, settings={"mode": "SAFE"}).settings
    (itself,) = declare(module.Good, settings={"mode": module.Mode.SAFE}).settings
    assert (default.value, default.default) == (module.Mode.FAST, module.Mode.FAST)
    assert given == itself
    assert (given.value, given.default) == (module.Mode.SAFE, module.Mode.FAST)


def test_settings_as_text(write: Write) -> None:
    module = write(
        GOOD
        + """
class Settings(Good):
    strict: Setting[bool] = False
    most: Setting[Annotated[int, Range(1, 3)]] = 1
"""
    )
    mode, strict, most = declare(module.Settings).settings
    assert parse_setting(mode, "Fast") is module.Mode.FAST
    assert parse_setting(strict, "true") is True
    assert parse_setting(most, " 3 ") == 3
    with pytest.raises(SpecError, match="most cannot be 4") as raised:
        parse_setting(most, "4")
    assert raised.value.help == "it is a whole number in 1..3"


def test_a_setting_below_zero(write: Write) -> None:
    module = write("""
class Shifted(Spec):
    shift: Setting[Annotated[int, Range(-2, 1)]] = 0
    at: bool = False

    @action
    def go(self) -> None:
        self.at = self.shift < 0
""")
    (shift,) = declare(module.Shifted).settings
    assert [parse_setting(shift, text) for text in ("-1", "1", " -2")] == [-1, 1, -2]


PROPERTIES = """
class Unrelated(Spec):
    term: bool

@reachable
def of_another(state: Unrelated) -> bool: return True

@step_invariant
def grows(before: "Good", after: "Good") -> bool: return before.term <= after.term

@invariant
def of_the_base(state: Spec) -> bool: return True

class Derived(Good):
    @step_invariant
    def moves(before, after: "Derived") -> bool: return True

    @invariant
    def low(self) -> bool: return True

def helper(state: Good) -> bool: return True
"""


def test_properties_apply_to_subclasses(write: Write) -> None:
    module = write(GOOD + PROPERTIES)
    declared = declare(module.Derived, modules=[module, module])
    found = [(p.method.name, p.kind.value, p.is_method) for p in declared.properties]
    assert found == [
        ("moves", "step_invariant", True),
        ("low", "invariant", True),
        ("grows", "step_invariant", False),
        ("of_the_base", "invariant", False),
    ]
    states = {p.method.name: [s.name for s in p.method.parameters] for p in declared.properties}
    assert states == {
        "moves": ["before", "after"],
        "low": [],
        "grows": ["before", "after"],
        "of_the_base": ["state"],
    }
    assert [p.method.name for p in declare(module.Good, modules=[module]).properties] == [
        "grows",
        "of_the_base",
    ]


def test_a_spec_without_source_is_refused() -> None:
    names: dict[str, Any] = {"__name__": "nowhere"}
    exec(HEAD + GOOD, names)
    with pytest.raises(SpecError, match="the source of Good cannot be read"):
        declare(names["Good"])


def test_columns_count_characters(write: Write) -> None:
    module = write(
        '\nclass Wrong(Spec):\n    "é"; größe: int\n' + "    @action\n    def f(self) -> None: ..."
    )
    assert message(module).splitlines()[1:4] == [
        "  spec.py:16:17",
        '     "é"; größe: int',
        "                 ^^^",
    ]


def test_names_of_ours_are_modules() -> None:
    class Here:
        __module__ = "specs.toys.die_hard"

    assert spec_name(Here) == "toys.die_hard"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("comment", "doc"),
    [
        ("# the latest", "the latest"),
        ("# noqa: RUF012", ""),
        ("# the latest  # type: ignore[assignment]", "the latest"),
        ("# noqa: RUF012  # since KAFKA-#7", "since KAFKA-#7"),
        ("# types of what is sent", "types of what is sent"),
    ],
)
def test_what_is_for_linters_is_no_documentation(write: Write, comment: str, doc: str) -> None:
    module = write(f"""
class Commented(Spec):
    flag: bool = False  {comment}

    @action
    def flip(self) -> None:
        self.flag = not self.flag
""")
    assert [variable.doc for variable in declare(module.Commented).variables] == [doc]
