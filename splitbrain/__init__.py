"""splitbrain by its own name, for where the names of its packages may be taken.

They are called `checker`, `specs`, `invariants` and `counterexamples`, and a repository that is
checked may well have folders of these names, first on Python's path. `claim` makes sure that ours
are meant, wherever Python was started.

Architecture invariant: importing this package imports nothing else of ours, for pytest does that
wherever splitbrain is installed, whether its tests are about specs or not.
"""

from __future__ import annotations

import importlib.util
import sys
from importlib.machinery import PathFinder
from pathlib import Path

OURS = ("checker", "specs", "invariants", "counterexamples")
ROOT = Path(__file__).resolve().parent.parent


def claim() -> None:
    """Import our packages before others of the same name; raises `ImportError` if it is too late.

    What a user keeps in a folder of such a name is loaded by its path, as specs always are.
    """
    for name in OURS:
        module = sys.modules.get(name)
        if module is None:
            _import(name)
        elif not _is_ours(name):
            raise ImportError(
                f"a package {name} was imported from {module.__file__ or module.__path__} before "
                f"splitbrain's: import splitbrain first, or give it another name"
            )


def _is_ours(name: str) -> bool:
    places = [Path(place).resolve() for place in sys.modules[name].__path__]
    return ROOT / name in places


def _import(name: str) -> None:
    found = PathFinder.find_spec(name, [str(ROOT)])
    assert found is not None, f"{name} is not beside {__file__}"
    assert found.loader is not None, f"{name} has no __init__.py"
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module
    try:
        found.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
