"""One server and one exchange for the stories of a file: lines, seats with desk telephones, and what whoever waits is told, by its tones."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from struct import unpack
from typing import Any

from callcenter.hotline.spoken import LANGUAGES
from tests.hotline.test_whole import settings_of, there
from tests.support.asterisk import PASSWORD, Running, power_of, tone
from tests.support.console import Console, open_console
from tests.support.place import Place
from tests.support.server import Operator, Server, operator as logged_in
from tests.support.telephone import Handset, calls_at, one_call
from tests.support.waiting import until

PROMPTS: Mapping[str, int] = {
    "cc-one-moment": 700,
    "cc-leave-message": 800,
    "cc-your-place": 900,
    "cc-1": 1100,
    "cc-2": 1200,
    "cc-3": 1300,
    "cc-call-back": 1500,
    "cc-will-call-back": 1600,
    "cc-closed": 1700,
    "cc-closed-keys": 1900,
    "cc-stay-on-line": 2100,
    "cc-ours": 2300,
}
"""Hz of each: what is said is known by its tone."""
OTHERS: Mapping[str, int] = {"music": 500, "ringing": 450, "beep or their own voice": 1000, "another centre": 1400}  # fmt: skip
SAID_S = 0.5
QUARTER = 2_000
"""Samples of a quarter of a second."""
DESKS = 4


def prompts(exchange: Running) -> None:
    """Their files, in place of what is spoken."""
    for language in LANGUAGES:
        folder = exchange.section.folder / "data" / "sounds" / language
        folder.mkdir(exist_ok=True)
        for name, hertz in PROMPTS.items():
            tone(folder / f"{name}.wav", hertz, SAID_S)


def heard(recording: Path) -> Sequence[str]:
    """What the caller has heard so far, in turn."""
    return [name for name, _ in groupby(name for name in _quarters(recording) if name)]


def _quarters(recording: Path) -> Iterator[str]:
    """The tone of each quarter of a second; none of one that is still, or in which something begins or ends."""
    raw = recording.read_bytes()[44:] if recording.exists() else b""
    for start in range(0, len(raw) - 2 * QUARTER + 1, 2 * QUARTER):
        yield _tone_of(raw[start : start + 2 * QUARTER])


@cache
def _tone_of(raw: bytes) -> str:
    """A recording is listened to again and again while it grows."""
    samples = unpack(f"<{QUARTER}h", raw)
    whole = sum(each * each for each in samples)
    if whole < 1e9:
        return ""
    names = {hertz: name for name, hertz in {**PROMPTS, **OTHERS}.items()}
    power, hertz = max((power_of(samples, each), each) for each in names)
    return names[hertz] if power > 0.6 * whole * QUARTER / 2 else ""


@dataclass
class Seat:
    """An operator on duty with a telephone on the desk."""

    operator: Operator
    handset: Handset
    console: Console

    def ringing(self, **wanted: object) -> dict[str, Any]:
        """The call that stands, as this seat has it."""
        standing = [each for each in calls_at(self.console).values() if each["state"] != "ended"]
        [found] = [c for c in standing if all(c[name] == value for name, value in wanted.items())]
        return found

    async def takes(self, **wanted: object) -> dict[str, Any]:
        """The call with these fields; both speak."""
        call = await one_call(self.console, 20, **wanted)
        await self.handset.orders(call["id"], "take")
        return await one_call(self.console, 20, id=call["id"], state="talking")

    async def hangs_up(self, call: Mapping[str, Any]) -> None:
        await self.handset.orders(call["id"], "hang-up")
        await one_call(self.console, 20, id=call["id"], state="ended")
        await self.handset.orders(call["id"], "wrapped-up")


@dataclass
class WaitingRoom:
    place: Place
    exchange: Running
    server: Server
    seats_taken: int = 0

    async def rings(self, line: str, caller: str = "013912345678", scenario: str = "caller", **keys: str) -> Path:  # fmt: skip
        """Somebody rings; what they hear is written to this file."""
        before = set(self.exchange.recordings.glob("*-tx.wav"))
        await self.exchange.rings_us(line, f'"" <sip:{caller}@127.0.0.2>', scenario, **keys)
        await until(lambda: set(self.exchange.recordings.glob("*-tx.wav")) - before, "a call", 20)
        [tx] = set(self.exchange.recordings.glob("*-tx.wav")) - before
        return tx

    @asynccontextmanager
    async def seat(
        self, login: str, desk: str = "", *, skills: Sequence[str] = (), region: int | None = None
    ) -> AsyncIterator[Seat]:
        """A new operator on duty; `desk`: where they speak, else in a page that nobody asks to ring."""
        who = await logged_in(self.place.site.community, login, region=region)
        if skills:
            await self.place.site.owner.execute(
                "UPDATE app_user SET skills = $2 WHERE id = $1", who.user_id, list(skills)
            )
        async with (
            Handset.of(self.server, who) as handset,
            open_console(self.server.url, who) as console,
        ):
            await there(console)
            if desk:
                await self.exchange.desk_phone(desk)
                chosen = await handset.asks("PUT", kind="desk", desk=desk)
                assert chosen.status_code == 200, chosen.text
            yield Seat(who, handset, console)
        if desk:
            await self.exchange.desk_phone_leaves(desk)

    async def hears(self, recording: Path, *names: str, within_s: float = 30.0) -> Sequence[str]:
        """Until these were heard, in this order, whatever lay between."""

        def said() -> bool:
            left = iter(heard(recording))
            return all(name in left for name in names)

        try:
            await until(said, f"{names} heard", within_s)
        except AssertionError as error:
            raise AssertionError(f"{error}; heard: {heard(recording)}") from None
        return heard(recording)


def desk_phones() -> Sequence[Mapping[str, str]]:
    return [{"name": f"desk-{n}", "password": PASSWORD} for n in range(1, DESKS + 1)]


async def serve(place: Place, exchange: Running, **queue: float) -> WaitingRoom:
    """`queue`: the settings of the queue."""
    await exchange.boots()
    patience = {f"QUEUE__{name.upper()}": str(value) for name, value in queue.items()}
    server = await place.serve(**settings_of(exchange), **patience)
    await until(lambda: server.events("exchange_there"), "the exchange", 20)
    return WaitingRoom(place, exchange, server)
