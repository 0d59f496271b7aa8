"""Traces kept in files, under names that say what they show."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from checker.lang.errors import ToolError
from checker.result import NO_DEADLOCK, UNDEFINED_STEP, Result
from checker.verdict import trace_of
from counterexamples.file import write

LABELS = {NO_DEADLOCK: "deadlock", UNDEFINED_STEP: "undefined-step"}


def keep(result: Result, folder: Path, suffix: str) -> tuple[Mapping[str, Path], str | None]:
    """Write every trace of a result: where each is, and what went wrong if something did."""
    files: dict[str, Path] = {}
    for label, verdict in result.verdicts:
        trace = trace_of(verdict)
        if trace is None:
            continue
        path = folder / file_name(result.spec, label, suffix)
        try:
            write(trace, path)
        except ToolError as error:
            return files, str(error)
        files[label] = path
    return files, None


def file_name(spec: str, label: str, suffix: str) -> str:
    """`published.kip101-weak_isr.json`; for a spec by path, the file's name stands for it."""
    short = re.sub(r"\.py(?=:|$)", "", spec.replace("\\", "/").rpartition("/")[2])
    parts = [short.replace(":", "."), LABELS.get(label, label), *([suffix] if suffix else [])]
    return re.sub(r"[^\w.=-]+", "-", "-".join(parts)) + ".json"


def suffix_of(names: tuple[str, ...], result: Result) -> str:
    """What tells a run of a sweep from the others: `Record=2-truncation=high_watermark`."""
    chosen = {**result.settings, **{name: str(bound) for name, bound in result.scope.items()}}
    return "-".join(f"{name}={chosen[name]}" for name in names)
