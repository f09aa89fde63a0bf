"""Two PostgreSQL in one machine, a primary and its synchronous standby, made as docs/operating/failover.md says; either can be
killed, fenced and promoted.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from callcenter.core.accounts import Account, account_for, child_setup, give
from callcenter.core.binaries import Binaries, find_binaries, reachable_binaries
from callcenter.core.cluster_files import (
    DATABASE,
    OWNER,
    SUPERUSER,
    Layout,
    initialise,
    make_home,
    plain_environment,
    read_pid_file,
)
from callcenter.core.database import Database
from callcenter.core.migrating import migrate
from tests.support.place import Place
from tests.support.postgres import kill_postgres
from tests.support.server import furnish
from tests.support.waiting import until, until_told

STANDBY = "standby_1"


@dataclass
class Node:
    """One PostgreSQL on a port of its own."""

    data: Path
    port: int
    programs: Binaries
    account: Account | None
    passwords: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "200",
            "shared_buffers": "128MB",
            "wal_sender_timeout": "5s",
            "wal_receiver_timeout": "5s",
            "wal_receiver_status_interval": "1s",
            "wal_keep_size": "256MB",
        }
        command = [self.programs.program("postgres"), "-D", str(self.data)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        with (self.data.parent / f"{self.data.name}.log").open("ab") as output:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env=plain_environment(),
                start_new_session=True,
                preexec_fn=child_setup(self.account, die_with_parent=True),  # noqa: PLW1509
            )

    def run(self, program: str, *arguments: str) -> None:
        """One of PostgreSQL's programs, as its user."""
        subprocess.run(
            [self.programs.program(program), *arguments],
            check=True,
            capture_output=True,
            cwd="/",
            env={**plain_environment(), "PGPASSWORD": self.passwords[SUPERUSER]},
            preexec_fn=child_setup(self.account, die_with_parent=False),
        )

    @property
    def is_ready(self) -> bool:
        running = read_pid_file(self.data)
        return running is not None and running.ready

    def kill(self) -> None:
        """SIGKILL to all of it, and fenced: nobody can start it again by mistake."""
        assert self.process is not None
        kill_postgres(self.process.pid)
        self.process.wait()
        self.process = None
        self.data.rename(self.data.with_name(f"{self.data.name}.fenced"))

    def freeze(self) -> None:
        """Alive, and without a word to anybody, as behind a cable that was cut."""
        self._signal(signal.SIGSTOP)

    def _signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        main = self.process.pid
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        for pid in (main, *map(int, children)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    async def waits_for(self, names: str) -> None:
        """For these standbys at each commit."""
        await self.as_superuser(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
        await self.as_superuser("SELECT pg_reload_conf()")

    def stop(self) -> None:
        """In order: what it has written has reached its standby."""
        if self.process is None:
            return
        self._signal(signal.SIGCONT)
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)
        self.process = None

    async def as_superuser(self, statement: str) -> object:
        connection = await asyncpg.connect(
            host="127.0.0.1",
            port=self.port,
            user=SUPERUSER,
            password=self.passwords[SUPERUSER],
            database=DATABASE,
        )
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    async def promote(self) -> None:
        """It waits for nobody from now on: the other one is gone."""
        assert await self.as_superuser("SELECT pg_promote(true, 30)")


@dataclass
class Replicas:
    """A primary that acknowledges only what its standby has on disk, too."""

    primary: Node
    standby: Node

    def dsn(self, user: str = OWNER) -> str:
        """The address of both, as in a settings file."""
        hosts = ",".join(f"127.0.0.1:{each.port}" for each in (self.primary, self.standby))
        secret = self.primary.passwords[user]
        return f"postgresql://{user}:{secret}@{hosts}/{DATABASE}?target_session_attrs=read-write"


@asynccontextmanager
async def replicated(folder: Path) -> AsyncIterator[Replicas]:
    """Both run, and the primary waits for the standby."""
    primary = _made(folder / "postgresql")
    try:
        _let_replicate(primary)
        primary.start()
        await until(lambda: primary.is_ready, "the primary", 30)
        standby = _copied(primary, folder / "postgresql" / "standby")
        try:
            standby.start()
            await until(lambda: standby.is_ready, "the standby", 30)
            await wait_for(primary, STANDBY)
            yield Replicas(primary, standby)
        finally:
            standby.stop()
    finally:
        primary.stop()


async def wait_for(primary: Node, name: str) -> None:
    """From now on it waits for this standby at each commit."""
    await primary.waits_for(name)

    async def is_synchronous() -> bool:
        state = "SELECT sync_state FROM pg_stat_replication"
        return await primary.as_superuser(state) == "sync"

    await until_told(is_synchronous, "the standby to be synchronous", 30)


def _made(home: Path) -> Node:
    layout = Layout(home)
    account = account_for(layout.data)
    make_home(layout.home, account)
    programs = find_binaries(None, None)
    programs = programs if account is None else reachable_binaries(programs, account)
    initialise(layout, programs, account)
    passwords = json.loads(layout.credentials.read_text())
    return Node(layout.data, _free_port(), programs, account, passwords)


def _let_replicate(node: Node) -> None:
    rules = node.data / "pg_hba.conf"
    with rules.open("a") as opened:
        opened.write("host replication all 127.0.0.1/32 scram-sha-256\n")
    give(rules, node.account)


def _copied(primary: Node, data: Path) -> Node:
    data.parent.chmod(0o777)  # PostgreSQL's user makes its own folder there
    where = f"host=127.0.0.1 port={primary.port} user={SUPERUSER}"
    where += f" password={primary.passwords[SUPERUSER]} application_name={STANDBY}"
    primary.run("pg_basebackup", "-D", str(data), "-d", where, "-R", "-X", "stream", "-c", "fast")
    return Node(data, _free_port(), primary.programs, primary.account, primary.passwords)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def replicated_place(folder: Path) -> AsyncIterator[tuple[Place, Replicas]]:
    """Furnished, for servers that know both hosts. The owner's connection of its site is to the primary that was."""
    async with replicated(folder) as pair:
        await migrate(pair.dsn())
        database = Database(pair.dsn(), role=None)
        keys = folder / "keys"
        keys.mkdir(mode=0o711)
        owner = await database.connect("test owner")
        made = Place(pair.dsn(), await furnish(owner, keys), folder)
        try:
            yield made, pair
        finally:
            codes = [await server.stop() for server in made.servers if not server.killed]
            owner.terminate()
            await database.close()
        assert set(codes) <= {0}
