"""The demo has somebody to send, whatever the hour at which it begins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from callcenter.core.sealed import Seal
from callcenter.demo.community.load import load
from callcenter.demo.community.roster import crew_begins, listed, spans_of
from tests.support.outbox import SHANGHAI

HOURS = [datetime(2026, 11, 25, tzinfo=UTC) + timedelta(hours=n) for n in range(24)]


@pytest.mark.parametrize("now", HOURS)
def test_a_worker_a_caregiver_two_drivers_and_a_key_are_on_duty_and_stay(now):
    everybody = (*listed().staff, *listed().known)
    there = {
        each.name
        for each in everybody
        if all(
            any(
                begins <= now + timedelta(hours=n) < ends
                for begins, ends in spans_of(each, now, SHANGHAI)
            )
            for n in range(4)
        )
    }
    assert there >= {"张志强", "何秀芬", "卞小兰", "董建平", "叶文斌"}
    assert any(begins <= now < ends for begins, ends in spans_of(everybody[-1], now, SHANGHAI))


@pytest.mark.parametrize("now", HOURS)
def test_nobody_has_two_shifts_at_once(now):
    for each in (*listed().staff, *listed().known):
        spans = sorted(spans_of(each, now, SHANGHAI))
        assert all(ends <= begins for (_, ends), (begins, _) in pairwise(spans))


def test_the_crew_has_been_there_for_three_hours_and_stays_for_three():
    for hour in range(24):
        assert 3 <= (hour - crew_begins(hour)) % 24 <= 8


async def test_the_roster_of_the_demo_has_duties_an_absence_and_a_swap(
    database, owner, clock, tmp_path
):
    await load(database, Seal.load(tmp_path), clock, tmp_path, SHANGHAI)
    on_duty = "SELECT count(*) FROM duty JOIN roster_shift ON began_duty_id = duty.id WHERE ended_at IS NULL"
    assert await owner.fetchval(on_duty) == 6
    swap = "SELECT staff.name FROM roster_shift JOIN staff ON staff.id = swap_to"
    assert [row["name"] for row in await owner.fetch(swap)] == ["石磊"]
    against = """SELECT count(*) FROM roster_shift JOIN absence USING (staff_id)
        WHERE begins_at::date BETWEEN from_day AND until_day"""
    assert await owner.fetchval(against) > 0
    stay = "SELECT name FROM staff JOIN duty ON staff_id = staff.id AND planned_until IS NULL"
    assert {row["name"] for row in await owner.fetch(stay)} == set(listed().in_script)
    numbers = [row["phone"] for row in await owner.fetch("SELECT phone FROM staff")]
    assert len(numbers) == len(set(numbers))
