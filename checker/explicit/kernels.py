"""The kernels that do not depend on the protocol: keep what is new, find it again, unfold it.

A *seen* table is open addressing over 32-bit entries. With `2**k` entries an index plus one needs
at most `k` bits, so the other bits carry a tag: bits of the item's hash beside those that choose
the entry. 0 is free. The tag saves nearly all reads of items that are not equal; equality itself
is always decided on the packed words, so storage is exact.

Every pass over a batch asks the memory for what the next pass reads: a random access to a large
table takes as long as dozens of instructions, and only many at once hide it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from checker.explicit.assembler import Function
from checker.explicit.layout import Layout

BATCH = 128
MULTIPLIERS = (-7046029254386353131, -3335678366873096957)
LOW_HALF = str((1 << 32) - 1)


@dataclass(frozen=True, slots=True)
class Part:
    """The words `first .. first+words-1` of a found state that has `stride` words."""

    stride: int
    first: int
    words: int

    def load(self, f: Function, found: str, index: str) -> list[str]:
        """The part's words of found state number `index`."""
        base = f.binary("mul", index, str(self.stride))
        places = range(self.first, self.first + self.words)
        return [f.load(found, f.binary("add", base, str(k))) for k in places]


def kernels(layout: Layout, step_type: str) -> list[str]:
    """The functions that `store` calls for states of this layout."""
    if not layout.left:
        return [absorb(layout.words, step_type), rebuild(layout.words)]
    left, right = halves(layout)
    widths = sorted({1, left.words, right.words})
    return [
        absorb(1, step_type),
        intern("intern_left", left),
        intern("intern_right", right),
        unfold(left.words, right.words),
        *(rebuild(words) for words in widths),
    ]


def halves(layout: Layout) -> tuple[Part, Part]:
    """The two parts of a state that is kept folded."""
    return (
        Part(layout.words, 0, layout.left),
        Part(layout.words, layout.left, layout.words - layout.left),
    )


def hash_of(f: Function, words: list[str]) -> str:
    """The 64-bit hash of packed words: multiply and fold, word by word."""
    first, second = map(str, MULTIPLIERS)
    value = "0"
    for word in words:
        value = f.binary("mul", f.binary("xor", value, word), first)
        value = f.binary("xor", value, f.binary("lshr", value, "32"))
    value = f.binary("mul", value, second)
    return f.binary("xor", value, f.binary("lshr", value, "29"))


def state_words(f: Function, states: str, index: str, words: int) -> list[str]:
    """The words of state number `index`."""
    return Part(words, 0, words).load(f, states, index)


def absorb(words: int, step_type: str) -> str:
    """`absorb`: insert found states that are new; the number of states afterwards.

    The caller has made room: for all of them in `items`, `parents` and `steps`, and enough free
    entries in the table that every probe ends.
    """
    f = Function(
        "absorb",
        "ptr found, i64 count, ptr items, i64 size, ptr table, i64 mask, ptr hashes, "
        "ptr found_parents, ptr found_steps, ptr parents, ptr steps, ptr new",
    )

    def note(j: str, index: str) -> None:
        f.store(f.load("%found_parents", j, "i32"), "%parents", index, "i32")
        step = f.load("%found_steps", j, step_type)
        f.store(step, "%steps", index, step_type)
        f.increment("%new", step)

    return f.text(_insert_all(f, Part(words, 0, words), new=note))


def intern(name: str, part: Part) -> str:
    """`intern_left`, `intern_right`: insert a part of each found state; the number of items after.

    Item number `i` of `numbers` is told the index of the part of found state `i`: its low half is
    that of the left part, its high half that of the right one.
    """
    f = Function(
        name,
        "ptr found, i64 count, ptr items, i64 size, ptr table, i64 mask, ptr hashes, ptr numbers",
    )
    side = "0" if part.first == 0 else "1"

    def number(j: str, index: str) -> None:
        place = f.binary("add", f.binary("mul", j, "2"), side)
        f.store(index, "%numbers", place, "i32")

    return f.text(_insert_all(f, part, known=number, new=number))


def number(words: int) -> str:
    """`number`: the index of each found state; all of them are there already."""
    f = Function(
        "number",
        "ptr found, i64 count, ptr items, i64 size, ptr table, i64 mask, ptr hashes, ptr numbers",
    )

    def note(j: str, index: str) -> None:
        f.store(index, "%numbers", j, "i32")

    return f.text(_insert_all(f, Part(words, 0, words), new=note, known=note))


def rebuild(words: int) -> str:
    """`rebuild_…`: enter all items, known to be distinct, into an empty table."""
    f = Function(f"rebuild_{words}", "ptr items, i64 size, ptr table, i64 mask, ptr hashes")
    with _batches(f, "%size") as (start, stop):
        _hash_batch(f, "%items", Part(words, 0, words), start, stop)
        with f.loop(start, stop) as j:
            value = f.load("%hashes", f.binary("and", j, str(BATCH - 1)))
            place = f.slot(f.binary("and", value, "%mask"))
            with f.forever() as found:
                f.leave(found, f.binary("icmp eq", f.load("%table", f.get(place), "i32"), "0"))
                f.set(place, f.binary("and", f.binary("add", f.get(place), "1"), "%mask"))
            entry = _entry(f, value, f.binary("add", j, "1"))
            f.store(entry, "%table", f.get(place), "i32")
    return f.text("0")


