"""Who is texted about what became of an alarm: everybody who was told, and nobody else."""

from __future__ import annotations

from dataclasses import replace

from callcenter.alerts.bodies import CloseBody
from callcenter.alerts.handling.decision import ToldContact
from callcenter.alerts.handling.telling_on import (
    ambulance_texts,
    closing_texts,
    next_contact,
    next_text,
    still_told,
    thanks,
)
from callcenter.alerts.incident import Outcome
from callcenter.alerts.recorded import Recorded
from callcenter.core.ids import new_id
from callcenter.devices.callers import Recipient
from callcenter.sms.catalogue import MessageKind
from tests.support.callers import CALLER, DAUGHTER, PERSON, SON
from tests.support.community import LONG_AGO
from tests.support.incidents import incident

TOLD = (
    ToldContact(DAUGHTER.phone, 1, "zh-CN", {"name": "沈玉兰", "ref": 37}),
    ToldContact(SON.phone, 2, "en", {"name": "沈玉兰", "ref": 37}),
)


def closing(outcome: Outcome, safe_by: str | None = None, **more: str) -> CloseBody:
    return CloseBody(command_id=new_id(), outcome=outcome, safe_by=safe_by, **more)


def test_everybody_who_was_told_hears_how_it_ended_in_their_language():
    texts = closing_texts(closing(Outcome.EMERGENCY, "沈岚"), TOLD, (), LONG_AGO)
    assert [(t.recipient, t.kind, t.language) for t in texts] == [
        (DAUGHTER.phone, MessageKind.SAFE_CLOSED, "zh-CN"),
        (SON.phone, MessageKind.SAFE_CLOSED, "en"),
    ]


def test_how_it_ended_is_told_with_what_the_first_text_said():
    body = closing(Outcome.EMERGENCY, "沈岚", safe_where="市医院", safe_where_en="the hospital")
    params = closing_texts(body, TOLD, (), LONG_AGO)[0].params
    assert params["ref"] == 37
    assert (params["where"], params["where_en"]) == ("市医院", "the hospital")
    assert params["closed_at"] == LONG_AGO.isoformat()
    in_english = closing_texts(
        closing(Outcome.EMERGENCY, "沈岚", safe_where="home"), TOLD, (), LONG_AGO
    )
    assert in_english[1].params["where_en"] == "home"


def test_who_was_not_told_hears_nothing():
    assert closing_texts(closing(Outcome.MISTAKEN_PRESS), (), (), LONG_AGO) == []
    assert ambulance_texts((), LONG_AGO) == []


def test_an_ambulance_and_thanks_go_to_whoever_was_told():
    assert [t.recipient for t in ambulance_texts(TOLD, LONG_AGO)] == [DAUGHTER.phone, SON.phone]
    assert (thanks(TOLD[1]).recipient, thanks(TOLD[1]).kind) == (
        SON.phone,
        MessageKind.ANSWER_NOTED,
    )


def test_the_next_is_the_best_ranked_who_does_not_know():
    nephew = Recipient(5, "+8613900000005", "zh-CN", "周明", "Zhou Ming")
    husband = replace(PERSON, resident_id=4, name="周德海", recipients=(nephew,))
    people = (PERSON, husband)
    assert next_contact(people, ()) == (PERSON, DAUGHTER)
    assert next_contact(people, TOLD[:1]) == (husband, nephew)
    assert next_contact((PERSON,), TOLD[:1]) == (PERSON, SON)
    assert next_contact((PERSON,), TOLD) is None
    assert next_contact((), ()) is None


def test_the_next_is_asked_about_their_own_person():
    text = next_text(CALLER, (PERSON, SON), incident(), ())
    assert (text.recipient, text.contact_id, text.kind, text.language) == (
        SON.phone,
        2,
        MessageKind.CAN_YOU_GO,
        "en",
    )
    assert (text.params["name"], text.params["at"]) == ("沈玉兰", LONG_AGO.isoformat())


def test_nobody_is_said_not_to_be_reached_who_was_spoken_to():
    """It is the alarm itself that asks then."""
    spoken = (Recorded("call_back", "reached"),)
    text = next_text(CALLER, (PERSON, SON), incident(kind="smoke"), spoken)
    assert (text.kind, text.params["alarm"]) == (MessageKind.ALARM_RAISED, "smoke")


def test_how_it_ended_is_not_told_of_who_has_died_or_moved_since():
    """Also to a daughter who is the contact of both."""
    about = {
        name: ToldContact(DAUGHTER.phone, 1, "zh-CN", {"name": name})
        for name in ("沈玉兰", "贺长林")
    }
    husband = replace(PERSON, resident_id=4, name="贺长林", status="deceased")
    both = replace(CALLER, people=(PERSON, husband))
    assert still_told(tuple(about.values()), both) == [about["沈玉兰"]]
    assert still_told(tuple(about.values()), None) == list(about.values())
