"""The port to another centre: whatever speaks its protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from callcenter.forwarding.course import Outcome
from callcenter.forwarding.parcel import Detail, Parcel


@dataclass(frozen=True, slots=True)
class Line:
    """How a centre is reached, with its secrets opened. Only ever in memory."""

    centre_id: int
    name: str
    way: str
    addresses: Sequence[str]
    """The second is tried when the first does not take it."""
    account: str = ""
    home_digits: int = 0
    receiver: str = ""
    line: str = "0"
    timeout_s: float = 5.0
    detail: Detail = Detail.CODE
    key: bytes | None = None
    token: str | None = None
    key_id: str = ""
    secret: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of it. `address`: which of the addresses has answered, from 1; `reference`: how they call it; `error`: a code."""

    outcome: Outcome
    error: str | None = None
    address: int | None = None
    reference: str | None = None


class Way(Protocol):
    """Does not raise but for a mistake in itself."""

    async def send(self, line: Line, parcel: Parcel) -> Sent: ...

    async def poll(self, line: Line) -> Sent:
        """Asks whether they hear us, without an alarm."""

    async def close(self) -> None: ...
