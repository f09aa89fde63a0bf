"""Sealed columns: AES-256-GCM for what must be read again, a keyed hash for what must be found again.

A sealed value is version (1 byte), key id (4), nonce (12), ciphertext with tag (16 more than the plain text).
Header and context are authenticated, so a value moved to another column or row kind does not open.
Keys live in <data>/keys.json, outside the database: a stolen dump alone tells nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from callcenter.core.errors import Invalid, Misconfigured
from callcenter.core.private_files import read_or_make

FILE_NAME = "keys.json"
_VERSION = 1
_HEADER = struct.Struct(">BI")
_NONCE_BYTES = 12
_KEY_BYTES = 32


class Seal:
    """Seals with the current key, opens with any key of the file."""

    def __init__(self, keys: Mapping[int, bytes], current: int, index_key: bytes) -> None:
        self._ciphers = {number: AESGCM(key) for number, key in keys.items()}
        self._current = current
        self._index_key = index_key

    @classmethod
    def load(cls, data_dir: Path) -> Self:
        """Read <data>/keys.json, made at the first start. Raises Misconfigured."""
        path = data_dir / FILE_NAME
        return cls.of(read_or_make(path, _new_keys), name=str(path))

    @classmethod
    def of(cls, content: Mapping[str, Any], *, name: str) -> Self:
        """From the content of a key file; `name` is for the message. Raises Misconfigured."""
        try:
            keys = {int(number): _key(text) for number, text in content["keys"].items()}
            current = int(content["current"])
            index_key = _key(content["index_key"])
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise Misconfigured(f"{name}: not a key file: {error!r}") from error
        if current not in keys:
            raise Misconfigured(f"{name}: current: there is no key {current}")
        return cls(keys, current, index_key)

    def seal(self, plain: bytes, *, context: str) -> bytes:
        """Encrypt for a place such as "device.key"; only the same context opens it."""
        header = _HEADER.pack(_VERSION, self._current)
        nonce = os.urandom(_NONCE_BYTES)
        cipher = self._ciphers[self._current]
        return header + nonce + cipher.encrypt(nonce, plain, header + context.encode())

    def open(self, sealed: bytes, *, context: str) -> bytes:
        """Decrypt. Raises Invalid (code seal_broken) for changed bytes, another context or a key that is gone."""
        header, rest = sealed[: _HEADER.size], sealed[_HEADER.size :]
        nonce, body = rest[:_NONCE_BYTES], rest[_NONCE_BYTES:]
        try:
            version, number = _HEADER.unpack(header)
            if version != _VERSION:
                raise _broken(context)
            return self._ciphers[number].decrypt(nonce, body, header + context.encode())
        except (InvalidTag, KeyError, ValueError, struct.error):
            raise _broken(context) from None

    def blind_index(self, plain: bytes, *, context: str) -> bytes:
        """32 bytes that are equal for equal plain texts of one context and tell nothing without the key."""
        name = context.encode()
        message = struct.pack(">I", len(name)) + name + plain
        return hmac.digest(self._index_key, message, hashlib.sha256)


def _broken(context: str) -> Invalid:
    return Invalid(f"A sealed {context} cannot be opened.", code="seal_broken", context=context)


def _new_keys() -> dict[str, Any]:
    return {"current": 1, "keys": {"1": _new_key()}, "index_key": _new_key()}


def _new_key() -> str:
    return base64.b64encode(os.urandom(_KEY_BYTES)).decode()


def _key(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != _KEY_BYTES:
        raise ValueError(f"a key has {_KEY_BYTES} bytes, not {len(key)}")
    return key
