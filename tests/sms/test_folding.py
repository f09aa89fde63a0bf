"""A storm of strangers is a text a minute to the duty phone; the alarm of a known home is never part of it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from callcenter.core.database import Database
from callcenter.core.ids import new_id
from callcenter.sms import claiming
from callcenter.sms.breaker import Route
from callcenter.sms.catalogue import MessageKind
from callcenter.sms.claiming import SLICE, Attempt
from callcenter.sms.folding import counted
from callcenter.sms.lifetime import OF_ROWS
from tests.support.clock import HandClock
from tests.support.outbox import CASE, SHANGHAI, Queued, enqueue, text_for

DUTY, OTHER_DUTY = "+8613900000009", "+8613900000008"
STRANGER = {**CASE, "name": "", "fold": True}
BUSY: Route | None = None


class Sender:
    """Claims what is due."""

    def __init__(self, connection: asyncpg.Connection, clock: HandClock) -> None:
        self._connection, self._clock = connection, clock

    async def storm(self, count: int, recipient: str = DUTY) -> None:
        await enqueue(self._connection, [self._text(recipient, STRANGER) for _ in range(count)])

    async def alarm(self) -> None:
        await enqueue(self._connection, [self._text(DUTY, CASE)])

    async def goes(self, route: Route | None = Route("sandbox", 200)) -> list[str]:  # noqa: B008
        claimed = await claiming.claim(
            self._connection,
            lambda _tried, _priority: route,
            SHANGHAI,
            self._clock.now(),
            SLICE,
            OF_ROWS,
        )
        return [_text(one) for one in claimed]

    def _text(self, recipient: str, params: dict[str, object]) -> Queued:
        return text_for(
            self._clock.now(),
            recipient,
            kind=MessageKind.DUTY_ALARM,
            params=dict(params),
            reference=new_id(),
        )


def _text(attempt: Attempt) -> str:
    assert attempt.message is not None
    return attempt.message.text


@pytest.fixture
async def sender(database: Database, clock: HandClock) -> AsyncIterator[Sender]:
    connection = await database.connect("sender")
    yield Sender(connection, clock)
    await connection.close()


async def states(owner: asyncpg.Connection) -> dict[str, int]:
    rows = await owner.fetch("SELECT state, count(*) FROM sms_message GROUP BY state")
    return dict(map(tuple, rows))


async def test_the_first_stranger_is_told_at_once_and_those_of_the_next_minute_in_one(
    sender: Sender, owner: asyncpg.Connection, clock: HandClock
):
    await sender.storm(1)
    [first] = await sender.goes()
    assert "未登记来电17:26紧急求助" in first
    clock.advance(1)
    await sender.storm(300)
    assert await sender.goes() == []
    clock.advance(58)
    assert await sender.goes() == []
    clock.advance(1)
    [rest] = await sender.goes()
    assert "未登记来电共300起" in rest
    assert await states(owner) == {"submitting": 2, "combined": 299}
    clock.advance(70)
    assert await sender.goes() == []


async def test_what_waits_together_goes_together(sender: Sender, owner: asyncpg.Connection):
    await sender.storm(2_512)
    [text] = await sender.goes()
    assert "共2512起" in text
    assert await sender.goes() == []
    assert await owner.fetchval("SELECT count(*) FROM sms_message WHERE state = 'queued'") == 0


async def test_the_alarm_of_a_known_home_passes_the_storm_and_is_never_part_of_it(
    sender: Sender, clock: HandClock
):
    await sender.storm(100)
    await sender.alarm()
    texts = await sender.goes() + await sender.goes()
    assert sum("沈玉兰17:26紧急求助" in text for text in texts) == 1
    assert len(texts) == 2
    await sender.storm(100)
    await sender.alarm()
    assert [
        ("共" in text, "沈玉兰" in text) for text in await sender.goes() + await sender.goes()
    ] == [(False, True)]


async def test_each_number_has_its_own_minute(sender: Sender):
    await sender.storm(3)
    await sender.storm(4, OTHER_DUTY)
    assert sorted("共3起" in text for text in await sender.goes()) == [False, True]


async def test_while_no_gateway_takes_it_the_count_grows(sender: Sender, clock: HandClock):
    await sender.storm(3)
    assert await sender.goes(BUSY) == []
    clock.advance(1)
    await sender.storm(3)
    [text] = await sender.goes()
    assert "共6起" in text


def test_one_alone_is_not_counted():
    assert "count" not in counted({"name": ""}, 0)
    assert counted({"more": 2}, 3) == {"more": 5, "count": 6}
