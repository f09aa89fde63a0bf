"""How a request proves its sender: HMAC-SHA256 over timestamp, a dot and the body. Pure."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Final

VERSION: Final = "v1="
_DIGEST = re.compile(r"(?:v1\s*=\s*)?([0-9a-f]{64})", re.IGNORECASE)


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """`v1=` and the hex digest (the contract of the header X-Signature)."""
    return VERSION + _digest(secret, timestamp, body)


def signature_matches(secret: bytes, timestamp: str, body: bytes, given: str) -> bool:
    """In constant time; hexadecimal digits and the version may be written in capitals."""
    match = _DIGEST.fullmatch(given.strip().strip('"'))
    if match is None:
        return False
    return hmac.compare_digest(_digest(secret, timestamp, body), match[1].lower())


def _digest(secret: bytes, timestamp: str, body: bytes) -> str:
    signed = timestamp.encode("latin-1", "replace") + b"." + body
    return hmac.new(secret, signed, hashlib.sha256).hexdigest()
