"""The version that the commands tell."""

from checker.version import VERSION

__all__ = ["VERSION"]
