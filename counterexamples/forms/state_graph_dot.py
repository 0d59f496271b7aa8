"""A state graph in the language of Graphviz."""

from __future__ import annotations

from collections.abc import Iterator

from counterexamples.forms.state_graph import Arrow, Drawing, Node


def dot(drawing: Drawing, title: str) -> str:
    """The graph as text: initial states have a bold frame, violating ones are red."""
    lines = [
        "digraph states {",
        f"  label={quoted(title)}; labelloc=t;",
        '  node [shape=box, style=rounded, fontname="monospace", fontsize=10];',
        '  edge [fontname="monospace", fontsize=9];',
        *(_node(number, node) for number, node in enumerate(drawing.nodes)),
        *(_arrow(arrow) for arrow in drawing.arrows),
        "}",
    ]
    return "\n".join([*lines, ""])


def quoted(text: str) -> str:
    """A text as DOT has it, in which a backslash and a quotation mark mean themselves."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def label_of(node: Node) -> tuple[str, ...]:
    """The lines in a node: what the states agree on, how many they are, and what is wrong."""
    count = (f"{node.count:,} states",) if node.count > 1 else ()
    return (*node.lines, *count, *(f"✗ {name}" for name in node.wrong))


def _node(number: int, node: Node) -> str:
    label = "".join(
        line.replace("\\", "\\\\").replace('"', '\\"') + "\\l" for line in label_of(node)
    )
    looks = {"label": f'"{label}"'}
    if node.is_initial:
        looks["penwidth"] = "3"
    if node.wrong:
        looks |= {"color": '"#b3261e"', "fontcolor": '"#b3261e"'}
    return f"  s{number} [{', '.join(f'{name}={value}' for name, value in looks.items())}];"


def _arrow(arrow: Arrow) -> str:
    label = quoted("\n".join(arrow.actions))
    red = ', color="#b3261e", fontcolor="#b3261e"' if arrow.wrong else ""
    return f"  s{arrow.source} -> s{arrow.target} [label={label}{red}];"


def legend(drawing: Drawing) -> Iterator[str]:
    """What a reader needs to know beside the picture."""
    if drawing.is_merged:
        nodes = f"{drawing.states:,} states in {len(drawing.nodes):,} nodes"
        yield f"{nodes}; steps from a node to itself are left out"
