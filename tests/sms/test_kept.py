"""A gateway that calls while the database is away is answered once its call is on the disk; what it said is entered afterwards, in its
order and once, whatever dies in between.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.core.ids import new_id
from callcenter.core.spool import Spool
from callcenter.core.supervisor import Supervisor
from callcenter.sms.entering import ROW_WITHIN_S, Entering
from callcenter.sms.gateway import (
    Evidence,
    Handled,
    HookRequest,
    HookResponse,
    InboundText,
    Receipt,
)
from callcenter.sms.gateways.sandbox.gateway import SandboxGateway
from callcenter.sms.hooks import Hooks, Readers
from callcenter.sms.kept import Kept
from callcenter.sms.models import Reader
from tests.support.away import SEAL
from tests.support.clock import HandClock
from tests.support.flaky_proxy import FlakyProxy
from tests.support.outbox import Queued, enqueue, stepped_sender, text_for

PHONE = "+8613900000001"


class Plain(SandboxGateway):
    """A service that says one thing a call: `receipt ID` or `text ID WORDS`."""

    def hooks(self, request: HookRequest) -> Handled:
        what, about, *words = request.body.decode().split()
        answer = HookResponse(200, b"OK")
        if what == "receipt":
            return Handled(
                receipts=(Receipt(UUID(about), 1, Evidence.DELIVERED, ""),), response=answer
            )
        return Handled(arrivals=(InboundText(PHONE, " ".join(words), about),), response=answer)


@dataclass
class Office:
    """One office, which can be killed, and a database that can be taken away."""

    proxy: FlakyProxy
    owner: asyncpg.Connection
    clock: HandClock
    folder: Path
    supervisor: Supervisor
    database: Database = field(init=False)
    kept: Kept = field(init=False)
    hooks: Hooks = field(init=False)
    entering: Entering = field(init=False)
    silent: bool = False
    hints: list[str] = field(default_factory=list)
    of_field: set[str] = field(default_factory=set)
    """Words that are a worker's, by the tables."""
    remembered: set[str] = field(default_factory=set)
    """The same, as far as the office remembers."""

    def start(self) -> None:
        """With what lies on its disk."""
        self.database = Database(self.proxy.dsn)
        self.kept = Kept(Spool(self.folder, SEAL, segment_bytes=65_536), self.clock.now())
        self.hooks = Hooks(
            self.database,
            self.clock,
            {"sandbox": Plain()},
            "secret",
            self._hint("texts"),
            self._hint("replies"),
            self.kept,
            lambda: self.silent,
            0.5,
            self.supervisor.start_short,
            readers=Readers(self._by_tables, self._by_memory, lambda: self.hints.append("field")),
        )
        self.entering = Entering(self.hooks, self.kept, lambda: self.silent)

    async def _by_tables(self, _session: object, _sender: str, words: str, _now: object) -> Reader:
        return Reader.FIELD if words in self.of_field else Reader.INCIDENT

    def _by_memory(self, _sender: str, words: str) -> Reader:
        return Reader.FIELD if words in self.remembered else Reader.INCIDENT

    def _hint(self, name: str):
        async def give() -> None:
            self.hints.append(name)

        return give

    async def is_killed(self) -> None:
        """And another one starts: what it finds is what was on the disk."""
        await self.database.close()
        self.start()

    async def call(self, *words: object) -> bytes:
        body = " ".join(map(str, words)).encode()
        answer = await self.hooks.call("sandbox", "secret", HookRequest("", b"", {}, body))
        return answer.body

    async def enter(self) -> int:
        return await self.entering.run_once(self.clock.now())

    async def inbound(self) -> list[tuple[object, ...]]:
        rows = await self.owner.fetch(
            "SELECT text, received_at FROM sms_inbound ORDER BY received_at, id"
        )
        return [tuple(row) for row in rows]

    async def readers(self) -> list[tuple[str, str]]:
        rows = await self.owner.fetch(
            "SELECT text, reader FROM sms_inbound ORDER BY received_at, id"
        )
        return [tuple(row) for row in rows]

    async def state_of(self, text: Queued) -> str:
        return await self.owner.fetchval("SELECT state FROM sms_message WHERE id = $1", text.id)


@pytest.fixture
async def office(
    dsn: str, owner: asyncpg.Connection, clock: HandClock, tmp_path: Path
) -> AsyncIterator[Office]:
    async with FlakyProxy.to_postgres(dsn) as proxy, Supervisor() as supervisor:
        made = Office(proxy, owner, clock, tmp_path / "spool-office", supervisor)
        made.start()
        yield made
        proxy.restore()
        await made.database.close()


@pytest.fixture
async def sent(database: Database, owner: asyncpg.Connection, clock: HandClock) -> Queued:
    connection = await database.connect("cause")
    text = text_for(clock.now())
    await enqueue(connection, [text])
    await connection.close()
    await owner.execute("UPDATE sms_message SET state = 'submitted', attempt = 1")
    return text


async def test_a_call_that_the_database_takes_touches_no_disk(office: Office, sent: Queued):
    assert await office.call("receipt", sent.id) == b"OK"
    assert await office.state_of(sent) == "delivered"
    assert not office.folder.exists()


