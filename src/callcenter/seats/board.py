"""How rows become frames: each row is encoded once, each frame is made once for all seats that see the same rows. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from callcenter.alerts.change import Change
from callcenter.seats.frames import text_frame

Scope = frozenset[int]
"""Ids of the regions a seat may see, with everything below them."""

Opened = frozenset[str]
"""Subjects that somebody has opened with a reason: `home:12`, `incident:<id>`."""
NOTHING_OPENED: Opened = frozenset()


def visible(scope: Scope, region_path: Iterable[int]) -> bool:
    """Whether a seat of this scope sees a row of this region."""
    return not scope.isdisjoint(region_path)


def encode(value: object) -> bytes:
    """JSON. Raises TypeError or ValueError for what has no JSON form."""
    made = orjson.dumps(value, default=str)  # asyncpg has a UUID class of its own
    # A copy: what orjson gives lies in a far larger buffer, and keeping hundreds of those costs more than encoding.
    return bytes(memoryview(made))


def frame(message: Mapping[str, Any]) -> bytes:
    """A message as the bytes of its frame."""
    return text_frame(encode(message))


@dataclass(frozen=True, slots=True)
class Layout:
    """Where rows of a table stand in their message."""

    kind: str
    """The message's type."""
    rows: str
    entries: str | None = None

    def frame(self, rows: Iterable[bytes], entries: Iterable[bytes]) -> bytes:
        """The message with these rows, as the bytes of its frame."""
        parts = [f'{{"type":"{self.kind}","{self.rows}":['.encode(), b",".join(rows)]
        if self.entries is not None:
            parts += [f'],"{self.entries}":['.encode(), b",".join(entries)]
        return text_frame(b"".join((*parts, b"]}")))


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as it goes to the seats, with what decides who gets it."""

    key: Hashable
    version: int
    path: Sequence[int]
    """Regions from the root down to the row's: whoever is granted one of them sees the row."""
    body: bytes
    entries: Sequence[bytes] = ()
    left: Sequence[int] = ()
    """The path the row had before this change, if it has moved."""
    farewell: bytes = b""
    """What seats get that saw it there and see it no more."""
    subjects: Sequence[str] = ()
    """Whoever has opened one of these with a reason sees the row, too."""
    look: Mapping[str, object] | None = None
    """Detail of the entry in the audit trail, when the row shows somebody's data."""
    change: Change | None = None
    """Of an incident: what is shown, for whoever goes on without the database."""


class FramesByScope:
    """The frames of one round of rows: made once for all seats that see the same of them."""

    def __init__(self, layout: Layout, rows: Sequence[Shown]) -> None:
        self._layout = layout
        self._rows = rows
        self._subjects = frozenset(subject for row in rows for subject in row.subjects)
        self._by_sight: dict[tuple[Scope, Opened], bytes | None] = {}
        self._by_selection: dict[tuple[int, ...], bytes] = {}

    def of(self, scope: Scope, opened: Opened = NOTHING_OPENED) -> bytes | None:
        """The frame for a seat of this scope, with what its user has opened; None when it sees nothing of it."""
        sight = (scope, opened & self._subjects if opened else opened)
        if sight not in self._by_sight:
            self._by_sight[sight] = self._make(*sight)
        return self._by_sight[sight]

    def _make(self, scope: Scope, opened: Opened) -> bytes | None:
        seen = [n for n, row in enumerate(self._rows) if _sees(scope, opened, row)]
        left = [
            n for n, row in enumerate(self._rows) if row.left and _moved_out(scope, opened, row)
        ]
        if left:
            return self._frame(seen, left)
        if not seen:
            return None
        selection = tuple(seen)
        made = self._by_selection.get(selection)
        if made is None:
            made = self._by_selection[selection] = self._frame(seen, ())
        return made

    def _frame(self, seen: Sequence[int], left: Sequence[int]) -> bytes:
        newest: dict[Hashable, Shown] = {}
        for n in sorted((*seen, *left)):
            row = self._rows[n]
            held = newest.get(row.key)
            if held is None or held.version < row.version:
                newest[row.key] = row
        gone = {id(self._rows[n]) for n in left}
        bodies = [row.farewell if id(row) in gone else row.body for row in newest.values()]
        entries = [entry for n in seen for entry in self._rows[n].entries]
        return self._layout.frame(bodies, entries)


def _sees(scope: Scope, opened: Opened, row: Shown) -> bool:
    return visible(scope, row.path) or not opened.isdisjoint(row.subjects)


def _moved_out(scope: Scope, opened: Opened, row: Shown) -> bool:
    return visible(scope, row.left) and not _sees(scope, opened, row)
