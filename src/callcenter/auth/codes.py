"""Codes that people read aloud, print and type: no sign in them looks like another."""

from __future__ import annotations

import secrets
import unicodedata
from typing import Final

from callcenter.auth.sessions import hash_of

_SIGNS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_GROUP: Final = 4


def new_code(length: int) -> str:
    """So many random signs of five bits each, in groups of four: ABCD-EFGH."""
    signs = "".join(secrets.choice(_SIGNS) for _ in range(length))
    return "-".join(signs[start : start + _GROUP] for start in range(0, length, _GROUP))


def code_hash(typed: str) -> bytes:
    """What is kept of a code, however it was typed: in small letters, in the wide ones of a Chinese keyboard, without hyphens."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    return hash_of("".join(sign for sign in plain if sign.isalnum()))
