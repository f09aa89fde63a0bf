"""Who is texted when an alarm comes in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callcenter.alerts.telling import TEXTED, alarm_texts, duty_texts
from callcenter.devices.callers import Caller
from callcenter.devices.signals import CLASS_OF, Kind, SignalClass
from callcenter.regions.tree import RegionSettings
from callcenter.sms.catalogue import FOLDS, MessageKind
from callcenter.sms.outbox import Text
from tests.support.callers import CALLER, DAUGHTER, PERSON
from tests.support.community import LONG_AGO

DUTY = "+8613900000009"
UNKNOWN = replace(
    CALLER, subject="caller:dc09:9999", home_id=None, resident_id=None, people=(), card={}
)


@pytest.mark.parametrize("kind", Kind)
def test_families_are_told_of_what_cannot_wait_for_an_operator(kind: Kind):
    told = {Kind.SOS, Kind.FALL, Kind.MEDICAL, Kind.SMOKE, Kind.GAS}
    texts = alarm_texts(CALLER, kind, LONG_AGO)
    assert [t.recipient for t in texts] == ([DAUGHTER.phone] if kind in told else [])


def test_of_stillness_they_are_told_where_somebody_has_been_at_the_door():
    assert alarm_texts(CALLER, Kind.INACTIVITY, LONG_AGO) == []
    [text] = alarm_texts(CALLER, Kind.INACTIVITY, LONG_AGO, searched=True)
    assert (text.recipient, text.params["alarm"]) == (DAUGHTER.phone, "inactivity")


def to_duty(caller: Caller) -> list[Text]:
    """The first telling, of everybody on the list."""
    return duty_texts(caller, caller.settings.duty_numbers, LONG_AGO)


def test_only_alarms_are_told():
    assert {CLASS_OF[kind] for kind in TEXTED} == {SignalClass.ALARM}


def test_a_text_carries_what_its_words_need():
    [text] = alarm_texts(CALLER, Kind.SOS, LONG_AGO)
    assert (text.kind, text.contact_id, text.language) == (MessageKind.ALARM_RAISED, 1, "zh-CN")
    assert text.params == {
        "name": "沈玉兰",
        "name_latin": "Shen Yulan",
        "at": LONG_AGO.isoformat(),
        "alarm": "sos",
        "hotline": "",
        "signature": "",
        "signature_en": "",
    }


def test_where_families_are_told_after_confirmation_an_alarm_tells_nobody():
    waits = replace(CALLER, settings=RegionSettings(sms_policy="after_confirmation"))
    assert alarm_texts(waits, Kind.SOS, LONG_AGO) == []


def test_who_has_died_is_nobodys_text_and_an_alarm_of_the_duty_all_the_same():
    died = replace(CALLER, people=(replace(PERSON, status="deceased"),))
    assert alarm_texts(died, Kind.SOS, LONG_AGO) == []
    assert [t.recipient for t in to_duty(died)] == [DUTY]


def test_the_duty_reads_who_and_where():
    [text] = to_duty(CALLER)
    assert (text.recipient, text.contact_id, text.kind) == (DUTY, None, MessageKind.DUTY_ALARM)
    assert (text.params["name"], text.params["where"]) == ("沈玉兰", "榆荫里7号楼")


def test_an_unknown_caller_is_named_by_its_device():
    [text] = to_duty(UNKNOWN)
    params = text.params
    assert (params["name"], params["where"], params["where_en"]) == (
        "",
        "设备9999",
        "device 9999",
    )


def test_every_duty_number_is_told_and_without_one_nobody_is():
    two = replace(CALLER, settings=RegionSettings(duty_numbers=(DUTY, "+8613900000008")))
    assert len(to_duty(two)) == 2
    assert to_duty(replace(CALLER, settings=RegionSettings())) == []


def test_strangers_are_told_together_and_a_known_home_by_itself():
    [stranger], [known] = to_duty(UNKNOWN), to_duty(CALLER)
    assert (stranger.params.get("fold"), known.params.get("fold")) == (True, None)


def test_the_duty_reads_the_name_of_who_lives_there():
    husband = replace(PERSON, resident_id=4, name="周德海", status="deceased")
    both = replace(CALLER, resident_id=None, people=(husband, PERSON))
    assert to_duty(both)[0].params["name"] == "沈玉兰"


def test_who_sits_there_and_does_not_take_it_is_not_said_to_be_away():
    [text] = duty_texts(CALLER, [DUTY], LONG_AGO, manned=True)
    assert (text.kind, text.again) == (MessageKind.DUTY_UNTAKEN, None)


def test_what_is_told_again_is_another_text_and_may_be_told_with_others():
    [text] = duty_texts(CALLER, [DUTY], LONG_AGO, manned=True, again=3)
    assert text.again == 3
    assert text.params[FOLDS] is True
