"""Sets over one domain: their two shapes, from one to the other, and their operations.

Masks are for domains whose members are few, slots for the others. Members are codes here; nothing
in this file knows what they stand for. `setops` has the operations on sets of any shape.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checker.ground.cells import WORD
from checker.ground.errors import GroundError
from checker.ground.symbolic import CodedSet, Domain, MaskSet, SlotSet, Symbols
from checker.ground.terms import Term, TermOp

Entry = tuple[Term, Term]


def empty(s: Symbols, domain: Domain, as_mask: bool) -> CodedSet:
    """The set of nothing, as a mask if that is asked for and can be."""
    if as_mask and domain.members is not None:
        return MaskSet(domain, (s.false,) * -(-len(domain.codes) // WORD))
    return SlotSet(domain, ())


def place(s: Symbols, domain: Domain, code: Term) -> Term:
    """Where the member with this code stands among the members of its domain."""
    assert domain.members is not None, domain.type
    if domain.is_dense:
        return code
    result = s.false
    for number, known in enumerate(domain.codes):
        result = s.ite(s.equal(code, s.constant(known)), s.constant(number), result)
    return result


def bits(s: Symbols, mask: MaskSet) -> Iterator[Term]:
    """For each member of the domain, in order, whether it is in the set."""
    for number in range(len(mask.domain.codes)):
        yield s.bit(mask.words[number // WORD], number % WORD)


def entries(s: Symbols, set: CodedSet) -> tuple[Entry, ...]:
    """The codes of the members, each with a term that says if it counts; each code once."""
    if isinstance(set, SlotSet):
        return tuple((is_taken(s, key), code_of(s, key)) for key in set.keys)
    pairs = zip(bits(s, set), map(s.constant, set.domain.codes), strict=True)
    return tuple(pair for pair in pairs if pair[0] is not s.false)


def is_taken(s: Symbols, key: Term) -> Term:
    """Whether a slot holds a member."""
    return s.not_(s.equal(key, s.false))


def code_of(s: Symbols, key: Term) -> Term:
    """The code of the member in a slot; 0 if it is empty."""
    return s.maximum(s.offset(key, -1), s.false)


def key_of(s: Symbols, entry: Entry) -> Term:
    """What a slot holds for an entry: 0 if it does not count."""
    return s.ite(entry[0], s.offset(entry[1], 1), s.false)


def clamp(s: Symbols, number: Term, low: int, high: int) -> Term:
    """The number, or the nearest one in the range."""
    return s.minimum(s.maximum(number, s.constant(low)), s.constant(high))


def insert(s: Symbols, set: CodedSet, new: Sequence[Entry]) -> CodedSet:
    """The set with more members: those that count."""
    if isinstance(set, MaskSet):
        columns = zip(set.words, *(_one_bit(s, set.domain, entry) for entry in new), strict=True)
        return MaskSet(set.domain, tuple(_united(s, column) for column in columns))
    for entry in new:
        set = _insert_key(s, set, key_of(s, entry))
    return set


def _united(s: Symbols, words: Sequence[Term]) -> Term:
    """All of them in one; as a tree, since there may be many."""
    if len(words) == 1:
        return words[0]
    middle = len(words) // 2
    return s.bit_or(_united(s, words[:middle]), _united(s, words[middle:]))


def remove(s: Symbols, set: CodedSet, entry: Entry) -> CodedSet:
    """The set without a member, if it counts."""
    if isinstance(set, SlotSet):
        return _remove_key(s, set, key_of(s, entry))
    pairs = zip(set.words, _one_bit(s, set.domain, entry), strict=True)
    return MaskSet(set.domain, tuple(_without(s, word, bit, set.domain) for word, bit in pairs))


def _one_bit(s: Symbols, domain: Domain, entry: Entry) -> Iterator[Term]:
    """For each word of a mask, the bit of a member, if it counts."""
    counts, code = entry
    count = len(domain.codes)
    number = place(s, domain, code) if count else s.false
    for first in range(0, count, WORD):
        last = min(first + WORD, count) - 1
        is_here = s.and_(
            counts,
            s.less_equal(s.constant(first), number),
            s.less_equal(number, s.constant(last)),
        )
        # Where the code is of another word, or of no member, any shift will do.
        shift = s.modulo(s.offset(number, -first), s.constant(WORD))
        yield s.shift_left(is_here, shift)


def _without(s: Symbols, x: Term, y: Term, domain: Domain) -> Term:
    full = s.constant((1 << min(WORD, len(domain.codes))) - 1)
    return s.bit_and(x, s.bit_xor(y, full))


def _insert_key(s: Symbols, set: SlotSet, key: Term) -> SlotSet:
    """The set with one more member; nothing changes if the key is 0 or there already."""
    if key is s.false:
        return set
    known = s.or_(*(s.equal(slot, key) for slot in set.keys))
    new = s.ite(known, s.false, key)
    # A slot keeps its member if that is less; from there on, members move up by one.
    stays = [s.or_(s.equal(new, s.false), _precedes(s, slot, new)) for slot in set.keys]
    keys = []
    for i, slot in enumerate((*set.keys, s.false)):
        moved = s.ite(stays[i - 1], new, set.keys[i - 1]) if i else new
        keys.append(s.ite(stays[i], slot, moved) if i < len(stays) else moved)
    return SlotSet(set.domain, tuple(keys))


def _precedes(s: Symbols, slot: Term, key: Term) -> Term:
    return s.and_(is_taken(s, slot), s.less(slot, key))


def _remove_key(s: Symbols, set: SlotSet, key: Term) -> SlotSet:
    """The set without a member; nothing changes if the key is 0 or not there."""
    found = s.false
    keys = []
    for slot, above in zip(set.keys, (*set.keys[1:], s.false), strict=True):
        # Where the key is 0 it is found in the zeros at the end, which moving leaves as they are.
        found = s.or_(found, s.equal(slot, key))
        keys.append(s.ite(found, above, slot))
    return SlotSet(set.domain, tuple(keys))


def to_mask(s: Symbols, set: CodedSet) -> MaskSet:
    """The same set as a mask; its domain must have few members."""
    if isinstance(set, MaskSet):
        return set
    result = insert(s, empty(s, set.domain, as_mask=True), entries(s, set))
    assert isinstance(result, MaskSet), set.domain
    return result


def to_slots(s: Symbols, set: CodedSet) -> SlotSet:
    """The same set as slots."""
    if isinstance(set, SlotSet):
        return set
    found = entries(s, set)
    if all(counts is s.true for counts, _ in found):
        codes = sorted(code.value for _, code in found)
        return SlotSet(set.domain, tuple(s.constant(code + 1) for code in codes))
    result = insert(s, SlotSet(set.domain, ()), found)
    assert isinstance(result, SlotSet)
    return result


def alike(s: Symbols, a: CodedSet, b: CodedSet) -> tuple[CodedSet, CodedSet]:
    """Both as masks, or both as slots."""
    if isinstance(a, MaskSet) == isinstance(b, MaskSet):
        return a, b
    mask, other = (a, b) if isinstance(a, MaskSet) else (b, a)
    assert isinstance(mask, MaskSet)
    if all(word.op is TermOp.CONST for word in mask.words):
        constant = to_slots(s, mask)
        return (constant, other) if mask is a else (other, constant)
    return to_mask(s, a), to_mask(s, b)


def contains(s: Symbols, set: CodedSet, code: Term) -> Term:
    """Whether the member with this code is in the set."""
    if isinstance(set, SlotSet):
        key = s.offset(code, 1)
        return s.or_(*(s.equal(slot, key) for slot in set.keys))
    if not set.words:
        return s.false
    number = place(s, set.domain, code)
    if number.op is TermOp.CONST:
        return s.bit(set.words[number.value // WORD], number.value % WORD)
    found_in = []
    for w in range(max(number.low, 0) // WORD, min(number.high // WORD + 1, len(set.words))):
        # A shift by a negative number or by 64 and more leaves nothing; by 63 too, of 63 bits.
        found_in.append(s.bit_at(set.words[w], s.offset(number, -WORD * w)))
    return s.or_(*found_in)


def size(s: Symbols, set: CodedSet) -> Term:
    """The number of members."""
    if isinstance(set, MaskSet):
        return s.total([s.popcount(word) for word in set.words])
    return s.total([is_taken(s, key) for key in set.keys])


def unite(s: Symbols, a: CodedSet, b: CodedSet) -> CodedSet:
    """a | b."""
    a, b = alike(s, a, b)
    if isinstance(a, MaskSet) and isinstance(b, MaskSet):
        return MaskSet(a.domain, tuple(map(s.bit_or, a.words, b.words)))
    return insert(s, a, entries(s, b))


def intersect(s: Symbols, a: CodedSet, b: CodedSet) -> CodedSet:
    """a & b."""
    a, b = alike(s, a, b)
    if isinstance(a, MaskSet) and isinstance(b, MaskSet):
        return MaskSet(a.domain, tuple(map(s.bit_and, a.words, b.words)))
    return subtract(s, a, subtract(s, a, b))


def subtract(s: Symbols, a: CodedSet, b: CodedSet) -> CodedSet:
    """a - b."""
    a, b = alike(s, a, b)
    if isinstance(a, MaskSet) and isinstance(b, MaskSet):
        pairs = zip(a.words, b.words, strict=True)
        return MaskSet(a.domain, tuple(_without(s, x, y, a.domain) for x, y in pairs))
    for entry in entries(s, b):
        a = remove(s, a, entry)
    return a


def subset(s: Symbols, a: CodedSet, b: CodedSet) -> Term:
    """a <= b."""
    a, b = alike(s, a, b)
    if isinstance(a, MaskSet) and isinstance(b, MaskSet):
        pairs = zip(a.words, b.words, strict=True)
        return s.and_(*(s.equal(s.bit_and(x, y), x) for x, y in pairs))
    found = entries(s, a)
    return s.and_(*(s.implies(counts, contains(s, b, code)) for counts, code in found))


def equal(s: Symbols, a: CodedSet, b: CodedSet) -> Term:
    """a == b."""
    return s.and_(*map(s.equal, *_side_by_side(s, a, b)))


def choose(s: Symbols, condition: Term, a: CodedSet, b: CodedSet) -> CodedSet:
    """a if the condition is 1, else b."""
    pairs = zip(*_side_by_side(s, a, b), strict=True)
    chosen = tuple(s.ite(condition, x, y) for x, y in pairs)
    is_mask = isinstance(alike(s, a, b)[0], MaskSet)
    return MaskSet(a.domain, chosen) if is_mask else SlotSet(a.domain, chosen)


def _side_by_side(s: Symbols, a: CodedSet, b: CodedSet) -> tuple[list[Term], list[Term]]:
    """The words, or the keys, of both: as many of one as of the other."""
    a, b = alike(s, a, b)
    x, y = (list(set.words if isinstance(set, MaskSet) else set.keys) for set in (a, b))
    longest = max(len(x), len(y))
    return x + [s.false] * (longest - len(x)), y + [s.false] * (longest - len(y))


def in_order(s: Symbols, set: CodedSet) -> CodedSet:
    """The same set, such that `entries` are in the order of the members' type."""
    if isinstance(set, MaskSet) or set.domain.is_ordered:
        return set
    if set.domain.members is not None:
        return to_mask(s, set)
    raise GroundError(
        f"members of a set are visited in order, and {set.domain.type} has a set inside",
        "write a condition that does not depend on the order (and always has a value)",
    )
