"""What is broken on purpose under load: each fault is a context in which it is broken, and out of which it is whole again."""

from __future__ import annotations

import asyncio
import os
import random
import resource
import shutil
import signal
import struct
import subprocess
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import Final

import asyncpg

from callcenter.core.cluster import DATABASE, SUPERUSER
from callcenter.core.spool_frames import MARK
from tests.faults.conftest import OwnDisk
from tests.faults.storming import IdleSeat, sit_by
from tests.faults.test_away import locked, processes_of, read_only, standing_still
from tests.support import sms_gateway
from tests.support.postgres import kill_postgres
from tests.support.sms_gateway import FakeSmsbox
from tests.support.waiting import until

MIB: Final = 1024 * 1024
LONG_S: Final = 60.0
SHORT_S: Final = 5.0
HOUR_S: Final = 3600


@dataclass
class Scene:
    """Where something is broken."""

    disk: OwnDisk
    owner: asyncpg.Connection
    box: FakeSmsbox
    clock: Path
    """What a clock is off by is read from this file, where the fault is one of a clock."""


Break = Callable[[Scene], AbstractAsyncContextManager[None]]


class Clock(StrEnum):
    """Processes that may be given a wall clock of their own (tests/faults/moved_clocks.py)."""

    SERVER = "server"
    POSTGRESQL = "postgresql"


@dataclass(frozen=True)
class Fault:
    """`lasts_s` from when it is broken until it is mended. `needs` are programs; `disks` are folders below the data folder that
    get a small file system of their own, with its size.
    """

    break_: Break
    lasts_s: float = SHORT_S
    needs: tuple[str, ...] = ()
    disks: Mapping[str, int] = field(default_factory=dict)
    clocks: frozenset[Clock] = frozenset()
    """Whose wall clock is off while it is broken."""


@asynccontextmanager
async def nothing(scene: Scene) -> AsyncIterator[None]:
    yield


def of_database(
    outage: Callable[[OwnDisk, asyncpg.Connection], AbstractAsyncContextManager[None]],
) -> Break:
    """One of those that have a story of their own."""
    return lambda scene: outage(scene.disk, scene.owner)


@asynccontextmanager
async def postgresql_killed(scene: Scene) -> AsyncIterator[None]:
    killed = postmaster_of(scene)
    kill_postgres(killed)
    yield
    await back(scene, killed)


@asynccontextmanager
async def postgresql_stopped(scene: Scene) -> AsyncIterator[None]:
    """As `pg_ctl stop -m fast` does; the server starts it again."""
    stopped = postmaster_of(scene)
    os.kill(stopped, signal.SIGINT)
    yield
    await back(scene, stopped)


@asynccontextmanager
async def too_many_connections(scene: Scene) -> AsyncIterator[None]:
    """All that there are end, and nobody gets a new one. What the superuser says holds for everybody else."""
    admin = await asyncpg.connect(scene.disk.cluster().dsn(user=SUPERUSER))
    try:
        await admin.execute(f"ALTER DATABASE {DATABASE} CONNECTION LIMIT 0")
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        yield
        await admin.execute(f"ALTER DATABASE {DATABASE} CONNECTION LIMIT -1")
    finally:
        await admin.close()


@asynccontextmanager
async def migrating(scene: Scene) -> AsyncIterator[None]:
    """A column more in each table of an alarm and an index of it, in one transaction as `callcenter migrate` does it, and back."""
    tables = ("incident", "journal", "timeline_entry", "sms_message")
    for change in ("ADD COLUMN of_next_release text DEFAULT ''", "DROP COLUMN of_next_release"):
        async with scene.owner.transaction():
            await scene.owner.execute("SET LOCAL statement_timeout = 0")
            await scene.owner.execute("SET LOCAL lock_timeout = '10s'")
            for table in tables:
                await scene.owner.execute(f"ALTER TABLE {table} {change}")
            if change.startswith("ADD"):
                await scene.owner.execute("CREATE INDEX ON journal (of_next_release, id)")
                await scene.owner.execute("SELECT pg_sleep(2)")
    yield


@asynccontextmanager
async def alarm_process_killed(scene: Scene) -> AsyncIterator[None]:
    for _ in range(3):
        scene.disk.server.signal("alarm", signal.SIGKILL)
        await asyncio.sleep(SHORT_S / 3)
    yield


@asynccontextmanager
async def office_killed(scene: Scene) -> AsyncIterator[None]:
    scene.disk.server.signal("office", signal.SIGKILL)
    yield


@asynccontextmanager
async def server_killed(scene: Scene) -> AsyncIterator[None]:
    """The parent: its children and its PostgreSQL end with it."""
    scene.disk.server.kill()
    await scene.disk.server.start()
    yield


