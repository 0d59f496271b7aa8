"""Conditions are exact, as short as they can be, and never true of what is not known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker import conditions
from checker.check import Options
from checker.conditions import Column, Condition, Form, Point, shortest
from checker.explicit.outcome import Limits, Progress, ProgressCallback
from checker.lang.load import LoadedSpec, load
from checker.synthesize import Answer, Question, Synthesis, deviations, grid, synthesize

ISR = Column("isr", (1, 2, 3))
LOST = Column("lost", (0, 1, 2))
ACKS = Column("acks", ("one", "all"))
CLEAN = Column("clean", ("false", "true"))
MODE = Column("mode", ("a", "b", "c", "d"))


def points(*columns: Column) -> list[Point]:
    return list(product(*(column.values for column in columns)))


@pytest.mark.parametrize(
    ("columns", "formula", "text"),
    [
        ((ISR, LOST, ACKS), lambda i, n, a: i > n and a == "all", "isr > lost and acks = all"),
        ((ISR, LOST), lambda i, n: min(i, 2) > n, "isr > lost and lost ≤ 1"),
        ((ISR, LOST), lambda i, n: i >= 2 or n == 0, "isr ≥ 2 or lost = 0"),
        ((ISR,), lambda i: i != 2, "isr ≠ 2"),
        ((ISR,), lambda i: i == 2, "isr = 2"),
        ((MODE,), lambda m: m in "ac", "mode in {a, c}"),
        ((MODE,), lambda m: m != "b", "mode ≠ b"),
        ((ISR, LOST), lambda i, n: i == n, "isr = lost"),
        (
            (ISR, ACKS, CLEAN, LOST),
            lambda i, a, c, n: (i >= 2 or a == "all") and (c == "true" or n == 0),
            "(isr ≥ 2 or acks = all) and (clean = true or lost = 0)",
        ),
        (
            (ISR, ACKS, CLEAN, LOST),
            lambda i, a, c, n: (i >= 2 and a == "all") or (c == "true" and n == 0),
            "(isr ≥ 2 and acks = all) or (clean = true and lost = 0)",
        ),
        ((ACKS,), lambda a: True, "always"),
        ((ACKS,), lambda a: False, "never"),
    ],
)
def test_shortest(columns: tuple[Column, ...], formula: object, text: str) -> None:
    assert callable(formula)
    every = points(*columns)
    assert str(shortest(columns, every, {point for point in every if formula(*point)})) == text


def true_of(condition: Condition, columns: tuple[Column, ...]) -> set[Point]:
    names = [column.name for column in columns]
    every = points(*columns)
    return {point for point in every if condition.holds(dict(zip(names, point, strict=True)))}


GRIDS = [(ISR, LOST), (ISR, ACKS, CLEAN), (MODE, ACKS), (ISR, LOST, ACKS)]


@given(st.sampled_from(GRIDS), st.data())
@settings(max_examples=60, deadline=None)
def test_a_condition_is_exact_and_no_longer_than_its_negation(
    columns: tuple[Column, ...], data: st.DataObject
) -> None:
    every = points(*columns)
    wanted = set(data.draw(st.lists(st.sampled_from(every))))
    found = shortest(columns, every, wanted)
    assert true_of(found, columns) == wanted
    others = shortest(columns, every, set(every) - wanted)
    assert true_of(others, columns) == set(every) - wanted
    # The one, turned around, is the other; what an atom denies may cost one more to say.
    assert found.cost <= others.cost + sum(map(len, others.terms))


@given(st.lists(st.sampled_from(points(ISR, ACKS)), unique=True, min_size=1, max_size=5))
@settings(max_examples=40, deadline=None)
def test_no_shorter_condition_exists(wanted: list[Point]) -> None:
    """Against every condition of up to two terms of up to two atoms, tried one by one."""
    columns, every = (ISR, ACKS), points(ISR, ACKS)
    found = shortest(columns, every, set(wanted))
    atoms = [*conditions._of_numbers(ISR), *conditions._of_words(ACKS)]
    terms = [(a,) for a in atoms] + [(a, b) for a in atoms for b in atoms]
    for form, joined in product(Form, [*((t,) for t in terms), *product(terms, terms)]):
        other = Condition(form, joined)
        if other.cost < found.cost:
            assert true_of(other, columns) != set(wanted), other


@pytest.mark.parametrize("limit", ["MOST_TERMS", "MOST_CHOICES"])
def test_without_time_to_search_a_condition_is_exact_all_the_same(
    limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns, every = (ISR, LOST, ACKS, CLEAN), points(ISR, LOST, ACKS, CLEAN)
    wanted = {point for number, point in enumerate(every) if number % 3 == 0 or number > 30}
    short = shortest(columns, every, wanted)
    monkeypatch.setattr(conditions, limit, 0)
    quick = shortest(columns, every, wanted)
    assert true_of(quick, columns) == wanted == true_of(short, columns)
    assert quick.cost >= short.cost


ACKED = Path(__file__).parent / "cli" / "specs" / "acks.py"
PROPERTY = ("leader_has_acked_record",)


@contextmanager
def unwatched(label: str) -> Iterator[ProgressCallback]:
    def nothing(progress: Progress) -> None:
        assert progress.level >= 0, label

    yield nothing


@pytest.fixture(scope="module")
def acked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoadedSpec]:
    """The spec of the command's tests, compiled into a cache of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield load(str(ACKED))


