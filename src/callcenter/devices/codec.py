"""The frame every wire format fits into: bytes in, frames out, replies locked until their signals are on disk. Pure.

A shell feeds `receive` with what the socket gave, hands each frame's signals to intake, and then calls `commit(token)`
(the signals are durable) or `refuse(token, reason)` (they cannot be stored, or the frame is wrong). Both return the bytes
that may be written now. Replies leave in frame order per connection: bytes of a later frame stay locked until all
earlier tokens are settled. Tokens die with the connection, and with it the codec.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType, Protocol

from callcenter.devices.signals import Signal

Token = NewType("Token", int)


class Refusal(StrEnum):
    """Why a frame gets no acknowledgement; the codec knows what its protocol says in that case, often nothing."""

    UNDECODABLE = "undecodable"
    UNSUPPORTED = "unsupported"
    CLOCK = "clock"
    NOT_STORED = "not_stored"


@dataclass(frozen=True, slots=True)
class FrameError:
    """Why a frame could not be read; `detail` is for people and for the journal."""

    refusal: Refusal
    detail: str


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame cut out of the stream: its raw bytes, and either signals (none: pure liveness) or an error.

    `identifier` is whoever the frame names, even when it could not be read further. A frame whose error is CLOCK may
    still carry signals: they are stored and flagged, and refused on the wire so that the device corrects its clock.
    """

    token: Token
    raw: bytes
    identifier: str | None = None
    signals: Sequence[Signal] = ()
    error: FrameError | None = None
    liveness: bool = False


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """The secret a device encrypts with: AES key of 16, 24 or 32 bytes."""

    secret: bytes


class Codec(Protocol):
    """One connection's worth of a wire format."""

    def receive(self, data: bytes, now: datetime, keys: Mapping[str, DeviceKey]) -> list[Frame]:
        """Cut `data` (any split or join of frames) into frames. Never raises on bad input."""

    def unfinished(self) -> bytes:
        """Bytes of a frame that has begun and not ended: what is left when the connection or the datagram ends."""

    def commit(self, token: Token) -> bytes:
        """The frame's signals are on disk: the bytes that may be sent now (b"" while an earlier frame is open)."""

    def refuse(self, token: Token, reason: Refusal) -> bytes:
        """The frame is not accepted: the protocol's answer to that, which may be nothing."""
