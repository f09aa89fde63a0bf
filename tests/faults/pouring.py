"""Alarms pouring in from phones, pendants and a real dialler while something is killed, and the count afterwards."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Self

import asyncpg
import dc09_spt.dc09_spt
from dc09_spt.comm.transpath import TransPath
from dc09_spt.comm.transpathtcp import TransPathTCP

from tests.support.server import Server, Site
from tests.support.waiting import until, until_told
from tests.support.wire import insist, insist_dc09, sos

DEVICES = 4


class ImpatientPath(TransPath):
    """The dialler's TCP path with a shorter patience than its 5 s."""

    def connect(self) -> TransPathTCP:
        connection = TransPathTCP(self.host, self.port, timeout=4.0)
        connection.connect()
        return connection


class RealDialler(dc09_spt.dc09_spt.dc09_spt):  # type: ignore[misc]
    """dc09-spt 0.0.4: keeps a message and repeats it until it is acknowledged, in a thread of its own. Within `async with`, at
    whose end the thread has ended, too: it would go on calling a port that is somebody else's by then.
    """

    def __init__(self, account: str, port: int) -> None:
        super().__init__(account, receiver=1, line=0)
        path = ImpatientPath("127.0.0.1", port, account, receiver=1, line=0)
        self.tpaths["main"]["primary"]["path"] = path
        self.acknowledged: list[int] = []
        self._hung_up = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._hung_up = True
        if self.send is not None:
            await asyncio.to_thread(self.send.join)

    def transfer_msg(self, msg_nr: int, mtype: str, message: str, path: TransPath) -> bool:
        if self._hung_up:
            return True  # as if it were sent: its thread drops what it holds, and ends
        try:
            sent: bool = super().transfer_msg(msg_nr, mtype, message, path)
        except Exception:  # noqa: BLE001 a cut connection would end its thread for good
            return False
        if sent:
            self.acknowledged.append(msg_nr)
        return sent

    async def press(self) -> None:
        wanted = len(self.acknowledged) + 1
        self.send_msg("SIA-DCS", {"code": "QA", "zone": "7"})
        await until(lambda: len(self.acknowledged) == wanted, "its acknowledgement", 60)
        await until(lambda: not self.send.is_alive(), "its thread to end", 60)


@dataclass
class Pouring:
    """Presses of many devices, each repeated until it is acknowledged."""

    bodies: list[bytes] = field(default_factory=list)
    """HTTP, acknowledged."""
    frames: list[bytes] = field(default_factory=list)
    """DC-09, acknowledged."""
    diallers: list[RealDialler] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    """Seconds from each press of a phone or pendant, its repeats included, to its acknowledgement."""
    stopped: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def acknowledged(self) -> int:
        return len(self.bodies) + len(self.frames) + sum(len(d.acknowledged) for d in self.diallers)

    async def phone(self, server: Server, device: str) -> None:
        while not self.stopped.is_set():
            body = sos(device)
            began = time.monotonic()
            await insist(server.http_port, body)
            self.took.append(time.monotonic() - began)
            self.bodies.append(body)

    async def pendant(self, server: Server, account: str) -> None:
        seq = 0
        while not self.stopped.is_set():
            seq += 1
            began = time.monotonic()
            self.frames.append(await insist_dc09(server.tcp_port, account, seq))
            self.took.append(time.monotonic() - began)

    async def dialler(self, server: Server, account: str) -> None:
        async with RealDialler(account, server.tcp_port) as made:
            self.diallers.append(made)
            while not self.stopped.is_set():
                await made.press()

    @property
    def figures(self) -> str:
        """How long the acknowledgements took."""
        ordered = sorted(self.took)
        p50, p99 = (1000 * ordered[int(share * (len(ordered) - 1))] for share in (0.5, 0.99))
        return f"{len(ordered)} presses: p50 {p50:.1f} ms, p99 {p99:.1f} ms, max {1000 * ordered[-1]:.0f} ms"

    async def more(self, count: int) -> None:
        """Waits for so many further acknowledgements."""
        wanted = self.acknowledged + count
        await until(lambda: self.acknowledged >= wanted, f"{count} acknowledgements", 60)


@asynccontextmanager
async def pouring(server: Server, site: Site) -> AsyncIterator[Pouring]:
    """Phones and pendants of the same homes, and a dialler at one of them. Ends when all is acknowledged."""
    made = Pouring()
    async with asyncio.TaskGroup() as devices:
        for number in range(DEVICES):
            devices.create_task(made.phone(server, site.phone(number)))
            devices.create_task(made.pendant(server, site.pendant(number)))
        devices.create_task(made.dialler(server, site.pendant(DEVICES)))
        try:
            yield made
        finally:
            made.stopped.set()


async def nothing_lost_nothing_twice(owner: asyncpg.Connection, made: Pouring) -> None:
    """Also what was acknowledged from the spool is written by and by."""

    async def is_written() -> bool:
        found = {bytes(row["raw"]) for row in await owner.fetch("SELECT raw FROM journal")}
        return found.issuperset([*made.bodies, *made.frames])

    with suppress(TimeoutError, AssertionError):
        await until_told(is_written, "all of it to be written", 60)
    journal = await owner.fetch("SELECT raw, outcome FROM journal")
    raws = {bytes(row["raw"]) for row in journal}
    lost = [raw for raw in [*made.bodies, *made.frames] if raw not in raws]
    assert lost == []
    for dialler in made.diallers:
        kept = await owner.fetchval(
            "SELECT count(DISTINCT extra->>'seq') FROM journal WHERE identifier = $1",
            dialler.account,
        )
        assert kept >= len(set(dialler.acknowledged)) >= 1
    first_outcomes = [bytes(r["raw"]) for r in journal if r["outcome"] in ("opened", "joined")]
    assert len(first_outcomes) == len(set(first_outcomes)), "a signal counted twice"
    homes = await owner.fetch(
        "SELECT subject, class, count(*) FROM incident WHERE state <> 'closed' GROUP BY 1, 2 HAVING count(*) > 1"
    )
    assert homes == []
    wrong = await owner.fetch(
        "SELECT id FROM incident WHERE press_count <> (SELECT count(*) FROM journal WHERE incident_id = incident.id"
        " AND journal.outcome IN ('opened', 'joined'))"
    )
    assert wrong == [], "an incident counts other presses than the journal"
    gaps = await owner.fetch(
        "SELECT incident_id FROM timeline_entry JOIN incident ON incident.id = incident_id GROUP BY incident_id"
        " HAVING count(*) <> max(timeline_entry.number) OR max(timeline_entry.number) <> max(incident.version)"
    )
    assert gaps == [], "a timeline with a gap"
