"""What operators may send: nothing that a database cannot hold, nothing without an end."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from callcenter.alerts.bodies import CloseBody, NoteBody, StepBody
from callcenter.alerts.incident import Outcome
from callcenter.core.ids import new_id

ID = new_id()


def test_what_postgresql_cannot_hold_is_left_out_of_words():
    assert NoteBody(command_id=ID, text="门口\0有狗").text == "门口有狗"
    step = StepBody(command_id=ID, step="safe", result="done", note="a\0b", by="沈\0岚")
    assert (step.note, step.by) == ("ab", "沈岚")
    closed = CloseBody(command_id=ID, outcome=Outcome.TEST, safe_where="家\0中")
    assert closed.safe_where == "家中"


@pytest.mark.parametrize("text", ["", "x" * 2_001])
def test_a_note_says_something_and_comes_to_an_end(text: str):
    with pytest.raises(ValidationError):
        NoteBody(command_id=ID, text=text)


def test_whoever_confirms_has_a_name_and_not_a_novel():
    with pytest.raises(ValidationError):
        CloseBody(command_id=ID, outcome=Outcome.EMERGENCY, safe_by="x" * 201)


def test_every_command_carries_an_id():
    with pytest.raises(ValidationError):
        NoteBody.model_validate({"text": "门口有狗"})


def test_an_ambulance_is_told_unless_the_operator_says_no():
    assert StepBody(command_id=ID, step="ambulance_called", result="done").tell_contacts


def test_g9_nobody_ends_an_alarm_as_part_of_another():
    with pytest.raises(ValidationError):
        CloseBody(command_id=ID, outcome=Outcome.PART_OF_OTHER, note="并到12号")
