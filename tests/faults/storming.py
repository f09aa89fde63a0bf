"""Presses of many callers at a steady rate, watched at seats, with texts, while something is broken; and the row that says what came of them."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final, cast

import asyncpg
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from benchmarks.websocket import Reading, handshake, masked
from callcenter.auth.guards import COOKIE
from tests.support.community import LONG_AGO
from tests.support.server import Operator, Server
from tests.support.sms_gateway import FakeSmsbox
from tests.support.waiting import until_told
from tests.support.wire import insist, insist_dc09, sos

PULSE_S: Final = 2.0
DC09_EVERY: Final = 5
AGAIN_S: Final = 0.5
"""Until a device that was not answered calls again: all of them have one address here, whose ports must last."""
HOME_EVERY: Final = 10
"""Every so many presses are of a home with a contact, who is told by SMS."""
HOMES: Final = 2500
"""More than any fault here lasts."""


@dataclass(frozen=True)
class Load:
    """How hard it pours: presses a second, each of a caller of its own, so that each opens an incident; and seats."""

    rate: float = 300.0
    seats: int = 20


@dataclass
class Storm:
    """What was pressed and what was seen, by caller; times are monotonic seconds."""

    load: Load
    sent: dict[str, float] = field(default_factory=dict)
    acknowledged: dict[str, float] = field(default_factory=dict)
    shown: dict[str, float] = field(default_factory=dict)
    beats: list[dict[str, Any]] = field(default_factory=list)
    stopped: bool = False

    async def press(self, server: Server, number: int) -> None:
        caller = caller_of(number)
        self.sent[caller] = time.monotonic()
        if number % DC09_EVERY == 0:
            await insist_dc09(server.tcp_port, caller, 1, again_s=AGAIN_S)
        else:
            await insist(server.http_port, sos(caller), again_s=AGAIN_S)
        self.acknowledged[caller] = time.monotonic()

    async def pour(self, server: Server) -> None:
        """Until it is stopped; who has pressed goes on until somebody acknowledges."""
        number, began = 0, time.monotonic()
        async with asyncio.TaskGroup() as presses:
            while not self.stopped:
                presses.create_task(self.press(server, number))
                number += 1
                await asyncio.sleep(began + number / self.load.rate - time.monotonic())

    async def watch(self, server: Server, operator: Operator) -> None:
        """A seat on duty that connects again whenever it is cut."""
        while True:
            with suppress(OSError, WebSocketException, TimeoutError):
                await self._sit(server, operator)
            await asyncio.sleep(0.2)

    async def _sit(self, server: Server, operator: Operator) -> None:
        url = server.url
        async with connect(
            url.replace("http://", "ws://") + "/ws/v1/seat",
            origin=url,  # type: ignore[arg-type]
            additional_headers={"Cookie": f"{COOKIE}={operator.cookie}"},
            compression=None,
            max_size=None,
            proxy=None,
            open_timeout=5,
        ) as socket:
            await socket.send(json.dumps({"type": "hello", "protocol": 1, "build": "test"}))
            await socket.send(json.dumps({"type": "duty", "armed": True}))
            pulsing = asyncio.create_task(_pulse(socket))
            try:
                async for text in socket:
                    self._see(json.loads(text))
            finally:
                pulsing.cancel()

    def _see(self, message: dict[str, Any]) -> None:
        now = time.monotonic()
        for incident in message.get("incidents", ()):
            if isinstance(incident, dict):
                self.shown.setdefault(incident["identifier"], now)
        if message["type"] == "beat":
            self.beats.append(message)

    @property
    def is_calm(self) -> bool:
        """The last beat says that everything is written."""
        last = self.beats[-1] if self.beats else {}
        return bool(last.get("database")) and not last.get("kept") and not last.get("away_since")


def caller_of(number: int) -> str:
    """The identifier of the device that presses as the `number`th."""
    over_dc09 = number % DC09_EVERY == 0
    if number % HOME_EVERY == 0:
        return home_account(number // HOME_EVERY)
    return f"{600_000 + number}" if over_dc09 else f"storm-{number}"


def home_account(home: int) -> str:
    """The pendant of a home that is registered."""
    return f"{100_000 + home}"


def contact_of(home: int) -> str:
    """The number of the contact there."""
    return f"+86137{home:08d}"


async def settle(owner: asyncpg.Connection, street: int) -> None:
    """`HOMES` homes, each with a resident, a contact and a pendant."""
    homes = [
        row["id"]
        for row in await owner.fetch(
            "INSERT INTO home (region_id, address, address_en, entrance, floor, door, lat, lng)"
            " SELECT $1, '榆荫里9号楼' || n, 'Yuyinli 9-' || n, '1', 1, n::text, 40.0, 104.0"
            " FROM generate_series(0, $2 - 1) AS n RETURNING id",
            street,
            HOMES,
        )
    ]
    await owner.execute(
        "INSERT INTO resident (home_id, name, name_latin, pinyin, initials, sex, birth_date, status, risk,"
        " created_at, updated_at) SELECT home.id, '沈玉兰', 'Shen Yulan', 'shenyulan', 'syl', 'female', '1943-03-01',"
        " 'home', 'high', $2, $2 FROM unnest($1::bigint[]) AS home(id)",
        homes,
        LONG_AGO,
    )
    await owner.execute(
        "INSERT INTO contact (resident_id, rank, name, name_latin, relation, relation_en, phone)"
        " SELECT resident.id, 1, '沈岚', 'Shen Lan', '女儿', 'daughter', '+86137' || lpad((home.nth - 1)::text, 8, '0')"
        " FROM unnest($1::bigint[]) WITH ORDINALITY AS home(id, nth) JOIN resident ON resident.home_id = home.id",
        homes,
    )
    await owner.execute(
        "WITH device AS (INSERT INTO device (region_id, source, identifier, kind)"
        " SELECT $2, 'dc09', (100000 + home.nth - 1)::text, 'pendant'"
        " FROM unnest($1::bigint[]) WITH ORDINALITY AS home(id, nth) RETURNING id, identifier)"
        " INSERT INTO device_assignment (device_id, home_id, valid_from)"
        " SELECT device.id, ($1::bigint[])[device.identifier::int - 100000 + 1], $3 FROM device",
        homes,
        street,
        LONG_AGO,
    )


def with_gateway(box: FakeSmsbox) -> dict[str, str]:
    """Settings of a server that sends its texts there."""
    gateway = {
        "kind": "kannel",
        "url": box.url,
        "user": "care",
        "password": "of a test",
        "callback_url": "http://127.0.0.1:9",
    }
    return {"SMS__GATEWAYS": json.dumps([gateway])}


async def _pulse(socket: Any) -> None:
    with suppress(WebSocketException):
        while True:
            await socket.send('{"type":"pulse","sounds":true}')
            await asyncio.sleep(PULSE_S)


class IdleSeat(asyncio.Protocol):
    """Another seat on duty, which costs the server what a seat costs and this process next to nothing. `reads` False: it stops
    reading when it is open, and keeps its connection.
    """

    def __init__(self, port: int, cookie: str, *, reads: bool = True) -> None:
        self._hello = handshake(port, "/ws/v1/seat", cookie)
        self._reading: Reading | None = Reading()
        self._reads = reads
        self.lost = asyncio.get_running_loop().create_future()
        self._pulsing: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.write(self._hello)

    def data_received(self, data: bytes) -> None:
        if self._reading is None:
            return
        if self._reading.opened(data):
            self._reading = None
            self.send({"type": "hello", "protocol": 1, "build": "test"})
            self.send({"type": "duty", "armed": True})
            self._pulse()
            if not self._reads:
                self.transport.pause_reading()

    def send(self, message: dict[str, Any]) -> None:
        self.transport.write(masked(message))

    def _pulse(self) -> None:
        self.send({"type": "pulse", "sounds": True})
        self._pulsing = asyncio.get_running_loop().call_later(PULSE_S, self._pulse)

    def connection_lost(self, error: Exception | None) -> None:
        if self._pulsing is not None:
            self._pulsing.cancel()
        if not self.lost.done():
            self.lost.set_result(None)


async def sit_by(server: Server, operator: Operator, *, reads: bool = True) -> None:
    """An idle seat that connects again whenever it is cut; until it is cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        with suppress(OSError):
            transport, seat = await loop.create_connection(
                lambda: IdleSeat(server.http_port, operator.cookie, reads=reads),
                "127.0.0.1",
                server.http_port,
            )
            try:
                await seat.lost
            finally:
                transport.abort()
        await asyncio.sleep(0.2)


