"""UUIDv7 made by the receiving process, so that a write of unknown outcome can be repeated as it stands."""

from __future__ import annotations

from uuid import UUID

from uuid_utils import compat


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): ordered by time, unique across processes."""
    return compat.uuid7()
