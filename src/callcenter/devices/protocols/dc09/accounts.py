"""What a DC-09 account is called. Pure."""

from __future__ import annotations

import re
from typing import Final
from unicodedata import normalize

SHORTEST: Final = 4
"""Digits of an account in Contact ID (DC-05); panels and receivers show at least as many."""

LONGEST: Final = 40
"""Characters of a name that are kept; the standard has 16."""

_PREFIX = re.compile(r"(?:R[0-9A-F]{0,6})?(?:L[0-9A-F]{0,6})?#+")
"""How a panel's menu or a receiver's log writes an account: #1234, L0#1234, R1L0#1234."""
_BLANKS = re.compile(r"[\s\0]+")
_AROUND = "-,.;:_/*\"'"
_DECIMAL = re.compile(r"\d+\.0+")
"""A number, as a spreadsheet hands it on."""


def canonical_account(text: str) -> str:
    """Hex digits in capitals, at least four, with no more zeros before them than that takes.

    A panel sends b1c1 or B1C1; a spreadsheet makes 42 of 0042, or 42.0; a person copies L0#0042, or types full-width digits.
    """
    account = _BLANKS.sub("", normalize("NFKC", normalize("NFKC", text).upper()))
    while (prefix := _PREFIX.match(account)) is not None:
        account = account[prefix.end() :]
    if _DECIMAL.fullmatch(account):
        account = account.partition(".")[0]
    return account.strip(_AROUND).lstrip("0")[:LONGEST].rjust(SHORTEST, "0")
