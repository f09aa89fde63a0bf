"""Who waits on the telephone, with real calls: whose seat rings, what whoever rang hears meanwhile, and where they go when nobody comes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from tests.hotline.waiting_room import WaitingRoom, desk_phones, prompts, serve
from tests.support.asterisk import Running, running
from tests.support.place import Place
from tests.support.waiting import until_told

pytestmark = pytest.mark.asyncio(loop_scope="module")
OPEN, HELPED, CLOSED, STREET = "95001", "95002", "95003", "95004"
DUTY, ELSEWHERE = "13900000009", "031187654321"
WANG, DIALECT = "13912345678", "13912345679"


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(
        tmp_path_factory.mktemp("pbx"), desk_phones=desk_phones(), duty_phones=[DUTY]
    ) as made:
        prompts(made)
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def room(shared_place: Place, exchange: Running) -> WaitingRoom:
    """Seconds where a site has minutes."""
    await _furnished(shared_place)
    return await serve(
        shared_place,
        exchange,
        pick_up_s=1,
        say_place_every_s=3,
        offer_call_back_s=6,
        overflow_s=5,
        ask_s=3,
        alone_s=3,
    )


async def _furnished(place: Place) -> None:
    community = place.site.community
    today = datetime.now(ZoneInfo("Asia/Shanghai")).isoweekday()
    never = json.dumps([[str((today + 2) % 7 + 1), "08:00", "18:00"]])
    for number, elsewhere, hours, said, region in (
        (OPEN, "", "[]", "", community.root),
        (HELPED, ELSEWHERE, "[]", "", community.root),
        (CLOSED, "", never, "cc-ours", community.root),
        (STREET, "", "[]", "", community.street),
    ):
        await community.owner.execute(
            "INSERT INTO line (number, name, kind, region_id, area_code, overflow_number, hours, closed_prompt)"
            " VALUES ($1, '热线', 'hotline', $2, '0311', $3, $4, $5)",
            number, region, elsewhere, json.loads(hours), said,
        )  # fmt: skip
    for nth, number in enumerate((WANG, DIALECT)):
        home = place.site.homes[nth]
        await community.owner.execute(
            "UPDATE resident SET phones = $2 WHERE home_id = $1", home, [f"+86{number}"]
        )
    await community.owner.execute(
        "UPDATE resident SET dialect = '闽南语' WHERE home_id = $1", place.site.homes[1]
    )


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def nothing_stands(room: WaitingRoom) -> AsyncIterator[None]:
    yield
    await room.exchange.hang_up_phones()
    await room.exchange.hang_up_all()


async def row(room: WaitingRoom, line: str) -> Any:
    """Of the last call on a line, when it has ended."""
    query = "SELECT * FROM call WHERE line = $1 ORDER BY offered_at DESC LIMIT 1"

    async def ended() -> bool:
        found = await room.place.site.owner.fetchrow(query, line)
        return found is not None and found["state"] == "ended"

    await until_told(ended, "the end of the call as a row", 30)
    return await room.place.site.owner.fetchrow(query, line)


async def test_whoever_waits_is_told_their_place_and_hears_when_they_move_up(room: WaitingRoom):
    async with room.seat("places", "desk-1") as seat:
        first = await room.rings(OPEN, WANG)
        second = await room.rings(OPEN, "13912345670")
        await room.hears(first, "cc-one-moment", "cc-your-place", "cc-1")
        await room.hears(second, "cc-one-moment", "cc-your-place", "cc-2")
        spoken = await seat.takes(line=OPEN, matches=_anybody)
        await room.hears(second, "cc-2", "cc-your-place", "cc-1")
        await seat.hangs_up(spoken)
