"""A centre beside a real exchange in which something breaks: calls that stand meanwhile, and what became of them."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg

from tests.hotline.test_whole import hotline, settings_of
from tests.support.asterisk import Running, lasts, loudest
from tests.support.console import Console, open_console
from tests.support.living import pressed
from tests.support.place import Place
from tests.support.server import Operator, Server
from tests.support.telephone import Handset, one_call
from tests.support.waiting import until, until_told

HOTLINE = "95001"
RED = "95009"
CALLER = '"王秀英" <sip:013912345678@127.0.0.2>'
HEAD = (
    "| fault | calls | in rows | double | lost | spoken on meanwhile | alarms by data meanwhile | shown | all known again after (s) |\n"
    "|---|---|---|---|---|---|---|---|---|"
)


@dataclass
class Row:
    """One line of the table. `spoken_on`: whether the tone of whoever rang came back all the time."""

    fault: str
    calls: int
    rows: int = 0
    double: int = 0
    lost: int = 0
    spoken_on: str = "-"
    alarms: int = 0
    shown: int = 0
    again_s: float = 0.0

    @property
    def line(self) -> str:
        return (
            f"| {self.fault} | {self.calls} | {self.rows} | {self.double} | {self.lost} | {self.spoken_on} |"
            f" {self.alarms} | {self.shown} | {self.again_s:.2f} |"
        )


def write(table: Sequence[Row]) -> None:
    """With TELEPHONE_TABLE the table is written to that file, as far as it has come."""
    if file := os.environ.get("TELEPHONE_TABLE"):
        Path(file).write_text("\n".join([HEAD, *(row.line for row in table)]) + "\n")


@dataclass
class Desk:
    """An operator with a telephone on the desk and a screen before them."""

    operator: Operator
    handset: Handset
    console: Console

    async def exchange_is(self, there: bool, within_s: float = 30.0) -> None:
        """As their screen says."""

        def said() -> bool:
            frames = self.console.of_kind("calls")
            return bool(frames) and frames[-1]["exchange"] is there

        await until(said, f"the exchange to be {'there' if there else 'away'}", within_s)

    async def takes(self, within_s: float = 20.0, **wanted: object) -> dict[str, Any]:
        """The call that rings; both speak."""
        ringing = await one_call(self.console, within_s, **{"state": "ringing"} | wanted)
        await self.handset.orders(ringing["id"], "take")
        return await one_call(self.console, within_s, id=ringing["id"], state="talking")


@dataclass
class OnTheLine:
    place: Place
    exchange: Running
    server: Server
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def owner(self) -> asyncpg.Connection:
        return self.place.site.owner

    @asynccontextmanager
    async def desk(self, number: int = 0, *, rings: int = 1) -> AsyncIterator[Desk]:
        """Operator `number` at telephone desk-(number + 1), which picks up so many calls; none: it is not asked to."""
        operator = self.place.site.operators[number]
        async with (
            Handset.of(self.server, operator) as handset,
            open_console(self.server.url, operator) as console,
        ):
            made = Desk(operator, handset, console)
            await made.exchange_is(True)
            if rings:
                await self.exchange.desk_phone(f"desk-{number + 1}", rings)
                chosen = await handset.asks("PUT", kind="desk", desk=f"desk-{number + 1}")
                assert chosen.status_code == 200, chosen.text
            yield made

    async def rings(self, line: str = HOTLINE, caller: str = CALLER) -> Path:
        """Somebody rings and stays; what they hear is written to this file."""
        before = set(self.exchange.recordings.glob("*-tx.wav"))
        await self.exchange.rings_us(line, caller)
        await until(lambda: set(self.exchange.recordings.glob("*-tx.wav")) - before, "a call", 20)
        [heard] = set(self.exchange.recordings.glob("*-tx.wav")) - before
        return heard

    async def presses(self, console: Console, home: int = 1) -> int:
        """A pendant of a home; how many alarms of it this screen shows."""
        incident = await pressed(self.server, self.place.site.phone(home))
        await console.shows(incident)
        return 1

    async def rows(self) -> Sequence[asyncpg.Record]:
        found: Sequence[asyncpg.Record] = await self.owner.fetch(
            "SELECT * FROM call ORDER BY offered_at"
        )
        return found

    async def ended(self, calls: int, within_s: float = 60.0) -> Sequence[asyncpg.Record]:
        """Rows of calls, when there are so many and all of them have ended."""

        async def all_ended() -> bool:
            rows = await self.rows()
            return len(rows) >= calls and all(row["state"] == "ended" for row in rows)

        await until_told(all_ended, f"{calls} calls that have ended as rows", within_s)
        return await self.rows()


async def still_heard(heard: Path, seconds: float = 3.0) -> str:
    """Whether the caller hears their own tone from the desk after so long from now on: of a full machine it may be late."""
    await lasts(heard, _seconds(heard) + seconds)
    await until(lambda: loudest(heard) == 1000, "the caller's own tone", 20)
    return "yes"


def _seconds(heard: Path) -> float:
    return heard.stat().st_size / 16_000


async def counted(row: Row, line: OnTheLine) -> Row:
    """With what stands in the rows, after all calls have ended."""
    rows = await line.ended(row.calls)
    different = {each["pbx_call"] for each in rows}
    row.rows, row.double, row.lost = (
        len(rows),
        len(rows) - len(different),
        row.calls - len(different),
    )
    return row


class Watch:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def __call__(self) -> float:
        return time.monotonic() - self._began


@asynccontextmanager
async def on_the_line(
    place: Place, exchange: Running, *, dsn: str | None = None, http: str = ""
) -> AsyncIterator[OnTheLine]:
    """With a hotline and a red line; `dsn` and `http` lead to the database and to the exchange by other ways."""
    async with AsyncExitStack() as stack:
        await exchange.boots()
        await hotline(place, HOTLINE)
        await hotline(place, RED, "red")
        settings = settings_of(exchange) | ({"TELEPHONY__HTTP": http} if http else {})
        server = await place.serve(dsn, **settings)
        stack.push_async_callback(exchange.hang_up_phones)
        yield OnTheLine(place, exchange, server)
