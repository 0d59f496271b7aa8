"""An audit as JSON, field for field what `docs/result.schema.json` promises."""

from __future__ import annotations

from typing import Any

from checker.audit.findings import Audit, Finding
from checker.cli.audit_lines import sentence


def audit_to_json(audit: Audit | None) -> dict[str, Any] | None:
    """An audit, if there was one."""
    if audit is None:
        return None
    return {
        "stopped": audit.stop,
        "states": audit.states,
        "conditions": audit.conditions,
        "undefined": audit.undefined,
        "findings": [_finding(found) for found in audit.findings],
        "open": list(audit.open),
        "solver": audit.solver,
        "seconds": round(audit.seconds, 6),
    }


def _finding(found: Finding) -> dict[str, Any]:
    return {
        "kind": found.kind.value,
        "remark": found.is_remark,
        "owner": found.owner,
        "file": found.place.file,
        "line": found.place.line,
        "condition": found.place.text or None,
        "of": found.reach.value,
        "others": list(found.others),
        "message": sentence(found),
    }
