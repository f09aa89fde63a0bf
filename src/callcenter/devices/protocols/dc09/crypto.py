"""SIA DC-09 encryption: AES-CBC with a zero IV over pad, data and timestamp. Pure but for the random pad.

Fixed IV and a CRC only: this hides content, it proves no sender. The timestamp inside is the only guard against replay.
"""

from __future__ import annotations

import re
import secrets
from binascii import Error as BadHex, unhexlify
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 16
KEY_BYTES = (16, 24, 32)
"""AES-128, 192 and 256."""

_AS_TEXT = "text:"
_IV = bytes(BLOCK)
_PAD_ALPHABET = bytes(code for code in range(0x21, 0x7F) if chr(code) not in "[]|")
_WHOLE = re.compile(rb"\|[^\[\]]*\](?:\[[^\[\]]*\])*_\d\d:\d\d:\d\d,\d\d-\d\d-\d{4}\0*\Z")
"""From the end of the pad on, with nothing in it that should not be there."""
_DATA_END = re.compile(rb"\](?=[\[_])")
_STAMP = re.compile(
    rb"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?:\.\d+)?[,;\s]+"
    rb"(?P<first>\d{1,2})[-/.](?P<other>\d{1,2})[-/.](?P<year>\d{4}|\d\d)(?!\d)"
)
_YEAR_FIRST = re.compile(
    rb"(?P<year>\d{4})[-/.](?P<first>\d{1,2})[-/.](?P<other>\d{1,2})[T,;\s]+"
    rb"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?"
    rb"|(?P<hours>\d{1,2}):(?P<minutes>\d\d)(?::(?P<seconds>\d\d))?[,;\s]+"
    rb"(?P<years>\d{4})[-/.](?P<firsts>\d{1,2})[-/.](?P<others>\d{1,2})"
)
"""As no standard has it: with blanks, one digit, two digits of the year, and with the year first."""
_CENTURY = 2000

_SAME_FRAME = timedelta(days=1)
"""What happened is reported within this time, unless it waited for a line."""

Pad = Callable[[int], bytes]
"""Gives that many pseudo-random bytes other than `[`, `]` and `|`."""


def random_pad(length: int) -> bytes:
    """Pad bytes from the system's random source."""
    return bytes(secrets.choice(_PAD_ALPHABET) for _ in range(length))


def seal(content: bytes, key: bytes, pad: Pad = random_pad) -> bytes:
    """Content that follows the opening bracket (data, `]`, xdata, timestamp) as upper-case hex of its cipher text."""
    separator = b"" if content.startswith(b"]") else b"|"
    used = len(separator) + len(content)
    clear = pad(BLOCK + -used % BLOCK) + separator + content
    encryptor = Cipher(algorithms.AES(key), modes.CBC(_IV)).encryptor()
    return (encryptor.update(clear) + encryptor.finalize()).hex().upper().encode("ascii")


def unseal(sealed: bytes, key: bytes) -> bytes | None:
    """The content of a sealed frame with its pad cut off, or None when this key does not open it."""
    try:
        cipher_text = unhexlify(sealed.strip(b"\0\r\n\t ]"))
    except (BadHex, ValueError):
        return None
    if not cipher_text or len(cipher_text) % BLOCK or len(key) not in KEY_BYTES:
        return None
    decryptor = Cipher(algorithms.AES(key), modes.CBC(_IV)).decryptor()
    return _without_pad(decryptor.update(cipher_text) + decryptor.finalize())


def _without_pad(clear: bytes) -> bytes | None:
    """Cut at the first `|`; for empty data the pad runs straight to `]`. A wrong key leaves no such shape.

    A pad may hold brackets that it should not.
    """
    if b"]" not in clear:
        return None
    if (whole := _WHOLE.search(clear)) is not None:
        return clear[whole.start() + 1 :]
    bar = clear.find(b"|")
    if bar >= 0 and (content := clear[bar + 1 :]).find(b"]") >= 0 and _is_readable(content):
        return content
    end = _DATA_END.search(clear)
    content = clear[end.start() if end else clear.find(b"]") :]
    return content if _has_stamp(content) else None


def _has_stamp(content: bytes, at: int = 0) -> bool:
    return bool(_STAMP.search(content, at) or _YEAR_FIRST.search(content, at))


def _is_readable(content: bytes) -> bool:
    """A time behind the data, or nothing but printable characters."""
    if _has_stamp(content, content.find(b"]")):
        return True
    return all(0x20 <= code < 0x7F for code in content.rstrip(b"\0"))


def format_stamp(at: datetime) -> bytes:
    """`HH:MM:SS,MM-DD-YYYY`, UTC."""
    return at.astimezone(UTC).strftime("%H:%M:%S,%m-%d-%Y").encode("ascii")


def parse_stamp(text: bytes, beside: datetime | None = None, zone: tzinfo = UTC) -> datetime | None:
    """A DC-09 time in UTC, or None; written in UTC, as the standard has it, or in `zone`. Month before day.

    Day before month is understood where the other is no date, and where the same frame's own time (`beside`) proves it.
    """
    match = _STAMP.search(text)
    dates = (True, False) if match is not None else (True,)
    match = match or _YEAR_FIRST.search(text)
    if match is None:
        return None
    parts = {
        name.removesuffix("s"): int(value) for name, value in match.groupdict().items() if value
    }
    readings = []
    for month_first in dates:
        with suppress(ValueError):
            readings.append(_moment(parts, zone, month_first=month_first))
    if beside is not None:
        readings.sort(key=lambda at: abs(at - beside) > _SAME_FRAME)
    return readings[0] if readings else None


def _moment(parts: Mapping[str, int], zone: tzinfo, *, month_first: bool) -> datetime:
    """Raises ValueError."""
    year = parts["year"] if parts["year"] > 99 else _CENTURY + parts["year"]
    month, day = parts["first"], parts["other"]
    if not month_first:
        month, day = day, month
    local = datetime(
        year, month, day, parts["hour"], parts["minute"], parts.get("second", 0), tzinfo=zone
    )
    return local.astimezone(UTC)


def key_from_text(text: str) -> bytes:
    """An AES key: 32, 48 or 64 hex digits, else 16, 24 or 32 characters taken as they are; `text:` before it forces that.

    Both conventions are in the field, and panels show one or the other. Raises ValueError for any other length.
    """
    text = text.strip()
    key = b""
    if not text.startswith(_AS_TEXT):
        try:
            key = bytes.fromhex(text)
        except ValueError:
            key = b""
    if len(key) not in KEY_BYTES:
        key = text.removeprefix(_AS_TEXT).encode("utf-8")
    if len(key) not in KEY_BYTES:
        raise ValueError("an AES key has 16, 24 or 32 characters, or twice as many hex digits")
    return key