@asynccontextmanager
async def everything_killed(scene: Scene) -> AsyncIterator[None]:
    """As near to a power cut as processes come; the last record of the spool is torn."""
    postmaster = postmaster_of(scene)
    kill_postgres(postmaster)
    scene.disk.server.kill()
    await until(lambda: not Path(f"/proc/{postmaster}").exists(), "PostgreSQL to be gone")
    for segment in (scene.disk.server.data_dir / "spool").glob("*.spool"):
        tear(segment)
    await scene.disk.server.start()
    yield


def tear(segment: Path) -> None:
    """Half of a record more, as a power cut leaves it."""
    content = segment.read_bytes()
    if not content.startswith(MARK):
        return
    at = len(content.rstrip(b"\0"))
    with segment.open("r+b") as file:
        file.seek(at)
        file.write((300).to_bytes(4, "big") + random.randbytes(130))


@asynccontextmanager
async def killed_while_it_stands_still(scene: Scene) -> AsyncIterator[None]:
    """The alarm process dies with a full spool."""
    async with standing_still(scene.disk, scene.owner):
        await asyncio.sleep(2.0)
        scene.disk.server.signal("alarm", signal.SIGKILL)
        yield


@asynccontextmanager
async def gateway_gone(scene: Scene) -> AsyncIterator[None]:
    await scene.box.leave()
    yield
    await scene.box.come()


@asynccontextmanager
async def gateway_slow(scene: Scene) -> AsyncIterator[None]:
    """It reads, and answers when it is over."""
    scene.box.gate.clear()
    yield
    scene.box.gate.set()


@asynccontextmanager
async def gateway_refusing(scene: Scene) -> AsyncIterator[None]:
    """As a modem that is out of credit, or full."""
    scene.box.answer = sms_gateway.FULL
    yield
    scene.box.answer = sms_gateway.ACCEPTED


@asynccontextmanager
async def consoles_frozen(scene: Scene) -> AsyncIterator[None]:
    """Twenty that stop reading, and connect anew when they are cut."""
    operator = scene.disk.site.operators[-1]
    async with beside(*(sit_by(scene.disk.server, operator, reads=False) for _ in range(20))):
        yield


@asynccontextmanager
async def consoles_flooding(scene: Scene) -> AsyncIterator[None]:
    """Five that talk as fast as they can, and read nothing."""
    async with beside(*(flood(scene) for _ in range(5))):
        yield


async def flood(scene: Scene) -> None:
    loop = asyncio.get_running_loop()
    server, operator = scene.disk.server, scene.disk.site.operators[-1]
    while True:
        with suppress(OSError):
            transport, seat = await loop.create_connection(
                lambda: IdleSeat(server.http_port, operator.cookie, reads=False),
                "127.0.0.1",
                server.http_port,
            )
            while not seat.lost.done():
                for _ in range(50):
                    seat.send({"type": "pulse", "sounds": True})
                await asyncio.sleep(0.01)
            transport.abort()
        await asyncio.sleep(0.2)


@asynccontextmanager
async def beside(*endless: object) -> AsyncIterator[None]:
    """These coroutines run meanwhile."""
    tasks = [asyncio.create_task(each) for each in endless]  # type: ignore[arg-type]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def packets_lost(scene: Scene) -> AsyncIterator[None]:
    """Every tenth packet that arrives, of devices and consoles, at random; PostgreSQL is asked over a socket of its own."""
    rules = (
        "add table inet faults",
        "add chain inet faults loses { type filter hook input priority 0 ; }",
        "add rule inet faults loses meta l4proto tcp numgen random mod 10 == 0 drop",
    )
    for rule in rules:
        _run("nft", rule)
    yield
    _run("nft", "delete table inet faults")


def clock_jumps(seconds: int, whose: Collection[Clock]) -> Break:
    """Server and PostgreSQL have two clocks where they are two machines, and one that NTP corrects for both otherwise."""

    @asynccontextmanager
    async def jump(scene: Scene) -> AsyncIterator[None]:
        set_off(scene.clock, seconds)
        yield
        await assert_off(scene, seconds, whose)
        set_off(scene.clock, 0)

    return jump


async def assert_off(scene: Scene, seconds: int, whose: Collection[Clock]) -> None:
    """That time is really told by them: what was pressed meanwhile was received then."""
    then, about = datetime.now(UTC) + timedelta(seconds=seconds), timedelta(minutes=1)
    if Clock.POSTGRESQL in whose:
        theirs = await scene.owner.fetchval("SELECT clock_timestamp()")
        assert abs(theirs - then) < about
    if Clock.SERVER in whose:
        received = "SELECT count(*) FROM journal WHERE received_at BETWEEN $1 AND $2"
        assert await scene.owner.fetchval(received, then - about, then + about) > 0


def set_off(clock: Path, seconds: int) -> None:
    """In place, since it is mapped (tests/faults/moved_clock.c)."""
    with clock.open("r+b") as file:
        file.write(struct.pack("<q", seconds))


