"""The version, written here so that nobody need look for installed metadata."""

from typing import Final

VERSION: Final = "0.1.0"
