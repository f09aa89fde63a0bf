"""Recordings as an exchange writes them: while it writes, when it has closed them, and when it was killed; and calls they belong to."""

from __future__ import annotations

import os
import struct
from array import array
from datetime import datetime, timedelta
from math import cos, pi, sin
from pathlib import Path
from uuid import UUID

import asyncpg

from callcenter.core.ids import new_id
from tests.support.community import LONG_AGO, Community

RATE = 8000
TRUNK = "trial-1795882628.2"


def tone(hertz: float, seconds: float, level: float = 0.5) -> array[int]:
    """One second of it, again and again: frequencies are whole."""
    second = array(
        "h", (round(32767 * level * sin(2 * pi * hertz * n / RATE)) for n in range(RATE))
    )
    whole = second * (int(seconds) + 1)
    return whole[: round(seconds * RATE)]


def silence(seconds: float) -> array[int]:
    return array("h", bytes(2 * round(seconds * RATE)))


def wave(samples: array[int], *, said: int | None = None, channels: int = 1) -> bytes:
    """`said`: what the head tells of its length; an exchange that was killed left it at 0."""
    data = samples.tobytes()
    length = len(data) if said is None else said
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + length, b"WAVE", b"fmt ", 16, 1, channels, RATE, 2 * RATE, 2, 16, b"data", length
    )  # fmt: skip
    return head + data


def written(folder: Path, name: str, at: datetime, content: bytes) -> Path:
    """As if it had last been written to at that time."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.wav"
    path.write_bytes(content)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def recorded(
    folder: Path, at: datetime, name: str = TRUNK, seconds: float = 2.0, said: int | None = None
) -> list[Path]:
    """A caller at 1000 Hz and a centre at 400 Hz, half as loud."""
    far, near = tone(1000, seconds), tone(400, seconds, 0.25)
    both = array("h", (a + b for a, b in zip(far, near, strict=True)))
    parts = {"": both, "-rx": far, "-tx": near}
    return [written(folder, name + part, at, wave(each, said=said)) for part, each in parts.items()]


async def call_row(
    owner: asyncpg.Connection,
    region: int,
    at: datetime,
    pbx_call: str = TRUNK,
    kind: str = "hotline",
    ended: bool = True,
    incident: UUID | None = None,
    **columns: object,
) -> UUID:
    """A call that was offered a minute before `at`, at which it has ended."""
    row: dict[str, object] = {
        "id": new_id(), "pbx": "trial", "pbx_call": pbx_call, "direction": "in", "kind": kind, "line": "95001", "region_id": region,
        "caller_raw": "13912345678", "caller_e164": "+8613912345678", "presentation": "shown", "state": "ended" if ended else "talking",
        "offered_at": at - timedelta(minutes=1), "ended_at": at if ended else None, "incident_id": incident,
    } | columns  # fmt: skip
    names, marks = ", ".join(row), ", ".join(f"${n}" for n in range(1, len(row) + 1))
    await owner.execute(f"INSERT INTO call ({names}) VALUES ({marks})", *row.values())  # noqa: S608
    made = row["id"]
    assert isinstance(made, UUID)
    return made


def power(samples: array[int] | list[int], hertz: int) -> float:
    """Of this frequency, by the algorithm of Goertzel."""
    twice = 2 * cos(2 * pi * hertz / RATE)
    before, last = 0.0, 0.0
    for each in samples:
        before, last = last, each + twice * last - before
    return (before * before + last * last - twice * before * last) / max(1, len(samples)) ** 2


def loudest_of(samples: array[int] | list[int]) -> int:
    """Of some frequencies that tests use, over the first half second."""
    return max((400, 700, 1000), key=lambda hertz: power(samples[: RATE // 2], hertz))


async def incident_of(owner: asyncpg.Connection, community: Community) -> UUID:
    """One that is open."""
    made = new_id()
    await owner.execute(
        "INSERT INTO incident (id, subject, class, kind, priority, region_id, region_path, source, card, opened_at, last_signal_at)"
        " VALUES ($1, $2, 'alarm', 'sos', 1, $3, $4, 'telephone', '{}', $5, $5)",
        made,
        f"caller:telephone:{made}",
        community.street,
        [community.root, community.street],
        LONG_AGO,
    )
    return made
