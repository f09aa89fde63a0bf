"""PostgreSQL's own programs that write and read a dump. The password goes to them by the environment: everybody sees a command line."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final
from urllib.parse import unquote, urlsplit, urlunsplit

from callcenter.backups.sealed_stream import CHUNK
from callcenter.core.binaries import Binaries
from callcenter.core.cluster_files import plain_environment
from callcenter.core.errors import Misconfigured, Unavailable

DUMPING: Final = (
    "--format=custom",
    "--compress=gzip:1",
    "--no-comments",
    # Whoever changes a table meanwhile goes first: the copy is tried again, alarms do not wait behind it.
    "--lock-wait-timeout=5000",
)
RESTORING: Final = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-comments")


@dataclass(frozen=True, slots=True)
class Connection:
    """A libpq address without its password."""

    address: str
    password: str = field(repr=False)

    @property
    def environment(self) -> dict[str, str]:
        """Of a program that connects."""
        return {
            **plain_environment(),
            "PGPASSWORD": self.password,
            "PGCONNECT_TIMEOUT": "10",
            "PGAPPNAME": "backup",
        }


def connection_of(dsn: str) -> Connection:
    """Take the password out of an address."""
    parts = urlsplit(dsn)
    who, at, where = parts.netloc.rpartition("@")
    user, _, password = who.partition(":")
    return Connection(urlunsplit(parts._replace(netloc=f"{user}{at}{where}")), unquote(password))


def dump(programs: Binaries, dsn: str, snapshot: str) -> Iterator[bytes]:
    """What `pg_dump` writes of a snapshot, as it comes. Raises Unavailable."""
    connection = connection_of(dsn)
    command = [_program(programs, "pg_dump"), *DUMPING, f"--snapshot={snapshot}"]
    with _started([*command, f"--dbname={connection.address}"], connection) as run:
        while data := run.output.read(CHUNK):
            yield data
        run.must_end()


def restore(
    programs: Binaries, dsn: str, content: Iterable[bytes], wanted: Sequence[str], folder: Path
) -> None:
    """Let `pg_restore` make these entries of a dump, all or none. Raises Unavailable."""
    connection = connection_of(dsn)
    listed = folder / "restore.list"
    listed.write_text("\n".join(wanted))
    command = [_program(programs, "pg_restore"), *RESTORING, f"--use-list={listed}"]
    try:
        with _started([*command, f"--dbname={connection.address}"], connection) as run:
            run.feed(content)
            run.must_end()
    finally:
        listed.unlink()


def entries_of(programs: Binaries, content: Iterable[bytes]) -> list[str]:
    """The table of contents of a dump. Raises Unavailable.

    It goes through a file: of many months it is longer than a pipe holds, and who writes it would wait for us while we still feed it.
    """
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "contents"
        command = [_program(programs, "pg_restore"), "--list", f"--file={listed}"]
        with _started(command, Connection("", "")) as run:
            run.feed(content)
            run.must_end()
        lines = listed.read_text().splitlines()
    return [line for line in lines if line and not line.startswith(";")]


class _Run:
    """A program, its output, and what it says when it fails."""

    def __init__(self, process: subprocess.Popen[bytes], complaints: IO[bytes]) -> None:
        self._process = process
        self._complaints = complaints
        assert process.stdout is not None  # noqa: S101 - both are pipes
        assert process.stdin is not None  # noqa: S101
        self.output, self._input = process.stdout, process.stdin

    def feed(self, content: Iterable[bytes]) -> None:
        """Until it has enough."""
        try:
            for data in content:
                self._input.write(data)
            self._input.close()
        except BrokenPipeError:
            return  # `must_end` says whether that is well

    def must_end(self) -> None:
        """Raises Unavailable with its own words."""
        if self._process.wait() != 0:
            self._complaints.seek(0)
            said = self._complaints.read().decode(errors="replace").strip()
            name = Path(str(self._process.args[0])).name  # type: ignore[index]
            raise Unavailable(f"{name} failed: {said[-800:]}", code="copy_program")


@contextmanager
def _started(command: list[str], connection: Connection) -> Iterator[_Run]:
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            cwd="/",
            env=connection.environment,
            start_new_session=True,  # Ctrl-C is for us: we end it
        )
        try:
            yield _Run(process, complaints)
        finally:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    _close(pipe)


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        return  # what it did not want


def _program(programs: Binaries, name: str) -> str:
    path = programs.folder / name
    if not path.is_file():
        raise Misconfigured(
            f"{programs.folder} has no {name}: point postgres_binaries to a folder that has it",
            code="postgres_missing",
        )
    return str(path)
