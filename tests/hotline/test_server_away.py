"""The server is dead, or stands still, when somebody rings: what they hear meanwhile, who is rung instead, and what is recorded."""

from __future__ import annotations

import signal
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.hotline.test_whole import hotline
from tests.hotline.waiting_room import WaitingRoom, desk_phones, prompts, serve
from tests.support.asterisk import Running, running
from tests.support.place import Place

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
    await exchange.hang_up_all()
    await exchange.hang_up_phones()


async def test_while_the_server_stands_still_it_rings_and_then_somebody_is_asked_to_stay(
    room: WaitingRoom,
):
    """The duty phone is rung meanwhile; nobody there answers, and a message is recorded."""
    await room.exchange.answers("no_answer")
    room.server.signal("alarm", signal.SIGSTOP)
    try:
        tx = await room.rings("95001", scenario="caller_hears_it_ring")
        said = await room.hears(
            tx, "cc-stay-on-line", "ringing", "cc-leave-message", "beep or their own voice", within_s=60
        )  # fmt: skip
    finally:
        room.server.signal("alarm", signal.SIGCONT)
    assert "cc-one-moment" not in said
    sys.stdout.write(f"server stands still: asked to stay after {_rang_for_s(room, tx):.1f} s of ringing\n")  # fmt: skip


async def test_where_the_server_is_dead_they_are_asked_to_stay_at_once_and_the_duty_phone_has_them(
    room: WaitingRoom,
):
    room.server.kill()
    await room.exchange.answers(room.exchange.speaking(1400))
    tx = await room.rings("95001", scenario="caller_hears_it_ring")
    said = await room.hears(tx, "cc-stay-on-line", "another centre")
    assert "cc-leave-message" not in said
    sys.stdout.write(f"server dead: asked to stay after {_rang_for_s(room, tx):.1f} s\n")
    await room.exchange.hang_up_phones()
    await room.server.start()


def _rang_for_s(room: WaitingRoom, tx: Path) -> float:
    """From the INVITE until the exchange answers by itself, by its own log."""
    call = tx.stem.removesuffix("-tx")
    rows = [line for line in room.exchange.log.read_text().splitlines() if f'"{call}"' in line]
    alone = next(line for line in rows if '"alone"' in line)
    began, answered = (float(line.split(",")[1].strip('"')) for line in (rows[0], alone))
    return answered - began
