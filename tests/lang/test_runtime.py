"""The words of the language as plain Python: sorts, scopes, marks, `require` and `some`."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from contextvars import copy_context
from enum import Enum

import pytest

import checker
from checker import NotEnabled, Scope, Sort, Spec, action, invariant, require, some
from checker.lang.domains import index_of, member_at
from checker.lang.errors import SpecError
from checker.lang.runtime import scope_of_run
from checker.lang.spec import ActionMark, marks_of
from checker.lang.suggest import did_you_mean


class Replica(Sort):
    """A broker."""


class Client(Sort):
    """A producer."""

    prefix = "p"


SCOPE = Scope(Replica=3, Client=2)


def test_a_sort_is_empty_outside_a_run() -> None:
    assert list(Replica) == []
    assert len(Replica) == 0
    assert frozenset(Replica) == frozenset()
    assert bool(Replica)
    with pytest.raises(SpecError, match="Replica has no members outside a run"):
        Replica[0]


def test_a_sort_has_as_many_members_as_the_scope_says() -> None:
    with scope_of_run(SCOPE):
        assert [repr(replica) for replica in Replica] == ["r1", "r2", "r3"]
        assert [repr(client) for client in Client] == ["p1", "p2"]
        assert len(Replica) == 3
        with scope_of_run({"Replica": 1}):
            assert len(frozenset(Replica)) == 1
            assert list(Client) == []
        assert Replica[-1] == member_at(Replica, 2)
        assert Replica[1] in Replica
        assert Client[1] not in Replica
        with pytest.raises(IndexError):
            Replica[3]
    assert list(Replica) == []


def test_runs_do_not_see_each_other() -> None:
    with scope_of_run(SCOPE):
        elsewhere = copy_context()
        with scope_of_run({"Replica": 1}):
            assert elsewhere.run(len, Replica) == 3
            assert len(Replica) == 1


def test_members_can_be_compared_for_equality_and_nothing_else() -> None:
    one, two, other = member_at(Replica, 0), member_at(Replica, 1), member_at(Client, 0)
    assert one == member_at(Replica, 0)
    assert hash(one) == hash(member_at(Replica, 0))
    assert one != two
    assert one != other
    assert one != 0
    for compare in (lambda: one < two, lambda: one + 1, lambda: max(one, two)):  # type: ignore
        with pytest.raises(TypeError):
            compare()


def test_members_are_immutable_and_not_made_by_hand() -> None:
    one = member_at(Replica, 0)
    with pytest.raises(AttributeError, match="r1 is immutable"):
        one.name = "x"  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match="r1 is immutable"):
        del one._index
    with pytest.raises(SpecError, match="members of Replica are not made"):
        Replica()
    assert index_of(one) == 0


def test_members_survive_copies() -> None:
    one = member_at(Replica, 1)
    assert pickle.loads(pickle.dumps(one)) == one
    assert copy.deepcopy(one) == one


def test_scope_is_a_mapping() -> None:
    assert dict(SCOPE) == {"Replica": 3, "Client": 2}
    assert repr(SCOPE) == "Scope(Replica=3, Client=2)"
    assert SCOPE == Scope(Client=2, Replica=3)
    with pytest.raises(TypeError):
        SCOPE["Replica"] = 4  # type: ignore[index]


def test_require_asks_for_all_conditions() -> None:
    require()
    require(True, True)
    with pytest.raises(NotEnabled):
        require(True, False)


def test_some_is_the_value_of_an_optional() -> None:
    assert some(0) == 0
    assert some(False) is False
    with pytest.raises(TypeError, match="some\\(None\\) has no value"):
        some(None)


def test_decorators_leave_the_function_as_it_is() -> None:
    def plain(self: Spec) -> None:
        """Do nothing."""

    def bounded(self: Spec) -> None:
        """Do nothing."""

    assert action(plain) is plain
    assert action(budget="Crash")(bounded) is bounded
    assert marks_of(plain) == (ActionMark(None),)
    assert marks_of(bounded) == (ActionMark("Crash"),)
    assert marks_of(len) == ()
    assert invariant(lambda state: True)(None)


class Colour(Enum):
    RED = 1


def test_suggestions() -> None:
    assert did_you_mean("replika", ["Epoch", "Replica"], "known") == "did you mean Replica?"
    assert did_you_mean("zzz", ["Epoch", "Replica"], "known") == "known: Epoch, Replica"
    assert did_you_mean("zzz", [], "known") == "known: none"


def test_every_public_name_is_documented() -> None:
    for name in checker.__all__:
        assert name == "Setting" or getattr(checker, name).__doc__, name


def test_importing_the_language_is_light() -> None:
    heavy = "numpy llvmlite click rich z3 platformdirs"
    code = f"import sys, checker; print([m for m in '{heavy}'.split() if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"
