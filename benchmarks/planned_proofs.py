"""`proofs.toml`: which proofs `docs/PROOFS.md` tells of, and how often each is repeated."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.planned_runs import When, chosen, refuse_repeats

PLAN = Path(__file__).with_name("proofs.toml")

PROOF_KEYS = {"spec", "settings", "scope", "lift", "properties", "lemmas", "when", "timeout"}


@dataclass(frozen=True, slots=True)
class PlannedProof:
    """One proof: of some properties, with lemmas, for every value of some bounds."""

    spec: str
    when: When
    properties: Sequence[str]
    lemmas: Sequence[str] = ()
    lift: Sequence[str] = ("positive",)
    settings: Mapping[str, str] = field(default_factory=dict)
    scope: Mapping[str, int] = field(default_factory=dict)
    timeout: int = 10
    """Seconds for each question to the solver."""

    @property
    def options(self) -> tuple[str, ...]:
        """What follows `splitbrain prove`."""
        return (
            *chosen(self.spec, self.settings, self.scope),
            "--lift",
            ",".join(self.lift),
            "--timeout",
            str(self.timeout),
            *(word for name in self.properties for word in ("--property", name)),
            *(word for name in self.lemmas for word in ("--with", name)),
        )

    @property
    def name(self) -> str:
        """The options as one line: what a proof is known by."""
        return " ".join(self.options)


@dataclass(frozen=True, slots=True)
class Plan:
    """The proofs, and what is to be said of what is not proved."""

    proofs: Sequence[PlannedProof]
    open: str


def read(path: Path = PLAN) -> Plan:
    """The plan; `ValueError` for a proof planned twice, or for a key that nobody reads."""
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    proofs = tuple(_planned(each, found["lemmas"]) for each in found["proof"])
    refuse_repeats([proof.name for proof in proofs])
    return Plan(proofs, found["open"].strip())


def _planned(table: Mapping[str, object], groups: Mapping[str, Sequence[str]]) -> PlannedProof:
    unread = set(table) - PROOF_KEYS
    if unread:
        raise ValueError(f"a proof has no {sorted(unread)}: {table}")
    settings, scope = table.get("settings", {}), table.get("scope", {})
    properties, lift = table["properties"], table.get("lift", ["positive"])
    named, timeout = table.get("lemmas", []), table.get("timeout", 10)
    assert isinstance(settings, dict), table
    assert isinstance(scope, dict), table
    assert isinstance(properties, list), table
    assert isinstance(lift, list), table
    assert isinstance(named, list), table
    assert isinstance(timeout, int), table
    return PlannedProof(
        spec=str(table["spec"]),
        when=When(table["when"]),
        properties=tuple(properties),
        lemmas=tuple(lemma for name in named for lemma in groups[name]),
        lift=tuple(lift),
        settings=settings,
        scope=scope,
        timeout=timeout,
    )
