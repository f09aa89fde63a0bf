"""The test alarm of a site: a signal of nobody, with a subject of its own."""

from __future__ import annotations

from callcenter.alerts.called import office_signal
from callcenter.alerts.trial import is_trial, nobody_in_need, trial_signal
from callcenter.core.ids import new_id
from callcenter.devices.signals import Kind
from callcenter.regions.tree import RegionSettings

WEI = (7, "魏来")


def test_it_is_of_nobody_and_says_who_has_sent_it():
    first, second = (nobody_in_need(new_id(), WEI, (1, 2), RegionSettings()) for _ in range(2))
    assert first.subject != second.subject
    assert (first.home_id, first.device_id, first.people, first.region_id) == (None, None, (), 2)
    assert first.recipients == []
    assert first.card["called"] == {"way": "trial", "user_id": 7, "user": "魏来"}


def test_the_same_command_is_the_same_signal():
    command = new_id()
    assert trial_signal(command, WEI) == trial_signal(command, WEI)
    assert trial_signal(command, WEI).kind is Kind.SOS


def test_only_its_own_card_says_that_it_is_one():
    trial = nobody_in_need(new_id(), WEI, (1,), RegionSettings())
    told = office_signal(new_id(), Kind.SOS, b"", identifier="", text=None, called={"way": "phone"})
    assert is_trial(trial.card)
    assert not is_trial({"people": []})
    assert not is_trial({"called": told.extra})