async def test_what_comes_in_an_outage_is_answered_and_entered_in_its_order_with_its_time(
    office: Office, sent: Queued
):
    first = office.clock.now()
    office.proxy.cut()
    assert await office.call("receipt", sent.id) == b"OK"
    assert await office.call("text", "a", "1") == b"OK"
    second = office.clock.advance(100)
    assert await office.call("text", "b", "2") == b"OK"
    with pytest.raises(Unavailable):
        await office.enter()
    office.proxy.restore()
    office.clock.advance(1_000)
    assert await office.enter() == 3
    assert await office.state_of(sent) == "delivered"
    assert await office.inbound() == [("1", first), ("2", second)]
    assert office.hints == ["texts", "replies", "replies"]
    assert await office.enter() == 0
    assert office.kept._spool.held == 0


async def test_an_office_that_is_killed_in_between_enters_it_all_the_same_and_once(
    office: Office, sent: Queued
):
    office.proxy.cut()
    await office.call("receipt", sent.id)
    await office.call("text", "a", "1")
    await office.is_killed()
    await office.call("text", "a", "1")  # it was not sure that we have it
    office.proxy.restore()
    assert await office.enter() == 3
    assert await office.state_of(sent) == "delivered"
    assert [text for text, _ in await office.inbound()] == ["1"]
    await office.is_killed()
    assert office.kept.calls == []


async def test_a_database_that_stands_still_keeps_no_gateway_waiting(office: Office):
    """The call under way may be written all the same: it is entered once."""
    office.proxy.hold("down")
    assert await office.call("text", "a", "1") == b"OK"
    office.silent = True
    assert await office.call("text", "b", "2") == b"OK"
    assert await office.enter() == 0
    office.silent = False
    office.proxy.release()
    await asyncio.wait_for(_entered(office), 20)
    assert [text for text, _ in await office.inbound()] == ["1", "2"]


async def _entered(office: Office) -> None:
    while office.kept.calls:
        await office.enter()


async def test_a_text_that_comes_in_an_outage_has_one_reader_whatever_the_tables_say_later(
    office: Office,
):
    """What the alarm process has heard of is an incident's and stays so; what it has not is a worker's, also after a crash."""
    office.of_field, office.remembered = {"3", "4"}, {"3"}
    office.proxy.cut()
    await office.call("text", "a", "3")
    await office.call("text", "b", "4")
    assert [one.text for one in office.hooks.arrived.all()] == ["4"]
    await office.is_killed()
    office.entering.recall()
    assert [one.text for one in office.hooks.arrived.all()] == ["4"]
    office.proxy.restore()
    await office.enter()
    assert await office.readers() == [("3", "field"), ("4", "incident")]
    assert office.hints == ["field", "replies"]


async def test_what_was_stored_after_all_has_the_reader_who_was_told_of_it(office: Office):
    office.of_field = {"4"}
    office.proxy.hold("down")
    await office.call("text", "a", "4")
    office.proxy.release()
    await asyncio.wait_for(_entered(office), 20)
    assert await office.readers() == [("4", "incident")]


async def test_without_an_outage_the_tables_say_who_reads_it(office: Office):
    office.of_field = {"3"}
    for words in ("3", "1"):
        await office.call("text", words, words)
    assert await office.readers() == [("3", "field"), ("1", "incident")]
    assert office.hints == ["field", "replies"]


async def test_a_receipt_of_a_text_whose_row_is_still_to_be_written_waits_for_it(
    office: Office, database: Database
):
    """It left before the outage was over, and its row comes after the receipt."""
    text = text_for(office.clock.now())
    office.proxy.cut()
    await office.call("receipt", text.id)
    await office.call("text", "a", "1")
    office.proxy.restore()
    assert await office.enter() == 1
    connection = await database.connect("cause")
    await enqueue(connection, [text])
    await connection.close()
    await office.owner.execute("UPDATE sms_message SET state = 'submitted', attempt = 1")
    assert await office.enter() == 1
    assert await office.state_of(text) == "delivered"


async def test_a_receipt_of_nothing_does_not_wait_for_ever(office: Office):
    office.proxy.cut()
    await office.call("receipt", new_id())
    office.proxy.restore()
    assert await office.enter() == 0
    office.clock.advance(ROW_WITHIN_S + 1)
    assert await office.enter() == 1
    assert office.kept.calls == []


async def test_where_the_disk_takes_nothing_either_the_gateway_is_to_come_again(office: Office):
    office.proxy.cut()
    office.folder.write_bytes(b"a file where the folder should be")
    with pytest.raises(Unavailable):
        await office.call("text", "a", "1")


async def test_an_office_that_was_killed_over_a_text_without_row_does_not_send_it_again(
    database: Database, owner: asyncpg.Connection, clock: HandClock, tmp_path: Path
):
    text, folder = text_for(clock.now()), tmp_path / "spool-office"
    sandbox = SandboxGateway()
    async with stepped_sender(database, [sandbox], clock, kept=_kept(folder, clock)) as killed:
        assert await killed.sender.send_without_row([asdict(text)]) == [text.id]
        await killed.die()
    kept = _kept(folder, clock)
    async with stepped_sender(database, [sandbox], clock, kept=kept) as sender:
        assert await sender.sender.send_without_row([asdict(text)]) == [text.id], "asked again"
        connection = await database.connect("cause")
        await enqueue(connection, [text])
        await connection.close()
        await sender.settle()
    assert await owner.fetchval("SELECT attempt FROM sms_message") == 1
    state = await owner.fetchval("SELECT state FROM sms_message")
    assert state == "delivered", "what the gateway said is known after the kill"
    assert kept._spool.held == 0


def _kept(folder: Path, clock: HandClock) -> Kept:
    return Kept(Spool(folder, SEAL, segment_bytes=65_536), clock.now())
