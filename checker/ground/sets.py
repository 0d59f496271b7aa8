"""Sets over one domain: their three shapes, from one to another, and their operations.

Masks are for domains whose members are few. Else a set is entries, in any order, while it is
computed, and slots, sorted, where it is kept or where order or number matter. Members are codes
here; nothing in this file knows what they stand for.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from checker.ground.cells import WORD
from checker.ground.errors import GroundError
from checker.ground.symbolic import Domain, EntrySet, MaskSet, SlotSet, SymbolicSet, Symbols
from checker.ground.terms import Term, TermOp

Entry = tuple[Term, Term]


def gather(s: Symbols, domain: Domain, entries: tuple[Entry, ...]) -> SymbolicSet:
    """The set of the codes that count: a mask if it takes one word."""
    kept = EntrySet(domain, tuple(entry for entry in entries if entry[0] is not s.false))
    if domain.members is not None and len(domain.members) <= WORD:
        return to_mask(s, kept)
    return kept


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


def entries(s: Symbols, set: SymbolicSet) -> tuple[Entry, ...]:
    """The codes of the members, each with a term that says if it counts."""
    match set:
        case EntrySet(_, found):
            return found
        case SlotSet(_, keys):
            return tuple((is_taken(s, key), code_of(s, key)) for key in keys)
        case MaskSet(domain, _):
            codes = map(s.constant, domain.codes)
            pairs = zip(bits(s, set), codes, strict=True)
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


def to_mask(s: Symbols, set: SymbolicSet) -> MaskSet:
    """The same set as a mask; its domain must have few members."""
    if isinstance(set, MaskSet):
        return set
    count = len(set.domain.codes)
    words = [s.false] * -(-count // WORD)
    for counts, code in entries(s, set) if words else ():
        number = place(s, set.domain, code)
        for w in range(number.low // WORD, number.high // WORD + 1):
            first, last = WORD * w, min(WORD * w + WORD, count) - 1
            is_here = s.and_(
                counts,
                s.less_equal(s.constant(first), number),
                s.less_equal(number, s.constant(last)),
            )
            # Where the code is of another word, or of no member, any shift will do.
            shift = s.modulo(s.offset(number, -first), s.constant(WORD))
            words[w] = s.bit_or(words[w], s.shift_left(is_here, shift))
    return MaskSet(set.domain, tuple(words))


def clamp(s: Symbols, number: Term, low: int, high: int) -> Term:
    """The number, or the nearest one in the range."""
    return s.minimum(s.maximum(number, s.constant(low)), s.constant(high))


def to_slots(s: Symbols, set: SymbolicSet) -> SlotSet:
    """The same set, its codes sorted and each once."""
    if isinstance(set, SlotSet):
        return set
    result = SlotSet(set.domain, ())
    found = entries(s, set)
    if all(counts is s.true and code.op is TermOp.CONST for counts, code in found):
        codes = sorted({code.value for _, code in found})
        return SlotSet(set.domain, tuple(s.constant(code + 1) for code in codes))
    for entry in found:
        result = _insert(s, result, key_of(s, entry))
    return result


def _insert(s: Symbols, set: SlotSet, key: Term) -> SlotSet:
    """The set with one more member; nothing changes if the key is 0 or there already."""
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


def _remove(s: Symbols, set: SlotSet, key: Term) -> SlotSet:
    """The set without a member; nothing changes if the key is 0 or not there."""
    found = s.false
    keys = []
    for slot, above in zip(set.keys, (*set.keys[1:], s.false), strict=True):
        # Where the key is 0 it is found in the zeros at the end, which moving leaves as they are.
        found = s.or_(found, s.equal(slot, key))
        keys.append(s.ite(found, above, slot))
    return SlotSet(set.domain, tuple(keys))


def alike(s: Symbols, a: SymbolicSet, b: SymbolicSet) -> tuple[SymbolicSet, SymbolicSet]:
    """Both as masks, or neither."""
    if isinstance(a, MaskSet) == isinstance(b, MaskSet):
        return a, b
    mask, other = (a, b) if isinstance(a, MaskSet) else (b, a)
    assert isinstance(mask, MaskSet)
    if all(word.op is TermOp.CONST for word in mask.words):
        constant = to_slots(s, EntrySet(mask.domain, entries(s, mask)))
        return (constant, other) if mask is a else (other, constant)
    return to_mask(s, a), to_mask(s, b)


def contains(s: Symbols, set: SymbolicSet, code: Term) -> Term:
    """Whether the member with this code is in the set."""
    if not isinstance(set, MaskSet):
        found = entries(s, set)
        return s.or_(*(s.and_(counts, s.equal(known, code)) for counts, known in found))
    if not set.words:
        return s.false
    number = place(s, set.domain, code)
    if number.op is TermOp.CONST:
        return s.bit(set.words[number.value // WORD], number.value % WORD)
    found_in = []
    for w in range(number.low // WORD, number.high // WORD + 1):
        # A shift by a negative number or by 64 and more leaves nothing; by 63 too, of 63 bits.
        found_in.append(s.bit_at(set.words[w], s.offset(number, -WORD * w)))
    return s.or_(*found_in)


def size(s: Symbols, set: SymbolicSet) -> Term:
    """The number of members."""
    match set:
        case MaskSet(_, words):
            return s.total([s.popcount(word) for word in words])
        case _:
            return s.total([is_taken(s, key) for key in to_slots(s, set).keys])


def unite(s: Symbols, a: SymbolicSet, b: SymbolicSet) -> SymbolicSet:
    """a | b."""
    a, b = alike(s, a, b)
    if isinstance(a, MaskSet) and isinstance(b, MaskSet):
        return MaskSet(a.domain, tuple(map(s.bit_or, a.words, b.words)))
    if isinstance(b, SlotSet) and not isinstance(a, SlotSet):
        a, b = b, a
    if not isinstance(a, SlotSet):
        return EntrySet(a.domain, entries(s, a) + entries(s, b))
    for entry in entries(s, b):
        a = _insert(s, a, key_of(s, entry))
    return a


def intersect(s: Symbols, a: SymbolicSet, b: SymbolicSet) -> SymbolicSet:
    """a & b."""
    a, b = alike(s, a, b)
    if isinstance(a, MaskSet) and isinstance(b, MaskSet):
        return MaskSet(a.domain, tuple(map(s.bit_and, a.words, b.words)))
    found = entries(s, a)
    kept = tuple((s.and_(counts, contains(s, b, code)), code) for counts, code in found)
    return EntrySet(a.domain, kept)


def subtract(s: Symbols, a: SymbolicSet, b: SymbolicSet) -> SymbolicSet:
    """a - b."""
    a, b = alike(s, a, b)
    if isinstance(a, MaskSet) and isinstance(b, MaskSet):
        pairs = zip(a.words, b.words, strict=True)
        return MaskSet(a.domain, tuple(_without(s, x, y, a.domain) for x, y in pairs))
    if isinstance(a, SlotSet):
        for entry in entries(s, b):
            a = _remove(s, a, key_of(s, entry))
        return a
    found = entries(s, a)
    kept = tuple((s.and_(counts, s.not_(contains(s, b, code))), code) for counts, code in found)
    return EntrySet(a.domain, kept)


def _without(s: Symbols, x: Term, y: Term, domain: Domain) -> Term:
    full = s.constant((1 << min(WORD, len(domain.codes))) - 1)
    return s.bit_and(x, s.bit_xor(y, full))


def subset(s: Symbols, a: SymbolicSet, b: SymbolicSet) -> Term:
    """a <= b."""
    a, b = alike(s, a, b)
    if isinstance(a, MaskSet) and isinstance(b, MaskSet):
        pairs = zip(a.words, b.words, strict=True)
        return s.and_(*(s.equal(s.bit_and(x, y), x) for x, y in pairs))
    found = entries(s, a)
    return s.and_(*(s.implies(counts, contains(s, b, code)) for counts, code in found))


def equal(s: Symbols, a: SymbolicSet, b: SymbolicSet) -> Term:
    """a == b."""
    a, b = alike(s, a, b)
    if isinstance(a, MaskSet) and isinstance(b, MaskSet):
        return s.and_(*map(s.equal, a.words, b.words))
    if isinstance(a, SlotSet) and isinstance(b, SlotSet):
        return s.and_(*map(s.equal, *_padded(s, a, b)))
    return s.and_(subset(s, a, b), subset(s, b, a))


def choose(s: Symbols, condition: Term, a: SymbolicSet, b: SymbolicSet) -> SymbolicSet:
    """a if the condition is 1, else b."""
    a, b = alike(s, a, b)
    if isinstance(a, MaskSet) and isinstance(b, MaskSet):
        pairs = zip(a.words, b.words, strict=True)
        return MaskSet(a.domain, tuple(s.ite(condition, x, y) for x, y in pairs))
    if isinstance(a, SlotSet) and isinstance(b, SlotSet):
        pairs = zip(*_padded(s, a, b), strict=True)
        return SlotSet(a.domain, tuple(s.ite(condition, x, y) for x, y in pairs))
    otherwise = s.not_(condition)
    kept = [(s.and_(condition, counts), code) for counts, code in entries(s, a)]
    kept += [(s.and_(otherwise, counts), code) for counts, code in entries(s, b)]
    return EntrySet(a.domain, tuple(kept))


def _padded(s: Symbols, a: SlotSet, b: SlotSet) -> tuple[list[Term], list[Term]]:
    longest = max(len(a.keys), len(b.keys))
    return (
        [*a.keys, *[s.false] * (longest - len(a.keys))],
        [*b.keys, *[s.false] * (longest - len(b.keys))],
    )


def in_order(s: Symbols, set: SymbolicSet) -> SymbolicSet:
    """The same set, such that `entries` gives each member once, in the order of their type."""
    if isinstance(set, MaskSet) or _is_ascending(set):
        return set
    if set.domain.is_ordered:
        return to_slots(s, set)
    if set.domain.members is not None:
        return to_mask(s, set)
    raise GroundError(
        f"members of a set are visited in order, and {set.domain.type} has a set inside",
        "write a condition that does not depend on the order (and always has a value)",
    )


def _is_ascending(set: SymbolicSet) -> bool:
    """Whether entries are constants that ascend already."""
    if not isinstance(set, EntrySet) or not set.domain.is_ordered:
        return False
    codes = [code.value for _, code in set.entries if code.op is TermOp.CONST]
    return len(codes) == len(set.entries) and all(a < b for a, b in pairwise(codes))
