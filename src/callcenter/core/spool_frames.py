"""How a segment of the spool lies on the disk. Pure.

A segment begins with a mark of 8 bytes and a salt of 8. A record is the length of its body (4 bytes, big-endian), the CRC-32 of
salt and body (4) and the body. A segment that is used again gets another salt, so that what was left in it from before is no record
of it; what a power cut has torn is none either, and ends the segment.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final
from zlib import crc32

MARK: Final = b"CCSPOOL1"
SALT_BYTES: Final = 8
HEADER_BYTES: Final = len(MARK) + SALT_BYTES
_HEAD: Final = struct.Struct(">II")
OVERHEAD: Final = _HEAD.size
"""Bytes of a record beside its body."""


def header(salt: bytes) -> bytes:
    """The first bytes of a segment."""
    return MARK + salt


def record(salt: bytes, body: bytes) -> bytes:
    """One record; the body is not empty."""
    return _HEAD.pack(len(body), crc32(body, crc32(salt))) + body


def bodies(segment: bytes) -> Iterator[bytes]:
    """The whole records of a segment, in the order they were written; none of what is no segment of ours."""
    if not segment.startswith(MARK) or len(segment) < HEADER_BYTES:
        return
    seed = crc32(segment[len(MARK) : HEADER_BYTES])
    at = HEADER_BYTES
    while at + OVERHEAD <= len(segment):
        length, sum_ = _HEAD.unpack_from(segment, at)
        body = segment[at + OVERHEAD : at + OVERHEAD + length]
        if not length or len(body) < length or crc32(body, seed) != sum_:
            return
        yield body
        at += OVERHEAD + length
