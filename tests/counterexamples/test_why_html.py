from __future__ import annotations

from checker.trace import Trace
from counterexamples.drawing.page import About, page
from counterexamples.drawing.why import why_remarks, why_section
from counterexamples.why.answer import Fact, Mark, Since, Why, Witness

WHY = Why(
    mark=Mark("a<b.py:3", (("if x < y:", 3, 5),)),
    witnesses=(Witness("broker", "b2"),),
    facts=(
        Fact("r1 is missing from log[b2] = ⟨⟩", Since(2, "write(r1, b1)"), ("log[b2]",)),
        Fact("leader is b1", Since(0, "from the start"), ("leader",)),
    ),
    needless=frozenset({1}),
)


def test_section_marks_what_fails_and_links_to_steps() -> None:
    section = why_section(WHY)
    assert "a&lt;b.py:3" in section
    assert "if <mark>x &lt; y</mark>:" in section
    assert "broker = b2" in section
    assert '<a href="#step=2">step 2</a>, write(r1, b1)' in section
    assert "from the start" in section


def test_an_explanation_may_have_facts_only() -> None:
    section = why_section(Why(facts=WHY.facts))
    assert "<mark>" not in section
    assert "leader is b1" in section


def test_remarks_are_by_step() -> None:
    assert why_remarks(WHY) == {
        1: ("Not needed: without this step the rest ends so, too.",),
        2: ("From here on: r1 is missing from log[b2] = ⟨⟩.",),
    }


def test_the_page_has_all_of_it(trace: Trace) -> None:
    written = page(trace, About(why=WHY, remarks={2: ("A remark.",)}))
    assert '"cited":[2],"needless":[1]' in written
    assert '<section class="why"><h2>Why</h2>' in written
    told = written.index("From here on: r1 is missing")
    assert told < written.index("A remark.")
    assert '"cited":[],"needless":[]' in page(trace)
