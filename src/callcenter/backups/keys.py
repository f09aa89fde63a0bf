"""The keys of a site, kept apart from its copies: the backup key, which opens an archive, and the keys of the sealed columns.

They are written down sealed by a passphrase (scrypt, AES-256-GCM), or as a sheet to be printed and typed in again.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from callcenter.core import sealed
from callcenter.core.errors import Invalid
from callcenter.core.private_files import read_or_make, read_private, replace_private

FILE_NAME: Final = "backup-key.json"
LEAST_PASSPHRASE: Final = 12
_FORM: Final = "callcenter-keys"
_KEY_BYTES: Final = 32
_SCRYPT: Final = {"n": 2**17, "r": 8, "p": 1}
"""128 MiB and some 0.4 s for each guess."""
_LINE_BYTES: Final = 15
_SHEET_HEAD: Final = struct.Struct(">BIB")
_LINE: Final = re.compile(r"^\s*(\d\d)\s+([A-Z2-7018 -]+?)\s*$", re.IGNORECASE | re.MULTILINE)
_MISREAD: Final = str.maketrans("018", "OIB")
"""The sheet has none of these digits."""


@dataclass(frozen=True, slots=True)
class Keys:
    """`site`: the content of keys.json."""

    backup_key: bytes
    site: Mapping[str, Any]

    @property
    def backup_key_id(self) -> bytes:
        """Eight bytes that tell which key an archive needs, and nothing of the key."""
        return hashlib.sha256(b"callcenter backup key" + self.backup_key).digest()[:8]

    @classmethod
    def of_site(cls, data_dir: Path) -> Self:
        """Those of a data folder; the backup key is made at the first copy. Raises Misconfigured."""
        made = read_or_make(data_dir / FILE_NAME, lambda: {"key": _text(os.urandom(_KEY_BYTES))})
        sealed.Seal.load(data_dir)
        return cls(_key(made.get("key")), read_private(data_dir / sealed.FILE_NAME))

    def put(self, data_dir: Path) -> None:
        """Into a data folder that has none. Raises Invalid where it has others."""
        files = {FILE_NAME: {"key": _text(self.backup_key)}, sealed.FILE_NAME: dict(self.site)}
        for name, content in files.items():
            path = data_dir / name
            if not path.exists():
                replace_private(path, content)
            elif read_private(path) != content:
                raise Invalid(
                    f"{path}: other keys than those of the copy are there; move it aside",
                    code="copy_key",
                )


def sealed_by(keys: Keys, passphrase: str) -> bytes:
    """The content of a keys file. Raises Invalid for a passphrase that is too short."""
    if len(passphrase) < LEAST_PASSPHRASE:
        raise Invalid(f"A passphrase has at least {LEAST_PASSPHRASE} characters")
    salt, nonce = os.urandom(16), os.urandom(12)
    plain = json.dumps({"backup_key": _text(keys.backup_key), "site": dict(keys.site)}).encode()
    body = AESGCM(_stretched(passphrase, salt)).encrypt(nonce, plain, _FORM.encode())
    document = {
        "form": _FORM,
        "schema": 1,
        "backup_key_id": keys.backup_key_id.hex(),
        "salt": _text(salt),
        "nonce": _text(nonce),
        "sealed": _text(body),
    }
    return json.dumps(document, indent=1).encode() + b"\n"


def is_sealed(content: bytes) -> bool:
    """Whether it is a keys file, which needs a passphrase; else it may be a sheet."""
    return content.lstrip().startswith(b"{")


def opened_by(content: bytes, passphrase: str) -> Keys:
    """Raises Invalid for a wrong passphrase or a file that is none."""
    try:
        said = json.loads(content)
        cipher = AESGCM(_stretched(passphrase, _bytes(said["salt"])))
        plain = cipher.decrypt(_bytes(said["nonce"]), _bytes(said["sealed"]), _FORM.encode())
        document = json.loads(plain)
        return Keys(_key(document["backup_key"]), document["site"])
    except InvalidTag:
        raise Invalid("The passphrase is wrong, or the keys file is damaged") from None
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid(f"This is no keys file: {error!r}") from error


def as_sheet(keys: Keys, at: datetime) -> str:
    """To be printed: whoever holds it and an archive reads everything. Each line has its own check letters."""
    numbers = {int(number): _key(text) for number, text in keys.site["keys"].items()}
    payload = _SHEET_HEAD.pack(1, int(keys.site["current"]), len(numbers))
    for number, key in sorted(numbers.items()):
        payload += struct.pack(">I", number) + key
    payload += _key(keys.site["index_key"]) + keys.backup_key
    payload += hashlib.sha256(payload).digest()[:4]
    lines = [
        f"  {place:02}  {_grouped(_with_check(place, payload[at_ : at_ + _LINE_BYTES]))}"
        for place, at_ in enumerate(range(0, len(payload), _LINE_BYTES), start=1)
    ]
    head = [
        "callcenter: keys of a site / 站点密钥",
        f"written {at:%Y-%m-%d %H:%M %Z}, backup key {keys.backup_key_id.hex()}",
        "Whoever holds this paper and an archive reads everything. Keep it locked, away from the archives.",
        "持有本页和备份文件者可读取全部数据。请上锁保管，与备份文件分开存放。",
        "",
    ]
    return "\n".join([*head, *lines, ""])


def from_sheet(text: str) -> Keys:
    """Reads what was typed in again; small letters, missing spaces and 0, 1, 8 for O, I, B do not matter. Raises Invalid, with the
    line that is wrong.
    """
    payload = b""
    for place, (said, letters) in enumerate(_LINE.findall(text), start=1):
        if int(said) != place:
            raise Invalid(f"Line {place:02} of the sheet is missing")
        payload += _checked_line(place, letters)
    body, sum_ = payload[:-4], payload[-4:]
    if not body or hashlib.sha256(body).digest()[:4] != sum_:
        raise Invalid("The sheet is not complete: a line at its end is missing")
    _, current, count = _SHEET_HEAD.unpack_from(body)
    at, keys = _SHEET_HEAD.size, {}
    for _ in range(count):
        (number,) = struct.unpack_from(">I", body, at)
        keys[str(number)] = _text(body[at + 4 : at + 4 + _KEY_BYTES])
        at += 4 + _KEY_BYTES
    index, backup = body[at : at + _KEY_BYTES], body[at + _KEY_BYTES :]
    return Keys(backup, {"current": current, "keys": keys, "index_key": _text(index)})


def _checked_line(place: int, letters: str) -> bytes:
    plain = re.sub(r"[ -]", "", letters.upper()).translate(_MISREAD)
    try:
        found = base64.b32decode(plain + "=" * (-len(plain) % 8))
    except ValueError:
        found = b""
    data = found[:-2]
    if not data or _with_check(place, data) != found:
        raise Invalid(f"Line {place:02} of the sheet is not as it was printed: compare its letters")
    return data


def _with_check(place: int, data: bytes) -> bytes:
    return data + hashlib.sha256(bytes([place]) + data).digest()[:2]


def _grouped(data: bytes) -> str:
    letters = base64.b32encode(data).decode().rstrip("=")
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def _stretched(passphrase: str, salt: bytes) -> bytes:
    return hashlib.scrypt(
        passphrase.encode(), salt=salt, maxmem=256 * 1024 * 1024, dklen=_KEY_BYTES, **_SCRYPT
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _key(text: object) -> bytes:
    """Raises Invalid."""
    try:
        key = _bytes(str(text))
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise Invalid(f"A key of the copies has {_KEY_BYTES} bytes, not {len(key)}")
    return key
