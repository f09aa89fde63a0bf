"""Puts the configuration into the folder of the exchange: each file in one step, closed to other users, and only what has changed."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from callcenter.core.errors import Misconfigured
from callcenter.core.private_files import sync_folder
from callcenter.telephony.pbxs.asterisk.configuring import FOLDERS, files
from callcenter.telephony.pbxs.asterisk.section import AsteriskSection
from callcenter.telephony.tune import TUNE, tune

PRIVATE: Final = 0o600
"""Passwords of trunks and telephones stand in them."""
DOCUMENTS: Final = ("documentation", "rest-api", "static-http")
READ_AT_ITS_START: Final = frozenset(
    {"asterisk.conf", "http.conf", "logger.conf", "modules.conf", "sorcery.conf"}
)
"""A reload does not read these."""


@dataclass(frozen=True, slots=True)
class Put:
    """Names of files that are not as they were."""

    changed: Sequence[str]
    transports_moved: bool = False
    """The address that telephones speak with is bound, and how long they are waited for is read, at a start only."""
    music: bool = False
    """The tune was put there."""

    @property
    def needs_start(self) -> bool:
        return self.transports_moved or not READ_AT_ITS_START.isdisjoint(self.changed)


def differing(section: AsteriskSection) -> Sequence[str]:
    """Files that are not as the settings have them, or that others may read."""
    etc = section.folder / "etc"
    return [name for name, text in files(section).items() if not _stands(etc / name, text)]


def put(section: AsteriskSection) -> Put:
    """Make the folders and write what differs. Raises Misconfigured where the folder cannot be written."""
    etc = section.folder / "etc"
    try:
        for each in FOLDERS:
            (section.folder / each).mkdir(parents=True, exist_ok=True)
        _link_documents(section)
        before = _transports(etc / "pjsip.conf")
        changed = differing(section)
        texts = files(section)
        for name in changed:
            _replace(etc / name, texts[name].encode())
        music = _put_music(section.folder / "data" / "moh")
        sync_folder(etc)
    except OSError as error:
        raise Misconfigured(
            f"telephony.folder: {error}; run this as the user of the exchange"
        ) from error
    moved = bool(before) and before != _transports(etc / "pjsip.conf")
    return Put(changed, moved, music)


def _put_music(folder: Path) -> bool:
    """Where a site has music of its own none is added."""
    if any(folder.iterdir()):
        return False
    _replace(folder / f"{TUNE}.wav", tune())
    return True


def _link_documents(section: AsteriskSection) -> None:
    """What ARI describes itself with lies where Asterisk was installed."""
    shared = section.modules.parents[3] / "share" / "asterisk"
    for each in DOCUMENTS:
        link = section.folder / "data" / each
        if not link.exists() and (shared / each).exists():
            link.symlink_to(shared / each)


def _stands(path: Path, text: str) -> bool:
    try:
        return stat.S_IMODE(path.stat().st_mode) == PRIVATE and path.read_text("utf-8") == text
    except (OSError, UnicodeDecodeError):
        return False


def _transports(path: Path) -> Sequence[str]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ()
    return [each for each in lines if each.startswith(("bind = ", "timer_"))]


def _replace(path: Path, content: bytes) -> None:
    handle, aside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 600
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(aside).replace(path)
