"""What the machine itself says: its clock, its disks, the certificate, the last backup. Read in a thread: a disk may hang."""

from __future__ import annotations

import ctypes
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog

from callcenter.liveness.checks import Check, CheckState, Fact

log = structlog.get_logger(__name__)

TIME_ERROR: Final = 5
"""adjtimex(2): the clock is not synchronised."""
LAST_BACKUP: Final = Path("backups/backup.json")
"""Below the data folder; `callcenter backup` writes it: {"at", "kind": "backup" | "drill", "ok", "place"}."""


class _Timex(ctypes.Structure):
    """`struct timex` of Linux, as far as it is read; the rest is room (sys/timex.h)."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("room", ctypes.c_long * 40),
    )


@dataclass(frozen=True, slots=True)
class Places:
    """What is looked at on this machine."""

    data_dir: Path
    certificate: Path | None


def machine_facts(places: Places, now: datetime) -> Sequence[Fact]:
    """All of them; what cannot be found out is unknown."""
    return [
        ntp_fact(),
        certificate_fact(places.certificate, now),
        disk_fact(Check.DISK, places.data_dir),
        disk_fact(Check.SPOOL_DISK, places.data_dir / "spool"),
        backup_fact(places.data_dir / LAST_BACKUP, now),
    ]


def ntp_fact() -> Fact:
    """The most by which the kernel thinks that this clock may be off; it asks whoever keeps it (ntpd, chrony, timesyncd)."""
    if not sys.platform.startswith("linux"):
        return Fact(Check.CLOCK_NTP, None, said="not_linux")
    kept = _Timex()
    try:
        state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(kept))
    except (OSError, AttributeError):
        return Fact(Check.CLOCK_NTP, None, said="not_allowed")
    if state < 0:
        return Fact(Check.CLOCK_NTP, None, said="not_allowed")
    if state == TIME_ERROR:
        return Fact(Check.CLOCK_NTP, None, said="not_synchronised", at_least=CheckState.WARN)
    return Fact(Check.CLOCK_NTP, kept.maxerror / 1e6)


def certificate_fact(file: Path | None, now: datetime) -> Fact:
    """Days until the server's certificate ends."""
    if file is None:
        return Fact(Check.CERTIFICATE, None, said="no_tls", at_least=CheckState.OFF)
    from callcenter.core.certificates import ends_at  # noqa: PLC0415 - a site without one need not load it

    try:
        return Fact(Check.CERTIFICATE, (ends_at(file) - now) / timedelta(days=1))
    except (OSError, ValueError) as error:
        log.warning("certificate_not_read", reason=str(error))
        return Fact(Check.CERTIFICATE, None, said="not_read")


def disk_fact(check: Check, folder: Path) -> Fact:
    """Percent that is free for the server's own account."""
    try:
        found = os.statvfs(folder)
    except OSError:
        return Fact(check, None, said="not_read")
    return Fact(check, 100.0 * found.f_bavail / max(1, found.f_blocks))


def backup_fact(file: Path, now: datetime) -> Fact:
    """Seconds since the last backup, or trial of one; a failed one is bad, however young."""
    try:
        told = json.loads(file.read_bytes())
        at, good = datetime.fromisoformat(told["at"]), bool(told["ok"])
        age = (now - at).total_seconds()
    except FileNotFoundError:
        return Fact(Check.BACKUP, None, said="never", at_least=CheckState.WARN)
    except (OSError, ValueError, TypeError, KeyError):
        return Fact(Check.BACKUP, None, said="not_read")
    if not good:
        return Fact(Check.BACKUP, age, said="failed", at_least=CheckState.BAD)
    return Fact(Check.BACKUP, age)
