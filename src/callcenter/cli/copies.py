"""What the commands of copies share: keys, what is noted, a drill."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Final

import typer

from callcenter.core.errors import Misconfigured

if TYPE_CHECKING:
    from callcenter.backups.drilling import Step
    from callcenter.backups.keys import Keys
    from callcenter.core.last_copy import Kind
    from callcenter.settings import Settings

DRILL_DAYS = 31

PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file", metavar="FILE", help="Its first line; without it you are asked."
    ),
]


def tried(settings: Settings, path: Path, keys: Keys, days: int) -> bool:
    """A drill, told and noted; whether the copy holds."""
    from callcenter.backups.drilling import Drill
    from callcenter.core.last_copy import Kind
    from callcenter.core.stepping_back import step_back

    step_back()  # the scratch PostgreSQL, which is ours alone, steps back as well
    trial = Drill(path, keys, binaries=settings.postgres_binaries, days=days)
    try:
        trial.run(settings.data_dir)
    finally:
        noted(settings, Kind.DRILL, ok=trial.ok, place=str(path))
        for step in trial.steps:
            typer.echo(_line(step))
    typer.echo(f"{path}: {'holds' if trial.ok else 'DOES NOT HOLD'}")
    return trial.ok


def _line(step: Step) -> str:
    return f"{'ok  ' if step.ok else 'FAIL'}  {step.name:9} {step.seconds:6.1f} s  {step.said}"


def noted(settings: Settings, kind: Kind, *, ok: bool, place: str) -> None:
    """For whoever watches the age of copies."""
    from callcenter.core.last_copy import LastCopy, note

    try:
        note(settings.data_dir, LastCopy(now(), kind, ok, place))
    except OSError as error:  # the copy itself stands or fails without it
        sys.stderr.write(f"callcenter: {settings.data_dir}: cannot note this: {error}\n")


def passphrase(file: Path | None, *, twice: bool = False) -> str:
    """From the file, else from who sits there."""
    if file is None:
        return str(typer.prompt("Passphrase", hide_input=True, confirmation_prompt=twice))
    try:
        return file.read_text("utf-8").partition("\n")[0].strip()
    except OSError as error:
        raise Misconfigured(f"{file}: cannot be read: {error}") from error


def keys_from(path: Path | None, settings: Settings, passphrase_file: Path | None) -> Keys:
    """Of a keys file, of a sheet, or of a data folder; None: those of this site. Raises Invalid, Misconfigured."""
    from callcenter.backups import keys as forms

    folder = settings.data_dir if path is None else path
    if path is None or path.is_dir():
        if not (folder / forms.FILE_NAME).exists():
            raise Misconfigured(f"{folder}: there is no backup key; name the keys with --keys")
        return forms.Keys.of_site(folder)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Misconfigured(f"{path}: cannot be read: {error}") from error
    if forms.is_sealed(content):
        return forms.opened_by(content, passphrase(passphrase_file))
    return forms.from_sheet(content.decode(errors="replace"))


_SWALLOWING: Final = frozenset({"logging", "threading", "weakref"})
"""Their hooks at a fork: Python ignores what is raised there."""
_AGAIN_S: Final = 0.02


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """SIGTERM ends it as Ctrl-C does: what was begun is taken away."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's
        return
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(_number: int, frame: FrameType | None) -> None:
    if frame is not None and frame.f_globals.get("__name__") in _SWALLOWING:
        signal.signal(signal.SIGALRM, _interrupt)
        signal.setitimer(signal.ITIMER_REAL, _AGAIN_S)
        return
    raise KeyboardInterrupt


def now() -> datetime:
    """By the clock of this machine."""
    from callcenter.core.clock import SystemClock

    return SystemClock().now()
