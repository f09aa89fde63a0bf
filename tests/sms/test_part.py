"""Everything that sends and receives texts, put together: what runs, what tells whom, what is wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from callcenter.core.clock import SystemClock
from callcenter.core.database import Database
from callcenter.core.processing import Wakeups
from callcenter.core.spool import Spool
from callcenter.core.supervisor import Supervisor
from callcenter.sms.gateway import Handled, HookRequest, InboundText
from callcenter.sms.gateways.sandbox.gateway import SandboxGateway
from callcenter.sms.kept import Kept
from callcenter.sms.part import SmsPart, Surroundings, sms_part
from tests.support.away import SEAL
from tests.support.outbox import SHANGHAI, enqueue, text_for
from tests.support.waiting import until

SECRET = "s3cret"


class Mailbox(SandboxGateway):
    """Must be asked, is called as well, and is out of order."""

    poll_every_s = 5.0

    async def poll(self) -> Handled:
        return Handled()

    def hooks(self, request: HookRequest) -> Handled:
        return Handled(arrivals=(InboundText("13900000001", request.body.decode(), "m1"),))

    async def health(self) -> str | None:
        return "queue_full"


class Mail(Mailbox):
    name = "mail"


@dataclass
class Office:
    """What the part tells the process around it."""

    database: Database
    folder: Path
    clock: SystemClock = field(default_factory=SystemClock)
    wakeups: Wakeups = field(default_factory=Wakeups)
    hints: list[str] = field(default_factory=list)

    async def notify(self, channel: str) -> None:
        self.hints.append(channel)

    async def tell_arrived(self) -> None:
        self.hints.append("replies")

    def around(self, supervisor: Supervisor) -> Surroundings:
        return Surroundings(
            kept=Kept(Spool(self.folder, SEAL), self.clock.now()),
            database=self.database,
            clock=self.clock,
            zone=SHANGHAI,
            start_short=supervisor.start_short,
            wake=self.wakeups.wake,
            notify=self.notify,
            tell_arrived=self.tell_arrived,
        )


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return Office(database, tmp_path / "spool-office")


@pytest.fixture
async def part(office: Office) -> AsyncIterator[SmsPart]:
    """Two gateways: one that answers at once, one that is polled."""
    async with Supervisor() as supervisor:
        made = sms_part(office.around(supervisor), [SandboxGateway(), Mail()], SECRET)
        yield made
        await made.close()


def woken(office: Office, part: SmsPart) -> list[str]:
    """Names of the processors that were woken."""
    return [each.name for each in part.processors if office.wakeups.event(each.name).is_set()]


async def test_a_gateway_that_must_be_asked_has_a_processor_more(part: SmsPart):
    names = [processor.name for processor in part.processors]
    assert names == ["sms_sender", "sms_hints", "sms_kept_calls", "sms_flown", "sms_poll_mail"]


async def test_a_text_goes_out_and_the_seats_are_told_once_its_end_is_stored(
    part: SmsPart, office: Office, owner
):
    connection = await office.database.connect("cause")
    await enqueue(connection, [text_for(office.clock.now())])
    await connection.close()
    sending, hints, *_ = part.processors
    await sending.run_once(office.clock.now())
    await until(lambda: "sms_sender" in woken(office, part), "the answer of the gateway")
    await sending.run_once(office.clock.now())
    assert await owner.fetchval("SELECT state FROM sms_message") == "delivered"
    assert "sms_hints" in woken(office, part)
    await hints.run_once(office.clock.now())
    assert office.hints == ["texts"]


async def test_an_answer_that_is_handed_in_is_told_to_those_who_understand_it(
    part: SmsPart, office: Office, owner
):
    await part.hooks.call("mail", SECRET, HookRequest("inbound", b"", {}, b"1"))
    assert office.hints == ["replies"]
    assert await owner.fetchval("SELECT text FROM sms_inbound") == "1"


async def test_what_is_wrong_is_told_by_the_name_of_the_gateway(part: SmsPart):
    assert await part.health() == {"sandbox": None, "mail": "queue_full"}
