"""A table of TOML, read key by key; every mistake is told with its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from checker.gate.amounts import bounds_in, bytes_in
from checker.gate.errors import DeclarationError
from checker.lang.suggest import did_you_mean

T = TypeVar("T")

MOST_SECONDS = 1e9


class Table:
    """Owns which keys were asked for: `done` refuses all others."""

    def __init__(self, place: str, entries: Mapping[str, Any]) -> None:
        self.place, self._entries = place, entries
        self._asked: list[str] = []

    def error(self, message: str, help: str = "") -> DeclarationError:
        """A mistake in this table."""
        return DeclarationError(self.place, message, help)

    def done(self) -> None:
        """Refuse the keys that nobody asked for."""
        for key in self._entries:
            if key not in self._asked:
                raise self.error(f"unknown key {key}", did_you_mean(key, self._asked, "keys"))

    def text(self, key: str) -> str | None:
        """A text that is not empty, or `None`."""
        value = self._get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(key, value, 'a text, as in "name"')
        return value

    def required_text(self, key: str, help: str) -> str:
        """A text that must be there."""
        found = self.text(key)
        if found is None:
            raise self.error(f"{key} is missing", help)
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; none if the key is not there, an empty one is refused."""
        value = self._get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
            raise self._wrong(key, value, 'a list of texts, as in ["one", "two"]')
        return tuple(dict.fromkeys(value))

    def one_of(self, key: str, known: Sequence[str], default: str) -> str:
        """One of the known words."""
        found = self.text(key)
        if found is None:
            return default
        self._check_known(key, found, known)
        return found

    def some_of(self, key: str, known: Sequence[str]) -> tuple[str, ...]:
        """Some of the known words; all of them if the key is not there."""
        found = self.texts(key)
        for word in found:
            self._check_known(key, word, known)
        return found or tuple(known)

    def flag(self, key: str) -> bool:
        """`true` or `false`, which it is if the key is not there."""
        value = self._get(key)
        if value is not None and not isinstance(value, bool):
            raise self._wrong(key, value, "true or false")
        return bool(value)

    def natural(self, key: str, least: int = 0) -> int | None:
        """A whole number, or `None`."""
        value = self._get(key)
        if value is not None and (type(value) is not int or value < least):
            raise self._wrong(key, value, f"a whole number from {least}")
        return value

    def positive(self, key: str) -> int | None:
        """A whole number from 1, or `None`."""
        return self.natural(key, 1)

    def seconds(self, key: str) -> float | None:
        """A time in seconds, or `None`."""
        value = self._get(key)
        if value is None:
            return None
        if type(value) not in (int, float) or not 0 < value <= MOST_SECONDS:
            raise self._wrong(key, value, "a number of seconds above 0")
        return float(value)

    def size(self, key: str) -> int | None:
        """An amount of memory in bytes, or `None`."""
        value = self._get(key)
        if value is None:
            return None
        if type(value) is int:
            value = str(value)
        if not isinstance(value, str):
            raise self._wrong(key, value, 'a size, as in "2GB"')
        return self._read(key, bytes_in, value)

    def table(self, key: str) -> Mapping[str, Any]:
        """A table inside this one; empty if the key is not there."""
        value = self._get(key)
        if value is not None and not isinstance(value, dict):
            raise self._wrong(key, value, "a table")
        return value or {}

    def tables(self, key: str, form: str) -> Sequence[Mapping[str, Any]]:
        """A list of tables; empty if the key is not there."""
        value = self._get(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            raise self._wrong(key, value, f"tables: begin each with {form}")
        return value

    def choices(self, key: str) -> dict[str, tuple[str, ...]]:
        """The values of each setting, as texts; several in a list."""
        return {
            name: self._values(f"{key}.{name}", value, _setting_text)
            for name, value in self.table(key).items()
        }

    def scopes(self, key: str) -> dict[str, tuple[int, ...]]:
        """The values of each bound: a number, "LOW..HIGH", or a list of numbers."""
        found: dict[str, tuple[int, ...]] = {}
        for name, value in self.table(key).items():
            if isinstance(value, str):
                found[name] = self._read(f"{key}.{name}", bounds_in, value)
            else:
                found[name] = self._values(f"{key}.{name}", value, _number)
        return found

    def _values(self, key: str, value: object, read: Callable[[object], T | None]) -> tuple[T, ...]:
        several = value if isinstance(value, list) else [value]
        found = [made for made in map(read, several) if made is not None]
        if not found or len(found) < len(several):
            raise self._wrong(key, value, "a value, or a list of values")
        return tuple(dict.fromkeys(found))

    def _get(self, key: str) -> Any:
        self._asked.append(key)
        return self._entries.get(key)

    def _check_known(self, key: str, word: str, known: Sequence[str]) -> None:
        if word not in known:
            raise self.error(f"{key} cannot be {word}", did_you_mean(word, known, "it is one of"))

    def _read(self, key: str, read: Callable[[str], T], text: str) -> T:
        try:
            return read(text)
        except ValueError as error:
            raise self.error(f"{key}: {error}") from None

    def _wrong(self, key: str, value: object, wanted: str) -> DeclarationError:
        shown = " ".join(repr(value).split())
        shown = shown if len(shown) <= 40 else shown[:37] + "..."
        return self.error(f"{key} is {shown}", f"write {wanted}")


def _setting_text(value: object) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int) and str(value).strip() else None


def _number(value: object) -> int | None:
    return value if type(value) is int and value >= 0 else None
