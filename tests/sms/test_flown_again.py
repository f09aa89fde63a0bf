"""What left without its row goes out again only where the outbox would send it again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC
from pathlib import Path

import pytest

from callcenter.core.database import Database
from callcenter.core.spool import Spool
from callcenter.sms.breaker import Route
from callcenter.sms.catalogue import EMERGENCY
from callcenter.sms.claiming import attempt_of
from callcenter.sms.flown_again import FlownAgain, Left, goes_again
from callcenter.sms.gateway import Outcome, SendResult
from callcenter.sms.gateways.kannel.gateway import KannelGateway
from callcenter.sms.kept import Kept
from callcenter.sms.progress import MOST_REPEATS, ORPHAN_WINDOW_S, RECEIPT_WINDOW_S
from tests.support.away import SEAL
from tests.support.clock import HandClock
from tests.support.kannel import settings_for
from tests.support.outbox import stepped_sender, text_for
from tests.support.sms_gateway import FULL, fake_smsbox

LATER = EMERGENCY + 1


@pytest.mark.parametrize(
    ("outcome", "tries", "waited_s", "priority", "again"),
    [
        (None, 1, ORPHAN_WINDOW_S - 0.1, EMERGENCY, False),
        (None, 1, ORPHAN_WINDOW_S, EMERGENCY, True),
        (None, 1, 900, LATER, False),
        (None, MOST_REPEATS, 900, EMERGENCY, False),
        (Outcome.UNKNOWN, 1, RECEIPT_WINDOW_S - 0.1, EMERGENCY, False),
        (Outcome.UNKNOWN, 1, RECEIPT_WINDOW_S, EMERGENCY, True),
        (Outcome.REFUSED, 1, 0.5, EMERGENCY, False),
        (Outcome.REFUSED, 1, 1.0, EMERGENCY, True),
        (Outcome.REFUSED, 1, 9.0, LATER, False),
        (Outcome.REJECTED, 1, 900, EMERGENCY, False),
        (Outcome.SUBMITTED, 1, 900, EMERGENCY, False),
        (Outcome.BUFFERED, 1, 900, EMERGENCY, False),
        (Outcome.DELIVERED, 1, 900, EMERGENCY, False),
    ],
)
def test_what_goes_again(outcome, tries, waited_s, priority, again):
    result = SendResult(outcome) if outcome is not None else None
    assert goes_again(Left(result, tries, waited_s, priority, gateways=1)) is again


class Office:
    """One office without a database, which can be killed."""

    def __init__(self, database: Database, clock: HandClock, folder: Path, box) -> None:
        self._database, self._clock, self._folder, self._box = database, clock, folder, box

    async def lives(self, texts: Iterable[object], seconds: Iterable[float]) -> None:
        """Sends these, looks again after so many seconds each, and is killed."""
        kept = Kept(Spool(self._folder, SEAL, segment_bytes=65_536), self._clock.now())
        gateway = KannelGateway(settings_for(self._box.url), "http://127.0.0.1:1/hooks/kannel/x")
        async with stepped_sender(self._database, [gateway], self._clock, kept=kept) as one:
            again = FlownAgain(one.sender.flown, kept, 1, lambda: True, self._clock)
            await one.sender.send_without_row([asdict(text) for text in texts])
            for passed in (0, *seconds):
                self._clock.advance(passed)
                await again.run_once(self._clock.now())
                if self._box.gate.is_set() and one.sends:
                    await asyncio.wait(one.sends)
            if not self._box.gate.is_set():
                await self._box.wait_for(1)
            await one.die()


@pytest.fixture
async def box():
    async with fake_smsbox() as made:
        yield made


@pytest.fixture
def office(database: Database, clock: HandClock, tmp_path: Path, box) -> Office:
    return Office(database, clock, tmp_path / "spool-office", box)


async def test_what_a_gateway_took_is_not_sent_by_the_next_office(office: Office, clock, box):
    await office.lives([text_for(clock.now())], [])
    await office.lives([], [60])
    assert len(box.taken) == 1


async def test_what_was_refused_is_sent_again_and_once_taken_no_more(office: Office, clock, box):
    box.answers.append(FULL)
    await office.lives([text_for(clock.now())], [0.5])
    assert len(box.taken) == 1
    await office.lives([], [1, 60])
    assert len(box.taken) == 2
    await office.lives([], [60])
    assert len(box.taken) == 2
    assert box.taken[0].text == box.taken[1].text


async def test_what_hung_when_the_office_was_stopped_waits_for_a_receipt_first(
    office: Office, clock, box
):
    box.gate.clear()
    await office.lives([text_for(clock.now())], [])
    assert len(box.taken) == 1
    box.gate.set()
    await office.lives([], [RECEIPT_WINDOW_S - 1])
    assert len(box.taken) == 1
    await office.lives([], [RECEIPT_WINDOW_S, 60])
    assert len(box.taken) == 2


async def test_of_what_was_killed_over_it_the_next_office_knows_all_but_the_answer(
    tmp_path: Path, clock: HandClock
):
    """And of what has landed since, the answer too."""
    at = clock.now()
    row = {**asdict(text_for(at)), "attempt": 0, "gateway": None}
    attempt = attempt_of(row, Route("kannel", 1), UTC, at)
    kept = Kept(Spool(tmp_path, SEAL, segment_bytes=65_536), at)
    await kept.leave([attempt])
    [left] = Kept(Spool(tmp_path, SEAL, segment_bytes=65_536), at).left
    assert (left.result, left.tries) == (None, 1)
    assert left.attempt.message is not None
    assert attempt.message is not None
    assert left.attempt.message.text == attempt.message.text
    kept.landed(attempt.id, SendResult(Outcome.REFUSED, "full"))
    await kept.again([attempt])
    kept.landed(attempt.id, SendResult(Outcome.SUBMITTED))
    [left] = Kept(Spool(tmp_path, SEAL, segment_bytes=65_536), at).left
    assert (left.result, left.tries) == (SendResult(Outcome.SUBMITTED), 2)
    kept.claimed([attempt.id])
    assert kept._spool.held == 0
