"""Amounts as a user writes them."""

from __future__ import annotations

import re
from typing import Final

UNITS: Final = {
    "": 1,
    "B": 1,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "TB": 10**12,
    "KIB": 1 << 10,
    "MIB": 1 << 20,
    "GIB": 1 << 30,
    "TIB": 1 << 40,
}


def bytes_in(text: str) -> int:
    """`2GB`, `512MiB`, `1000000`: so many bytes; raises `ValueError` that says why not."""
    found = re.fullmatch(r"(\d{1,12}(?:\.\d{1,6})?)\s*([A-Za-z]*)", text.strip(), re.ASCII)
    if found is None or found[2].upper() not in UNITS:
        raise ValueError(f"{text} is not a size; write 2GB or 512MiB")
    size = int(float(found[1]) * UNITS[found[2].upper()])
    if size == 0:
        raise ValueError("a size must be above 0")
    return size


def bounds_in(text: str) -> tuple[int, ...]:
    """`3` or `1..3`: the numbers meant; raises `ValueError` that says what is wrong."""
    found = re.fullmatch(r"(\d{1,9})(?:\.\.(\d{1,9}))?", text.strip(), re.ASCII)
    if found is None:
        raise ValueError(f'{text} is not a whole number; write 3 or "1..3"')
    low = int(found[1])
    high = low if found[2] is None else int(found[2])
    if high < low:
        raise ValueError(f"{low} is above {high}")
    return tuple(range(low, min(high, low + 1_000) + 1))
