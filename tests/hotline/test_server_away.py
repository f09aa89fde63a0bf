"""The server is dead, or stands still, when somebody rings: what they hear meanwhile, who is rung instead, and what is recorded."""

from __future__ import annotations

import signal
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.hotline.test_whole import hotline
from tests.hotline.waiting_room import WaitingRoom, desk_phones, prompts, serve
from tests.support.asterisk import Running, running
from tests.support.place import Place
from tests.support.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="module")
DUTY = "13900000009"
WITHIN_S = 4


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(
        tmp_path_factory.mktemp("pbx"),
        desk_phones=desk_phones()[:1],
        duty_phones=[DUTY],
        server_within_s=WITHIN_S,
    ) as made:
        prompts(made)
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def room(shared_place: Place, exchange: Running) -> WaitingRoom:
    await hotline(shared_place)
    return await serve(shared_place, exchange)


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def nothing_stands(exchange: Running) -> AsyncIterator[None]:
    yield
    await exchange.hang_up_phones()
    await exchange.hang_up_all()


async def test_while_the_server_stands_still_it_rings_and_then_somebody_is_asked_to_stay(
    room: WaitingRoom,
):
    """The duty phone is rung meanwhile; nobody there answers, and a message is recorded."""
    await room.exchange.answers("no_answer")
    room.server.signal("alarm", signal.SIGSTOP)
    try:
        began = time.monotonic()
        tx = await room.rings("95001", scenario="caller_hears_it_ring")
        await until(lambda: _answered(tx), "somebody to be answered", 20)
        assert time.monotonic() - began >= WITHIN_S - 0.5
        said = await room.hears(
            tx, "cc-stay-on-line", "ringing", "cc-leave-message", "beep or their own voice", within_s=60
        )  # fmt: skip
    finally:
        room.server.signal("alarm", signal.SIGCONT)
    assert "cc-one-moment" not in said


async def test_where_the_server_is_dead_they_are_asked_to_stay_at_once_and_the_duty_phone_has_them(
    room: WaitingRoom,
):
    room.server.kill()
    await room.exchange.answers(room.exchange.speaking(1400))
    tx = await room.rings("95001", scenario="caller_hears_it_ring")
    said = await room.hears(tx, "cc-stay-on-line", "another centre")
    assert "cc-leave-message" not in said
    await room.exchange.hang_up_phones()
    await room.server.start()


def _answered(tx: Path) -> bool:
    return tx.exists() and tx.stat().st_size > 4_000
