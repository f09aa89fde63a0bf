"""What Kannel's receipts say. Pure.

The type is a mask, not an enumeration: an expired text comes as 34. Bits that the user guide does not list (32, 64) stand
beside known ones and change nothing. A receipt that is odd in one part is read without that part: Kannel would repeat one
that is refused until it forgets it, and what it proves would be lost.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from callcenter.core.errors import Invalid
from callcenter.sms.gateway import Evidence, Receipt

DELIVERED, FAILED, BUFFERED, TAKEN, REFUSED = 1, 2, 4, 8, 16
ALL: Final = DELIVERED | FAILED | BUFFERED | TAKEN | REFUSED
"""Asked for with each text."""

_LARGEST_TYPE: Final = 0xFFFF
_LARGEST_ATTEMPT: Final = 0x7FFF_FFFF
_LONGEST_NUMBER: Final = 20
_LONGEST_ANSWER: Final = 200
_LONGEST_ID: Final = 200


def read_receipt(query: Mapping[str, str]) -> Receipt:
    """Raises Invalid for one that names no text or no type."""
    kind, attempt = _number(query.get("type", "")), _number(query.get("attempt", ""))
    if kind is None:
        raise Invalid("type must be a number")
    attempt_known = attempt is not None and 0 <= attempt <= _LARGEST_ATTEMPT
    type_known = 0 <= kind <= _LARGEST_TYPE
    said, provider_id = _line(query.get("answer", "")), _line(query.get("fid", ""))
    odd = {
        "attempt": not attempt_known,
        "type": not type_known,
        "answer": len(said) > _LONGEST_ANSWER,
        "fid": len(provider_id) > _LONGEST_ID,
    }
    return Receipt(
        message_id=_message_id(query.get("id", "")),
        attempt=attempt if attempt_known else None,
        evidence=(evidence(kind) if type_known else None) or _as_told(said),
        code=f"receipt_{kind if type_known else 'odd'} {said[:_LONGEST_ANSWER]}".strip(),
        provider_id=provider_id[:_LONGEST_ID] or None,
        odd=tuple(part for part, is_odd in odd.items() if is_odd),
    )


def evidence(mask: int) -> Evidence | None:
    """What the mask proves; the best news counts. `failed` beside `refused` means that it was tried."""
    for bit, proven in _BEST_FIRST:
        if mask & bit:
            return proven
    return None


_BEST_FIRST: Final = (
    (DELIVERED, Evidence.DELIVERED),
    (FAILED, Evidence.FAILED),
    (REFUSED, Evidence.REFUSED),
    (BUFFERED, Evidence.BUFFERED),
    (TAKEN, Evidence.TAKEN),
)


def _as_told(answer: str) -> Evidence | None:
    """By the words of the network, where the type proves nothing: `id:... stat:DELIVRD err:000`."""
    found = _STATUS.search(answer)
    return _STATUSES.get(found[1].upper()) if found else None


_STATUS: Final = re.compile(r"\bstat\s*[:=]\s*([A-Za-z]{5,8})\b", re.IGNORECASE)
_STATUSES: Final = {
    "DELIVRD": Evidence.DELIVERED,
    **dict.fromkeys(("EXPIRED", "UNDELIV", "DELETED"), Evidence.FAILED),
    "REJECTD": Evidence.REFUSED,
    **dict.fromkeys(("ACCEPTD", "ENROUTE"), Evidence.TAKEN),
}
"""SMPP 3.4, appendix B. UNKNOWN is not among them."""


def _message_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid("id must be that of a text") from error


def _number(text: str) -> int | None:
    """None for what is no number; one too long for any purpose is as good as a number that is too large."""
    digits = text.strip().removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        return None
    return int(text.strip()) if len(digits) <= _LONGEST_NUMBER else 10**_LONGEST_NUMBER


def _line(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())
