"""Who waits on the telephone, with real calls: whose seat rings, what whoever rang hears meanwhile, and where they go when nobody comes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from tests.hotline.waiting_room import Seat, WaitingRoom, desk_phones, prompts, serve
from tests.support.asterisk import SCENARIOS, Running, running
from tests.support.place import Place
from tests.support.telephone import calls_at, one_call
from tests.support.waiting import until, until_told

pytestmark = pytest.mark.asyncio(loop_scope="module")
OPEN, HELPED, CLOSED, STREET = "95001", "95002", "95003", "95004"
DUTY, ELSEWHERE = "13900000009", "031187654321"
WANG, DIALECT, STRANGER = "13912345678", "13912345679", "13912345670"


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
            "UPDATE resident SET phone = $2 WHERE home_id = $1", home, f"+86{number}"
        )
    await community.owner.execute(
        "UPDATE resident SET dialect = '闽南语' WHERE home_id = $1", place.site.homes[1]
    )


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def nothing_stands(room: WaitingRoom) -> AsyncIterator[None]:
    yield
    await room.exchange.hang_up_all()
    await room.exchange.hang_up_phones()


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
        ahead = await one_call(seat.console)
        second = await room.rings(OPEN, STRANGER)
        await room.hears(first, "cc-one-moment", "music", "cc-your-place", "cc-1")
        await room.hears(second, "cc-one-moment", "cc-your-place", "cc-2")
        spoken = await seat.takes(id=ahead["id"])
        await room.hears(second, "cc-2", "music", "cc-your-place", "cc-1")
        await seat.hangs_up(spoken)


async def test_the_seat_that_rings_first_speaks_the_dialect_or_knows_the_caller_or_has_rested_longest(
    room: WaitingRoom,
):
    """Who does not come within three seconds is followed by the next, and then it is everybody's."""
    async with (
        room.seat("plain", "desk-1") as plain,
        room.seat("minnan", "desk-2", skills=["闽南语"]) as minnan,
    ):
        for _ in range(2):
            call = await asked(room, DIALECT, minnan)
            await minnan.hangs_up(await minnan.takes(id=call["id"]))
        call = await asked(room, WANG, plain)
        spoken = await plain.takes(id=call["id"])
        await plain.hangs_up(spoken)
        call = await asked(room, STRANGER, minnan)
        await minnan.hangs_up(await minnan.takes(id=call["id"]))
        call = await asked(room, WANG, plain)
        await one_call(plain.console, id=call["id"], wanted=minnan.operator.user_id)
        await one_call(plain.console, id=call["id"], wanted=None)


async def test_where_nobody_comes_another_centre_is_rung_and_whoever_waits_is_put_through(
    room: WaitingRoom,
):
    async with room.seat("slow") as seat:
        await room.exchange.answers(room.exchange.speaking(1400))
        tx = await room.rings(HELPED, WANG)
        said = await room.hears(tx, "cc-one-moment", "music", "another centre")
        assert "cc-stay-on-line" not in said
        there = await one_call(seat.console, state="talking")
        assert (there["taken_by"], there["answered_at"]) == (None, None)
    await room.exchange.hang_up_all()
    await room.exchange.hang_up_phones()
    assert (await row(room, HELPED))["answered_by"] is None


async def test_a_closed_line_says_so_and_takes_word_without_music(room: WaitingRoom):
    async with room.seat("late") as seat:
        tx = await room.rings(CLOSED, WANG)
        await room.hears(tx, "cc-ours", "cc-closed-keys")
        rx = tx.with_name(tx.name.replace("-tx", "-rx"))
        before = len(rx.read_bytes())
        await until(lambda: len(rx.read_bytes()) > before + 3 * 16_000, "three seconds of word", 20)
        assert await room.hears(tx) == ["cc-ours", "cc-closed-keys"]
        assert seat.ringing(line=CLOSED)["wanted"] is None
    await room.exchange.hang_up_all()
    await room.exchange.hang_up_phones()
    assert (await row(room, CLOSED))["call_back_wanted"] is False


async def test_key_1_on_a_closed_line_is_a_wish_to_be_rung(room: WaitingRoom):
    tx = await room.rings(CLOSED, WANG, "caller_presses", digit="1")
    await room.hears(tx, "cc-will-call-back")
    assert (await row(room, CLOSED))["call_back_wanted"] is True


async def test_key_1_counts_for_whoever_waits_once_it_was_offered(
    room: WaitingRoom, tmp_path: Path
):
    async with room.seat("busy"):
        tx = await room.rings(OPEN, WANG, presses_after(9_000, tmp_path), digit="1")
        said = await room.hears(tx, "cc-your-place", "cc-1", "cc-call-back", "cc-will-call-back")
        assert said.index("cc-call-back") > said.index("cc-your-place")
    assert (await row(room, OPEN))["call_back_wanted"] is True


async def test_where_nobody_is_at_a_seat_the_duty_phone_rings(room: WaitingRoom):
    await room.exchange.answers(room.exchange.speaking(1400))
    tx = await room.rings(OPEN, WANG, "caller_hears_it_ring")
    said = await room.hears(tx, "cc-stay-on-line", "another centre")
    assert not {"cc-one-moment", "cc-leave-message"} & set(said)
    await room.exchange.hang_up_all()
    await room.exchange.hang_up_phones()
    assert (await row(room, OPEN))["answered_at"] is None


async def test_whoever_waits_when_the_last_seat_goes_leaves_a_message_where_the_duty_phone_is_busy(
    room: WaitingRoom,
):
    await room.exchange.answers("busy")
    async with room.seat("last") as seat:
        tx = await room.rings(OPEN, WANG)
        await room.hears(tx, "cc-one-moment", "music")
    await room.hears(tx, "music", "cc-stay-on-line", "cc-leave-message", "beep or their own voice")
    async with room.seat("back") as seat:
        given = await one_call(seat.console, state="talking")
        assert (given["given_away"], given["taken_by"]) == (True, None)
        assert (await seat.handset.refused(given["id"], "take"))[0] == 409


async def asked(room: WaitingRoom, caller: str, whom: Seat) -> dict[str, Any]:
    """A call that rings at one seat first."""
    before = set(calls_at(whom.console))
    await room.rings(OPEN, caller)

    def came() -> list[dict[str, Any]]:
        return [each for id_, each in calls_at(whom.console).items() if id_ not in before]

    await until(came, "the call at the seat", 20)
    [call] = came()
    assert call["wanted"] == whom.operator.user_id, call
    return call


def presses_after(ms: int, folder: Path) -> str:
    """Whoever waits so long after the answer before they press."""
    text = (SCENARIOS / "caller_presses.xml").read_text()
    scenario = folder / f"presses_after_{ms}.xml"
    scenario.write_text(text.replace('milliseconds="500"', f'milliseconds="{ms}"'))
    return str(scenario.with_suffix(""))
