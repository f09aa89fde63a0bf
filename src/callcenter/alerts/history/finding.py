"""Incidents found again by what is remembered of them: a name, an address, a number, a kind, an outcome, a day.

No index knows the words of a card. A search therefore looks back through the incidents of the regions, a bounded number at a
time, and says how far it has looked: the next question goes on from there.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from callcenter.alerts.history.closed import Asked, Place, closed_places
from callcenter.alerts.incident import INCIDENT_COLUMNS, Incident
from callcenter.core.errors import Invalid

LOOKED_AT: Final = 1_000
"""Closed incidents looked at in one step."""
STEPS: Final = 5
"""Steps in one answer, after which it says how far it has come."""
MOST_OPEN: Final = 5_000
LONGEST_NUMBER: Final = 15


@dataclass(frozen=True, slots=True)
class Sought:
    """All that is given must hold. `words` stand in the card, each of them; `since` and `until` are moments of opening."""

    words: Sequence[str] = ()
    kind: str | None = None
    outcome: str | None = None
    mode: str | None = None
    wanted: str | None = None
    is_open: bool | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def number(self) -> int | None:
        """Spoken aloud: the one incident that has it is meant, whenever it was."""
        if (
            len(self.words) == 1
            and self.words[0].isdecimal()
            and len(self.words[0]) <= LONGEST_NUMBER
        ):
            return int(self.words[0])
        return None


@dataclass(frozen=True, slots=True)
class Found:
    """Newest first. `behind`: where the search goes on; None: it has looked at everything."""

    incidents: Sequence[Incident]
    behind: Place | None


def write_place(place: Place) -> str:
    """Opaque to the client."""
    moment, row_id = place
    return base64.urlsafe_b64encode(f"{moment.isoformat()} {row_id}".encode()).decode().rstrip("=")


def read_place(text: str) -> Place:
    """Raises Invalid `bad_cursor` for anything that `write_place` did not make."""
    try:
        moment, _, row_id = (
            base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition(" ")
        )
        at = datetime.fromisoformat(moment)
        return at if at.tzinfo else at.replace(tzinfo=UTC), UUID(row_id)
    except (binascii.Error, ValueError):
        raise Invalid(
            "after: not a place of this list; begin again without it.", code="bad_cursor"
        ) from None


async def find_incidents(connection: asyncpg.Connection, asked: Asked, sought: Sought) -> Found:
    """One page of what is sought, behind the place that `asked` names."""
    began = asked.before is None
    if sought.until is not None and (began or asked.place[0] > sought.until):
        asked = replace(asked, before=sought.until, before_id=None)
    closed = await _closed(connection, asked, sought)
    opened = await _open(connection, asked, sought, closed.behind)
    numbered = await _numbered(connection, asked, sought) if began else []
    listed = sorted([*opened, *closed.incidents], key=_place, reverse=True)
    page = listed[: asked.limit]
    behind = _place(page[-1]) if len(listed) > asked.limit else closed.behind
    known = {one.id for one in numbered}
    return Found([*numbered, *(one for one in page if one.id not in known)], behind)


def _place(incident: Incident) -> Place:
    return incident.opened_at, incident.id


async def _closed(connection: asyncpg.Connection, asked: Asked, sought: Sought) -> Found:
    """Step by step, until the page is full, the end is met or enough was looked at."""
    if sought.is_open:
        return Found((), None)
    found: list[Incident] = []
    place = asked.place
    for _ in range(STEPS):
        step = replace(asked, before=place[0], before_id=place[1], limit=LOOKED_AT)
        places = await closed_places(connection, step)
        found += await _matching(connection, [row_id for _, row_id in places], sought)
        over = sought.since is not None and bool(places) and places[-1][0] < sought.since
        if len(places) < LOOKED_AT or over:
            return Found(found, None)
        place = places[-1]
        if len(found) > asked.limit:
            break
    return Found(found, place)


async def _matching(
    connection: asyncpg.Connection, ids: Sequence[UUID], sought: Sought
) -> list[Incident]:
    rows = await connection.fetch(_AMONG, list(ids), *_parameters(sought))
    return [Incident.of(row) for row in rows]


async def _open(
    connection: asyncpg.Connection, asked: Asked, sought: Sought, behind: Place | None
) -> list[Incident]:
    """Those that are not behind what the search has looked at: they come with its next page."""
    if sought.is_open is False:
        return []
    given = list(asked.region_ids), *asked.place, MOST_OPEN
    rows = await connection.fetch(_OPEN, *given, *_parameters(sought))
    found = [Incident.of(row) for row in rows]
    return found if behind is None else [one for one in found if _place(one) > behind]


async def _numbered(connection: asyncpg.Connection, asked: Asked, sought: Sought) -> list[Incident]:
    if sought.number is None:
        return []
    rows = await connection.fetch(_NUMBERED, sought.number, list(asked.region_ids))
    return [Incident.of(row) for row in rows]


def _parameters(sought: Sought) -> tuple[Any, ...]:
    words = [word.lower() for word in sought.words]
    return (
        words,
        sought.kind,
        sought.outcome,
        sought.since,
        sought.until,
        sought.mode,
        sought.wanted,
    )


def _holds(first: int) -> str:
    """The condition on a row, its parameters counted from `first`."""
    words, kind, outcome, since, until, mode, wanted = (f"${first + step}" for step in range(7))
    return f"""
  ({kind}::text IS NULL OR kind = {kind}) AND ({outcome}::text IS NULL OR outcome = {outcome})
  AND ({mode}::text IS NULL OR mode = {mode}) AND ({wanted}::text IS NULL OR wanted = {wanted})
  AND ({since}::timestamptz IS NULL OR opened_at >= {since})
  AND ({until}::timestamptz IS NULL OR opened_at < {until})
  AND NOT EXISTS (SELECT FROM unnest({words}::text[]) AS word WHERE strpos({_CARD_IN_WORDS}, word) = 0)
"""


_LATIN: Final = "jsonb_path_query_array(card, '$.people[*].name_latin')::text"
_CARD_IN_WORDS: Final = f"""lower(concat_ws(' ', number, identifier, taken_by_name, card->>'address', card->>'address_en',
  card->>'estate', card->>'building', card->>'building_en', card->>'door', card->>'text',
  jsonb_path_query_array(card, '$.people[*].name')::text, {_LATIN}, replace({_LATIN}, ' ', '')))"""

_AMONG: Final = f"""
SELECT {INCIDENT_COLUMNS} FROM incident WHERE id = ANY($1::uuid[]) AND {_holds(2)}
ORDER BY opened_at DESC, id DESC
"""  # noqa: S608 constant columns

_OPEN: Final = f"""
SELECT {INCIDENT_COLUMNS} FROM incident
WHERE state <> 'closed' AND region_path && $1::bigint[] AND (opened_at, id) < ($2, $3) AND {_holds(5)}
ORDER BY opened_at DESC, id DESC LIMIT $4
"""  # noqa: S608 constant columns

_NUMBERED: Final = f"""
SELECT {INCIDENT_COLUMNS} FROM incident WHERE number = $1 AND region_path && $2::bigint[]
"""  # noqa: S608 constant columns
