"""The kernels that do not depend on the protocol: absorb found states, rebuild the table.

The *seen* table is open addressing over 32-bit entries. With `2**k` entries an index plus one needs
at most `k` bits, so the other bits carry a tag: bits of the state's hash beside those that choose
the entry. 0 is free. The tag saves nearly all reads of states that are not equal; equality itself
is always decided on the packed states, so storage is exact.

Every pass over a batch asks the memory for what the next pass reads: a random access to a large
table takes as long as dozens of instructions, and only many at once hide it.
"""

from __future__ import annotations

from checker.explicit.assembler import Function

BATCH = 128
MULTIPLIERS = (-7046029254386353131, -3335678366873096957)
LOW_HALF = str((1 << 32) - 1)


def hash_of(f: Function, words: list[str]) -> str:
    """The 64-bit hash of a packed state: multiply and fold, word by word."""
    first, second = map(str, MULTIPLIERS)
    value = "0"
    for word in words:
        value = f.binary("mul", f.binary("xor", value, word), first)
        value = f.binary("xor", value, f.binary("lshr", value, "32"))
    value = f.binary("mul", value, second)
    return f.binary("xor", value, f.binary("lshr", value, "29"))


def state_words(f: Function, states: str, index: str, words: int) -> list[str]:
    """The words of state number `index`."""
    base = f.binary("mul", index, str(words))
    return [f.load(states, f.binary("add", base, str(k))) for k in range(words)]


def absorb(words: int, step_type: str) -> str:
    """`absorb`: insert found states that are new; the number of states afterwards.

    The caller has made room: for all of them in `states`, `parents` and `steps`, and enough free
    entries in the table that every probe ends.
    """
    f = Function(
        "absorb",
        "ptr found, ptr found_parents, ptr found_steps, i64 count, "
        "ptr states, ptr parents, ptr steps, i64 size, "
        "ptr table, i64 mask, ptr hashes, ptr new",
    )
    size = f.slot("%size")
    batches = f.binary("sdiv", f.binary("add", "%count", str(BATCH - 1)), str(BATCH))
    with f.loop("0", batches) as batch:
        start = f.binary("mul", batch, str(BATCH))
        stop = f.binary("add", start, str(BATCH))
        stop = f.emit(f"call i64 @llvm.smin.i64(i64 {stop}, i64 %count)")
        with f.loop(start, stop) as j:
            value = hash_of(f, state_words(f, "%found", j, words))
            f.store(value, "%hashes", f.binary("and", j, str(BATCH - 1)))
            f.prefetch(f.element("%table", f.binary("and", value, "%mask"), "i32"))
        with f.loop(start, stop) as j:
            _prefetch_candidate(f, j, words)
        with f.loop(start, stop) as j:
            _insert_if_new(f, j, size, words, step_type)
    return f.text(f.get(size))


def _prefetch_candidate(f: Function, j: str, words: int) -> None:
    """If the first entry's tag fits, its state will be compared: ask for it.

    Nobody can predict whether it fits, so there is no branch: if not, ask for what is there anyway.
    """
    value = f.load("%hashes", f.binary("and", j, str(BATCH - 1)))
    entry = f.load("%table", f.binary("and", value, "%mask"), "i32")
    state = f.element("%states", f.binary("mul", _index(f, entry), str(words)))
    f.prefetch(f.select(_same_tag(f, entry, value), state, "%hashes", "ptr"))


def _same_tag(f: Function, entry: str, value: str) -> str:
    """Whether an entry and a hash agree in the tag's bits: those above the mask."""
    difference = f.binary("and", f.binary("xor", entry, value), LOW_HALF)
    return f.binary("icmp ule", difference, "%mask")


def _index(f: Function, entry: str) -> str:
    return f.binary("sub", f.binary("and", entry, "%mask"), "1")


def _entry(f: Function, value: str, number: str) -> str:
    """The entry of a state with this hash and this index plus one."""
    tag = f.binary("and", value, f.binary("xor", "%mask", LOW_HALF))
    return f.binary("or", tag, number)


def _insert_if_new(f: Function, j: str, size: str, words: int, step_type: str) -> None:
    value = f.load("%hashes", f.binary("and", j, str(BATCH - 1)))
    found = state_words(f, "%found", j, words)
    place = f.slot(f.binary("and", value, "%mask"))
    with f.forever() as seen:
        entry = f.load("%table", f.get(place), "i32")
        free = f.binary("icmp eq", entry, "0")
        with f.when(free):
            _append(f, j, size, found, step_type)
            f.store(_entry(f, value, f.get(size)), "%table", f.get(place), "i32")
            f.leave(seen, "true")
        with f.when(_same_tag(f, entry, value)):
            stored = state_words(f, "%states", _index(f, entry), words)
            f.leave(seen, _equal(f, found, stored))
        f.set(place, f.binary("and", f.binary("add", f.get(place), "1"), "%mask"))


def _append(f: Function, j: str, size: str, found: list[str], step_type: str) -> None:
    index = f.get(size)
    base = f.binary("mul", index, str(len(found)))
    for k, word in enumerate(found):
        f.store(word, "%states", f.binary("add", base, str(k)))
    f.store(f.load("%found_parents", j, "i32"), "%parents", index, "i32")
    step = f.load("%found_steps", j, step_type)
    f.store(step, "%steps", index, step_type)
    f.increment("%new", step)
    f.set(size, f.binary("add", index, "1"))


def _equal(f: Function, a: list[str], b: list[str]) -> str:
    difference = "0"
    for x, y in zip(a, b, strict=True):
        difference = f.binary("or", difference, f.binary("xor", x, y))
    return f.binary("icmp eq", difference, "0")


def rebuild(words: int) -> str:
    """`rebuild`: enter all states, known to be distinct, into an empty table."""
    f = Function("rebuild", "ptr states, i64 size, ptr table, i64 mask, ptr hashes")
    batches = f.binary("sdiv", f.binary("add", "%size", str(BATCH - 1)), str(BATCH))
    with f.loop("0", batches) as batch:
        start = f.binary("mul", batch, str(BATCH))
        stop = f.binary("add", start, str(BATCH))
        stop = f.emit(f"call i64 @llvm.smin.i64(i64 {stop}, i64 %size)")
        with f.loop(start, stop) as j:
            value = hash_of(f, state_words(f, "%states", j, words))
            f.store(value, "%hashes", f.binary("and", j, str(BATCH - 1)))
            f.prefetch(f.element("%table", f.binary("and", value, "%mask"), "i32"))
        with f.loop(start, stop) as j:
            value = f.load("%hashes", f.binary("and", j, str(BATCH - 1)))
            place = f.slot(f.binary("and", value, "%mask"))
            with f.forever() as found:
                f.leave(found, f.binary("icmp eq", f.load("%table", f.get(place), "i32"), "0"))
                f.set(place, f.binary("and", f.binary("add", f.get(place), "1"), "%mask"))
            entry = _entry(f, value, f.binary("add", j, "1"))
            f.store(entry, "%table", f.get(place), "i32")
    return f.text("0")
