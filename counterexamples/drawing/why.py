"""The explanation of a trace as markup for its page: what fails, for whom, and since which step."""

from __future__ import annotations

from collections.abc import Mapping

from counterexamples.drawing.markup import NOTHING, Markup, element, join, text
from counterexamples.why.answer import Fact, Mark, Why


def why_section(why: Why) -> Markup:
    """The source with what fails marked, the witnesses, and the facts with links to their steps."""
    source = NOTHING if why.mark is None else _source(why.mark)
    names = ", ".join(map(str, why.witnesses))
    witnesses = element("p", element("code", text(names)), class_="witness") if names else NOTHING
    facts = element("ul", *map(_fact, why.facts)) if why.facts else NOTHING
    heading = element("h2", text("Why"))
    return element("section", heading, source, witnesses, facts, class_="why")


def _source(mark: Mark) -> Markup:
    lines = []
    for line, column, width in mark.lines:
        end = column + width
        marked = element("mark", text(line[column:end])) if width else NOTHING
        lines.append(join(text(line[:column]), marked, text(line[end:])))
    place = element("p", text(mark.place), class_="place")
    return join(place, element("pre", element("code", join(*lines, between="\n"))))


def _fact(fact: Fact) -> Markup:
    return element("li", element("code", text(fact.text)), text(" "), _since(fact))


def _since(fact: Fact) -> Markup:
    number = fact.since.step
    if not number:
        return element("span", text(fact.since.text), class_="since")
    link = element("a", text(f"step {number}"), href=f"#step={number}")
    return element("span", text("since "), link, text(f", {fact.since.text}"), class_="since")


def why_remarks(why: Why) -> Mapping[int, tuple[str, ...]]:
    """What each step made so, in words, and which steps do not matter."""
    found: dict[int, tuple[str, ...]] = {
        number: ("Not needed: without this step the rest ends so, too.",) for number in why.needless
    }
    for fact in why.facts:
        if number := fact.since.step:
            found[number] = (*found.get(number, ()), f"From here on: {fact.text}.")
    return found
