"""What becomes of messages, as the picture of a trace tells it."""

from __future__ import annotations

from checker.ir.types import BOOL, IntType, MapType, OptionType, RecordType, SetType
from checker.trace import Step
from counterexamples.drawing.messages import Fate
from counterexamples.drawing.page import page
from counterexamples.drawing.scenes import picture
from tests.counterexamples.made import NODE, NOTE, made, node, sets


def test_a_message_that_is_overtaken() -> None:
    states = sets(set(), {(1, 0)}, {(1, 0), (1, 1)}, {(1, 0)}, set())
    steps = [node("send", 0), node("send", 0), node("get", 1, (1, 1)), node("get", 1, (1, 0))]
    drawn = picture(made(states, steps, SetType(NOTE)))
    assert [(m.sent, m.ended, m.is_overtaken) for m in drawn.messages] == [
        (1, 4, True), (2, 3, False),
    ]  # fmt: skip
    assert "overtaken by a later one" in page(made(states, steps, SetType(NOTE)))


def test_messages_that_do_not_arrive() -> None:
    states = sets(set(), {(1, 0)}, {(1, 0), (1, 1)}, {(1, 1)})
    steps = [node("send", 0), node("send", 0), Step("lose_note", ())]
    drawn = picture(made(states, steps, SetType(NOTE)))
    fates = [message.fate for message in drawn.messages]
    assert fates == [Fate.LOST, Fate.UNDER_WAY]
    content = page(made(states, steps, SetType(NOTE)))
    assert 'class="cross"' in content
    assert "still under way at the end" in content


def test_a_request_that_comes_back_as_an_answer() -> None:
    type = MapType(NODE, MapType(NODE, OptionType(RecordType("Ask", (("done", BOOL),)))))
    slot = [None, (False,), (True,), None]
    states = [(((None, value), (None, None)), (False, n % 2 == 1)) for n, value in enumerate(slot)]
    steps = [node("ask", 0), node("answer", 1), node("hear", 0)]
    drawn = picture(made(states, steps, type))
    legs = [(m.sender, m.receiver, m.sent, m.ended) for m in drawn.messages]
    assert legs == [(0, 1, 1, 2), (1, 0, 2, 3)]


def test_an_answer_may_be_told_by_its_fields_and_may_change_on_its_way() -> None:
    answer = OptionType(RecordType("Answer", (("number", IntType(0, 9)),)))
    type = MapType(NODE, MapType(NODE, OptionType(RecordType("Ask", (("answer", answer),)))))
    slot = [None, (None,), ((1,),), ((2,),), None]
    states = [(((None, value), (None, None)), (n % 2 == 1, False)) for n, value in enumerate(slot)]
    steps = [node(action, 0) for action in ("ask", "answer", "change", "hear")]
    legs = [
        (m.sender, m.receiver, m.sent, m.ended, m.fate)
        for m in picture(made(states, steps, type)).messages
    ]
    assert legs == [(0, 1, 1, 2, Fate.DELIVERED), (1, 0, 2, 4, Fate.DELIVERED)]
