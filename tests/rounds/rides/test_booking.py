"""Mrs Gao's taxi: booked, offered to drivers nearby, driven, free by her card, rated by a digit."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from callcenter.core.errors import Conflict, Invalid
from callcenter.core.ids import new_id
from callcenter.dispatch.checking_in import CheckedIn, check_in
from callcenter.dispatch.choosing import ranked
from callcenter.dispatch.doing import Doer, StepBy
from callcenter.dispatch.models import TaskRow
from callcenter.dispatch.moving import accept, cancel, held
from callcenter.dispatch.offering import Yes, next_step
from callcenter.dispatch.people import need_of, people_for
from callcenter.dispatch.proof import CheckKind
from callcenter.dispatch.task import TaskKind, TaskState
from callcenter.rounds.rides.booking import Booked, book
from callcenter.rounds.rides.rating import Ratings, rate
from tests.support.outbox import SHANGHAI
from tests.support.rounds import Rounds

MRS_GAO = "+8613900000061"
WANG = Doer(StepBy.DESK, 1, "王社工")
HUNDRED_METRES = 0.0009  # degrees of latitude


@dataclass
class Rides:
    """Mrs Gao wants to go to the hospital, and comes from home."""

    rounds: Rounds
    resident: int

    async def book(self, **more: object) -> UUID:
        now = self.rounds.clock.now()
        booked = Booked(
            **{
                "resident_id": self.resident,
                "destination": "第一医院",
                "begins_at": now + timedelta(minutes=30),
                "asked_fen": 1_200,
            }
            | more  # type: ignore[arg-type]
        )
        async with self.rounds.database.transaction() as session:
            task, _ = await book(session, booked, WANG, now, SHANGHAI)
            return task.id

    async def entitled(self, rides: int = 4) -> None:
        await self.rounds.owner.execute(
            "INSERT INTO ride_entitlement (resident_id, from_day, rides_a_month, created_at) VALUES ($1, '2020-01-01', $2, $3)",
            self.resident,
            rides,
            self.rounds.clock.now(),
        )

    async def driver(self, away: float, name: str) -> int:
        """On duty, so many hundreds of metres off."""
        staff: int = await self.rounds.owner.fetchval(
            "INSERT INTO staff (name, region_id, phone, kinds, vehicle, active_from)"
            " VALUES ($1, $2, $3, '{driver}', '出租车', '2020-01-01') RETURNING id",
            name,
            self.rounds.community.street,
            f"+861390000{round(away):04}",
        )
        now = self.rounds.clock.now()
        await self.rounds.owner.execute(
            "INSERT INTO duty (staff_id, began_at, began_by) VALUES ($1, $2, 'page')", staff, now
        )
        await self.rounds.owner.execute(
            "INSERT INTO staff_position (staff_id, at, lat, lng, source) VALUES ($1, $2, $3, 104.0, 'page')",
            staff,
            now,
            40.0 + away * HUNDRED_METRES,
        )
        return staff

    async def drive(self, task_id: UUID, driver: int) -> None:
        """Taken, picked up and set down a quarter of an hour later."""
        now = self.rounds.clock.now()
        doer = Doer(StepBy.PHONE, None, "老董")
        async with self.rounds.database.transaction() as session:
            task = await held(session, task_id)
            assert await accept(session, task, driver, doer, now) is Yes.HAS_IT
            for kind, minutes in ((CheckKind.ARRIVE, 0), (CheckKind.DEPART, 15)):
                at = now + timedelta(minutes=minutes)
                said = CheckedIn(id=new_id(), kind=kind, said_at=at)
                await check_in(session, task, driver, said, doer, at)
        self.rounds.clock.advance(15 * 60)

    async def row(self, task_id: UUID) -> asyncpg.Record:
        return await self.rounds.owner.fetchrow(
            "SELECT * FROM ride LEFT JOIN task_rating USING (task_id) WHERE task_id = $1", task_id
        )

    async def look(self) -> None:
        ratings = Ratings(self.rounds.database, SHANGHAI)
        while await ratings.run_once(self.rounds.clock.now()):
            pass

    async def texts(self, words: str, sender: str = MRS_GAO) -> bool:
        return await self.rounds.hear(words, sender)


@pytest.fixture
async def rides(rounds: Rounds) -> Rides:
    home = await rounds.community.home()
    resident = await rounds.community.resident(home, "高秀英", "Gao Xiuying")
    await rounds.owner.execute("UPDATE resident SET phone = $2 WHERE id = $1", resident, MRS_GAO)
    return Rides(rounds, resident)


async def test_her_card_makes_it_free_and_it_says_why(rides: Rides):
    await rides.entitled()
    row = await rides.row(await rides.book())
    assert (row["fare_fen"], row["paid_by"]) == (0, "entitlement")
    task = await rides.rounds.owner.fetchrow("SELECT * FROM task")
    assert (task["kind"], task["destination"], task["state"]) == ("ride", "第一医院", "open")


async def test_without_a_card_the_fare_is_to_be_paid(rides: Rides):
    row = await rides.row(await rides.book())
    assert (row["fare_fen"], row["paid_by"], row["entitlement_id"]) == (1_200, "passenger", None)


async def test_a_card_has_so_many_rides_a_month_and_one_called_off_is_none(rides: Rides):
    await rides.entitled(1)
    first = await rides.book()
    assert (await rides.row(await rides.book()))["paid_by"] == "passenger"
    async with rides.rounds.database.transaction() as session:
        task = await held(session, first)
        await cancel(session, task, WANG, rides.rounds.clock.now(), "不去了")
    assert (await rides.row(await rides.book()))["paid_by"] == "entitlement"
    next_month = rides.rounds.clock.now() + timedelta(days=31)
    assert (await rides.row(await rides.book(begins_at=next_month)))["paid_by"] == "entitlement"


async def test_two_who_book_at_once_do_not_share_the_last_free_ride(rides: Rides):
    await rides.entitled(1)
    booked = await asyncio.gather(rides.book(), rides.book())
    paid = sorted([(await rides.row(each))["paid_by"] for each in booked])
    assert paid == ["entitlement", "passenger"]


async def test_where_to_must_be_said(rides: Rides):
    with pytest.raises(Invalid) as refused:
        await rides.book(destination="  ")
    assert refused.value.code == "destination_wanted"


async def test_five_drivers_within_three_kilometres_are_asked_and_only_then_the_others(
    rides: Rides,
):
    near = [await rides.driver(each, f"近{each}") for each in (1, 5, 10, 15, 20, 25)]
    far = await rides.driver(40, "远")
    await rides.book()
    now = rides.rounds.clock.now()
    async with rides.rounds.database.transaction() as session:
        task = await session.get_one(
            TaskRow, await rides.rounds.owner.fetchval("SELECT id FROM task")
        )
        people = await people_for(session, task, now, SHANGHAI)
        suggestions = ranked(need_of(task), people, now)
    first = next_step(TaskKind.RIDE, TaskState.OPEN, [], suggestions, now)
    assert [each.person.staff_id for each in first.ask] == near[:5]
    only_far = [each for each in suggestions if each.person.staff_id == far]
    last = next_step(TaskKind.RIDE, TaskState.OPEN, [], only_far, now)
    assert [each.person.staff_id for each in last.ask] == [far]
    fewer = [each for each in suggestions if each.person.staff_id in (near[0], far)]
    alone = next_step(TaskKind.RIDE, TaskState.OPEN, [], fewer, now)
    assert [each.person.staff_id for each in alone.ask] == [near[0]]


async def test_she_is_asked_once_and_answers_with_a_5(rides: Rides):
    task = await rides.book()
    await rides.drive(task, await rides.driver(5, "老董"))
    await rides.look()
    await rides.look()
    sent = await rides.rounds.owner.fetch(
        "SELECT recipient, kind, params FROM sms_message WHERE kind LIKE 'ride%'"
    )
    assert [(row["recipient"], row["kind"]) for row in sent] == [(MRS_GAO, "ride_how_was_it")]
    assert sent[0]["params"]["name"] == "高女士"
    assert await rides.texts("5")
    row = await rides.row(task)
    assert (row["rating"], row["rated_at"]) == (5, rides.rounds.clock.now())
    assert not await rides.texts("1"), "the next digit is about something else"


async def test_before_it_is_over_nobody_is_asked_and_a_digit_is_no_rating(rides: Rides):
    task = await rides.book()
    await rides.look()
    assert await rides.rounds.owner.fetchval("SELECT count(*) FROM sms_message") == 0
    assert not await rides.texts("5")
    async with rides.rounds.database.transaction() as session:
        with pytest.raises(Conflict) as refused:
            await rate(session, task, 5, "office", rides.rounds.clock.now())
    assert refused.value.code == "not_over"


async def test_while_her_own_alarm_is_open_a_digit_is_no_rating(rides: Rides):
    task = await rides.book()
    await rides.drive(task, await rides.driver(5, "老董"))
    await rides.look()
    rounds = rides.rounds
    await rounds.owner.execute(
        "INSERT INTO incident (id, subject, class, kind, priority, region_id, region_path, home_id, source, identifier, card,"
        " opened_at, last_signal_at, marks, kinds, state) SELECT $1, 'home:' || home_id, 'alarm', 'sos', 1, $2, $3, home_id,"
        " 'dc09', 'A1', '{}', $4, $4, '{}', '{sos}', 'waiting' FROM resident WHERE id = $5",
        new_id(),
        rounds.community.street,
        [rounds.community.root, rounds.community.street],
        rounds.clock.now(),
        rides.resident,
    )
    assert not await rides.texts("1")
    assert (await rides.row(task))["rating"] is None


async def test_a_day_later_a_digit_is_no_rating_and_the_office_may_still_enter_one(rides: Rides):
    task = await rides.book()
    await rides.drive(task, await rides.driver(5, "老董"))
    await rides.look()
    rides.rounds.clock.advance(86_401)
    assert not await rides.texts("4")
    async with rides.rounds.database.transaction() as session:
        await rate(session, task, 4, "office", rides.rounds.clock.now())
    async with rides.rounds.database.transaction() as session:
        with pytest.raises(Conflict) as refused:
            await rate(session, task, 1, "office", rides.rounds.clock.now())
    assert refused.value.code == "rated_already"
