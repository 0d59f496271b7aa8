"""splitbrain's public names: what a specification is written with, and run with by hand.

Architecture invariant: what is imported here may not know any engine, so that importing it stays
cheap; the commands import the engines that they need.
"""

from checker.lang.domains import MaxLen, Range, Scope, Setting, Sort, Upto
from checker.lang.runtime import NotEnabled, NotInitial, assume, require, some
from checker.lang.spec import Spec, action, init, invariant, reachable, step_invariant
from checker.semantics.objects import LeftScope
from checker.semantics.running import running
from checker.semantics.undefined import Undefined

__all__ = [
    "LeftScope",
    "MaxLen",
    "NotEnabled",
    "NotInitial",
    "Range",
    "Scope",
    "Setting",
    "Sort",
    "Spec",
    "Undefined",
    "Upto",
    "action",
    "assume",
    "init",
    "invariant",
    "reachable",
    "require",
    "running",
    "some",
    "step_invariant",
]
