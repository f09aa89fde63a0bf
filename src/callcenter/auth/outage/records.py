"""What is kept of log-ins and log-outs until the database has it: documents of one line, read by any later release. Pure."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import orjson

FORM: Final = 1


@dataclass(frozen=True, slots=True)
class Begun:
    """A session. `password`: SHA-256 of the hash that was looked at, by which it is told whether the password is still that one."""

    id: UUID
    at: datetime
    address: str
    user_id: int
    session_hash: bytes = field(repr=False)
    csrf_token: str = field(repr=False)
    expires_at: datetime
    browser: str
    password: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Failed:
    """A wrong password. `user_id` None: of a log-in that nobody has at a seat; `untold`: so many went untold before."""

    id: UUID
    at: datetime
    address: str
    user_id: int | None
    untold: int


@dataclass(frozen=True, slots=True)
class Ended:
    """A log-out."""

    id: UUID
    at: datetime
    address: str
    user_id: int
    session_hash: bytes = field(repr=False)


Record = Begun | Failed | Ended


def print_of(password_hash: str) -> bytes:
    """As `Begun.password`; PostgreSQL makes the same of the column."""
    return sha256(password_hash.encode()).digest()


def written(record: Record) -> bytes:
    """As `read` reads it."""
    said: dict[str, object] = {
        "v": FORM,
        "what": _NAMES[type(record)],
        "id": str(record.id),
        "at": record.at,
        "address": record.address,
        "user": record.user_id,
    }
    match record:
        case Begun():
            said |= {
                "session": b64encode(record.session_hash).decode(),
                "csrf": record.csrf_token,
                "expires": record.expires_at,
                "browser": record.browser,
                "password": b64encode(record.password).decode(),
            }
        case Failed():
            said["untold"] = record.untold
        case Ended():
            said["session"] = b64encode(record.session_hash).decode()
    return orjson.dumps(said)


def read(body: bytes) -> Record:
    """Raises ValueError, KeyError or TypeError for what this release cannot read."""
    said: Mapping[str, Any] = orjson.loads(body)
    if said["v"] != FORM:
        raise ValueError(f"form {said['v']} is not known")
    same = UUID(said["id"]), datetime.fromisoformat(said["at"]), said["address"], said["user"]
    if said["what"] == "begun":
        expires = datetime.fromisoformat(said["expires"])
        session, password = b64decode(said["session"]), b64decode(said["password"])
        return Begun(*same, session, said["csrf"], expires, said["browser"], password)
    if said["what"] == "failed":
        return Failed(*same, said["untold"])
    if said["what"] == "ended":
        return Ended(*same, b64decode(said["session"]))
    raise ValueError(f"a record {said['what']!r} is not known")


_NAMES: Final[Mapping[type, str]] = {Begun: "begun", Failed: "failed", Ended: "ended"}
