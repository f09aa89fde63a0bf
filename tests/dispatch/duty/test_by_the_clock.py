"""The roster begins and ends duties, also late, each once."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

from callcenter.dispatch.models import DutyBy
from tests.support.staffed import Staffed

HOUR = 3_600


async def test_a_shift_begins_and_ends_a_duty_once(staffed: Staffed):
    zhang = await staffed.person()
    await staffed.shift(zhang, 1, 9)
    assert await staffed.looks() == 0
    staffed.clock.advance(HOUR)
    assert [await staffed.looks(), await staffed.looks()] == [1, 0]
    staffed.clock.advance(8 * HOUR)
    assert [await staffed.looks(), await staffed.looks()] == [1, 0]
    assert await staffed.duties(zhang) == [("roster", "roster", 0)]


async def test_after_a_restart_a_shift_begins_late_and_one_that_is_over_does_not(
    staffed: Staffed,
):
    zhang, wang = await staffed.person(), await staffed.person("王芳", phone=None)
    await staffed.shift(zhang, 1, 9)
    await staffed.shift(wang, 1, 3)
    staffed.clock.advance(4 * HOUR)
    assert await staffed.looks() == 1
    assert await staffed.duties(zhang) == [("roster", None, 5)]
    assert await staffed.duties(wang) == []


async def test_two_servers_that_look_at_once_begin_one_duty(staffed: Staffed):
    people = [await staffed.person(f"员工{n}", phone=None) for n in range(5)]
    for each in people:
        await staffed.shift(each, 0, 8)
    await asyncio.gather(staffed.looks(), staffed.looks())
    assert [await staffed.duties(each) for each in people] == [[("roster", None, 8)]] * 5


async def test_who_went_off_duty_in_their_shift_is_not_called_back_by_it(staffed: Staffed):
    zhang = await staffed.person()
    await staffed.shift(zhang, 0, 8)
    await staffed.looks()
    await staffed.ends(zhang)
    assert await staffed.looks() == 0


async def test_a_shift_makes_a_duty_longer_and_a_persons_word_stays(staffed: Staffed):
    zhang, wang = await staffed.person(), await staffed.person("王芳", phone=None)
    await staffed.shift(zhang, 0, 2)
    await staffed.shift(zhang, 2, 4)
    await staffed.begins(wang, DutyBy.DISPATCHER)
    await staffed.shift(wang, 2, 4)
    await staffed.looks()
    staffed.clock.advance(2 * HOUR)
    await staffed.looks()
    assert await staffed.duties(zhang) == [("roster", None, 2)]
    assert await staffed.duties(wang) == [("dispatcher", None, None)]


async def test_who_is_absent_comes_on_duty_when_they_are_back(staffed: Staffed):
    zhang = await staffed.person()
    await staffed.shift(zhang, 0, 8)
    absence = await staffed.absence(zhang, date(2026, 3, 10))
    assert await staffed.looks() == 0
    await staffed.owner.execute("DELETE FROM absence WHERE id = $1", absence)
    assert await staffed.looks() == 1


async def test_an_absence_is_over_by_the_calendar_of_the_site(staffed: Staffed):
    """17:26 in Shanghai; UTC has not got there."""
    zhang = await staffed.person()
    await staffed.shift(zhang, 0, 24)
    await staffed.absence(zhang, date(2026, 3, 10), date(2026, 3, 15))
    staffed.clock.advance(6 * HOUR)
    assert await staffed.looks() == 0
    staffed.clock.advance(HOUR)
    assert await staffed.looks() == 1


async def test_who_works_no_more_is_passed_over(staffed: Staffed):
    gone = await staffed.person(active_until=date(2026, 3, 14))
    await staffed.shift(gone, 0, 8)
    assert await staffed.looks() == 0


async def test_those_whom_a_task_keeps_do_not_stand_in_the_way_of_the_others(staffed: Staffed):
    zhang, wang = await staffed.person(), await staffed.person("王芳", phone=None)
    for each in (zhang, wang):
        await staffed.shift(each, 0, 1)
    await staffed.looks()
    await staffed.task("arrived", zhang)
    staffed.clock.advance(HOUR)
    assert [await staffed.looks(), await staffed.looks()] == [1, 0]
    assert [ended for _, ended, _ in await staffed.duties(zhang)] == [None]
    assert [ended for _, ended, _ in await staffed.duties(wang)] == ["roster"]


async def test_a_shift_that_was_given_away_meanwhile_is_left_to_the_other(staffed: Staffed):
    zhang, wang = await staffed.person(), await staffed.person("王芳", phone=None)
    shift = await staffed.shift(zhang, 0, 8)
    await staffed.owner.execute("UPDATE roster_shift SET staff_id = $2 WHERE id = $1", shift, wang)
    await staffed.looks()
    assert await staffed.duties(zhang) == []
    assert await staffed.duties(wang) == [("roster", None, 8)]


async def test_who_is_given_a_task_off_duty_is_on_duty_as_long_as_it_lasts(staffed: Staffed):
    zhang = await staffed.person()
    task = await staffed.task("accepted", zhang)
    await staffed.owner.execute("UPDATE task SET accepted_at = $1", staffed.clock.now())
    assert [await staffed.looks(), await staffed.looks()] == [1, 0]
    assert await staffed.duties(zhang) == [("roster", None, 0)]
    await staffed.owner.execute("UPDATE task SET state = 'cancelled' WHERE id = $1", task)
    assert await staffed.looks() == 1
    assert [ended for _, ended, _ in await staffed.duties(zhang)] == ["roster"]


async def test_a_yes_that_was_carried_out_as_the_duty_ended_brings_them_on_duty_again(
    staffed: Staffed,
):
    """Whoever reads texts takes the time at which it began to, and the duty has ended since then."""
    zhang = await staffed.person()
    await staffed.shift(zhang, 0, 1)
    await staffed.looks()
    staffed.clock.advance(HOUR)
    assert await staffed.looks() == 1
    await staffed.task("accepted", zhang)
    read_at = staffed.clock.now() - timedelta(seconds=1)
    await staffed.owner.execute("UPDATE task SET accepted_at = $1", read_at)
    assert [await staffed.looks(), await staffed.looks()] == [1, 0]
    assert [ended for _, ended, _ in await staffed.duties(zhang)] == ["roster", None]


async def test_what_they_had_for_later_when_their_duty_ended_does_not_call_them_back(
    staffed: Staffed,
):
    zhang = await staffed.person()
    await staffed.begins(zhang)
    await staffed.task("accepted", zhang)
    now = staffed.clock.now()
    tomorrow = now + timedelta(days=1)
    await staffed.owner.execute("UPDATE task SET accepted_at = $1, begins_at = $2", now, tomorrow)
    staffed.clock.advance(60)
    assert await staffed.ends(zhang, DutyBy.PAGE)
    staffed.clock.advance(24 * HOUR)
    assert await staffed.looks() == 0


async def test_whom_the_dispatcher_sent_home_from_a_task_is_not_called_back_by_it(
    staffed: Staffed,
):
    zhang = await staffed.person()
    await staffed.begins(zhang)
    await staffed.task("arrived", zhang)
    await staffed.owner.execute("UPDATE task SET accepted_at = $1", staffed.clock.now())
    staffed.clock.advance(60)
    assert await staffed.ends(zhang, DutyBy.DISPATCHER)
    assert await staffed.looks() == 0


async def test_who_works_here_no_more_goes_off_duty(staffed: Staffed):
    zhang = await staffed.person()
    await staffed.begins(zhang)
    await staffed.owner.execute("UPDATE staff SET active_until = '2026-03-14'")
    assert [await staffed.looks(), await staffed.looks()] == [1, 0]