def ask(acked: LoadedSpec, question: Question, limits: Limits | None = None) -> Synthesis:
    options = Options(properties=PROPERTY, limits=limits or Limits())
    return synthesize(acked, grid(acked, question), options, unwatched)


def test_the_condition_is_true_where_the_searches_say_so(acked: LoadedSpec) -> None:
    found = ask(acked, Question({"acks": ()}, {"Epoch": range(4), "Broker": (3, 1, 2)}, {}, {}))
    assert str(found.condition) == "acks = all or Epoch ≤ 1 or Broker = 1"
    assert len(found.decided) == 24
    for one in found.decided:
        assert found.condition.holds(one.values) == (one.answer is Answer.SAFE), one.values
    (least,) = found.minimal
    assert dict(deviations(found.grid, least)) == {"acks": "one", "Epoch": 2, "Broker": 2}
    assert int(found.exit) == 0


def test_what_is_not_known_is_not_safe(acked: LoadedSpec) -> None:
    question = Question({"acks": ("all",)}, {"Epoch": range(4)}, {}, {})
    found = ask(acked, question, Limits(states=20))
    answers = [one.answer for one in found.decided]
    assert answers == [Answer.SAFE, Answer.SAFE, Answer.SAFE, Answer.UNDETERMINED]
    assert str(found.condition) == "Epoch ≤ 2"
    assert not found.is_exact
    assert int(found.exit) == 3


def test_nothing_known_is_not_never_safe(acked: LoadedSpec) -> None:
    found = ask(acked, Question({"acks": ("all",)}, {}, {}, {}), Limits(states=1))
    assert found.condition.terms == ()
    assert int(found.exit) == 3


def test_minimal_combinations_go_part_of_the_way_in_numbers_only(acked: LoadedSpec) -> None:
    """Epoch=3 is unsafe, too, but further away; the default of `acks` is not in the way."""
    found = ask(acked, Question({"acks": ("one",)}, {"Epoch": range(2, 4)}, {}, {}))
    assert [dict(one.values) for one in found.minimal] == [{"acks": "one", "Epoch": 2}]
    assert int(found.exit) == 12


KAFKA = [
    (("1", "2"), (), "min_insync_replicas > LossyRestart and acks = all"),
    # With two replicas, a minimum of three is one of two.
    (("1", "2", "3"), ("all",), "min_insync_replicas > LossyRestart and LossyRestart ≤ 1"),
]


@pytest.mark.nightly
@pytest.mark.parametrize(("minima", "acks", "text"), KAFKA)
def test_a_record_survives_fewer_losses_than_replicas_in_sync(
    minima: tuple[str, ...], acks: tuple[str, ...], text: str
) -> None:
    """The museum's limits R26-minimum-one and R26-two-losses are the edge of this."""
    loaded = load("unclean_election")
    over = {"min_insync_replicas": minima, "acks": acks}
    asked = grid(loaded, Question(over, {"LossyRestart": range(3)}, {}, {}))
    found = synthesize(loaded, asked, Options(properties=("acked_on_some_replica",)), unwatched)
    assert str(found.condition) == text
    assert found.is_exact
    least = {tuple(deviations(found.grid, one).items()) for one in found.minimal}
    assert {
        (("min_insync_replicas", 1), ("LossyRestart", 1)),
        (("LossyRestart", 2),),
    } <= least
