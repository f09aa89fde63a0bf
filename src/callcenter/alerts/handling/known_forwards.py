"""Other centres, their rules and what went to them, as the database had it last: what is forwarded by while it is away.

Read every few seconds while the database answers, and from what the office has kept where a process starts without it. What a rule of
another process has given meanwhile has the same id (forwarding.outbox.forwarding_id).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import asyncpg

from callcenter.alerts.entries import Forwarded
from callcenter.alerts.handling.decision import Centre, Origin
from callcenter.alerts.incident import Incident
from callcenter.alerts.open_incidents import Held
from callcenter.forwarding.claiming import LINE_COLUMNS
from callcenter.forwarding.outbox import ORIGIN_COLUMNS, ORIGIN_JOINED
from callcenter.forwarding.rules import MOST_HOPS, RULE_COLUMNS, Rule, rule_of
from callcenter.forwarding.without_row import handed_centre

_LINE: Final = ("centre_id", *(each.split(".")[1].strip() for each in LINE_COLUMNS.split(",")[1:]))

CENTRES: Final = f"""
SELECT {LINE_COLUMNS}, centre.region_id AS centre_region, centre.phone, centre.sequence, centre.source, centre.active, centre.trouble
FROM other_centre AS centre ORDER BY centre.name, centre.id
"""  # noqa: S608 constant columns

RULES: Final = f"SELECT {RULE_COLUMNS} FROM forward_rule AS rule WHERE rule.active ORDER BY rule.id"  # noqa: S608 constant columns

GIVEN: Final = """
SELECT forwarding.incident_id, forwarding.centre_id FROM incident JOIN forwarding ON forwarding.incident_id = incident.id
WHERE incident.state <> 'closed' AND what = 'alarm'
"""

ORIGINS: Final = f"""
SELECT incident.id, {ORIGIN_COLUMNS} FROM incident {ORIGIN_JOINED}
WHERE incident.state <> 'closed' AND incident.source IN (SELECT source FROM other_centre) AND origin.id IS NOT NULL
"""  # noqa: S608 constant parts

ASKED: Final = (CENTRES, RULES, GIVEN, ORIGINS)


class KnownForwards:
    """Of one process. Empty until it is read."""

    def __init__(self) -> None:
        self._centres: Mapping[int, Mapping[str, Any]] = {}
        self._given: Mapping[UUID, frozenset[int]] = {}
        self._origins: Mapping[UUID, Origin] = {}
        self.rules: Sequence[Rule] = ()

    async def read(self, connection: asyncpg.Connection) -> None:
        """Also of what was kept (core.replayed)."""
        centres, rules, given, origins = [await connection.fetch(each) for each in ASKED]
        self._centres = {row["centre_id"]: row for row in centres}
        self.rules = [rule_of(row) for row in rules]
        self._given = _by_incident(given)
        self._origins = {row["id"]: Origin(row["hops"], row["centre_id"]) for row in origins}

    def centre(self, centre_id: int, region_path: Sequence[int]) -> Centre | None:
        """If alarms of this region may go there."""
        row = self._centres.get(centre_id)
        if row is None or not row["active"] or row["centre_region"] not in region_path:
            return None
        return Centre(centre_id, row["name"], row["phone"])

    def centres_of(self, region_path: Sequence[int]) -> Sequence[Mapping[str, Any]]:
        """The rows of those that alarms of this region may go to, by name."""
        rows = self._centres.items()
        return [row for key, row in rows if self.centre(key, region_path) is not None]

    def given_to(self, held: Held) -> Sequence[int]:
        """Centres that have it, or are being given it."""
        said = (entry.data for entry in held.entries if isinstance(entry.data, Forwarded))
        seen = {each.centre_id for each in said if each.centre_id is not None}
        return sorted(seen | self._given.get(held.incident.id, frozenset()))

    def origin(self, incident: Incident) -> Origin:
        """Through how many centres it had come is read in the journal only: what came in the outage has come through as many as may be."""
        known = self._origins.get(incident.id)
        if known is not None:
            return known
        rows = self._centres.values()
        found = min(
            (row["centre_id"] for row in rows if row["source"] == incident.source), default=None
        )
        return Origin() if found is None else Origin(MOST_HOPS, found)

    def handed(self, centre_id: int) -> dict[str, Any]:
        """The row of a centre as the office is given it. Raises KeyError."""
        return handed_centre(self._centres[centre_id], _LINE)

    def last_sequence(self, centre_id: int) -> int:
        """That its row was known to have used. Raises KeyError."""
        return int(self._centres[centre_id]["sequence"])


def _by_incident(rows: Iterable[Mapping[str, Any]]) -> Mapping[UUID, frozenset[int]]:
    found: dict[UUID, frozenset[int]] = {}
    for row in rows:
        before = found.get(row["incident_id"], frozenset())
        found[row["incident_id"]] = before | {row["centre_id"]}
    return found
