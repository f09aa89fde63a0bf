"""A few signs that a phone draws into its photographs: given out by this server at a time, to one person, and known again without a row."""

from __future__ import annotations

import base64
import hmac
from datetime import UTC, datetime, timedelta
from typing import Final

from callcenter.core.sealed import Seal

SLOT: Final = timedelta(minutes=10)
_CONTEXT: Final = "phone.nonce"
_SIGNS: Final = 6
_OLDEST: Final = timedelta(days=31)
"""A phone without a line draws the last that it was given; its log-in ends before that is older."""


def nonce_for(seal: Seal, staff_id: int, now: datetime) -> str:
    """Six signs of the slot of ten minutes that this moment is in, and which slot that is: `K7QF2M-2fzq`."""
    slot = int(now.timestamp() // SLOT.total_seconds())
    return f"{_signs(seal, staff_id, slot)}-{slot:x}"


def given_at(seal: Seal, staff_id: int, nonce: str, now: datetime) -> datetime | None:
    """When this server gave it to them; None: never, or so long ago that no phone has it any more."""
    signs, _, written = nonce.partition("-")
    try:
        slot = int(written[:12], 16)
    except ValueError:
        return None
    if not hmac.compare_digest(signs.encode(), _signs(seal, staff_id, slot).encode()):
        return None  # an invented slot may lie in a year that no calendar has
    at = datetime.fromtimestamp(slot * SLOT.total_seconds(), UTC)
    return at if now - _OLDEST <= at <= now else None


def _signs(seal: Seal, staff_id: int, slot: int) -> str:
    digest = seal.blind_index(f"{staff_id} {slot}".encode(), context=_CONTEXT)
    return base64.b32encode(digest).decode()[:_SIGNS]
