"""A form is ours, of today and of this link; what it says has one id however often it comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given, strategies as st

from callcenter.alerts.incident import State
from callcenter.families.course import Case
from callcenter.families.finding import Link
from callcenter.families.notices import LONGEST_NOTE
from callcenter.families.saying import Button, Form, is_ours, note_of, proof_of, said_id

NOW = datetime(2026, 11, 28, 6, 5, tzinfo=UTC)
ISSUED = int(NOW.timestamp())
FORM = Form(Button.YES, "", ISSUED, proof_of("key", "token", ISSUED))
LINK = Link(UUID(int=7), (1,), 7, "+8613900000001", "zh-CN", {}, "", Case(State.WAITING, NOW), NOW)


def test_a_form_holds_for_a_day_for_one_link_and_one_key():
    day = timedelta(days=1)
    assert is_ours(FORM, "key", "token", NOW)
    assert is_ours(FORM, "key", "token", NOW + day)
    assert not is_ours(FORM, "key", "token", NOW + day + timedelta(seconds=1))
    assert not is_ours(FORM, "key", "token", NOW - timedelta(minutes=2))
    assert not is_ours(FORM, "key", "another", NOW)
    assert not is_ours(FORM, "another", "token", NOW)
    assert not is_ours(replace(FORM, issued=ISSUED + 1), "key", "token", NOW)


def test_the_same_form_is_one_word_and_another_is_another():
    assert said_id(LINK, FORM, NOW) == said_id(LINK, FORM, NOW + timedelta(hours=1))
    others = [
        said_id(LINK, replace(FORM, button=Button.NO), NOW),
        said_id(LINK, replace(FORM, issued=ISSUED - 1), NOW),
        said_id(LINK, replace(FORM, button=Button.NOTE, note="x"), NOW),
        said_id(replace(LINK, contact_id=8), FORM, NOW),
        said_id(replace(LINK, incident_id=UUID(int=8)), FORM, NOW),
    ]
    assert len({*others, said_id(LINK, FORM, NOW)}) == 6
    assert {each.version for each in others} == {7}


@given(st.text(max_size=500))
def test_a_note_is_bounded_and_has_nothing_that_cannot_be_seen(words: str):
    note = note_of(words)
    assert len(note) <= LONGEST_NOTE
    assert all(c == "\n" or c.isprintable() or c.isspace() or ord(c) > 127 for c in note)
    note.encode()
    assert "\x00" not in note


def test_a_note_keeps_its_lines():
    assert note_of(" 钥匙 \r\n\r\n 在门卫  那里\u202e ") == "钥匙\n在门卫 那里"
