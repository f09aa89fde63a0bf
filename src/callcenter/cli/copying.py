"""`callcenter backup`: a copy of everything but the keys, and the keys by themselves."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from callcenter.cli.copies import (
    DRILL_DAYS,
    PassphraseFile,
    noted,
    now,
    passphrase,
    stopped_by_signals,
    tried,
)
from callcenter.cli.options import ConfigFile, DataDir, reached_database, read_settings
from callcenter.core.errors import CallCenterError, Invalid, Misconfigured
from callcenter.settings import find_file

if TYPE_CHECKING:
    from callcenter.backups.copying import Taken
    from callcenter.settings import Settings

app = typer.Typer(add_completion=False, rich_markup_mode="markdown")

LOCK = "copying.pid"


@app.command()
def backup(
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FOLDER", help="Instead of backup.to.")
    ] = None,
    keys: Annotated[
        Path | None,
        typer.Option("--keys", metavar="FILE", help="Write the keys there, and take no copy."),
    ] = None,
    sheet: Annotated[
        bool, typer.Option("--sheet", help="The keys as a sheet to be printed, readable as it is.")
    ] = False,
    passphrase_file: PassphraseFile = None,
    scheduled: Annotated[bool, typer.Option("--scheduled", hidden=True)] = False,
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Take a copy while the server works, encrypted, under its name only when it is complete.

    The archive alone is useless: `--keys` writes what opens it, sealed by a passphrase or as a sheet, to be kept elsewhere.
    docs/operating/backup.md says what is in it and what is not.
    """
    settings = read_settings(config, data_dir=data_dir)
    if keys is not None:
        _write_keys(settings, keys, passphrase_file, as_sheet=sheet)
        return
    if sheet:
        raise Invalid("--sheet goes with --keys FILE")
    folder = to or settings.backup_folder
    with stopped_by_signals():
        taken = take_copy(settings, folder, config or find_file(os.environ))
        if scheduled:
            _follow_up(settings, folder, taken)
    typer.echo(
        f"{taken.path}: {taken.size >> 10} KiB, {sum(taken.manifest.state.rows.values())} rows,"
        f" release {taken.manifest.release}, tables {taken.manifest.state.revision}"
    )


def take_copy(settings: Settings, folder: Path, file: Path | None) -> Taken:
    """Take it and note what came of it. Raises CallCenterError."""
    from callcenter.core.last_copy import FOLDER, Kind
    from callcenter.core.pid_file import held

    own = settings.data_dir / FOLDER
    if not settings.data_dir.is_dir():
        raise Misconfigured(f"data_dir: {settings.data_dir} is not there: nothing to copy")
    own.mkdir(mode=0o700, exist_ok=True)
    with held(own / LOCK):  # whoever takes one already says himself what comes of it
        try:
            taken = _taken(settings, folder, file)
        except OSError as error:
            noted(settings, Kind.BACKUP, ok=False, place=str(folder))
            raise Misconfigured(f"{folder}: no copy could be written: {error}") from error
        except (CallCenterError, KeyboardInterrupt):
            noted(settings, Kind.BACKUP, ok=False, place=str(folder))
            raise
        noted(settings, Kind.BACKUP, ok=True, place=str(taken.path))
    return taken


def _taken(settings: Settings, folder: Path, file: Path | None) -> Taken:
    from callcenter.backups.copying import Site, remove_unfinished, take
    from callcenter.backups.keys import Keys
    from callcenter.core.binaries import find_binaries
    from callcenter.core.stepping_back import step_back

    outside = {
        "callcenter": file,
        "tls_certificate": settings.tls_certificate,
        "tls_key": settings.tls_key,
    }
    if settings.database_url is None and not (settings.data_dir / "postgresql").exists():
        raise Misconfigured(f"{settings.data_dir}: there is no database to copy")
    with reached_database(settings) as place:
        step_back()  # not before: a PostgreSQL that is started here may come to serve
        site = Site(
            dsn=place.dsn,
            data_dir=settings.data_dir,
            programs=find_binaries(settings.postgres_binaries, None),
            keys=Keys.of_site(settings.data_dir),
            reserve=settings.disk.reserve_mb << 20,
            outside={name: path for name, path in outside.items() if path is not None},
        )
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        remove_unfinished(folder)
        return take(site, folder, now())


def _follow_up(settings: Settings, folder: Path, taken: Taken) -> None:
    """Old copies go, and from time to time the new one is tried. Raises Invalid where it does not hold."""
    from callcenter.backups.copying import sweep
    from callcenter.backups.keys import Keys
    from callcenter.backups.schedule import drill_is_due
    from callcenter.core.last_copy import Kind, last_of

    kept = settings.backup
    sweep(folder, daily=kept.keep_daily, weekly=kept.keep_weekly)
    every = timedelta(days=kept.drill_every_d)
    if drill_is_due(now(), every, last_of(settings.data_dir, Kind.DRILL)) and not tried(
        settings, taken.path, Keys.of_site(settings.data_dir), DRILL_DAYS
    ):
        raise Invalid(f"{taken.path}: the drill failed; try it by hand: callcenter restore --drill")


def _write_keys(
    settings: Settings, target: Path, passphrase_file: Path | None, *, as_sheet: bool
) -> None:
    from callcenter.backups import keys as forms

    if not (settings.data_dir / "keys.json").exists():
        raise Misconfigured(f"{settings.data_dir}: there are no keys; start the server once")
    if target.absolute().parent.resolve() == settings.backup_folder.resolve():
        raise Invalid(f"{target}: keys and copies in one folder are no secret; name another place")
    found = forms.Keys.of_site(settings.data_dir)
    if as_sheet:
        content = forms.as_sheet(found, now()).encode()
    else:
        content = forms.sealed_by(found, passphrase(passphrase_file, twice=True))
    if str(target) == "-":
        sys.stdout.write(content.decode())
        return
    _write_new(target, content)
    typer.echo(f"{target}: keys of this site; keep them locked, away from the archives")


def _write_new(target: Path, content: bytes) -> None:
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
    except OSError as error:
        raise Misconfigured(f"{target}: cannot be written: {error}") from error
