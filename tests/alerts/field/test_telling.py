"""What happens to whoever was sent stands on the timeline once, whoever dies in between; a worker in need is an alarm of their own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from callcenter.alerts.bodies import CloseBody, CommandBody, SendBody
from callcenter.alerts.field.lone_worker import ByIntake
from callcenter.alerts.field.telling import FieldTelling
from callcenter.alerts.handling.carrying_out import Order, Workbench, carry_out
from callcenter.alerts.handling.commands import OPERATORS
from callcenter.alerts.handling.decision import By
from callcenter.alerts.incident import Actor, Outcome
from callcenter.core.database import Database
from callcenter.core.errors import Invalid
from callcenter.core.held import LOST, HeldConnections
from callcenter.core.ids import new_id
from callcenter.dispatch import asking, moving
from callcenter.dispatch.checking_in import CheckedIn, check_in
from callcenter.dispatch.doing import CLOCK
from callcenter.dispatch.offering import OfferBy
from callcenter.dispatch.outbox import task_id
from callcenter.dispatch.proof import CheckKind
from callcenter.dispatch.task import TaskStepKind
from tests.alerts.conftest import Desk
from tests.support.field import PHONE, Field, suggested
from tests.support.flaky_proxy import FlakyProxy

DAUGHTER = "+8613900000001"
WANG = By(Actor(7), "王敏", frozenset({1}))


@dataclass
class Sent:
    """An alarm that somebody has taken, and the task that was asked for."""

    desk: Desk
    bench: Workbench
    field: Field
    incident: UUID
    task: UUID
    telling: FieldTelling
    li: int
    """Of the staff."""

    async def give(self, name: str, body: CommandBody | None = None) -> None:
        command = next(each for each in OPERATORS if each.name == name)
        given = body or command.body(command_id=new_id())
        order = Order(command, given, given.command_id, lambda _: WANG)
        async with self.bench.connections.use() as connection:
            await carry_out(connection, self.bench, self.incident, order)

    async def look(self, telling: FieldTelling | None = None) -> None:
        await (telling or self.telling).run_once(self.desk.clock.now())

    async def do(self, what: Any, *args: Any) -> None:
        """As the office does it to the task, at this moment."""
        async with self.desk.database.transaction() as session:
            task = await moving.held(session, self.task)
            await what(session, task, *args, PHONE, self.desk.clock.now())

    async def said(self, incident: UUID | None = None) -> list[str]:
        rows = await self.desk.owner.fetch(
            "SELECT data->>'step' AS step FROM timeline_entry WHERE kind = 'field' AND incident_id = $1 ORDER BY number",
            incident or self.incident,
        )
        return [row["step"] for row in rows]

    async def marks(self) -> list[str]:
        found: list[str] = await self.desk.owner.fetchval(
            "SELECT marks FROM incident WHERE id = $1", self.incident
        )
        return found

    async def untold(self) -> int:
        found: int = await self.desk.owner.fetchval("SELECT count(*) FROM task_step WHERE NOT told")
        return found


@pytest.fixture
async def sent(desk: Desk, bench: Workbench) -> Sent:
    home = await desk.community.home()
    resident = await desk.community.resident(home)
    await desk.community.contact(resident, 1, DAUGHTER)
    await desk.community.source()
    await desk.community.device("1234", home, resident)
    await desk.reload()
    opened = (await desk.press()).incident_id
    assert opened is not None
    field = Field(desk.database, desk.owner, desk.community)
    desk.board.users = {7}
    asked = new_id()
    telling = FieldTelling(bench, ByIntake(desk.intake, desk.registry))
    li = await field.staff("李萍", ["caregiver"])
    found = Sent(desk, bench, field, opened, task_id(asked), telling, li)
    await found.give("take")
    await found.give("send", SendBody(command_id=asked, what="请上门看看"))
    return found


@pytest.fixture
async def far(sent: Sent) -> AsyncIterator[tuple[FieldTelling, FlakyProxy]]:
    """The same processor of another process, whose line can be cut."""
    async with FlakyProxy.to_postgres(sent.desk.database.dsn) as proxy:
        database = Database(proxy.dsn)
        connections = HeldConnections(database, "far", 1)
        bench = replace(sent.bench, connections=connections)
        yield FieldTelling(bench, ByIntake(sent.desk.intake, sent.desk.registry)), proxy
        await connections.close()
        await database.close()


async def everything_happens(sent: Sent) -> None:
    """Asked, yes, on the way, there, done."""
    now = sent.desk.clock.now()
    until = now + timedelta(seconds=60)
    async with sent.desk.database.transaction() as session:
        task = await moving.held(session, sent.task)
        await asking.offer(session, task, suggested(sent.li), OfferBy.SMS, until, CLOCK, now)
    await sent.do(moving.accept, sent.li)
    async with sent.desk.database.transaction() as session:
        task = await moving.held(session, sent.task)
        await moving.set_out(session, task, sent.li, PHONE, now, 7)
    for kind in (CheckKind.ARRIVE, CheckKind.DEPART):
        await sent.do(check_in, sent.li, CheckedIn(id=new_id(), kind=kind, said_at=now))


COURSE = ["offered", "accepted", "set_out", "arrived", "done"]


async def test_each_step_is_one_entry_in_its_order_however_often_it_is_looked_at(sent: Sent):
    await everything_happens(sent)
    for _ in range(3):
        await sent.look()
    assert await sent.said() == COURSE
    assert await sent.untold() == 0
    entry = await sent.desk.owner.fetchval(
        "SELECT data FROM timeline_entry WHERE data->>'step' = 'set_out'"
    )
    assert (entry["staff"], entry["minutes"], entry["n"]) == ("李萍", 7, 4)
    assert (await sent.desk.entries(sent.incident))[:3] == ["opened", "taken", "sent"]
    shown = [change.entries[0].kind for change in sent.desk.board.changes]
    assert shown.count("field") == len(COURSE)


async def test_that_somebody_was_there_explains_a_mistaken_press(sent: Sent):
    closing = CloseBody(command_id=new_id(), outcome=Outcome.MISTAKEN_PRESS)
    with pytest.raises(Invalid, match="reason"):
        await sent.give("close", closing)
    await everything_happens(sent)
    await sent.look()
    await sent.give("close", closing)
    assert "closed" in await sent.desk.entries(sent.incident)


async def test_two_servers_that_look_at_once_tell_it_once(
    sent: Sent, far: tuple[FieldTelling, FlakyProxy]
):
    await everything_happens(sent)
    await asyncio.gather(sent.look(), sent.look(far[0]))
    await sent.look()
    assert sorted(await sent.said()) == sorted(COURSE)
    assert await sent.untold() == 0


@pytest.mark.parametrize("direction", ["up", "down"])
async def test_a_process_that_is_killed_in_the_middle_makes_neither_two_entries_nor_none(
    sent: Sent, far: tuple[FieldTelling, FlakyProxy], direction: Any
):
    """Before its statement has arrived, or after it was carried out and before anybody heard of it."""
    telling, proxy = far
    await everything_happens(sent)
    went = []

    def goes(data: bytes) -> bool:
        went.extend([data] if b'"step":"set_out"' in data else [])
        return direction == "up" and bool(went)

    proxy.hold("up", goes)
    if direction == "down":
        proxy.hold("down", lambda _: bool(went))
    looking = asyncio.ensure_future(sent.look(telling))
    await proxy.held(direction)
    written = await sent.said()
    proxy.cut()
    with pytest.raises(LOST):
        await looking
    assert written == (COURSE[:2] if direction == "up" else COURSE[:3])
    await sent.look()
    assert await sent.said() == COURSE
    assert await sent.untold() == 0


async def test_one_that_cannot_be_told_keeps_only_its_own_task_waiting(sent: Sent):
    await everything_happens(sent)
    await sent.desk.owner.execute(
        "UPDATE task_step SET data = '{\"eta\": \"soon\"}' WHERE kind = 'accepted'"
    )
    other = new_id()
    await sent.give("send", SendBody(command_id=other))
    async with sent.desk.database.transaction() as session:
        task = await moving.held(session, task_id(other))
        await moving.give_up(session, task, CLOCK, sent.desk.clock.now())
    await sent.look()
    assert await sent.said() == ["offered", "unplaced"]
    await sent.desk.owner.execute("UPDATE task_step SET data = '{}' WHERE kind = 'accepted'")
    await sent.look()
    assert await sent.said() == ["offered", "unplaced", *COURSE[1:]]


async def test_that_nobody_is_left_to_ask_rings_and_stays_marked_until_somebody_is_found(
    sent: Sent,
):
    ring = "SELECT ring FROM incident WHERE id = $1"
    before = await sent.desk.owner.fetchval(ring, sent.incident)
    async with sent.desk.database.transaction() as session:
        task = await moving.held(session, sent.task)
        await moving.give_up(session, task, CLOCK, sent.desk.clock.now())
    await sent.look()
    assert await sent.marks() == ["field_unplaced"]
    assert await sent.desk.owner.fetchval(ring, sent.incident) == before + 1
    await sent.do(moving.give, sent.li)
    await sent.look()
    assert await sent.marks() == []


async def test_what_is_done_after_the_incident_was_closed_still_stands_on_its_timeline(sent: Sent):
    await sent.desk.owner.execute(
        "UPDATE incident SET state = 'closed', outcome = 'assistance', closed_at = opened_at, taken_by = NULL,"
        " taken_by_name = NULL, taken_at = NULL WHERE id = $1",
        sent.incident,
    )
    await everything_happens(sent)
    await sent.look()
    assert await sent.said() == COURSE


# ---- whoever is alone there


async def overdue(sent: Sent, task: UUID, **data: Any) -> None:
    async with sent.desk.database.transaction() as session:
        row = await moving.held(session, task)
        now = sent.desk.clock.now()
        await moving.note(session, row, TaskStepKind.OVERDUE_OUT, CLOCK, now, row.staff_id, **data)
    await sent.desk.owner.execute(
        "UPDATE task_step SET told = false WHERE task_id = $1 AND kind = 'overdue_out'", task
    )


async def opened_beside(sent: Sent) -> list[Any]:
    rows: list[Any] = await sent.desk.owner.fetch(
        "SELECT * FROM incident WHERE id <> $1", sent.incident
    )
    return rows


async def test_a_worker_who_does_not_answer_is_an_alarm_of_their_own_once(sent: Sent):
    visit = await sent.field.accepted(sent.li, region_id=sent.desk.community.street)
    await overdue(sent, visit, alarm=True)
    texts = await sent.desk.texts()
    for _ in range(2):
        await sent.look()
    await sent.desk.owner.execute("UPDATE task_step SET told = false WHERE kind = 'overdue_out'")
    await sent.look()
    [alarm] = await opened_beside(sent)
    assert (alarm["class"], alarm["kind"], alarm["priority"]) == ("alarm", "sos", 1)
    assert (alarm["mode"], alarm["home_id"], alarm["press_count"]) == ("real", None, 1)
    called = alarm["card"]["called"]
    phone = await sent.desk.owner.fetchval("SELECT phone FROM staff WHERE id = $1", sent.li)
    assert (called["way"], called["caller"], called["phone"]) == ("lone_worker", "李萍", phone)
    place = await sent.desk.owner.fetchval("SELECT place FROM task WHERE id = $1", visit)
    assert alarm["card"]["address"] == place
    assert await sent.desk.texts() == texts, "nobody's family is told of a worker"
    assert await sent.untold() == 0


async def test_whoever_was_only_called_once_is_no_alarm_yet(sent: Sent):
    visit = await sent.field.accepted(sent.li, region_id=sent.desk.community.street)
    await overdue(sent, visit)
    await sent.look()
    assert await opened_beside(sent) == []


async def test_a_worker_of_an_alarm_is_an_alarm_and_an_entry_of_the_one_they_went_for(sent: Sent):
    await sent.do(moving.accept, sent.li)
    await overdue(sent, sent.task, alarm=True)
    await sent.look()
    assert await sent.said() == ["accepted", "overdue_out"]
    assert len(await opened_beside(sent)) == 1


async def test_help_rings_at_the_alarm_they_went_for_and_else_is_one_of_its_own(sent: Sent):
    await sent.do(moving.accept, sent.li)
    await sent.do(moving.ask_help, sent.li)
    await sent.look()
    assert await sent.marks() == ["field_help"]
    assert await opened_beside(sent) == []
    visit = await sent.field.accepted(sent.li, region_id=sent.desk.community.street)
    async with sent.desk.database.transaction() as session:
        await moving.ask_help(
            session, await moving.held(session, visit), sent.li, PHONE, sent.desk.clock.now()
        )
    await sent.look()
    assert len(await opened_beside(sent)) == 1
    assert await sent.untold() == 0