@asynccontextmanager
async def no_descriptors(scene: Scene) -> AsyncIterator[None]:
    """The alarm process may open nothing more: no device and no console can be let in."""
    pid = scene.disk.server.process("alarm")
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    opened = {int(name) for name in os.listdir(f"/proc/{pid}/fd")}
    free = next(number for number in count() if number not in opened)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (free, before[1]))
    yield
    resource.prlimit(pid, resource.RLIMIT_NOFILE, before)


@asynccontextmanager
async def no_memory(scene: Scene) -> AsyncIterator[None]:
    """The alarm process gets four megabytes more than it has, and then none; a process that is forked for it has what it needs."""
    pid = scene.disk.server.process("alarm")
    before = resource.prlimit(pid, resource.RLIMIT_DATA)
    resource.prlimit(pid, resource.RLIMIT_DATA, (data_of(pid) + 4 * MIB, before[1]))
    yield
    with suppress(ProcessLookupError):  # it died of it
        resource.prlimit(pid, resource.RLIMIT_DATA, before)


def data_of(pid: int) -> int:
    """Bytes that count towards RLIMIT_DATA."""
    for each in Path(f"/proc/{pid}/status").read_text().splitlines():
        if each.startswith("VmData:"):
            return 1024 * int(each.split()[1])
    raise AssertionError(pid)


def disk_full(folder: str) -> Break:
    """Until nothing fits any more."""

    @asynccontextmanager
    async def fill(scene: Scene) -> AsyncIterator[None]:
        with filled(scene.disk.server.data_dir / folder):
            yield

    return fill


@asynccontextmanager
async def spool_full_while_it_stands_still(scene: Scene) -> AsyncIterator[None]:
    """Neither takes anything: it rings, and devices repeat."""
    with filled(scene.disk.server.data_dir / "spool"):
        async with standing_still(scene.disk, scene.owner):
            yield


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """With ballast, to the last byte."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (MIB, 4096, 1):
            with suppress(OSError):
                while True:
                    file.write(b"\1" * size)
    try:
        yield
    finally:
        ballast.unlink()


def postmaster_of(scene: Scene) -> int:
    """The process id of PostgreSQL, which runs."""
    postmaster = scene.disk.postmaster()
    assert postmaster is not None
    assert processes_of(postmaster)
    return postmaster


async def back(scene: Scene, before: int) -> None:
    """Until PostgreSQL runs as another process."""
    await until(lambda: scene.disk.postmaster() not in (before, None), "PostgreSQL", 30)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


CLOCKS: Final = {
    "the server's clock": frozenset({Clock.SERVER}),
    "PostgreSQL's clock": frozenset({Clock.POSTGRESQL}),
    "the machine's clock": frozenset(Clock),
}
FAULTS: Final[dict[str, Fault]] = {
    "nothing": Fault(nothing),
    "PostgreSQL stands still (SIGSTOP)": Fault(of_database(standing_still)),
    "PostgreSQL stands still for a minute": Fault(of_database(standing_still), LONG_S),
    "tables locked": Fault(of_database(locked)),
    "PostgreSQL reads only": Fault(of_database(read_only)),
    "PostgreSQL kill -9": Fault(postgresql_killed),
    "PostgreSQL stopped": Fault(postgresql_stopped),
    "no connection to PostgreSQL left": Fault(too_many_connections),
    "PostgreSQL's disk full": Fault(disk_full("postgresql"), disks={"postgresql": 480}),
    "a migration": Fault(migrating),
    "alarm process kill -9, three times": Fault(alarm_process_killed),
    "office process kill -9": Fault(office_killed),
    "parent kill -9": Fault(server_killed),
    "everything kill -9 at once, spool torn": Fault(everything_killed),
    "PostgreSQL stands still, alarm process kill -9": Fault(killed_while_it_stands_still),
    "SMS gateway gone": Fault(gateway_gone),
    "SMS gateway slow": Fault(gateway_slow),
    "SMS gateway refuses": Fault(gateway_refusing),
    "twenty consoles frozen": Fault(consoles_frozen),
    "five consoles flooding": Fault(consoles_flooding),
    "every tenth packet lost": Fault(packets_lost, needs=("ip", "nft")),
    **{
        f"{whose} an hour {way}": Fault(clock_jumps(seconds, clocks), needs=("tcc",), clocks=clocks)
        for whose, clocks in CLOCKS.items()
        for way, seconds in (("ahead and back", HOUR_S), ("back and ahead", -HOUR_S))
    },
    "alarm process out of descriptors": Fault(no_descriptors),
    "alarm process out of memory": Fault(no_memory),
    "the spool's disk full": Fault(disk_full("spool"), disks={"spool": 18}),
    "the spool's disk full, PostgreSQL stands still": Fault(
        spool_full_while_it_stands_still, disks={"spool": 18}
    ),
}


def missing(fault: Fault) -> list[str]:
    """Programs that it needs and that are not here."""
    return [name for name in fault.needs if shutil.which(name) is None]
