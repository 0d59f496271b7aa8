"""The version, written here so that `--version` need not look for installed metadata."""

from typing import Final

VERSION: Final = "0.1.0"
