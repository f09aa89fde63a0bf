"""What a DC-09 account is called. Pure."""

from __future__ import annotations

import re
from typing import Final

SHORTEST: Final = 4
"""Digits of an account in Contact ID (DC-05); panels and receivers show at least as many."""

_PREFIX = re.compile(r"(?:L[0-9A-F]{1,6})?#")
"""How a panel's menu or a receiver's log writes an account: #1234, L0#1234."""


def canonical_account(text: str) -> str:
    """Hex digits in capitals, at least four, with no more zeros before them than that takes.

    A panel sends b1c1 or B1C1; a spreadsheet makes 42 of 0042; a person copies L0#0042.
    """
    account = text.strip().upper()
    prefix = _PREFIX.match(account)
    if prefix is not None:
        account = account[prefix.end() :].strip()
    return account.lstrip("0").rjust(SHORTEST, "0")
