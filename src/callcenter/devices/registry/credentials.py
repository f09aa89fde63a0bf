"""How HTTP sources prove themselves. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from callcenter.devices.callers import SourceRef
from callcenter.devices.codec import Former


@dataclass(frozen=True, slots=True)
class Credentials:
    """How one HTTP source proves itself: a bearer token (its SHA-256), an HMAC secret, or either."""

    source: SourceRef
    bearer_hash: bytes | None
    key_id: str | None
    secret: bytes | None
    former: Former | None = None
    """What was renewed and is accepted for some time yet."""
