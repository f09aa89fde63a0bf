"""The field beside the alarms: phones that say where they are, maps that ask for dots, tasks that are entered, offered, taken and done.

One JSON document of settings as its argument; until the file `while_there` is gone; one of figures in the end. Positions come one by
one, as phones send them, through the address that trackers use; what tasks write is written by the functions that the office uses.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import orjson
import uvloop

from callcenter.core.database import Database
from callcenter.core.ids import new_id
from callcenter.dispatch import asking, moving
from callcenter.dispatch.checking_in import CheckedIn, check_in
from callcenter.dispatch.choosing import Person, Suggestion
from callcenter.dispatch.doing import Doer, StepBy
from callcenter.dispatch.entering import Entered, enter
from callcenter.dispatch.models import TaskRow
from callcenter.dispatch.offering import OfferBy
from callcenter.dispatch.proof import CheckKind
from callcenter.dispatch.task import TaskKind

EACH_S = 30.0
"""Every phone says where it is so often."""
ASK_EVERY_S = 2.0
TASKS_PER_S = 0.2
"""6,000 within the eight hours of a working day."""
PHONE_LINES = 16
CURSOR = re.compile(rb'"cursor":"([^"]+)"')
DESK = Doer(StepBy.DESK)
PHONE = Doer(StepBy.PHONE)


@dataclass(frozen=True, slots=True)
class Plan:
    port: int
    dsn: str
    token: str
    cookies: list[str]
    """Of maps that are open."""
    staff: list[int]
    region_id: int
    while_there: str


@dataclass(slots=True)
class Told:
    """What was answered, and how long the slowest took (s)."""

    answers: Counter[str] = field(default_factory=Counter)
    slowest: dict[str, float] = field(default_factory=dict)
    bytes: int = 0

    def note(self, what: str, status: int, began: float) -> None:
        self.answers[f"{what} {status}"] += 1
        self.slowest[what] = max(self.slowest.get(what, 0.0), time.monotonic() - began)


class Line:
    """One keep-alive connection, one question at a time; a general client costs more than what is measured."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._alone = asyncio.Lock()

    async def ask(
        self, method: str, path: str, header: str, body: bytes = b""
    ) -> tuple[int, bytes]:
        """Status and body."""
        async with self._alone:
            if self._streams is None:
                self._streams = await asyncio.open_connection("127.0.0.1", self._port)
            reader, writer = self._streams
            about = (
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
            )
            head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n{header}\r\n{about}\r\n"
            writer.write(head.encode() + body)
            said = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: (\d+)", said)
            content = await reader.readexactly(int(length[1])) if length else b""
            if b"connection: close" in said.lower():
                writer.close()
                self._streams = None
            return int(said.split(b" ", 2)[1]), content


async def main(plan: Plan) -> dict[str, Any]:
    told = Told()
    database = Database(plan.dsn)
    working: list[Callable[[], Awaitable[None]]] = [
        lambda: _say_where(plan, told),
        lambda: _do_tasks(database, plan, told),
        *(_asking(plan, cookie, n, told) for n, cookie in enumerate(plan.cookies)),
    ]
    await asyncio.gather(*(work() for work in working))
    await database.close()
    return {
        "answers": dict(told.answers),
        "slowest_ms": {name: 1000 * seconds for name, seconds in told.slowest.items()},
        "mib_of_dots": told.bytes / 2**20,
    }


async def _say_where(plan: Plan, told: Told) -> None:
    dice, began = Random(1), time.monotonic()
    lines = itertools.cycle([Line(plan.port) for _ in range(PHONE_LINES)])
    async with asyncio.TaskGroup() as group:
        for number, staff_id in enumerate(itertools.cycle(plan.staff)):
            due = began + number * EACH_S / len(plan.staff)
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            if _is_over(plan):
                return
            group.create_task(_position(next(lines), plan, staff_id, dice, told))


async def _position(line: Line, plan: Plan, staff_id: int, dice: Random, told: Told) -> None:
    began = time.monotonic()
    at, lat, lng = datetime.now(UTC), 40 + dice.random() / 10, 104 + dice.random() / 10
    seen = {"staff_id": staff_id, "at": at, "lat": lat, "lng": lng, "accuracy_m": 12}
    body, header = orjson.dumps({"positions": [seen]}), f"Authorization: Bearer {plan.token}"
    status, _ = await line.ask("POST", "/api/v1/field/positions", header, body)
    told.note("position", status, began)


def _asking(plan: Plan, cookie: str, number: int, told: Told) -> Callable[[], Awaitable[None]]:
    line, header = Line(plan.port), f"Cookie: callcenter_session={cookie}"

    async def ask() -> None:
        await asyncio.sleep(ASK_EVERY_S * number / max(1, len(plan.cookies)))
        cursor = ""
        while not _is_over(plan):
            began = time.monotonic()
            status, content = await line.ask("GET", f"/api/v1/field/dots?since={cursor}", header)
            told.note("dots", status, began)
            told.bytes += len(content)
            if found := CURSOR.search(content):
                cursor = found[1].decode()
            await asyncio.sleep(max(0.0, began + ASK_EVERY_S - time.monotonic()))

    return ask


async def _do_tasks(database: Database, plan: Plan, told: Told) -> None:
    """One after the other, each from its entry to its end."""
    for staff_id in itertools.cycle(plan.staff):
        began = time.monotonic()
        if _is_over(plan):
            return
        await _one_task(database, plan, staff_id)
        told.answers["task done"] += 1
        await asyncio.sleep(max(0.0, began + 1 / TASKS_PER_S - time.monotonic()))


async def _one_task(database: Database, plan: Plan, staff_id: int) -> None:
    now = datetime.now(UTC)
    entered = Entered(kind=TaskKind.VISIT, region_id=plan.region_id, begins_at=now, place="7-2-501")
    person = Person(staff_id, "", frozenset(), on_duty=True, reachable=True)
    async with database.transaction() as session:
        task_id = (await enter(session, entered, DESK, now)).id

    async def doing(deed: Callable[[Any, TaskRow], Awaitable[object]]) -> None:
        async with database.transaction() as session:
            await deed(session, await moving.held(session, task_id))

    until = now + timedelta(minutes=2)
    asked = [Suggestion(person, 5)]
    await doing(lambda s, task: asking.offer(s, task, asked, OfferBy.SCREEN, until, DESK, now))
    await doing(lambda s, task: moving.accept(s, task, staff_id, PHONE, now))
    for kind in (CheckKind.ARRIVE, CheckKind.DEPART):
        said = CheckedIn(id=new_id(), kind=kind, said_at=datetime.now(UTC))
        await doing(lambda s, task, said=said: check_in(s, task, staff_id, said, PHONE, now))  # type: ignore[misc]


def _is_over(plan: Plan) -> bool:
    return not Path(plan.while_there).exists()


if __name__ == "__main__":
    os.nice(10)  # in truth these are other machines
    settings = orjson.loads(sys.argv[1])
    sys.stdout.buffer.write(orjson.dumps(uvloop.run(main(Plan(**settings)))))
