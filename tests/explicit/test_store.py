"""The store keeps exactly what a Python dictionary would: same states, same order, same parents."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.explicit.assembler import DECLARATIONS
from checker.explicit.distinct import FIRST_TABLE, OutOfRoom
from checker.explicit.kernels import kernels
from checker.explicit.layout import Layout, Place
from checker.explicit.machine_code import MachineCode, load
from checker.explicit.memory import Buffer
from checker.explicit.store import MOST_STATES, NO_PARENT, Store

WORDS = 3
STEPS = 5
PLACES = tuple(Place(word, 0, 63) for word in range(WORDS))
PLENTY = 1 << 34


@dataclass(frozen=True)
class Kind:
    """A way of keeping states, whole or folded, and its kernels."""

    layout: Layout
    code: MachineCode

    def store(self, limit: int = PLENTY) -> Store:
        return Store(self.code, self.layout, STEPS, limit)


@pytest.fixture(scope="module", params=[0, 1, 2], ids=["whole", "folded", "folded to the right"])
def kind(request: pytest.FixtureRequest) -> Kind:
    placed = Layout(PLACES, WORDS, left=request.param)
    return Kind(placed, load("\n".join([*kernels(placed, "i8"), DECLARATIONS]), None))


@pytest.fixture
def store(kind: Kind) -> Iterator[Store]:
    made = kind.store()
    yield made
    made.close()


Found = tuple[tuple[int, ...], int, int]


def insert(store: Store, found: Sequence[Found]) -> list[int]:
    """Absorb (words, parent, step) triples; how many states each step found first."""
    words, new = Buffer("Q", len(found) * WORDS), Buffer("Q", STEPS)
    parents, steps = Buffer("I", len(found)), Buffer("B", len(found))
    for j, (state, parent, step) in enumerate(found):
        for k, word in enumerate(state):
            words[j * WORDS + k] = word
        parents[j], steps[j] = parent, step
    store.make_room(len(found))
    store.absorb(words.address, parents.address, steps.address, len(found), new)
    return [new[step] for step in range(STEPS)]


def kept(store: Store) -> list[Found]:
    return [(store.words(i), store.parents[i], store.steps[i]) for i in range(store.size)]


def twin(found: Sequence[Found]) -> list[Found]:
    first: dict[tuple[int, ...], Found] = {}
    for triple in found:
        first.setdefault(triple[0], triple)
    return list(first.values())


STATE = st.tuples(
    st.integers(0, 40) | st.integers(0, 2**64 - 1), st.integers(0, 3), st.integers(0, 5)
)
FOUND = st.tuples(STATE, st.integers(0, 9), st.integers(0, STEPS - 1))


@settings(max_examples=200)
@given(batches=st.lists(st.lists(FOUND, min_size=1, max_size=300), max_size=4))
def test_keeps_the_first_of_equal_states(kind: Kind, batches: list[list[Found]]) -> None:
    store = kind.store()
    counts = [0] * STEPS
    for batch in batches:
        for step, count in enumerate(insert(store, batch)):
            counts[step] += count
    expected = twin([triple for batch in batches for triple in batch])
    assert kept(store) == expected
    assert counts == [sum(step == s for _, _, step in expected) for s in range(STEPS)]
    store.close()


def test_grows_far_past_its_first_table(store: Store) -> None:
    count = 3 * FIRST_TABLE
    states = [((i * 0x9E3779B97F4A7C15) % 2**64, i % 3, i % 2) for i in range(count)]
    found = [(state, i // 2, i % STEPS) for i, state in enumerate(states)]
    for start in range(0, count, 5000):
        insert(store, found[start : start + 5000])
    insert(store, found[::7])
    assert kept(store) == found
    assert store.states.table.length * 5 // 8 >= count


def test_states_that_hash_alike_are_told_apart(store: Store) -> None:
    # Far more states than tags: many share entry and tag, none is lost.
    found = [((i, 0, 0), 0, 0) for i in range(9000)]
    insert(store, found)
    assert insert(store, found) == [0] * STEPS
    assert store.size == 9000


def test_path_goes_back_to_an_initial_state(store: Store) -> None:
    insert(store, [((0, 0, 0), NO_PARENT, 0)])
    insert(store, [((1, 0, 0), 0, 3), ((2, 0, 0), 0, 4)])
    insert(store, [((3, 0, 0), 2, 1)])
    assert store.path(3) == ((0, 2, 3), (4, 1))
    assert store.path(0) == ((0,), ())


def _insert_thousands(store: Store, count: int) -> None:
    for i in range(count):
        insert(store, [((i * 1000 + j, 0, 0), 0, 0) for j in range(1000)])


def test_memory_limit_is_met_before_it_is_passed(kind: Kind) -> None:
    limit = 400_000
    store = kind.store(limit)
    with pytest.raises(OutOfRoom):
        _insert_thousands(store, 100)
    assert store.size > 5000
    assert store.peak <= limit + 1000 * 21
    assert [store.words(i)[0] for i in range(store.size)] == list(range(store.size))
    store.close()


def test_more_states_than_indexes_are_refused(store: Store) -> None:
    with pytest.raises(OutOfRoom):
        store.make_room(MOST_STATES + 1)
