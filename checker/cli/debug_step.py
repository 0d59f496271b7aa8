"""`show --pdb N`: the user stands in their own action, in the state before a step of a trace."""

from __future__ import annotations

import sys
from bdb import BdbQuit
from pdb import Pdb
from typing import Any, Final

from checker.cli.output import say
from checker.lang.errors import SpecError
from checker.lang.runtime import NotEnabled, scope_of_run
from checker.semantics.objects import LeftScope
from checker.semantics.python import PythonSpec
from checker.semantics.undefined import Undefined
from checker.trace import Trace

OURS: Final = ["checker.*", "bdb", "contextlib", "click.*"]
"""Where the debugger does not stop: the user wants to see their spec, not us."""


def stand_in(python: PythonSpec, trace: Trace, number: int) -> None:
    """Run step `number` (from 1) under Python's debugger, from the first line of the action."""
    step = trace.steps[number - 1]
    arguments = tuple(given.value for given in step.arguments)
    method = getattr(python.at(trace.states[number - 1]), step.action)
    given = python.given(step.action, arguments)
    before = "the initial state" if number == 1 else f"the state after step {number - 1}"
    say([f"step {number} of {len(trace.steps)}: {step}, in {before}", ""])
    say(["n: the next line   p self.x: a value   c: go on   q: leave", ""])
    with scope_of_run(python.declaration.scope):
        say(["", f"{step}: {_outcome(method, given)}"])


def _outcome(method: Any, given: list[Any]) -> str:
    """How the action ends, in words."""
    debugger = Pdb(skip=OURS, nosigint=True, stdin=sys.stdin, stdout=sys.stdout)
    debugger.reset()
    # As `runcall` does, which does not say that the user left.
    sys.settrace(debugger.trace_dispatch)
    try:
        method(*given)
    except BdbQuit:
        return "left before its end"
    except NotEnabled:
        return "disabled, a condition of a `require` is false"
    except LeftScope as left:
        return f"cut by {left.scope}"
    except (Undefined, SpecError) as error:
        return f"{type(error).__name__}: {error}"
    except Exception as error:
        # Whatever Python says of an expression without a value is the user's to read.
        return f"undefined, {type(error).__name__}: {error}"
    finally:
        sys.settrace(None)
    return "fired"
