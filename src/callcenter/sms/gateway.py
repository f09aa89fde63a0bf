"""What an adapter to an outside SMS service must do. Each lives in `gateways/<name>/`, with everything that only it knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final, Protocol, runtime_checkable
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from callcenter.sms.catalogue import MessageKind

LONGEST_SEND_S: Final = 25.0
"""A gateway that has not answered after this is given up: the result is unknown."""

GatewayName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,30}$")]
"""Stands in the outbox beside each text, and in the address that the service calls."""


class GatewaySection(BaseModel):
    """Base of the settings of one gateway; `kind` and `name` are fields of each."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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


class Evidence(StrEnum):
    """What a receipt proves."""

    TAKEN = "taken"
    """The network has it."""
    BUFFERED = "buffered"
    """The network keeps it: the phone is off."""
    DELIVERED = "delivered"
    FAILED = "failed"
    """The phone was not reached."""
    REFUSED = "refused"
    """The network never took it: another gateway may be asked."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """One report on one attempt, in any order, perhaps repeated."""

    message_id: UUID
    attempt: int | None
    """None: not one of ours. Such a receipt counts only if it says that the text arrived."""
    evidence: Evidence | None
    """None: it says nothing that we know."""
    code: str
    """For the operator to read out to support: what the gateway said, and the network."""
    provider_id: str | None = None
    """The network's id of the text, if the receipt names one."""
    odd: tuple[str, ...] = ()
    """Parts that were out of bounds and have been cut or left out."""


@dataclass(frozen=True, slots=True)
class InboundText:
    """One text of a phone, as the gateway handed it in."""

    sender: str
    text: str
    provider_id: str | None = None
    """The gateway's id of it, the same each time it is handed in again."""


@dataclass(frozen=True, slots=True)
class HookRequest:
    """A call of the service at `/hooks/<gateway name>/<secret>/<tail>`, undecoded: each service has its own idea of charsets."""

    tail: str
    query: bytes
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes


@dataclass(frozen=True, slots=True)
class HookResponse:
    """What the service wants to hear once everything is stored."""

    status: int = 200
    body: bytes = b""
    media_type: str = "text/plain"


@dataclass(frozen=True, slots=True)
class Handled:
    """What a call, or a poll, has brought."""

    receipts: tuple[Receipt, ...] = ()
    arrivals: tuple[InboundText, ...] = ()
    response: HookResponse = HookResponse()


class Gateway(Protocol):
    """Knows no other adapter and no database."""

    @property
    def name(self) -> str: ...

    @property
    def window(self) -> int:
        """Texts in flight at most, per server process. Small: the queue belongs into the outbox, where emergencies pass."""

    async def send(self, message: OutgoingText) -> SendResult:
        """Never raises for what the network or the peer does, and answers within LONGEST_SEND_S."""

    def hooks(self, request: HookRequest) -> Handled:
        """Reads a call of the service. Raises NotFound for a tail that it does not know, Invalid for what cannot be read."""

    async def health(self) -> str | None:
        """None when it would take a text now, else the code of what is wrong. Sends nothing, never raises."""

    async def close(self) -> None: ...


@runtime_checkable
class Polled(Gateway, Protocol):
    """A gateway that does not call but must be asked for receipts and texts."""

    @property
    def poll_every_s(self) -> float: ...

    async def poll(self) -> Handled:
        """What has come since the last poll; the same again until the poll after the one that was stored."""
