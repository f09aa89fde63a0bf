"""How HTTP sources prove themselves. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from callcenter.devices.callers import SourceRef


@dataclass(frozen=True, slots=True)
class Credentials:
    """How one HTTP source proves itself: a bearer token (its SHA-256), an HMAC secret, or either."""

    source: SourceRef
    bearer_hash: bytes | None
    key_id: str | None
    secret: bytes | None
