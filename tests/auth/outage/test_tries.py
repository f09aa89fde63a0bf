"""Wrong tries in memory count as those in the database do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from callcenter.auth.login import ALL_STRANGERS, comer_of
from callcenter.auth.outage.tries import Tries

NOW = datetime(2026, 3, 14, 2, 0, tzinfo=UTC)
STRANGER = comer_of("linlan", "10.0.0.7", None)
KNOWN = comer_of("linlan", "10.0.0.7", "abc")


def counted(place: str, failures: int, **fields: Any) -> dict[str, Any]:
    row = {"login": "linlan", "address": place, "failures": failures, "last_failure_at": NOW}
    return {**row, "locked_until": None, **fields}


def test_what_the_database_has_counted_goes_on():
    tries = Tries()
    locked = NOW + timedelta(minutes=4)
    tries.learn([counted(STRANGER.place, 10, locked_until=locked)])
    assert tries.seconds_to_wait(STRANGER, NOW) == 240
    assert tries.seconds_to_wait(KNOWN, NOW) == 0
    tries.note(STRANGER, locked)
    assert tries.seconds_to_wait(STRANGER, locked) == 256


def test_of_one_place_the_later_word_holds():
    tries = Tries()
    for _ in range(4):
        tries.note(STRANGER, NOW + timedelta(seconds=1))
    waits = tries.seconds_to_wait(STRANGER, NOW + timedelta(seconds=1))
    tries.learn([counted(STRANGER.place, 1)])
    assert tries.seconds_to_wait(STRANGER, NOW + timedelta(seconds=1)) == waits > 0


def test_strangers_together_wait_and_a_known_browser_does_not():
    tries = Tries()
    for number in range(25):
        tries.note(comer_of("linlan", f"10.0.1.{number}", None), NOW)
    assert tries.seconds_to_wait(comer_of("linlan", "10.9.9.9", None), NOW) > 0
    assert tries.seconds_to_wait(KNOWN, NOW) == 0


def test_the_right_password_ends_the_wait_of_its_place_alone():
    tries = Tries()
    tries.learn([counted(ALL_STRANGERS, 30)])
    for _ in range(3):
        tries.note(STRANGER, NOW)
    tries.forgive(STRANGER)
    assert tries.seconds_to_wait(STRANGER, NOW) == 0
    tries.note(STRANGER, NOW)
    assert tries.seconds_to_wait(STRANGER, NOW) == 60


def test_all_is_forgotten_after_an_hour():
    tries = Tries()
    tries.learn([counted(STRANGER.place, 30, locked_until=NOW + timedelta(hours=9))])
    assert tries.seconds_to_wait(STRANGER, NOW + timedelta(hours=1, seconds=1)) == 0


def test_no_crowd_fills_the_memory():
    tries = Tries(most=10)
    for number in range(100):
        tries.note(comer_of(f"nobody-{number}", "10.0.0.7", None), NOW)
    assert len(tries._failures) == 10
