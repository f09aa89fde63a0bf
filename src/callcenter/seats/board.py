"""What a hub remembers of what it has pushed, and how changes become frames. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson

from callcenter.alerts.change import Change
from callcenter.alerts.entries import Assigned
from callcenter.alerts.incident import Incident, State
from callcenter.seats.wire import text_frame

Scope = frozenset[int]
"""Ids of the regions a seat may see, with everything below them."""


def visible(scope: Scope, region_path: Iterable[int]) -> bool:
    """Whether a seat of this scope sees a row of this region."""
    return not scope.isdisjoint(region_path)


def frame(message: Mapping[str, Any]) -> bytes:
    """A message as the bytes of its frame."""
    return text_frame(orjson.dumps(message, default=str))  # asyncpg has a UUID class of its own


def upserts(changes: Sequence[Change]) -> bytes:
    """One frame for many changes: each incident as it is now, all entries in order."""
    latest: dict[UUID, Incident] = {}
    for change in changes:
        held = latest.get(change.incident.id)
        if held is None or held.version < change.incident.version:
            latest[change.incident.id] = change.incident
    entries = [entry for change in changes for entry in change.entries]
    return frame({"type": "incidents", "incidents": list(latest.values()), "entries": entries})


class FramesByScope:
    """The frames of one round of changes: made once for all seats that see the same of them."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self._changes = changes
        self._by_scope: dict[Scope, bytes | None] = {}
        self._by_selection: dict[tuple[int, ...], bytes] = {}

    def of(self, scope: Scope) -> bytes | None:
        """The frame for a seat of this scope; None when it sees nothing of it."""
        if scope not in self._by_scope:
            self._by_scope[scope] = self._make(scope)
        return self._by_scope[scope]

    def _make(self, scope: Scope) -> bytes | None:
        selection = tuple(
            index
            for index, change in enumerate(self._changes)
            if visible(scope, change.region_path) or moved_out(scope, change)
        )
        if not selection:
            return None
        seen = [self._changes[i] for i in selection]
        if any(moved_out(scope, change) for change in seen):
            return upserts([gone(c) if moved_out(scope, c) else c for c in seen])
        made = self._by_selection.get(selection)
        if made is None:
            made = self._by_selection[selection] = upserts(seen)
        return made


def moved_out(scope: Scope, change: Change) -> bool:
    """Whether this seat saw the incident until it was assigned to a home of a region the seat does not see."""
    return not visible(scope, change.region_path) and any(
        visible(scope, entry.data.from_path)
        for entry in change.entries
        if isinstance(entry.data, Assigned)
    )


def gone(change: Change) -> Change:
    """The incident as a seat is told that may see no more of it: over, and without anything about the home (G8)."""
    return Change(
        replace(
            change.incident,
            state=State.CLOSED,
            card={"people": []},
            region_path=(),
            home_id=None,
            resident_id=None,
            device_id=None,
            lat=None,
            lng=None,
            identifier=None,
            taken_by_name=None,
        )
    )


class Pushed:
    """Versions pushed lately, by id: what a sweep finds and the seats have already is not sent again.

    Two generations, so that it forgets without being walked: an id is known for one to two turns.
    """

    def __init__(self) -> None:
        self._young: dict[UUID, int] = {}
        self._old: dict[UUID, int] = {}

    def note(self, id_: UUID, version: int) -> None:
        if version > self.version(id_):
            self._young[id_] = version

    def version(self, id_: UUID) -> int:
        """The newest version pushed, 0 if none is remembered."""
        return max(self._young.get(id_, 0), self._old.get(id_, 0))

    def turn(self) -> None:
        self._old, self._young = self._young, {}
