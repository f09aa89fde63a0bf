"""Every limit of the settings arrives where it is kept."""

from __future__ import annotations

from dataclasses import astuple

import pytest

from callcenter.api.body_bounds import BodyBounds
from callcenter.api.passing import Width
from callcenter.listeners.bounds import DeviceBounds
from callcenter.runtime import bounding
from callcenter.seats.crowd import Limits
from callcenter.seats.talk import TalkBounds
from callcenter.settings import Settings, load


def test_the_defaults_of_the_settings_are_those_of_the_parts():
    usual = Settings()
    assert bounding.bodies(usual) == BodyBounds()
    assert bounding.width(usual) == Width()
    assert bounding.devices(usual) == DeviceBounds()
    assert bounding.crowd(usual.seats) == Limits()
    assert bounding.talk(usual.seats) == TalkBounds()


def test_what_the_alarm_process_lets_pass_is_not_too_large_for_the_office():
    settings = load(environ={"CALLCENTER_REQUESTS__HEAD_KB": "256"})
    own, passed_on = bounding.devices(settings).requests.head, bounding.head_passed_on(settings)
    assert passed_on.most > own.most == 256 * 1024
    assert passed_on.lines > own.lines


BOUNDS = {
    "requests": ("head_kb", "head_lines", "body_kb", "body_within_s", "strangers_body_kb",
                 "strangers_body_within_s", "file_within_s", "photo_within_s"),
    "devices": ("idle_s", "keep_alive_s", "signal_within_s", "frames_at_once", "datagrams_at_once",
                "datagrams_mb", "datagrams_of_floods", "light_ms", "unread_a_minute",
                "unread_of_one", "refusals_told_a_minute"),
    "seats": ("per_session", "per_account", "frames_per_s", "frames_at_once", "claims_per_s",
              "claims_at_once"),
    "limits": ("pages_at_once", "pages_waiting", "log_ins_at_once", "documents_at_once",
               "uploads_at_once"),
    "imports": ("file_mb",),
    "disk": ("reserve_mb",),
    "alarm": ("storm_within_s", "storm_quiet_s"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("section", "name"), [(section, name) for section, names in BOUNDS.items() for name in names]
)
def test_each_setting_changes_a_bound(section: str, name: str):
    usual = Settings()
    value = getattr(getattr(usual, section), name)
    other = value - 1 if isinstance(value, int) else value + 1.0
    settings = load(environ={f"CALLCENTER_{section}__{name}".upper(): str(other)})
    assert all_bounds(settings) != all_bounds(usual)


def all_bounds(settings: Settings) -> list[object]:
    return [
        astuple(bounding.bodies(settings)),
        astuple(bounding.width(settings)),
        astuple(bounding.devices(settings)),
        astuple(bounding.crowd(settings.seats)),
        astuple(bounding.talk(settings.seats)),
        bounding.reserve(settings).size,
        astuple(bounding.storms(settings.alarm)),
    ]
