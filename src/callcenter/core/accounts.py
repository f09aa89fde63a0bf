"""As which system user PostgreSQL runs: never as root."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from callcenter.core.errors import Misconfigured

_PR_SET_PDEATHSIG: Final = 1
_DROP_TO: Final = ("callcenter", "postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """A system user to give up root for."""

    uid: int
    gid: int
    name: str


def account_for(data: Path) -> Account | None:
    """None when we are not root: PostgreSQL then runs as we do. Else the owner of the data folder, or a system user."""
    if os.geteuid() != 0:
        return None
    if data.exists() and (found := data.stat()).st_uid != 0:
        return Account(found.st_uid, found.st_gid, _user_name(found.st_uid))
    for name in _DROP_TO:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_uid, entry.pw_gid, name)
    raise Misconfigured(
        f"PostgreSQL must not run as root, and there is no user {' or '.join(_DROP_TO)}",
        code="postgres_no_user",
    )


def child_setup(account: Account | None, *, die_with_parent: bool) -> Callable[[], None]:
    """What a child does between fork and exec: give up root, then ask for SIGINT, a fast shutdown, when its parent dies.
    In this order, since setuid clears the request. Linux only: elsewhere the next start stops what was left behind.
    """
    parent = os.getpid()
    prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" and die_with_parent else None

    def set_up() -> None:
        os.umask(0o077)
        if account is not None:
            os.setgroups([])
            os.setgid(account.gid)
            os.setuid(account.uid)
        if prctl is not None:
            prctl(_PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
            if os.getppid() != parent:  # it died before we asked
                os._exit(1)

    return set_up


def barrier(path: Path, account: Account) -> Path | None:
    """The first folder on the way to `path` that the account may not enter."""
    for folder in reversed((path, *path.parents)):
        if not _may_enter(folder, account):
            return folder
    return None


def make_folder(folder: Path, account: Account | None) -> None:
    """A folder for the account alone; left as it is when it is there."""
    folder.mkdir(mode=0o700, exist_ok=True)
    give(folder, account)


def give(path: Path, account: Account | None) -> None:
    """Makes the account the owner, if there is one to give to."""
    if account is not None:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def _may_enter(folder: Path, account: Account) -> bool:
    found = folder.stat()
    if found.st_uid == account.uid:
        return bool(found.st_mode & 0o100)
    if found.st_gid == account.gid:
        return bool(found.st_mode & 0o010)
    return bool(found.st_mode & 0o001)


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
