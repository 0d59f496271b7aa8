"""Reading a table of TOML that people write: each mistake is named with its file and its key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from checker.lang.suggest import did_you_mean

E = TypeVar("E", bound=Enum)


class MuseumError(Exception):
    """A museum entry that is not there, or whose label has a mistake; the message says which."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a file. `name` is the table's own, with a dot behind it; empty at the top."""

    path: Path
    name: str
    data: Mapping[str, Any]

    def mistake(self, what: str) -> MuseumError:
        """An error that says where."""
        where = f" [{self.name.rstrip('.')}]" if self.name else ""
        return MuseumError(f"{self.path}{where}: {what}")

    def only_read(self, *known: str) -> None:
        """Refuse a key that nobody would read: it is misspelled, or belongs elsewhere."""
        for key in self.data:
            if key not in known:
                help = did_you_mean(key, known, "keys")
                raise self.mistake(f"nothing is called {key} here; {help}")

    def has(self, key: str) -> bool:
        """Whether a key is there."""
        return key in self.data

    def text(self, key: str) -> str:
        """A text that is not empty."""
        value = self._value(key)
        if not isinstance(value, str) or not value.strip():
            raise self.mistake(f"{key} is not a text")
        return value.strip()

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of texts."""
        if default is not None and not self.has(key):
            return default
        value = self._value(key)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.mistake(f"{key} is not a list of texts")
        return tuple(value)

    def number(self, key: str) -> int:
        """A whole number from 0."""
        return self._whole(key, self._value(key))

    def flag(self, key: str) -> bool:
        """True or false; false if it is not there."""
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            raise self.mistake(f"{key} is neither true nor false")
        return value

    def choice(self, key: str, of: type[E], default: E) -> E:
        """The member of an enumeration with this value."""
        if not self.has(key):
            return default
        for member in of:
            if member.value == self.data[key]:
                return member
        raise self.mistake(f"{key} is none of {', '.join(str(member.value) for member in of)}")

    def table(self, key: str) -> Table:
        """A table inside this one."""
        return Table(self.path, f"{self.name}{key}.", self._object(key))

    def settings(self, key: str) -> Mapping[str, str]:
        """Names and values as on the command line; `true` and `3` may stand without quotes."""
        found = {}
        for name, value in self._object(key).items():
            if not isinstance(value, str | bool | int):
                raise self.mistake(f"{key}.{name} is not the value of a setting")
            found[name] = str(value).lower() if isinstance(value, bool) else str(value)
        return found

    def scope(self, key: str) -> Mapping[str, int]:
        """Names and bounds."""
        found = self._object(key)
        return {name: self._whole(f"{key}.{name}", value) for name, value in found.items()}

    def reasons(self, key: str) -> Mapping[str, str]:
        """Names, and a reason for each; none if it is not there."""
        if not self.has(key):
            return {}
        inner = self.table(key)
        return {name: inner.text(name) for name in inner.data}

    def _value(self, key: str) -> Any:
        if key not in self.data:
            raise self.mistake(f"{key} is missing")
        return self.data[key]

    def _object(self, key: str) -> Mapping[str, Any]:
        value = self._value(key)
        if not isinstance(value, dict):
            raise self.mistake(f"{key} is not a table")
        return value

    def _whole(self, key: str, value: Any) -> int:
        if type(value) is not int or value < 0:
            raise self.mistake(f"{key} is not a whole number from 0")
        return value