@asynccontextmanager
async def storming(
    server: Server, operators: list[Operator], load: Load | None = None
) -> AsyncIterator[Storm]:
    """Ends when everybody who has pressed was acknowledged and shown."""
    made = Storm(load or Load())
    seats = [asyncio.create_task(made.watch(server, operators[0]))]
    seats += [
        asyncio.create_task(sit_by(server, operators[-1])) for _ in range(made.load.seats - 1)
    ]
    pouring = asyncio.create_task(made.pour(server))
    try:
        yield made
        made.stopped = True
        await pouring
        await until_told(lambda: _all_shown(made), "everything to be shown", 60)
    finally:
        made.stopped = True
        for task in (*seats, pouring):
            task.cancel()
        await asyncio.gather(*seats, pouring, return_exceptions=True)


async def _all_shown(made: Storm) -> bool:
    return made.is_calm and made.shown.keys() >= made.acknowledged.keys()


@dataclass(frozen=True)
class Row:
    """One fault: counts, and seconds."""

    fault: str
    sent: int
    acknowledged: int
    in_journal: int
    shown: int
    double: int
    lost: int
    texts: int
    """Contacts of homes who had at least one text, of those who should have."""
    untold: int
    twice: int
    """Contacts who had the same text more than once."""
    longest_silence_s: float
    """Between a press and its ring at the seat, the longest."""
    longest_ack_s: float
    recovered_s: float
    """From the end of the fault until the database had everything."""


