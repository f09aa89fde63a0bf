"""How long what is kept, and when a night begins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from callcenter.core.ids import new_id
from callcenter.upkeep.kinds import LEDGERS, WHY_IT_STAYS, KeptKind, cutoff, is_due, setting_for
from callcenter.upkeep.old_rows import OLD_PARTS, OLD_ROWS

NIGHT = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)


def test_every_kind_stays_or_has_a_setting_and_a_way_to_go():
    going = {kind for kind in KeptKind if setting_for(kind) is not None}
    assert going == set(OLD_ROWS) | set(OLD_PARTS) | {KeptKind.IMPORT_REPORTS}
    assert set(OLD_PARTS) == LEDGERS | {KeptKind.TRACKS}
    assert going.isdisjoint(WHY_IT_STAYS)
    assert KeptKind.INCIDENTS in WHY_IT_STAYS


def test_nothing_younger_than_the_least_goes_whatever_is_said():
    setting = setting_for(KeptKind.TEXTS)
    assert setting is not None
    assert cutoff(setting, 3, NIGHT) == cutoff(setting, setting.least, NIGHT)
    assert cutoff(setting, 400, NIGHT).at == NIGHT - timedelta(days=400)


def test_ids_made_from_then_on_are_not_below_it():
    setting = setting_for(KeptKind.LOG_INS)
    assert setting is not None
    now = datetime.now(UTC)
    assert cutoff(setting, setting.least, now).id < new_id()
    assert cutoff(setting, 0, now + timedelta(days=setting.least, seconds=1)).id > new_id()


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, NIGHT, True),
        (None, NIGHT - timedelta(minutes=1), False),
        (NIGHT, NIGHT + timedelta(hours=20), False),
        (NIGHT, NIGHT + timedelta(days=1), True),
        (NIGHT, NIGHT + timedelta(hours=23), False),
        (NIGHT, NIGHT + timedelta(days=9, hours=8), True),
    ],
)
def test_once_a_night_and_later_where_nobody_was_there(last, now, due):
    assert is_due(last, now) is due
