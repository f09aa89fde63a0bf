"""The link in a text to a contact: signed, for one incident and one contact, until it ends. Pure.

A text of Chinese has 70 characters, so a link says as little as it can: the number of the incident and ten letters of a signature
(HMAC-SHA256 over incident, contact and end, cut to 59 bits). Whose it is and until when is found among the few texts of that incident.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

PATH: Final = "/f/"
LASTS: Final = timedelta(days=7)
"""From the text on; of an incident that has ended it shows the end for a day, and then that it has ended."""
LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SIGNATURE: Final = 10
"""Letters of it: 59 bits, guessed by asking us alone, who count wrong ones."""
_TOKEN: Final = re.compile(rf"([0-9A-Za-z]{{1,8}})([0-9A-Za-z]{{{SIGNATURE}}})", re.ASCII)

LinkOf = Callable[[Mapping[str, Any]], str]
"""The address in the text of this row of the outbox; empty: there is none."""


def no_link(_row: Mapping[str, Any]) -> str:
    """The site has no public address."""
    return ""


def token_of(key: str, number: int, incident_id: UUID, contact_id: int, told_at: datetime) -> str:
    """What stands behind the path; `number` is the incident's, `told_at` when its text was written."""
    return _in_letters(number, 1) + signature(key, incident_id, contact_id, told_at + LASTS)


def signature(key: str, incident_id: UUID, contact_id: int, ends_at: datetime) -> str:
    """Ten letters that only this installation can make."""
    said = b"family" + incident_id.bytes + f"{contact_id} {int(ends_at.timestamp())}".encode()
    made = int.from_bytes(hmac.digest(key.encode(), said, sha256)[:16])
    return _in_letters(made % len(LETTERS) ** SIGNATURE, SIGNATURE)


def read_token(token: str) -> tuple[int, str] | None:
    """Number of the incident, and signature; None for what cannot be a link of ours, such as one that was cut off."""
    match = _TOKEN.fullmatch(token)
    return (_number(match[1]), match[2]) if match else None


def links_to(public_url: str, key: str) -> LinkOf:
    """For a site with this public address."""
    base = public_url.rstrip("/") + PATH

    def link_of(row: Mapping[str, Any]) -> str:
        params, contact_id, told_at = row["params"], row.get("contact_id"), row.get("created_at")
        number, incident_id = params.get("ref"), row.get("reference")
        if number is None or contact_id is None or told_at is None or incident_id is None:
            return ""  # it leaves before its row is there: its number is not known yet
        return base + token_of(key, int(number), incident_id, contact_id, told_at)

    return link_of


def _in_letters(number: int, least: int) -> str:
    written = ""
    while number:
        number, digit = divmod(number, len(LETTERS))
        written = LETTERS[digit] + written
    return written.rjust(least, LETTERS[0])


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * len(LETTERS) + LETTERS.index(letter)
    return number