async def row_of(
    fault: str, made: Storm, owner: asyncpg.Connection, box: FakeSmsbox, recovered_s: float
) -> Row:
    """What came of it, asked of the database and of the gateway."""
    callers = list(made.sent)
    counts = await owner.fetch(_COUNTS, callers)
    in_journal = {row["identifier"] for row in counts}
    rung = [
        made.shown[caller] - made.sent[caller] for caller in made.shown.keys() & made.sent.keys()
    ]
    acks = [at - made.sent[caller] for caller, at in made.acknowledged.items()]
    told = Counter(each.recipient for each in box.taken)
    contacts = to_be_told(made)
    return Row(
        fault=fault,
        sent=len(callers),
        acknowledged=len(made.acknowledged),
        in_journal=len(in_journal),
        shown=len(made.shown.keys() & made.sent.keys()),
        double=sum(1 for row in counts if row["incidents"] > 1),
        lost=len(made.acknowledged.keys() - in_journal),
        texts=sum(1 for contact in contacts if told[contact]),
        untold=sum(1 for contact in contacts if not told[contact]),
        twice=sum(1 for contact in contacts if told[contact] > 1),
        longest_silence_s=max(rung),
        longest_ack_s=max(acks),
        recovered_s=recovered_s,
    )


def to_be_told(made: Storm) -> list[str]:
    """The contacts of all homes that have pressed."""
    return [
        contact_of(int(caller) - 100_000)
        for caller in made.sent
        if caller.isdecimal() and 100_000 <= int(caller) < 100_000 + HOMES
    ]


_COUNTS = """
SELECT identifier, count(DISTINCT incident_id) AS incidents FROM journal
WHERE identifier = ANY($1) AND outcome IN ('opened', 'joined') GROUP BY identifier
"""

HEAD: Final = (
    "| fault | sent | acknowledged | in the journal | shown | double | lost | told by SMS | not told | told twice |"
    " longest until it rang (s) | longest until acknowledged (s) | all written after (s) |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|---|---|"
)


def line(row: Row) -> str:
    """Of the table in docs/faults.md."""
    cells = [
        row.fault, row.sent, row.acknowledged, row.in_journal, row.shown, row.double, row.lost,
        row.texts, row.untold, row.twice,
        f"{row.longest_silence_s:.2f}", f"{row.longest_ack_s:.2f}", f"{row.recovered_s:.2f}",
    ]  # fmt: skip
    return "| " + " | ".join(map(str, cells)) + " |"
