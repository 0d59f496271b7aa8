"""A digest of the state graph that does not depend on the order in which it was found.

Every state, and every step with its two ends, is mixed to two 64-bit numbers, and these are added
up: sums do not know about order, chunks or workers. The digest compares two searches of what is
said to be the same; the search itself never relies on it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from checker.explicit.assembler import DECLARATIONS, Function
from checker.explicit.emit import step_integer
from checker.explicit.engine import Engine
from checker.explicit.kernels import state_words
from checker.explicit.layout import Layout
from checker.explicit.machine_code import ObjectCache, load
from checker.explicit.memory import Buffer
from checker.explicit.store import Store
from checker.ground.model import GroundModel, GroundStep

SEEDS = (-7046029254386353131, 1442695040888963407)
MULTIPLIERS = (-4658895280553007687, -7723592293110705685)
CHUNK_STATES = 1 << 13


class GraphDigest:
    """The sums, as far as a search has come."""

    def __init__(self, engine: Engine, cache: ObjectCache | None) -> None:
        step_type = step_integer(len(engine.ground.steps))
        code = load(digest_kernels(engine.layout.words, step_type), cache)
        self._add_states = code.function("add_states", 3)
        self._add_steps = code.function("add_steps", 8)
        self._keys = Buffer("Q", max(1, len(engine.ground.steps)))
        for number, step in enumerate(engine.ground.steps):
            self._keys[number] = step_key(step)
        self._states, self._steps = Buffer("Q", len(SEEDS)), Buffer("Q", len(SEEDS))

    def add_steps(self, engine: Engine, store: Store, first: int, done: int, count: int) -> None:
        """Add the `count` steps found last, from `done` states numbered from `first`."""
        self._add_steps(
            engine.found.address, engine.parents.address, engine.steps.address, count,
            store.packed(first, done), first, self._keys.address, self._steps.address,
        )  # fmt: skip

    def total(self, engine: Engine, store: Store) -> Mapping[str, str]:
        """Three digests: of how states are laid out, of all states, of all steps between them."""
        self._states.clear()
        for first in range(0, store.size, CHUNK_STATES):
            count = min(CHUNK_STATES, store.size - first)
            self._add_states(store.packed(first, count), count, self._states.address)
        return {
            "layout": layout_digest(engine.ground, engine.layout),
            "states": _hexadecimal([self._states[k] for k in range(len(SEEDS))]),
            "steps": _hexadecimal([self._steps[k] for k in range(len(SEEDS))]),
        }

    def close(self) -> None:
        """Give the memory back now."""
        for buffer in (self._keys, self._states, self._steps):
            buffer.close()


def step_key(step: GroundStep) -> int:
    """64 bits that stand for an action with its arguments, whatever its number is."""
    text = repr((step.action, tuple(map(_ordered, step.arguments))))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def layout_digest(ground: GroundModel, layout: Layout) -> str:
    """What the cells are and where they lie: only states of one layout can be compared."""
    cells = zip(ground.cells, layout.places, strict=True)
    lines = [f"{cell.name} {cell.size} {place.word} {place.shift}" for cell, place in cells]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _ordered(value: object) -> object:
    """A value with the members of its sets in one order."""
    if isinstance(value, frozenset):
        return ("set", *sorted(map(repr, map(_ordered, value))))
    return tuple(map(_ordered, value)) if isinstance(value, tuple) else value


def _hexadecimal(lanes: Sequence[int]) -> str:
    return "".join(f"{lane:016x}" for lane in lanes)


def digest_kernels(words: int, step_type: str) -> str:
    """The whole module, for states of so many words."""
    return "\n".join([_states_kernel(words), _steps_kernel(words, step_type), DECLARATIONS])


def _states_kernel(words: int) -> str:
    """`add_states`: add the mixed words of `count` states to `sums`."""
    f = Function("add_states", "ptr states, i64 count, ptr sums")
    sums = [f.slot(f.load("%sums", str(lane))) for lane in range(len(SEEDS))]
    with f.loop("0", "%count") as i:
        state = state_words(f, "%states", i, words)
        for slot, seed in zip(sums, SEEDS, strict=True):
            f.set(slot, f.binary("add", f.get(slot), _mixed(f, str(seed), state)))
    return _ended(f, sums)


def _steps_kernel(words: int, step_type: str) -> str:
    """`add_steps`: the same for steps: the state before, the step's key, the state after."""
    f = Function(
        "add_steps",
        "ptr found, ptr parents, ptr steps, i64 count, ptr before, i64 base, ptr keys, ptr sums",
    )
    sums = [f.slot(f.load("%sums", str(lane))) for lane in range(len(SEEDS))]
    with f.loop("0", "%count") as i:
        parent = f.binary("sub", f.load("%parents", i, "i32"), "%base")
        key = f.load("%keys", f.load("%steps", i, step_type))
        path = [*state_words(f, "%before", parent, words), key, *state_words(f, "%found", i, words)]
        for slot, seed in zip(sums, SEEDS, strict=True):
            f.set(slot, f.binary("add", f.get(slot), _mixed(f, str(seed), path)))
    return _ended(f, sums)


def _mixed(f: Function, seed: str, words: Sequence[str]) -> str:
    first, second = map(str, MULTIPLIERS)
    value = seed
    for word in words:
        value = f.binary("mul", f.binary("xor", value, word), first)
        value = f.binary("xor", value, f.binary("lshr", value, "32"))
        value = f.binary("mul", value, second)
        value = f.binary("xor", value, f.binary("lshr", value, "29"))
    return value


def _ended(f: Function, sums: Sequence[str]) -> str:
    for lane, slot in enumerate(sums):
        f.store(f.get(slot), "%sums", str(lane))
    return f.text("0")
