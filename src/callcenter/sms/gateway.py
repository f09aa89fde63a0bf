"""What an adapter to an outside SMS service must do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from callcenter.sms.catalogue import MessageKind


class Outcome(StrEnum):
    """What the answer of a gateway proves."""

    SUBMITTED = "submitted"
    BUFFERED = "buffered"
    """The gateway keeps it, but has no link at the moment: nothing has gone out."""
    DELIVERED = "delivered"
    REFUSED = "refused"
    """Proven: not taken. Another gateway, or a later moment, may take it."""
    REJECTED = "rejected"
    """Proven: this gateway will never take this text."""
    UNKNOWN = "unknown"
    """Bytes were written and no answer came: it may or may not have gone out."""


HEALTHY = frozenset({Outcome.SUBMITTED, Outcome.DELIVERED, Outcome.REJECTED})
"""Outcomes that show a working gateway; the others count against it."""


@dataclass(frozen=True, slots=True)
class OutgoingText:
    """One attempt at one text. Gateways with approved templates use kind and params, the others `text`."""

    id: UUID
    attempt: int
    recipient: str
    """E.164"""
    kind: MessageKind
    params: Mapping[str, object]
    language: str
    text: str
    """As rendered; one part."""
    priority: int
    valid_for_s: float


@dataclass(frozen=True, slots=True)
class SendResult:
    outcome: Outcome
    error: str | None = None
    """Stable code of what went wrong, as shown on the timeline."""
    provider_id: str | None = None


class Gateway(Protocol):
    """Knows no other adapter and no database. `send` never raises for what the network or the peer does, and answers
    within 25 s (shorter than progress.LEASE_S)."""

    @property
    def name(self) -> str: ...

    @property
    def window(self) -> int:
        """Texts in flight at most, per server process. Small: the queue belongs into the outbox, where emergencies pass."""

    async def send(self, message: OutgoingText) -> SendResult: ...

    async def close(self) -> None: ...
