"""Who is texted when an alarm comes in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callcenter.alerts.telling import TEXTED, alarm_texts, duty_texts
from callcenter.devices.signals import CLASS_OF, Kind, SignalClass
from callcenter.regions.tree import RegionSettings
from callcenter.sms.catalogue import MessageKind
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
    assert [t.recipient for t in duty_texts(died, LONG_AGO)] == [DUTY]


def test_the_duty_reads_who_and_where():
    [text] = duty_texts(CALLER, LONG_AGO)
    assert (text.recipient, text.contact_id, text.kind) == (DUTY, None, MessageKind.DUTY_ALARM)
    assert (text.params["name"], text.params["where"]) == ("沈玉兰", "榆荫里7号楼")


def test_an_unknown_caller_is_named_by_its_device():
    [text] = duty_texts(UNKNOWN, LONG_AGO)
    params = text.params
    assert (params["name"], params["where"], params["where_en"]) == (
        "",
        "设备9999",
        "device 9999",
    )


def test_every_duty_number_is_told_and_without_one_nobody_is():
    two = replace(CALLER, settings=RegionSettings(duty_numbers=(DUTY, "+8613900000008")))
    assert len(duty_texts(two, LONG_AGO)) == 2
    assert duty_texts(replace(CALLER, settings=RegionSettings()), LONG_AGO) == []


def test_strangers_are_told_together_and_a_known_home_by_itself():
    [stranger], [known] = duty_texts(UNKNOWN, LONG_AGO), duty_texts(CALLER, LONG_AGO)
    assert (stranger.params.get("fold"), known.params.get("fold")) == (True, None)


def test_the_duty_reads_the_name_of_who_lives_there():
    husband = replace(PERSON, resident_id=4, name="周德海", status="deceased")
    both = replace(CALLER, resident_id=None, people=(husband, PERSON))
    assert duty_texts(both, LONG_AGO)[0].params["name"] == "沈玉兰"
