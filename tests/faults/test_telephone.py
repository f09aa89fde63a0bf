"""The telephone while something is broken: who speaks speaks on, no call is lost or written twice, and alarms by data go on beside it."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.machine import cpu_s, processes
from tests.faults.on_the_line import (
    CALLER,
    HOTLINE,
    RED,
    Desk,
    OnTheLine,
    Row,
    Watch,
    counted,
    on_the_line,
    still_heard,
    write,
)
from tests.hotline.test_whole import hotline
from tests.support.asterisk import PASSWORD, SCENARIOS, Running, loudest, running
from tests.support.flaky_proxy import FlakyProxy
from tests.support.living import breathes
from tests.support.place import Place
from tests.support.server import operator
from tests.support.telephone import Handset, calls_at, one_call
from tests.support.waiting import until

pytestmark = pytest.mark.timeout(0)  # STORY_S bounds it
STORY_S = 200.0
FROZEN_S = 6.0
MANY = 40
PRESSES = 60
GREEN = "95006"
INSTANTS_MS = (0, 30, 80, 150, 300, 600, 1200, 2500)
"""After its first ring: before and after it is heard, an alarm, shown. The server picks up after three seconds."""


@pytest.fixture
def exchange(tmp_path: Path) -> Iterator[Running]:
    """One for each story: what stands in its log is read back by the next server."""
    phones = [{"name": f"desk-{n}", "password": PASSWORD} for n in (1, 2)]
    with running(tmp_path / "pbx", desk_phones=phones) as made:
        yield made


@pytest.fixture
async def line(place: Place, exchange: Running) -> AsyncIterator[OnTheLine]:
    async with on_the_line(place, exchange) as made:
        yield made


@pytest.fixture(scope="module")
def table() -> list[Row]:
    return []


Said = Callable[[Row], None]


@pytest.fixture
def said(table: list[Row], measured: Callable[[str], None]) -> Said:
    """Keeps a row, and judges what may never be."""

    def keep(row: Row) -> None:
        table.append(row)
        write(table)
        measured(row.line)
        assert (row.double, row.lost) == (0, 0), row
        assert row.shown == row.alarms, row

    return keep


async def test_who_speaks_speaks_on_while_the_server_is_dead(line: OnTheLine, said: Said):
    row = Row("server kill -9 in mid-call", calls=1)
    async with line.desk() as desk:
        heard = await line.rings()
        talking = await desk.takes()
        line.server.kill()
    row.spoken_on = await still_heard(heard)
    watch = Watch()
    await line.server.start()
    async with line.desk(rings=0) as desk:
        again = await one_call(desk.console, 30, state="talking")
        row.again_s = watch()
        assert (again["id"], again["answered_by"]) == (talking["id"], desk.operator.user_id)
        row.alarms, row.shown = 1, await line.presses(desk.console)
        await desk.handset.orders(again["id"], "hang-up")
    said(await counted(row, line))


async def test_who_speaks_speaks_on_while_the_server_stands_still(line: OnTheLine, said: Said):
    row = Row("alarm process stands still (SIGSTOP) in mid-call", calls=1)
    async with line.desk() as desk:
        heard = await line.rings()
        talking = await desk.takes()
        line.server.signal("alarm", signal.SIGSTOP)
        try:
            row.spoken_on = await still_heard(heard, FROZEN_S)
        finally:
            line.server.signal("alarm", signal.SIGCONT)
    watch = Watch()
    async with line.desk(rings=0) as desk:
        await one_call(desk.console, 30, id=talking["id"], state="talking")
        row.again_s = watch()
        row.alarms, row.shown = 1, await line.presses(desk.console)
        await desk.handset.orders(talking["id"], "hang-up")
    said(await counted(row, line))


async def test_an_exchange_that_dies_ends_its_calls_and_no_alarm(line: OnTheLine, said: Said):
    row = Row("Asterisk kill -9 in mid-call", calls=2)
    async with line.desk() as desk:
        await line.rings()
        talking = await desk.takes()
        line.exchange.kill()
        await desk.exchange_is(False)
        row.alarms, row.shown = 1, await line.presses(desk.console)
        line.exchange.start()
        watch = Watch()
        await desk.exchange_is(True)
        ended = await one_call(desk.console, 30, id=talking["id"], state="ended")
        row.again_s = watch()
        assert ended["legs"] == []
        await line.exchange.hang_up_phones()
        await line.exchange.rings_us(HOTLINE, CALLER, "caller_gives_up")
        # An exchange that has only begun may hear the ring and its end in one breath.
        await until(lambda: len(calls_at(desk.console)) == 2, "the next call", 20)
    said(await counted(row, line))


@pytest.mark.parametrize("how", ["cut", "silent"])
async def test_a_way_to_the_exchange_that_is_lost_costs_no_call(
    place: Place, exchange: Running, said: Said, how: str
):
    row = Row(f"socket to Asterisk {how} in mid-call", calls=2)
    host, port = exchange.section.http.rsplit(":", 1)
    async with (
        FlakyProxy((host, int(port))) as proxy,
        on_the_line(place, exchange, http=f"127.0.0.1:{proxy.port}") as line,
        line.desk() as desk,
    ):
        heard = await line.rings()
        talking = await desk.takes()
        if how == "cut":
            proxy.cut()
        else:
            proxy.hold("down")
            proxy.hold("up")
        await desk.exchange_is(False)
        await exchange.rings_us(HOTLINE, CALLER, "caller_hangs_up")
        row.alarms, row.shown = 1, await line.presses(desk.console)
        row.spoken_on = await still_heard(heard)
        proxy.restore()
        watch = Watch()
        await desk.exchange_is(True)
        row.again_s = watch()
        await desk.handset.orders(talking["id"], "hang-up")
        said(await counted(row, line))


async def test_what_is_spoken_while_the_database_is_away_is_a_row_afterwards(
    place: Place, exchange: Running, said: Said
):
    row = Row("PostgreSQL away from the first ring to the end", calls=1)
    async with (
        FlakyProxy.to_postgres(place.dsn) as proxy,
        on_the_line(place, exchange, dsn=proxy.dsn) as line,
    ):
        async with line.desk() as desk:
            proxy.cut()
            heard = await line.rings()
            talking = await desk.takes()
            row.spoken_on = await still_heard(heard)
            row.alarms, row.shown = 1, await line.presses(desk.console)
            await desk.handset.orders(talking["id"], "hang-up")
            await one_call(desk.console, id=talking["id"], state="ended")
            assert await line.rows() == []
            proxy.restore()
            watch = Watch()
            [written] = await line.ended(row.calls)
            row.again_s = watch()
            said(await counted(row, line))
            assert (str(written["id"]), written["answered_by"]) == (
                talking["id"], desk.operator.user_id,
            )  # fmt: skip
        assert await line.server.stop() == 0


async def test_of_two_who_answer_at_once_one_has_it(line: OnTheLine, said: Said):
    row = Row("two seats answer at once, five times", calls=5)
    async with line.desk(0, rings=5) as one, line.desk(1, rings=5) as other:
        for _ in range(row.calls):
            await line.rings()
            ringing = await one_call(one.console, 20, state="ringing")
            asked = f"/calls/{ringing['id']}/take"
            answers = await asyncio.gather(
                one.handset.asks("POST", asked), other.handset.asks("POST", asked)
            )
            assert sorted(each.status_code for each in answers) == [200, 409]
            assert [a.json()["error"]["code"] for a in answers if a.status_code == 409] == ["taken"]
            talking = await one_call(one.console, 20, id=ringing["id"], state="talking")
            assert [leg["role"] for leg in talking["legs"]].count("operator") == 1
            [winner] = [
                each for each in (one, other) if each.operator.user_id == talking["answered_by"]
            ]
            await winner.handset.orders(talking["id"], "hang-up")
            await one_call(one.console, id=ringing["id"], state="ended")
            await winner.handset.orders(talking["id"], "wrapped-up")
    said(await counted(row, line))


async def test_forty_speak_at_once_and_an_alarm_does_not_wait(
    place: Place, tmp_path: Path, said: Said, measured: Callable[[str], None]
):
    row = Row("40 calls at once with audio", calls=MANY)
    names = [f"desk-{n}" for n in range(1, MANY + 1)]
    phones = [{"name": each, "password": PASSWORD} for each in names]
    people = [await operator(place.site.community, f"seat-{n}") for n in range(MANY)]
    async with AsyncExitStack() as stack:
        exchange = stack.enter_context(running(tmp_path / "pbx", desk_phones=phones))
        line = await stack.enter_async_context(on_the_line(place, exchange))
        desk = await stack.enter_async_context(line.desk(rings=0))
        seats = [await stack.enter_async_context(Handset.of(line.server, each)) for each in people]
        await exchange.desks(names)
        chosen = zip(seats, names, strict=True)
        await asyncio.gather(*(each.asks("PUT", kind="desk", desk=name) for each, name in chosen))
        await exchange.rings_us(HOTLINE, CALLER, calls=MANY)
        await until(lambda: len(calls_at(desk.console)) == MANY, "all of them ringing", 40)
        calls = list(calls_at(desk.console))
        both = list(zip(seats, calls, strict=True))
        await asyncio.gather(*(each.orders(call, "take") for each, call in both))
        await until(lambda: _in(desk, "talking") == MANY, "all of them spoken with", 40)
        spent = Spent.of(line)
        row.alarms, pressed_s = PRESSES, []
        for _ in range(PRESSES):
            watch = Watch()
            row.shown += await line.presses(desk.console)
            pressed_s.append(watch())
            await breathes(0.1)
        measured(f"{MANY} calls with audio: {spent.until(Spent.of(line))}")
        measured(f"an alarm by data meanwhile, with its connection: {_spread(pressed_s)}")
        heard = list(exchange.recordings.glob("*-tx.wav"))
        assert len(heard) == MANY
        assert [loudest(each) for each in heard] == [1000] * MANY
        row.spoken_on = "yes"
        await asyncio.gather(*(each.orders(call, "hang-up") for each, call in both))
        await until(lambda: _in(desk, "ended") == MANY, "the end of all", 40)
        said(await counted(row, line))


def _in(desk: Desk, state: str) -> int:
    return sum(each["state"] == state for each in calls_at(desk.console).values())


@dataclass
class Spent:
    """Seconds of a core, by process, until a moment."""

    at: float
    by: dict[str, float]

    @classmethod
    def of(cls, line: OnTheLine) -> Spent:
        found = processes()
        assert line.exchange.process is not None
        pids = {
            "Asterisk": line.exchange.process.pid,
            "alarm process": line.server.process("alarm"),
            "office process": line.server.process("office"),
        }
        return cls(time.monotonic(), {name: cpu_s(pid, found) for name, pid in pids.items()})

    def until(self, later: Spent) -> str:
        passed = later.at - self.at
        shares = (f"{name} {(s - self.by[name]) / passed:.0%}" for name, s in later.by.items())
        return f"{', '.join(shares)} of a core over {passed:.0f} s"


def _spread(seconds: list[float]) -> str:
    found = sorted(seconds)
    return f"median {1000 * found[len(found) // 2]:.0f} ms, most {1000 * found[-1]:.0f} ms of {len(found)}"


def gives_up_after(ms: int, folder: Path) -> str:
    """Whoever rings and cancels so long after the exchange has heard of it."""
    text = (SCENARIOS / "caller_gives_up.xml").read_text()
    scenario = folder / f"gives_up_after_{ms}.xml"
    scenario.write_text(text.replace('milliseconds="400"', f'milliseconds="{ms}"'))
    return str(scenario.with_suffix(""))


def key(home: int) -> str:
    return f"1391234560{home}"


@pytest.mark.parametrize("kind", ["red", "green"])
async def test_a_key_is_heard_at_whatever_instant_it_is_hung_up(
    line: OnTheLine, said: Said, tmp_path: Path, kind: str
):
    """Red is an alarm, green a request for service."""
    row = Row(f"{kind} keys hung up after 0 to 2500 ms", calls=len(INSTANTS_MS))
    await hotline(line.place, GREEN, "green")
    number = RED if kind == "red" else GREEN
    for home in range(row.calls):
        await line.owner.execute(
            "UPDATE device SET sim = $1 WHERE identifier = $2",
            key(home),
            line.place.site.phone(home),
        )
    await breathes(3.0)  # until the register has them
    async with line.desk(rings=0) as desk:
        for home, ms in enumerate(INSTANTS_MS):
            caller = f'"" <sip:{key(home)}@127.0.0.2>'
            await line.exchange.rings_us(number, caller, gives_up_after(ms, tmp_path))
        await until(lambda: len(desk.console.incidents) == row.calls, "an alarm of each", 30)
    said(await counted(row, line))
    homes = await line.owner.fetch("SELECT home_id, class FROM incident")
    assert {each["class"] for each in homes} == {"alarm" if kind == "red" else "service"}
    assert {each["home_id"] for each in homes} == set(line.place.site.homes[: row.calls])
    assert all(call["incident_id"] for call in await line.rows())
