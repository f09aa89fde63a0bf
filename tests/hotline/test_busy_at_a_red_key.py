"""A red key while everybody is busy: it is an alarm whoever speaks with whom, and an operator who speaks can leave their call for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence

import asyncpg
import pytest
import pytest_asyncio

from tests.hotline.test_whole import hotline
from tests.hotline.waiting_room import WaitingRoom, desk_phones, serve
from tests.support.asterisk import Running, running
from tests.support.living import pressed
from tests.support.place import Place
from tests.support.telephone import one_call
from tests.support.waiting import until_told

pytestmark = pytest.mark.asyncio(loop_scope="module")
OPEN, GREEN, RED = "95001", "95006", "95009"
KEY, AT_HOME, STRANGER = "13912345678", "13912345679", "13912345670"


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("pbx"), desk_phones=desk_phones()) as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def room(shared_place: Place, exchange: Running) -> WaitingRoom:
    place = shared_place
    for number, kind in ((OPEN, "hotline"), (GREEN, "green"), (RED, "red")):
        await hotline(place, number, kind)
    owner = place.site.owner
    await owner.execute("UPDATE device SET sim = $1 WHERE identifier = $2", KEY, place.site.phone(0))  # fmt: skip
    await owner.execute("UPDATE resident SET phone = $1 WHERE home_id = $2", f"+86{AT_HOME}", place.site.homes[0])  # fmt: skip
    await owner.execute("""UPDATE region SET escalation = '{"0": {"ring": "one"}}'""")
    return await serve(place, exchange)


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def nothing_stands(room: WaitingRoom) -> AsyncIterator[None]:
    await room.place.clear()
    yield
    await room.exchange.hang_up_all()
    await room.exchange.hang_up_phones()


async def incidents(room: WaitingRoom, count: int = 1) -> Sequence[asyncpg.Record]:
    async def so_many() -> bool:
        return await room.place.count("incident") == count

    await until_told(so_many, f"{count} incidents", 20)
    found: Sequence[asyncpg.Record] = await room.place.site.owner.fetch(
        "SELECT * FROM incident ORDER BY number"
    )
    return found


async def test_while_all_seats_speak_it_rings_at_them_and_one_leaves_their_call_for_it(
    room: WaitingRoom,
):
    async with room.seat("alone-here", "desk-1") as seat:
        await room.rings(OPEN, STRANGER)
        spoken = await seat.takes(line=OPEN, state="ringing")
        await room.rings(RED, KEY)
        [incident] = await incidents(room)
        assert (incident["home_id"], incident["kind"]) == (room.place.site.homes[0], "sos")
        red = await one_call(seat.console, 20, line=RED, incident_id=str(incident["id"]))
        await seat.handset.orders(spoken["id"], "hold")
        helped = await seat.takes(id=red["id"])
        held = await one_call(seat.console, id=spoken["id"], state="held")
        assert held["taken_by"] == helped["taken_by"] == seat.operator.user_id
        await seat.hangs_up(helped)
        await seat.handset.orders(spoken["id"], "resume")
        await seat.hangs_up(await one_call(seat.console, id=spoken["id"], state="talking"))


async def test_an_alarm_of_a_device_is_offered_first_to_who_is_on_no_telephone(room: WaitingRoom):
    async with room.seat("speaks", "desk-1") as seat, room.seat("is-free", "desk-2") as other:
        await room.rings(OPEN, STRANGER)
        spoken = await seat.takes(line=OPEN)
        for home in (0, 1):  # each of them would have a turn
            await pressed(room.server, room.place.site.phone(home))
        offered = [list(each["ring_to"]) for each in await incidents(room, 2)]
        assert offered == [[other.operator.user_id]] * 2
        await seat.hangs_up(spoken)


async def test_while_the_very_home_speaks_with_us_its_key_is_an_alarm_all_the_same(
    room: WaitingRoom,
):
    async with room.seat("knows-them", "desk-2") as seat:
        await room.rings(OPEN, AT_HOME)
        spoken = await seat.takes(line=OPEN)
        assert spoken["attached"]["home_id"] == room.place.site.homes[0]
        await room.exchange.rings_us(RED, f'"" <sip:0{KEY}@127.0.0.2>', "caller_gives_up")
        [incident] = await incidents(room)
        assert incident["home_id"] == room.place.site.homes[0]
        await one_call(seat.console, id=spoken["id"], state="talking")
        await seat.hangs_up(spoken)


async def test_with_more_calls_than_the_trunk_is_said_to_carry_it_is_taken(room: WaitingRoom):
    """The exchange sets no bound of its own: what the network lets through is heard."""
    [trunk] = room.exchange.section.trunks
    async with room.seat("many") as seat:
        await room.exchange.rings_us(OPEN, f'"" <sip:0{STRANGER}@127.0.0.2>', calls=trunk.channels)

        async def all_in() -> bool:
            return len((await seat.handset.asks("GET", "/calls")).json()) == trunk.channels

        await until_told(all_in, "as many calls as it carries", 40)
        await room.exchange.rings_us(RED, f'"" <sip:0{KEY}@127.0.0.2>', "caller_gives_up")
        [incident] = await incidents(room)
        assert incident["source"] == "telephone"
