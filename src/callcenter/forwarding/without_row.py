"""Forwardings that leave before the database has their rows: what becomes of one, and how it is kept on the disk. Pure.

The alarm process hands them over while the database is away, with the row of their centre. The same course (forwarding.course) decides;
when the row appears it gets the attempts and the answer that there were already, instead of being sent again.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import orjson
from pydantic import BaseModel, Field

from callcenter.forwarding.course import (
    ForwardState,
    Next,
    Outcome,
    after_attempt,
    after_lost_sender,
)
from callcenter.forwarding.way import Sent

FORM: Final = 1
MOST_SEQUENCE: Final = 9999
SEALED: Final = ("key_sealed", "token_sealed", "secret_sealed")
"""Columns of a centre that stay sealed on the way to the office and on its disk."""


class HandedForward(BaseModel):
    """A forwarding as its row will say it; `centre` is the row of LINE_COLUMNS, sealed values in base64."""

    id: UUID
    content: dict[str, Any]
    expires_at: datetime
    centre: dict[str, Any]
    sequence: Annotated[int, Field(ge=0, le=MOST_SEQUENCE)] = 0
    """The last that the centre's row is known to have used."""


class ForwardStanding(BaseModel):
    """What has become of one, for the alarm process."""

    id: UUID
    state: ForwardState
    error: str | None = None
    attempt: int = 0
    address: int | None = None
    settled: bool = False


def handed_centre(row: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """These columns of the row of a centre, as they are handed over."""
    return {name: _text(row[name]) if name in SEALED else row[name] for name in names}


def centre_row(handed: Mapping[str, Any]) -> dict[str, Any]:
    """The inverse. Raises ValueError."""
    return {
        name: b64decode(value) if name in SEALED and value is not None else value
        for name, value in handed.items()
    }


def _text(value: bytes | None) -> str | None:
    return b64encode(value).decode() if value is not None else None


@dataclass(frozen=True, slots=True)
class Flight:
    """One of them. `sequence` stays the same in every attempt; `due_at` None: it is not tried again."""

    handed: HandedForward
    sequence: int
    state: ForwardState = ForwardState.WAITING
    attempt: int = 0
    maybe_sent: int = 0
    due_at: datetime | None = None
    attempted_at: datetime | None = None
    settled_at: datetime | None = None
    error: str | None = None
    address: int | None = None
    reference: str | None = None

    @property
    def id(self) -> UUID:
        return self.handed.id

    @property
    def centre_id(self) -> int:
        return int(self.handed.centre["centre_id"])

    def is_due(self, now: datetime) -> bool:
        """Whether it is to be tried now."""
        waits = self.state in (ForwardState.WAITING, ForwardState.UNKNOWN)
        return waits and self.due_at is not None and self.due_at <= now

    def leaves(self, now: datetime) -> Flight:
        """Before the first byte."""
        attempt = self.attempt + 1
        return replace(self, state=ForwardState.SENDING, attempt=attempt, attempted_at=now)

    def landed(self, sent: Sent, now: datetime) -> Flight:
        """With what its attempt has proved."""
        maybe_sent = self.maybe_sent + (sent.outcome is Outcome.UNKNOWN)
        found = after_attempt(
            sent.outcome,
            sent_before=self.maybe_sent > 0,
            maybe_sent=maybe_sent,
            attempt=self.attempt,
            now=now,
            expires_at=self.handed.expires_at,
        )
        told = replace(self, address=sent.address, reference=sent.reference, error=sent.error)
        return replace(told._next(found, now), maybe_sent=maybe_sent)

    def lost(self, now: datetime) -> Flight:
        """Its sender died over it: it may have arrived."""
        maybe_sent = self.maybe_sent + 1
        found = after_lost_sender(maybe_sent=maybe_sent, now=now, expires_at=self.handed.expires_at)
        return replace(self._next(found, now), maybe_sent=maybe_sent, error="sender_lost")

    def late(self, now: datetime) -> Flight:
        """It is not sent any more. What may have arrived stays unknown."""
        state = ForwardState.EXPIRED if self.state is ForwardState.WAITING else self.state
        error = self.error or "expired"
        return replace(self, state=state, due_at=None, settled_at=now, error=error)

    def _next(self, found: Next, now: datetime) -> Flight:
        settled_at = now if found.is_end else None
        return replace(self, state=found.state, due_at=found.due_at, settled_at=settled_at)

    def standing(self) -> ForwardStanding:
        """For the alarm process."""
        return ForwardStanding(
            id=self.id,
            state=self.state,
            error=self.error,
            attempt=self.attempt,
            address=self.address,
            settled=self.settled_at is not None,
        )


_KEPT: Final = (
    "sequence", "state", "attempt", "maybe_sent", "due_at", "attempted_at", "settled_at", "error", "address", "reference",
)  # fmt: skip


def record_of(flight: Flight) -> bytes:
    """As it stands on the office's spool."""
    said = {name: getattr(flight, name) for name in _KEPT}
    handed = flight.handed.model_dump(mode="json")
    return orjson.dumps({"v": FORM, "what": "forwarding", "handed": handed, **said})


def flight_of(body: bytes) -> Flight:
    """Read again. Raises ValueError, KeyError or TypeError for what no release can read."""
    said = orjson.loads(body)
    if (said["v"], said["what"]) != (FORM, "forwarding"):
        raise ValueError(f"a record {said['what']!r} of form {said['v']} is not known")
    kept = {name: said[name] for name in _KEPT}
    for name in ("due_at", "attempted_at", "settled_at"):
        kept[name] = datetime.fromisoformat(kept[name]) if kept[name] else None
    kept["state"] = ForwardState(kept["state"])
    return Flight(HandedForward.model_validate(said["handed"]), **kept)
