"""Texts for tests, and a sender that runs cycle by cycle."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import astuple, dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from callcenter.core.clock import SystemClock
from callcenter.core.database import Database
from callcenter.core.ids import new_id
from callcenter.sms.catalogue import EMERGENCY, MessageKind
from callcenter.sms.flights import Flights
from callcenter.sms.gateway import LONGEST_SEND_S, Gateway
from callcenter.sms.kept import Kept
from callcenter.sms.sender import Sender
from tests.support.clock import HandClock

SHANGHAI = ZoneInfo("Asia/Shanghai")
CASE = {
    "name": "沈玉兰",
    "name_latin": "Shen Yulan",
    "signature": "榆荫里养老",
    "signature_en": "Yuyinli Care",
    "hotline": "0999-8012349",
    "ref": 37,
    "at": "2026-03-14T09:26:53+00:00",
}
DAUGHTER = "+8613900000001"


VALID_FOR = {True: timedelta(minutes=10), False: timedelta(hours=6)}


@dataclass(frozen=True, slots=True)
class Queued:
    """A row of the outbox as a cause writes it, with whatever a test wants of it."""

    id: UUID
    dedup: str
    reference: UUID | None
    region_id: int
    contact_id: int | None
    recipient: str
    kind: MessageKind
    language: str
    priority: int
    created_at: datetime
    expires_at: datetime
    params: dict[str, object] = field(default_factory=dict)


async def enqueue(connection: asyncpg.Connection, texts: Sequence[Queued]) -> None:
    """Writes the rows."""
    await connection.executemany(_ENQUEUE, [astuple(text) for text in texts])


_ENQUEUE = """
INSERT INTO sms_message (id, dedup, reference, region_id, contact_id, recipient, kind, language, priority, created_at,
                         due_at, expires_at, params)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11, $12)
ON CONFLICT (dedup) DO NOTHING
"""


def text_for(now: datetime, recipient: str = DAUGHTER, **changes: Any) -> Queued:
    """An emergency text to the daughter, unless told otherwise."""
    priority = changes.get("priority", EMERGENCY)
    fields: dict[str, Any] = {
        "id": new_id(),
        "reference": None,
        "region_id": 1,
        "contact_id": None,
        "recipient": recipient,
        "kind": MessageKind.ALARM_RAISED,
        "language": "zh-CN",
        "priority": priority,
        "created_at": now,
        "expires_at": now + VALID_FOR[priority <= EMERGENCY],
        "params": CASE,
    } | changes
    return Queued(**{"dedup": f"{fields['id']}:{recipient}"} | fields)


async def time_passes(owner: asyncpg.Connection, duration: timedelta) -> None:
    """For leases, which go by the database's clock: everything awaited comes nearer by so much."""
    await owner.execute("UPDATE sms_message SET lease_until = lease_until - $1::interval", duration)


class SteppedSender:
    """A sender whose cycles the test runs itself. `told` counts its hints."""

    def __init__(
        self,
        database: Database,
        gateways: Sequence[Gateway],
        clock: HandClock | SystemClock,
        kind: type[Sender] = Sender,
        longest_send_s: float = LONGEST_SEND_S,
        kept: Kept | None = None,
    ) -> None:
        self.told = 0
        self.clock = clock
        self.sends: set[asyncio.Task[None]] = set()
        self.flights = Flights(
            gateways, self._start, lambda: None, clock, longest_send_s=longest_send_s
        )
        self.sender = kind(
            database,
            self.flights,
            tell_changed=self._note,
            zone=SHANGHAI,
            clock=clock,
            pace_s=0,
            kept=kept,
        )

    async def _note(self) -> None:
        self.told += 1

    def _start(self, coro: Coroutine[Any, Any, None], /, *, name: str) -> object:
        task = asyncio.create_task(coro, name=name)
        self.sends.add(task)
        task.add_done_callback(self.sends.discard)
        return task

    async def cycle(self) -> int:
        return await self.sender.run_once(self.clock.now())

    async def settle(self) -> None:
        """Cycles until every text that is due has been answered, and the answers are stored."""
        async with asyncio.timeout(20):
            while await self.cycle() or self.sends or self.flights._answers:
                if self.sends:
                    await asyncio.wait(self.sends)

    async def die(self) -> None:
        """As kill -9 would: nothing more is written, connections are gone."""
        for task in list(self.sends):
            task.cancel()
        await asyncio.gather(*self.sends, return_exceptions=True)
        self.flights._answers.clear()


@asynccontextmanager
async def stepped_sender(
    database: Database,
    gateways: Sequence[Gateway],
    clock: HandClock | SystemClock,
    kind: type[Sender] = Sender,
    longest_send_s: float = LONGEST_SEND_S,
    kept: Kept | None = None,
) -> AsyncIterator[SteppedSender]:
    stepped = SteppedSender(database, gateways, clock, kind, longest_send_s, kept)
    try:
        yield stepped
    finally:
        await stepped.die()
        await stepped.sender.close()
        await asyncio.sleep(
            0
        )  # a terminated connection closes its socket in the next turn of the loop
