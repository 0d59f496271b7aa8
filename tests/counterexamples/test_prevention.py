"""What would have prevented a trace, in words."""

from __future__ import annotations

from dataclasses import replace

from counterexamples.prevention import MOST_SHOWN, Prevention, Remedy, fixes

ALL = Remedy((("acks", "all"),), 4_136, (), (), True)
NOTHING = Prevention((), 3, (), 0, None, ("unclean",))


def test_a_remedy() -> None:
    found = replace(NOTHING, remedies=(ALL,))
    assert list(fixes(found)) == ["acks=all holds in this scope (4,136 states)"]


def test_a_remedy_that_may_be_none() -> None:
    pair = Remedy((("acks", "all"), ("unclean", "false")), 1, ("elect", "ack"), ("acked",), False)
    assert list(fixes(replace(NOTHING, remedies=(pair,)))) == [
        "acks=all unclean=false holds in this scope (1 state); but then never reached: acked; "
        "whether all goals are still reached is not known; then never happens: elect, ack"
    ]


def test_many_remedies_are_counted() -> None:
    *shown, last = fixes(replace(NOTHING, remedies=(ALL,) * (MOST_SHOWN + 3)))
    assert len(shown) == MOST_SHOWN
    assert last == "and 3 more"


def test_no_remedy() -> None:
    words = "no single setting and no pair of settings prevents it in this scope"
    assert list(fixes(NOTHING)) == [words]


def test_no_choice() -> None:
    assert list(fixes(Prevention((), 0, (), 0, None, ()))) == ["the spec has no settings"]
    found = Prevention((), 0, (), 0, None, ("unclean",))
    assert list(fixes(found)) == ["no setting makes a difference to it"]


def test_what_was_not_decided_is_no_answer() -> None:
    found = replace(NOTHING, undecided=((("acks", "all"),),), untried=2, stop="stopped after 60 s")
    assert list(fixes(found)) == [
        "no remedy was found among the settings",
        "not decided, their searches were stopped: acks=all",
        "stopped after 60 s: 2 more choices not tried",
    ]
