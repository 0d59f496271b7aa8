"""KIP-320 in Murphi for Rumur: filled from the template with scalarsets, or written out flat.

The flat model is Rumur's fastest without symmetry: no rulesets, functions or scalarsets, so that
every access to the state has a constant offset. Sets of replicas and logs are packed in integers
as in `peers/kip320.pml`: replica r is r+1 and `None` 0; epoch e is e+1 and none 0; a set is a mask
of three bits; a log is a nibble an entry (epoch * 4 + id), unwritten 0; the request of epoch e is
five bits (isr * 4 + leader) at bit 5e of `req`, there if e < nep. Rumur takes a bare variable left
of `&` or `|` for a Boolean: hence `x+0`.
"""

from __future__ import annotations

from benchmarks.scopes import Scope

REPLICAS = range(3)
PAIRS = [(leader, other) for leader in REPLICAS for other in REPLICAS if leader != other]


def symmetric(template: str, scope: Scope) -> str:
    """The template with its constants filled in."""
    # A whole number of bytes for each replica halves Rumur's time.
    padding = {(2, 2, 2): "pad: 0 .. 0;", (3, 3, 2): "pad: 0 .. 6;"}
    constants = (scope.log_size, scope.records, scope.epoch)
    filled = template.replace("@PAD@", padding.get(constants, ""))
    for name, constant in zip(("@L@", "@MR@", "@ME@"), constants, strict=True):
        filled = filled.replace(name, str(constant))
    return filled


def flat(scope: Scope) -> str:
    """The model without symmetry, every rule written out."""
    parts = [_state(scope), *_controller(scope), *_elections(scope), *_isr()]
    return "\n".join([*parts, *_logs(scope), *_followers(scope), _strong_isr()]) + "\n"


def _rule(name: str, guard: str, *body: str) -> str:
    statements = "".join(f"  {statement};\n" for statement in body)
    return f'rule "{name}"\n  {guard}\n==> begin\n{statements}end;'


def _has(members: str, replica: int) -> str:
    return f"((({members}+0) & {1 << replica}) != 0)"


def _lacks(members: str, replica: int) -> str:
    return f"((({members}+0) & {1 << replica}) = 0)"


def _presumes(leader: int) -> str:
    return f"ld{leader} = {leader + 1}"


def _true_leader(leader: int) -> str:
    return f"qld = {leader + 1} & {_presumes(leader)} & ep{leader} = qep"


def _follows(leader: int, follower: int) -> str:
    return f"ld{follower} = {leader + 1} & ep{follower} = ep{leader}"


def _state(scope: Scope) -> str:
    types = (
        f"type Log: 0 .. {(1 << 4 * scope.log_size) - 1}; Off: 0 .. {scope.log_size};\n"
        f"  Ep: 0 .. {scope.epoch + 1}; Ld: 0 .. 3; Set: 0 .. 7;\nvar\n"
    )
    variables = "".join(
        f"  log{r}: Log; end{r}: Off; hw{r}: Off; ep{r}: Ep; ld{r}: Ld; isr{r}: Set;\n"
        for r in REPLICAS
    )
    shared = (
        f"  qep: Ep; qld: Ld; qisr: Set; nid: 0 .. {scope.records}; nep: Ep;\n"
        f"  req: 0 .. {(1 << 5 * (scope.epoch + 1)) - 1};\n"
    )
    start = "".join(
        f"  log{r}:=0; end{r}:=0; hw{r}:=0; ep{r}:=0; ld{r}:=0; isr{r}:=0;\n" for r in REPLICAS
    )
    zero = "  qep:=0; qld:=0; qisr:=7; nid:=0; nep:=0; req:=0;\nend;"
    return types + variables + shared + "startstate begin\n" + start + zero


def _controller(scope: Scope) -> list[str]:
    send = (
        "req := (req+0) | (((qisr << 2) | qld) << (5*nep))",
        "nep := nep + 1",
        "qep := nep",
    )
    rules = []
    for r in REPLICAS:
        leader, rest = r + 1, f"(qisr+0) & {7 - (1 << r)}"
        may, inside = f"nep <= {scope.epoch}", _has("qisr", r)
        keep_last = f"qisr := (qisr = {1 << r} ? qisr : {rest})"
        other = f"{may} & qld != {leader} & {inside}"
        rules += [
            _rule(f"ElectLeader {r}", other, f"qld := {leader}", *send),
            _rule(f"Fail leader {r}", f"{may} & qld = {leader}", "qld := 0", keep_last, *send),
            _rule(f"Fail follower {r}", other, f"qisr := {rest}", *send),
        ]
    return rules


