"""What came in and could not be read, told so that somebody can mend it: who talks where, and why nobody understands it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

SHOWN_BYTES: Final = 256
"""Of a sample: the beginning shows what it is."""
OF_ONE: Final = 3
"""Samples of the same peer for the same reason."""


class Unreadable(StrEnum):
    """Why a message is not understood; `OTHER` says it in the listener's own words."""

    CRC = "crc"
    NO_FRAME = "no_frame"
    TORN = "torn"
    TOO_LONG = "too_long"
    NO_KEY = "no_key"
    WRONG_KEY = "wrong_key"
    CLEAR_POLL = "clear_poll"
    UNKNOWN_TYPE = "unknown_type"
    ANSWER = "answer"
    NO_JSON = "no_json"
    NOBODY = "nobody"
    OTHER = "other"


_REASONS: Final[Sequence[tuple[str, Unreadable]]] = (
    ("the CRC is wrong", Unreadable.CRC),
    ("no CRC and length", Unreadable.NO_FRAME),
    ("bytes outside a frame", Unreadable.NO_FRAME),
    ("a new frame began", Unreadable.TORN),
    ("it ended within", Unreadable.TORN),
    ("no frame ends within", Unreadable.TOO_LONG),
    ("no key is known", Unreadable.NO_KEY),
    ("the key does not open", Unreadable.WRONG_KEY),
    ("a poll in clear", Unreadable.CLEAR_POLL),
    ("unknown message type", Unreadable.UNKNOWN_TYPE),
    ("an answer", Unreadable.ANSWER),
    ("The body is no JSON", Unreadable.NO_JSON),
    ("Neither device nor kind", Unreadable.NOBODY),
)
"""By how the journal's reason begins."""
_WRITTEN = re.compile(r"(?P<detail>.*) \(from (?P<peer>[^()]*)\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Row:
    """A journal row with the outcome `undecodable`; of `raw` only the beginning."""

    source: str
    identifier: str | None
    reason: str | None
    received_at: datetime
    raw: bytes
    size: int


@dataclass(frozen=True, slots=True)
class Sample:
    """The beginning of one message, in hexadecimal digits and as text with a dot for what cannot be printed."""

    at: datetime
    size: int
    hex: str
    text: str


@dataclass(frozen=True, slots=True)
class Unread:
    """Somebody who talks and is not understood: `count` of the samples that were kept, which are not all that came."""

    source: str
    peer: str | None
    identifier: str | None
    reason: Unreadable
    detail: str
    count: int
    first_at: datetime
    last_at: datetime
    samples: Sequence[Sample]


@dataclass(slots=True)
class _Group:
    last: Row
    first: Row
    detail: str
    peer: str | None
    count: int = 0
    samples: list[Sample] = field(default_factory=list)


def grouped(rows: Iterable[Row]) -> list[Unread]:
    """Rows, newest first, by who talks and why they are not read; whoever talked last stands first."""
    groups: dict[tuple[str, str | None, str | None, Unreadable], _Group] = {}
    for row in rows:
        detail, peer = _taken_apart(row.reason or "")
        key = (row.source, peer, row.identifier, reason_of(detail))
        group = groups.setdefault(key, _Group(row, row, detail, peer))
        group.count += 1
        group.first = row
        if len(group.samples) < OF_ONE:
            group.samples.append(sample_of(row))
    return [
        Unread(
            source=source,
            peer=peer,
            identifier=identifier,
            reason=reason,
            detail=group.detail,
            count=group.count,
            first_at=group.first.received_at,
            last_at=group.last.received_at,
            samples=group.samples,
        )
        for (source, peer, identifier, reason), group in groups.items()
    ]


def reason_of(detail: str) -> Unreadable:
    """The code of a reason that a listener wrote down."""
    return next(
        (reason for words, reason in _REASONS if detail.startswith(words)), Unreadable.OTHER
    )


def sample_of(row: Row) -> Sample:
    """As people read bytes."""
    raw = row.raw[:SHOWN_BYTES]
    return Sample(row.received_at, row.size, raw.hex(" "), printed(raw))


def printed(raw: bytes) -> str:
    """As text, with a dot for what cannot be printed."""
    return "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in raw)


def _taken_apart(written: str) -> tuple[str, str | None]:
    found = _WRITTEN.fullmatch(written)
    return (found["detail"], found["peer"]) if found else (written, None)
