"""What every wire format fits into: bytes in, signals out, replies locked until their signals are on disk. Pure.

There are two shapes. A `FrameCodec` serves what comes as a stream or as datagrams: a shell feeds `receive` with what the
socket gave, hands each frame's signals to intake, and then calls `commit(token)` (the signals are durable) or
`refuse(token, reason)` (they cannot be stored, or the frame is wrong). Both return the bytes that may be written now.
Replies leave in frame order per connection: bytes of a later frame stay locked until all earlier tokens are settled.
Tokens die with the connection, and with it the codec.

A `RequestCodec` serves what asks and is answered (HTTP pushes): one request gives one frame, and its token is the only
way to a response, by the same two calls.

A `WireFormat` is what a package below `devices/protocols` exports as FORMAT: its codec and all that the rest of the centre
needs to know of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import Any, NewType, Protocol

from pydantic import BaseModel, ConfigDict

from callcenter.core.errors import Unavailable
from callcenter.devices.signals import Datum, Signal

Token = NewType("Token", int)

DEFAULT_RETRY_HORIZON_S = 60
"""Within this time the same bytes are a repeat: diallers repeat for less than a minute, and reuse their numbers later."""


class Refusal(StrEnum):
    """Why a frame gets no acknowledgement; the codec knows what its protocol says in that case, often nothing."""

    UNDECODABLE = "undecodable"
    UNSUPPORTED = "unsupported"
    CLOCK = "clock"
    STRANGER = "stranger"
    """Whoever sent it did not prove to be a source."""
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
    remark: str | None = None
    """What is odd about a life sign that counts all the same."""


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """The secret a device encrypts with, as the format's `read_key` made it of what people wrote down."""

    secret: bytes
    encrypted_only: bool | None = None
    """Whether its life signs must be encrypted; None: as the listener has it."""


class FrameCodec(Protocol):
    """One connection's worth of a wire format."""

    def receive(self, data: bytes, now: datetime, keys: Mapping[str, DeviceKey]) -> list[Frame]:
        """Cut `data` (any split or join of frames) into frames. Never raises on bad input."""

    def finish(self, now: datetime, keys: Mapping[str, DeviceKey]) -> list[Frame]:
        """The connection or the datagram has ended: the frame that waits, where nothing but its end is missing."""

    def unfinished(self) -> bytes:
        """Bytes of a frame that has begun and not ended: what is left when the connection or the datagram ends."""

    def commit(self, token: Token) -> bytes:
        """The frame's signals are on disk: the bytes that may be sent now (b"" while an earlier frame is open)."""

    def refuse(self, token: Token, reason: Refusal) -> bytes:
        """The frame is not accepted: the protocol's answer to that, which may be nothing."""


# ---- request and response


@dataclass(frozen=True, slots=True)
class Request:
    """What came in: header names in lower case, the whole body."""

    headers: Mapping[bytes, bytes]
    body: bytes


@dataclass(frozen=True, slots=True)
class Response:
    """What goes back."""

    status: int
    body: bytes
    headers: Sequence[tuple[bytes, bytes]] = ((b"content-type", b"application/json"),)


@dataclass(frozen=True, slots=True)
class Habits:
    """What a source's times and positions mean where they do not say it themselves."""

    zone: tzinfo = UTC
    datum: Datum = Datum.WGS84


STANDARD = Habits()


@dataclass(frozen=True, slots=True)
class Former:
    """Token (its SHA-256) and secret that were renewed: they prove their source as well, until before `until`."""

    until: datetime
    bearer_hash: bytes | None = None
    secret: bytes | None = None


@dataclass(frozen=True, slots=True)
class SenderKey:
    """How a source proves itself: a bearer token (its SHA-256), a secret with the id it goes by, or either."""

    bearer_hash: bytes | None = None
    key_id: str | None = None
    secret: bytes | None = None
    habits: Habits = STANDARD
    former: Former | None = None


@dataclass(frozen=True, slots=True)
class RequestFrame:
    """One request as it was read; `source` is the name of whoever proved to have sent it, None with the error STRANGER."""

    token: Token
    source: str | None
    signals: Sequence[Signal] = ()
    error: FrameError | None = None


class Outcome(Protocol):
    """What became of one signal, as a response may tell it."""

    @property
    def journal_id(self) -> object: ...
    @property
    def outcome(self) -> str: ...
    @property
    def incident_id(self) -> object: ...
    @property
    def number(self) -> int | None: ...


class RequestCodec(Protocol):
    """A wire format of requests; one serves all connections of a listener."""

    def is_whole(self, body: bytes) -> bool:
        """Whether nothing of it can be missing, although its length said more or nothing."""

    def receive(
        self, request: Request, now: datetime, senders: Mapping[str, SenderKey]
    ) -> RequestFrame:
        """Read a request. `senders` are the sources that may send, by name. Never raises on bad input."""

    def commit(self, token: Token, outcomes: Sequence[Outcome]) -> Response:
        """The signals are on disk, and this became of each."""

    def refuse(
        self, token: Token, reason: Refusal, unavailable: Unavailable | None = None
    ) -> Response:
        """The request is not accepted; `unavailable` says why it cannot be stored now."""


# ---- a format as the rest of the centre knows it


class Transport(StrEnum):
    """What carries frames."""

    TCP = "tcp"
    UDP = "udp"


class FormatOptions(BaseModel):
    """What can be set for a listener of a format, each with its default and description; a format derives its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class Frames:
    """A format that listeners of its own serve: `[[listeners]]` in the settings."""

    transports: frozenset[Transport]
    codec: Callable[[Any], FrameCodec]
    """Given the options of the listener: a codec for one connection or one datagram."""
    options: type[FormatOptions] = FormatOptions


@dataclass(frozen=True, slots=True)
class Requests:
    """A format that is posted to a path of the server's own port."""

    path: str
    codec: Callable[[], RequestCodec]
    method: str = "POST"


def stripped(identifier: str) -> str:
    """The canonical identifier of formats whose devices write their names in one way only."""
    return identifier.strip()


@dataclass(frozen=True, slots=True)
class WireFormat:
    """All there is to know of a format outside its package.

    `canonical_identifier` makes one name of all the ways in which a device, a spreadsheet and a person write it; the codec
    uses it, and so do import and administration. `read_key` makes a device key of what people write down, and raises
    ValueError; None: devices of this format have no key.
    """

    name: str
    """Kind of its sources in the database, `format` in the settings, and the name of its listeners' source."""
    carried: Frames | Requests
    canonical_identifier: Callable[[str], str] = field(default=stripped)
    read_key: Callable[[str], bytes] | None = None
    retry_horizon_s: int = DEFAULT_RETRY_HORIZON_S
