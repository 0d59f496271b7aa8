"""Method bodies to the middle language: Python's syntax goes in, typed expressions come out.

It knows Python's grammar and the declarations of a spec; it does not know how values are stored,
searched or shown. Every form that it takes stands in `docs/LANGUAGE.md`.
"""

from checker.lang.lower.model import lower

__all__ = ["lower"]
