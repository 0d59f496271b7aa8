"""`splitbrain gate init`."""

from __future__ import annotations

from pathlib import Path

from checker.cli.output import complain, paint, say
from checker.gate.declaration import OWN_FILE, PROJECT_FILE, find
from checker.gate.errors import DeclarationError
from checker.gate.init import Measured, candidates, declaration_text, measure_all
from checker.result import ExitCode
from counterexamples.file import write_text
from counterexamples.render_terminal import count


def run(no_colour: bool) -> ExitCode:
    """Look for specs, try their bounds, write the declaration; one that is there is left alone."""
    root, style = Path.cwd(), paint(no_colour)
    _refuse_another(root)
    files = candidates(root)
    found = measure_all(root, files)
    measured = [one for one in found if isinstance(one, Measured)]
    for one in found:
        if not isinstance(one, Measured):
            complain(f"left out: {one[0]}\n{one[1]}")
    if not measured:
        help = "write a class that is derived from `Spec` (from checker import Spec, action, …)"
        raise DeclarationError(str(root), "there is no spec below this folder", help)
    write_text(declaration_text(measured), root / OWN_FILE, "the folder must be writable")
    lines = [f"{style.strong(OWN_FILE)} is written: {count(len(measured), 'spec')}"]
    red = [one.spec for one in measured if one.is_red]
    if red:
        lines.append(f"  red today: {', '.join(red)}; the file says why")
    lines.append("  next  splitbrain gate, then splitbrain gate --update; commit both files")
    say(lines)
    return ExitCode.HOLDS


def _refuse_another(root: Path) -> None:
    try:
        file = find(root)
    except DeclarationError:
        if (root / OWN_FILE).exists():
            raise
        return
    if file.parent == root:
        where = f"[tool.splitbrain] of {PROJECT_FILE}" if file.name == PROJECT_FILE else OWN_FILE
        message = f"{where} declares checks already, and is left as it is"
        raise DeclarationError(str(root), message, "edit it, or delete it first")