def _elections(scope: Scope) -> list[str]:
    return [
        _rule(
            f"BecomeLeader {e} {r}",
            f"nep > {e} & ((req >> {5 * e}) & 3) = {r + 1} & ep{r} < {e + 1}",
            f"ep{r} := {e + 1}",
            f"ld{r} := {r + 1}",
            f"isr{r} := (req >> {5 * e + 2}) & 7",
        )
        for e in range(scope.epoch + 1)
        for r in REPLICAS
    ]


def _isr() -> list[str]:
    rules = []
    for leader, f in PAIRS:
        isr = f"isr{leader}"
        entry_epoch = f"((log{leader} >> (4*hw{leader}+2)) & 3)"
        own_epoch = f"(hw{leader} < end{leader} & {entry_epoch} = ep{leader} - 1)"
        caught_up = f"hw{leader} <= end{f} & (hw{leader} = end{leader} | {own_epoch})"
        behind = f"(ld{f} != {leader + 1} | ep{f} != ep{leader} | end{f} < end{leader})"
        outside = f"{_true_leader(leader)} & {_lacks(isr, f)}"
        inside = f"{_true_leader(leader)} & {_has(isr, f)}"
        expand = f"{outside} & {_follows(leader, f)} & {caught_up}"
        grown, shrunk = f"({isr}+0) | {1 << f}", f"({isr}+0) & {7 - (1 << f)}"
        share = f"qisr := {isr}"
        rules += [
            _rule(f"ExpandIsr {leader} {f}", expand, f"{isr} := {grown}", share),
            _rule(f"ShrinkIsr {leader} {f}", f"{inside} & {behind}", f"{isr} := {shrunk}", share),
        ]
    return rules


def _logs(scope: Scope) -> list[str]:
    rules = []
    for r in REPLICAS:
        entry = f"((((ep{r} - 1) << 2) | nid) << (4*end{r}))"
        acked = " & ".join(
            f"({_lacks(f'isr{r}', f)} | ({_follows(r, f)} & hw{r} < end{f}))" for f in REPLICAS
        )
        space = f"nid < {scope.records} & end{r} < {scope.log_size}"
        rules += [
            _rule(
                f"LeaderWrite {r}",
                f"{_presumes(r)} & {space}",
                f"log{r} := (log{r}+0) | {entry}",
                f"end{r} := end{r} + 1",
                "nid := nid + 1",
            ),
            _rule(
                f"IncHighWatermark {r}",
                f"{_presumes(r)} & hw{r} < end{r} & {acked}",
                f"hw{r} := hw{r} + 1",
            ),
        ]
    return rules


def _truncated(scope: Scope, leader: int, follower: int) -> str:
    """One more than the last offset where both logs have the same entry, else 0."""
    end = "0"
    for k in range(scope.log_size):
        both = f"end{leader} > {k} & end{follower} > {k}"
        equal = f"(((log{leader} ^ log{follower}) >> {4 * k}) & 15) = 0"
        end = f"(({both} & {equal}) ? {k + 1} : {end})"
    return end


def _followers(scope: Scope) -> list[str]:
    rules = []
    for leader, f in PAIRS:
        request = f"(req >> (5*(ep{leader}-1)))"
        newer = f"ep{leader} > ep{f} & ({request} & 3) = {leader + 1}"
        entry = f"((log{leader}+0) & (15 << (4*end{f})))"
        behind = f"end{f} < end{leader}"
        rules += [
            _rule(
                f"Follow {leader} {f}",
                f"{_presumes(leader)} & {newer}",
                f"end{f} := {_truncated(scope, leader, f)}",
                f"log{f} := (log{f}+0) & ((1 << (4*end{f})) - 1)",
                f"hw{f} := (end{f} < hw{f} ? end{f} : hw{f})",
                f"ep{f} := ep{leader}",
                f"ld{f} := {leader + 1}",
                f"isr{f} := (req >> (5*(ep{leader}-1)+2)) & 7",
            ),
            _rule(
                f"Fetch {leader} {f}",
                f"{behind} & {_presumes(leader)} & {_follows(leader, f)}",
                f"log{f} := (log{f}+0) | {entry}",
                f"end{f} := end{f} + 1",
                f"hw{f} := (hw{leader} < end{f} ? hw{leader} : end{f})",
            ),
        ]
    return rules


def _strong_isr() -> str:
    def agree(r: int, q: int) -> str:
        same = f"((log{r} ^ log{q}) & ((1 << (4*hw{r})) - 1)) = 0"
        return f"({_lacks('qisr', q)} | (hw{r} <= end{q} & hw{r} <= end{r} & {same}))"

    def safe(r: int) -> str:
        agreed = " & ".join(agree(r, q) for q in REPLICAS)
        return f"(ld{r} != {r + 1} | hw{r} = 0 | ({agreed}))"

    return f'invariant "StrongIsr"\n  {" & ".join(map(safe, REPLICAS))};'
