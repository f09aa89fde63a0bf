"""`callcenter restore`: a copy put into an empty place, or tried in a scratch database that is thrown away."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from callcenter.cli.copies import (
    DRILL_DAYS,
    PassphraseFile,
    keys_from,
    stopped_by_signals,
    tried,
)
from callcenter.cli.options import ConfigFile, DataDir, read_settings
from callcenter.core.errors import Invalid

if TYPE_CHECKING:
    from callcenter.backups.restoring import Copy, Restored
    from callcenter.settings import Settings

app = typer.Typer(add_completion=False, rich_markup_mode="markdown")


@app.command()
def restore(
    archive: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="The archive; for --drill the newest if left out."),
    ] = None,
    keys: Annotated[
        Path | None,
        typer.Option(
            "--keys",
            metavar="FILE",
            help="Keys file, typed-in sheet, or a data folder that has the keys.",
        ),
    ] = None,
    into: Annotated[
        Path | None, typer.Option("--into", metavar="FOLDER", help="Instead of data_dir.")
    ] = None,
    drill: Annotated[
        bool, typer.Option("--drill", help="Into a scratch database, proved, thrown away.")
    ] = False,
    days: Annotated[
        int, typer.Option("--days", min=1, max=3660, help="Of a drill: days that are proved.")
    ] = DRILL_DAYS,
    passphrase_file: PassphraseFile = None,
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Restore a copy into an empty data folder (or an empty database, where `database_url` is set).

    Every sum is checked before anything is written. A copy of an older release is brought up to this one; one of a newer
    release is refused. `--drill` changes nothing; exit code 1 when the copy does not hold.
    """
    settings = read_settings(config, data_dir=data_dir)
    if drill and into is not None:
        raise Invalid("--drill throws away what it restores: --into is asked for alone")
    path = archive or (_newest(settings) if drill else None)
    if path is None:
        raise Invalid("Name the archive")
    with stopped_by_signals():
        found = keys_from(keys, settings, passphrase_file)
        if drill:
            raise typer.Exit(0 if tried(settings, path, found, days) else 1)
        from callcenter.backups.restoring import check

        copy = check(path, found)
        where = into or settings.data_dir
        _tell(copy, where, _restored(settings, copy, where, into))


def _restored(settings: Settings, copy: Copy, where: Path, into: Path | None) -> Restored:
    from callcenter.backups.restoring import into_database, into_folder
    from callcenter.core.binaries import find_binaries

    if settings.database_url is not None and into is None:
        programs = find_binaries(settings.postgres_binaries, None)
        return into_database(copy, settings.database_url.get_secret_value(), programs, where)
    return into_folder(copy, where, settings.postgres_binaries)


def _tell(copy: Copy, where: Path, restored: Restored) -> None:
    said = copy.manifest
    typer.echo(
        f"{where}: restored as of {said.at.isoformat(timespec='seconds')}, release {said.release},"
        f" {sum(said.state.rows.values())} rows, as copied"
    )
    typer.echo(f"migrated: {', '.join(restored.migrated) or 'nothing to do'}")
    for beside, place in restored.aside.items():
        typer.echo(f"put back yourself: {beside} belongs to {place}")
    if (where / "spool").exists():
        typer.echo(f"{where / 'spool'} was left: the next start writes what it holds, each once")
    typer.echo("next: callcenter check-config; callcenter serve; callcenter prove")


def _newest(settings: Settings) -> Path:
    from callcenter.backups.rotation import newest

    folder = settings.backup_folder
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    if (name := newest(names)) is None:
        raise Invalid(f"{folder}: there is no copy; take one: callcenter backup")
    return folder / name
