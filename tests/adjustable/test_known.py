"""What may be changed while the server runs: every bound holds on both sides, and is named to whoever breaks it."""

from __future__ import annotations

import pytest

from callcenter.adjustable.known import BUILT_IN, SETTINGS, ValueKind, setting_of
from callcenter.core.errors import Invalid, NotFound

NUMBERS = [setting for setting in SETTINGS.values() if setting.kind is ValueKind.NUMBER]
OF_ALARMS = ("alarm", "ring", "escal", "storm", "test", "taker", "sweep", "follow", "duty", "sound")


@pytest.mark.parametrize("setting", NUMBERS, ids=lambda setting: setting.name)
def test_a_number_holds_within_its_bounds_and_the_broken_one_is_named(setting):
    assert [setting.check(bound) for bound in (setting.least, setting.most)] == [
        setting.least,
        setting.most,
    ]
    for beyond in (setting.least - 1, setting.most + 1):
        with pytest.raises(Invalid) as refused:
            setting.check(beyond)
        assert refused.value.code == "setting_bounds"
        assert (refused.value.params["least"], refused.value.params["most"]) == (
            setting.least,
            setting.most,
        )
        assert str(setting.least) in refused.value.message


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("site.session_h", "12", "setting_kind"),
        ("site.session_h", True, "setting_kind"),
        ("site.name", 7, "setting_kind"),
        ("site.name", "榆" * 21, "setting_bounds"),
        ("language", "de", "setting_choice"),
    ],
)
def test_what_is_no_such_value_is_refused(name, value, code):
    with pytest.raises(Invalid) as refused:
        setting_of(name).check(value)
    assert refused.value.code == code


def test_what_is_built_in_may_be_said_too():
    assert {name: SETTINGS[name].check(value) for name, value in BUILT_IN.items()} == BUILT_IN


def test_a_log_in_never_ends_within_the_shift_that_began_with_it():
    assert setting_of("site.session_h").least > 8


def test_nothing_of_an_alarm_may_be_changed_here():
    assert not [name for name in SETTINGS if any(word in name for word in OF_ALARMS)]
    with pytest.raises(NotFound):
        setting_of("office.longest_test_h")