def unfold(left: int, right: int) -> str:
    """`unfold`: write the words of `count` folded states one after the other to `states`."""
    f = Function("unfold", "ptr folded, i64 count, ptr lefts, ptr rights, ptr states")
    sides = (("%lefts", left, 0), ("%rights", right, 1))

    def base(i: str, words: int, side: int) -> str:
        place = f.binary("add", f.binary("mul", i, "2"), str(side))
        return f.binary("mul", f.load("%folded", place, "i32"), str(words))

    with _batches(f, "%count") as (start, stop):
        with f.loop(start, stop) as i:
            for items, words, side in sides:
                f.prefetch(f.element(items, base(i, words, side)))
        with f.loop(start, stop) as i:
            to = f.binary("mul", i, str(left + right))
            for items, words, side in sides:
                source = base(i, words, side)
                for k in range(words):
                    word = f.load(items, f.binary("add", source, str(k)))
                    f.store(word, "%states", f.binary("add", to, str(side * left + k)))
    return f.text("0")


Note = Callable[[str, str], None]
"""What to emit for found state `j` once its index is known."""


@contextmanager
def _batches(f: Function, count: str) -> Iterator[tuple[str, str]]:
    """The body runs for each batch of at most `BATCH` of `count` places: from, up to."""
    batches = f.binary("sdiv", f.binary("add", count, str(BATCH - 1)), str(BATCH))
    with f.loop("0", batches) as batch:
        start = f.binary("mul", batch, str(BATCH))
        stop = f.binary("add", start, str(BATCH))
        yield start, f.emit(f"call i64 @llvm.smin.i64(i64 {stop}, i64 {count})")


def _hash_batch(f: Function, items: str, part: Part, start: str, stop: str) -> None:
    """Write the hashes of a batch, and ask for the entries that they choose."""
    with f.loop(start, stop) as j:
        value = hash_of(f, part.load(f, items, j))
        f.store(value, "%hashes", f.binary("and", j, str(BATCH - 1)))
        f.prefetch(f.element("%table", f.binary("and", value, "%mask"), "i32"))


def _insert_all(f: Function, part: Part, new: Note, known: Note | None = None) -> str:
    """Insert that part of all found states; the number of items afterwards."""
    size = f.slot("%size")
    with _batches(f, "%count") as (start, stop):
        _hash_batch(f, "%found", part, start, stop)
        with f.loop(start, stop) as j:
            _prefetch_candidate(f, j, part.words)
        with f.loop(start, stop) as j:
            _insert(f, part, j, size, new, known)
    return f.get(size)


def _prefetch_candidate(f: Function, j: str, words: int) -> None:
    """If the first entry's tag fits, its item will be compared: ask for it.

    Nobody can predict whether it fits, so there is no branch: if not, ask for what is there anyway.
    """
    value = f.load("%hashes", f.binary("and", j, str(BATCH - 1)))
    entry = f.load("%table", f.binary("and", value, "%mask"), "i32")
    item = f.element("%items", f.binary("mul", _index(f, entry), str(words)))
    f.prefetch(f.select(_same_tag(f, entry, value), item, "%hashes", "ptr"))


def _same_tag(f: Function, entry: str, value: str) -> str:
    """Whether an entry and a hash agree in the tag's bits: those above the mask."""
    difference = f.binary("and", f.binary("xor", entry, value), LOW_HALF)
    return f.binary("icmp ule", difference, "%mask")


def _index(f: Function, entry: str) -> str:
    return f.binary("sub", f.binary("and", entry, "%mask"), "1")


def _entry(f: Function, value: str, number: str) -> str:
    """The entry of an item with this hash and this index plus one."""
    tag = f.binary("and", value, f.binary("xor", "%mask", LOW_HALF))
    return f.binary("or", tag, number)


def _insert(f: Function, part: Part, j: str, size: str, new: Note, known: Note | None) -> None:
    value = f.load("%hashes", f.binary("and", j, str(BATCH - 1)))
    found = part.load(f, "%found", j)
    place = f.slot(f.binary("and", value, "%mask"))
    with f.forever() as seen:
        entry = f.load("%table", f.get(place), "i32")
        free = f.binary("icmp eq", entry, "0")
        with f.when(free):
            index = f.get(size)
            _append(f, index, found)
            new(j, index)
            f.set(size, f.binary("add", index, "1"))
            f.store(_entry(f, value, f.get(size)), "%table", f.get(place), "i32")
            f.leave(seen, "true")
        with f.when(_same_tag(f, entry, value)):
            index = _index(f, entry)
            equal = _equal(f, found, state_words(f, "%items", index, part.words))
            with f.when(equal):
                if known:
                    known(j, index)
                f.leave(seen, "true")
        f.set(place, f.binary("and", f.binary("add", f.get(place), "1"), "%mask"))


def _append(f: Function, index: str, found: list[str]) -> None:
    base = f.binary("mul", index, str(len(found)))
    for k, word in enumerate(found):
        f.store(word, "%items", f.binary("add", base, str(k)))


def _equal(f: Function, a: list[str], b: list[str]) -> str:
    difference = "0"
    for x, y in zip(a, b, strict=True):
        difference = f.binary("or", difference, f.binary("xor", x, y))
    return f.binary("icmp eq", difference, "0")
