"""The cells "hotline": from INVITE to the seat, how many calls a second, and alarms beside 40 calls with audio, with a real Asterisk."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

import asyncpg
import httpx

from benchmarks.driving import drive, measured, to_ours
from benchmarks.machine import Meter, cpu_s, processes
from benchmarks.server import Ground, Server, Spent, difference, our_server
from benchmarks.site import Site, reset
from callcenter.auth.guards import COOKIE, CSRF_HEADER
from tests.support.asterisk import INSTALLED, NETWORK, PASSWORD, Running, running
from tests.support.console import open_console
from tests.support.server import Operator
from tests.support.waiting import until_told

NAME: Final = "hotline: 36 consoles, 50/s, 40 calls with audio"
LINE: Final = "95001"
RED: Final = "95009"
WAITING: Final = 20
RED_A_SECOND, RED_S = 2.0, 10.0
CALLER: Final = '"Bench" <sip:013912345678@127.0.0.2>'
RATES: Final = (5.0, 10.0, 20.0, 40.0, 80.0)
"""Calls a second, until not all of them are shown within a second."""
MOST_CALLING_S: Final = 8.0
SOON_MS: Final = 1000.0
CALLS: Final = 40
CONSOLES, ALARMS_A_SECOND = 36, 50.0
MOST_SPOKEN_S: Final = 30.0
"""Of what is measured beside 40 calls: telephones of SIPp hang up after a minute."""
CSRF: Final = "bench"

Figures = dict[str, Any]
Row = Callable[[str, str, list[Figures]], str]


@dataclass(frozen=True, slots=True)
class Effort:
    """How often, how long (s), and what every run of alarms is told."""

    runs: int
    seconds: float
    load: Figures


@dataclass(frozen=True, slots=True)
class Scene:
    """One server beside one exchange."""

    owner: asyncpg.Connection
    site: Site
    exchange: Running
    server: Server
    numbers: Iterator[int]

    def spent(self) -> Spent:
        process = self.exchange.process
        asterisk = cpu_s(process.pid if process else None, processes())
        return self.server.spent() | {"asterisk": asterisk}


async def measure(
    effort: Effort, on: Ground, owner: asyncpg.Connection, site: Site, row: Row
) -> None:
    """Prints as it comes; one line where there is no exchange."""
    if not (INSTALLED / "asterisk").exists() or shutil.which("sipp") is None:
        print(f"\n{NAME}: left out, no Asterisk or no SIPp (`make system-deps`)")
        return
    await _furnish(owner)
    with _exchange(on) as exchange:
        await exchange.boots()
        with our_server(on, more=_prefixed(exchange.settings)) as server:
            scene = Scene(owner, site, exchange, server, count(1))
            await _until_connected(scene)
            await _rising(effort, scene)
            await _before_all(effort, scene)
            await _beside(effort, scene, row)


@contextmanager
def _exchange(on: Ground) -> Iterator[Running]:
    phones = [{"name": name, "password": PASSWORD} for name in _desks()]
    with running(on.folder / "pbx", desk_phones=phones) as made:
        yield made


def _desks() -> Sequence[str]:
    return [f"desk-{n}" for n in range(1, CALLS + 1)]


def _prefixed(settings: dict[str, str]) -> dict[str, str]:
    return {f"CALLCENTER_{name}": value for name, value in settings.items()}


async def _furnish(owner: asyncpg.Connection) -> None:
    root = await owner.fetchval("SELECT id FROM region WHERE parent_id IS NULL")
    await owner.execute(
        "INSERT INTO line (number, name, kind, region_id, area_code) VALUES ($1, '热线', 'hotline', $2, '0311')"
        " ON CONFLICT DO NOTHING",
        LINE,
        root,
    )
    await owner.execute(
        "INSERT INTO line (number, name, kind, region_id, area_code) VALUES ($1, '求助', 'red', $2, '0311') ON CONFLICT DO NOTHING",
        RED,
        root,
    )
    await owner.execute("UPDATE login_session SET csrf_token = $1", CSRF)


async def _until_connected(scene: Scene) -> None:
    async with _hand(scene, scene.site.everywhere[0]) as hand:

        async def is_there() -> bool:
            return bool((await hand.get(_telephone(scene))).json()["exchange"])

        await until_told(is_there, "the exchange", 30)


# ---- from INVITE to the seat


async def _rising(effort: Effort, scene: Scene) -> None:
    """Faster and faster, as long as everybody is shown soon."""
    print("\nhotline: ms from INVITE to the first frame at a seat; cpu in percent of one core")
    print(
        f"{'calls/s':>8} {'p50':>8} {'p99':>8} {'max':>8} {'shown':>11} {'rows':>6}"
        f" {'alarm':>6} {'asterisk':>9} {'pg':>5} {'others %':>9}"
    )
    for rate in RATES:
        found = await _calling(effort, scene, rate)
        print(_said_of(rate, found), flush=True)
        if found["shown"] < found["sent"] or found["p99"] > SOON_MS:
            return


async def _calling(
    effort: Effort, scene: Scene, rate: float, line: str = LINE, seconds: float = MOST_CALLING_S
) -> Figures:
    seconds = min(effort.seconds, seconds)
    first = next(scene.numbers) * 100_000
    settings = {
        "ws_port": scene.server.port,
        "cookie": scene.site.everywhere[0],
        "host": NETWORK,
        "exchange": "127.0.0.1",
        "sip_port": scene.exchange.section.sip_port,
        "line": line,
        "rate": rate,
        "seconds": seconds,
        "first": first,
    }
    meter, before = Meter(), scene.spent()
    found = await drive("calls_client", settings)
    used = difference(before, scene.spent())
    found["others"], found["cpu"] = meter.others(), {k: 100 * v / seconds for k, v in used.items()}
    found["rows"] = await _written(scene, first, found["sent"])
    return found


async def _written(scene: Scene, first: int, wanted: int) -> int:
    """Rows of these calls; looked for until all are there, for half a minute at most."""
    query = "SELECT count(*) FROM call WHERE state = 'ended' AND caller_raw BETWEEN $1 AND $2"
    bounds = (f"0139{first:08}", f"0139{first + wanted:08}")
    rows = 0
    for _ in range(60):
        rows = await scene.owner.fetchval(query, *bounds)
        if rows >= wanted:
            break
        await asyncio.sleep(0.5)
    return rows


def _said_of(rate: float, found: Figures) -> str:
    cpu, sent = found["cpu"], found["sent"]
    shown = f"{found['shown']}/{sent}"
    return (
        f"{rate:8g} {found['p50']:8.1f} {found['p99']:8.1f} {found['max']:8.1f} {shown:>11}"
        f" {'yes' if found['rows'] == sent else found['rows']:>6}"
        f" {cpu['alarm']:6.0f} {cpu['asterisk']:9.0f} {cpu['postgres']:5.0f} {found['others']:9.0f}"
    )


# ---- a key for help while others wait


async def _before_all(effort: Effort, scene: Scene) -> None:
    """Red calls to 36 consoles while 20 wait: from INVITE to the first frame; the order itself is held by a story."""
    print(f"\nhotline: red calls at {CONSOLES} consoles, {WAITING} waiting; ms as above")
    async with AsyncExitStack() as stack:
        for cookie in scene.site.everywhere[1:CONSOLES]:
            who = Operator(0, "", cookie, CSRF)
            await stack.enter_async_context(open_console(scene.server.address, who))
        hand = await stack.enter_async_context(_hand(scene, scene.site.everywhere[0]))
        stack.push_async_callback(scene.exchange.hang_up_phones)
        await scene.exchange.rings_us(LINE, CALLER, calls=WAITING)

        async def all_wait() -> bool:
            return len((await hand.get("/calls")).json()) >= WAITING

        await until_told(all_wait, f"{WAITING} who wait", 40)
        found = await _calling(effort, scene, RED_A_SECOND, RED, RED_S)
        print(_said_of(RED_A_SECOND, found), flush=True)
    await scene.exchange.hang_up_all()


# ---- alarms beside calls


async def _beside(effort: Effort, scene: Scene, row: Row) -> None:
    """Without and with, in turn, in the same minutes."""
    print(f"\n{NAME}: alarms as in the cells above", flush=True)
    alone: list[Figures] = []
    beside: list[Figures] = []
    calls: list[Figures] = []
    for _ in range(effort.runs):
        alone.append(await _alarms(effort, scene))
        async with AsyncExitStack() as stack:
            calls.append(await _spoken(scene, stack))
            before = scene.spent()
            beside.append(await _alarms(effort, scene))
            used = difference(before, scene.spent())
            calls[-1]["asterisk"] = 100 * used["asterisk"] / min(effort.seconds, MOST_SPOKEN_S)
            await _hung_up(scene, calls[-1])
    print(row(NAME[:32], "alone", alone))
    print(row("", "calls", beside))
    least = min(each["spoken"] for each in calls)
    most = max(each["asterisk"] for each in calls)
    heard = min(each["bytes_s"] for each in calls)
    print(
        f"{'':32} {least} calls spoken, Asterisk {most:.0f} % of a core with their recordings,"
        f" {heard:.0f} bytes/s recorded of the shortest (16000: all of it)",
        flush=True,
    )


async def _alarms(effort: Effort, scene: Scene) -> Figures:
    await reset(scene.owner)
    load = effort.load | {"seconds": min(effort.seconds, MOST_SPOKEN_S)}
    settings = to_ours(scene.server, scene.site.everywhere, CONSOLES, ALARMS_A_SECOND, **load)
    found = await measured(settings, scene.server.spent)
    found["rows"] = await scene.owner.fetchval(
        "SELECT count(*) FROM journal WHERE outcome = 'opened'"
    )
    return found


async def _spoken(scene: Scene, stack: AsyncExitStack) -> Figures:
    """40 operators at their desks who each take a call."""
    hands = [
        await stack.enter_async_context(_hand(scene, each))
        for each in scene.site.everywhere[:CALLS]
    ]
    await scene.exchange.desks(_desks())
    stack.push_async_callback(scene.exchange.hang_up_phones)
    for hand, desk in zip(hands, _desks(), strict=True):
        (await hand.put(_telephone(scene), json={"kind": "desk", "desk": desk})).raise_for_status()
    for each in scene.exchange.recordings.glob("*.wav"):
        each.unlink()
    await scene.exchange.rings_us(LINE, CALLER, calls=CALLS)
    await until_told(lambda: _all_are(hands[0], "ringing", "waiting"), "40 calls", 40)
    ids = [each["id"] for each in (await hands[0].get("/calls")).json()]
    both = list(zip(hands, ids, strict=True))
    taken = await asyncio.gather(*(hand.post(f"/calls/{id_}/take") for hand, id_ in both))
    for each in taken:
        each.raise_for_status()
    await until_told(lambda: _all_are(hands[0], "talking"), "40 who speak", 40)
    return {"both": both, "spoken": len(both), "sizes": _sizes(scene), "since": _now()}


async def _hung_up(scene: Scene, spoken: Figures) -> None:
    grown = {each: size - spoken["sizes"].get(each, 0) for each, size in _sizes(scene).items()}
    spoken["bytes_s"] = min(grown.values()) / (_now() - spoken["since"])
    both = spoken["both"]
    for each in await asyncio.gather(*(h.post(f"/calls/{id_}/hang-up") for h, id_ in both)):
        each.raise_for_status()
    await asyncio.gather(*(h.post(f"/calls/{id_}/wrapped-up") for h, id_ in both))


def _now() -> float:
    return asyncio.get_running_loop().time()


def _sizes(scene: Scene) -> dict[str, int]:
    found = scene.exchange.recordings.glob("*-tx.wav")
    return {each.name: each.stat().st_size for each in found}


async def _all_are(hand: httpx.AsyncClient, *states: str) -> bool:
    calls = (await hand.get("/calls")).json()
    return len(calls) == CALLS and all(each["state"] in states for each in calls)


def _telephone(scene: Scene) -> str:
    return f"{scene.server.address}/api/v1/telephone"


def _hand(scene: Scene, cookie: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=_telephone(scene),
        cookies={COOKIE: cookie},
        headers={CSRF_HEADER: CSRF},
        timeout=30,
        trust_env=False,
    )
