"""What a copy says of itself: release, tables, chain heads, and the sums of its parts. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from callcenter.core.errors import Invalid

SCHEMA = 1
DUMP = "database.dump"
"""The part with the database: what `pg_dump -Fc` wrote."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file in the archive; `name` is relative, with slashes."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ChainHead:
    """Where a chain of hashes ended; 0 and "" while it had no link."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What the database held in the snapshot that was copied."""

    revision: str
    server: str
    """Version of PostgreSQL."""
    size: int
    """Bytes of the database on its disk, indexes included."""
    rows: Mapping[str, int]
    chains: Mapping[str, ChainHead]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`left_out`: what was there and is not in the copy, and why that is right. `places`: where files from outside the data
    folder belong.
    """

    at: datetime
    release: str
    state: State
    parts: Sequence[Part]
    places: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> bytes:
        """Raises nothing: all of it is plain."""
        document = {"schema": SCHEMA, **asdict(self), "at": self.at.isoformat()}
        return json.dumps(document, ensure_ascii=False, indent=1).encode()


def read_manifest(text: bytes) -> Manifest:
    """Raises Invalid for one of a later form, and for what is none."""
    try:
        said = json.loads(text)
        if said["schema"] != SCHEMA:
            raise Invalid(
                f"The manifest has form {said['schema']}, of another release; this one reads {SCHEMA}",
                code="copy_too_new",
            )
        return Manifest(
            at=datetime.fromisoformat(said["at"]),
            release=said["release"],
            state=_state(said["state"]),
            parts=[Part(**each) for each in said["parts"]],
            places=said["places"],
            left_out=said["left_out"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid(f"The manifest cannot be read: {error!r}", code="copy_damaged") from error


def _state(said: Mapping[str, Any]) -> State:
    chains = {name: ChainHead(**head) for name, head in said["chains"].items()}
    return State(**{**said, "chains": chains})


def differences(wanted: State, found: State) -> list[str]:
    """In which tables and chains a restored database is not what was copied; nothing: it is the same."""
    return [
        *(
            f"table {name}: {rows} rows were copied, {found.rows.get(name, 'no table')} are there"
            for name, rows in wanted.rows.items()
            if found.rows.get(name) != rows
        ),
        *(
            f"chain {name}: it ended at link {head.number} ({head.hash[:12]}), and ends elsewhere"
            for name, head in wanted.chains.items()
            if found.chains.get(name) != head
        ),
    ]
