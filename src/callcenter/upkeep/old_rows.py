"""What of each kind is too old, in SQL (`rows.py`): counted for the page, taken a batch at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from callcenter.upkeep.kinds import Cutoff, KeptKind
from callcenter.upkeep.old_calls import OLD_CALLS
from callcenter.upkeep.old_field_rows import OLD_FIELD_ROWS
from callcenter.upkeep.old_recordings import OLD_RECORDINGS
from callcenter.upkeep.rows import RawConnection, Rows, Together

_OPEN: Final = (
    "EXISTS (SELECT FROM incident WHERE incident.id = one.reference AND incident.state <> 'closed')"
)

OLD_ROWS: Final[Mapping[KeptKind, Rows | Together]] = MappingProxyType(
    {
        KeptKind.LOG_INS: Rows(
            "SELECT token_hash AS key, expires_at AS at FROM login_session AS one WHERE expires_at < $1",
            "DELETE FROM login_session WHERE token_hash IN ({chosen})",
        ),
        KeptKind.WATCH_SPANS: Rows(
            "SELECT one.ctid AS key, until AS at FROM watch_span AS one WHERE until < $1",
            "DELETE FROM watch_span WHERE ctid IN ({chosen})",
        ),
        KeptKind.SEAT_CHANGES: Rows(
            "SELECT one.id AS key, one.at FROM seat_change AS one WHERE one.at < $1",
            "DELETE FROM seat_change WHERE id IN ({chosen})",
        ),
        KeptKind.TEXTS: Rows(
            f"""
            SELECT id AS key, created_at AS at FROM sms_message AS one
            WHERE id < $3 AND created_at < $1 AND state NOT IN ('queued', 'submitting') AND NOT {_OPEN}
            ORDER BY id
            """,  # noqa: S608 - a constant
            "DELETE FROM sms_message WHERE id IN ({chosen})",
            by_id=True,
        ),
        KeptKind.ANSWERS: Rows(
            f"""
            SELECT id AS key, received_at AS at FROM sms_inbound AS one
            WHERE id < $3 AND received_at < $1 AND handled_at IS NOT NULL AND NOT {_OPEN}
            ORDER BY id
            """,  # noqa: S608 - a constant
            "DELETE FROM sms_inbound WHERE id IN ({chosen})",
            by_id=True,
        ),
        KeptKind.FIELD_PHOTOS: Rows(
            "SELECT one.id AS key, received_at AS at FROM photo AS one WHERE received_at < $1",
            "DELETE FROM photo WHERE id IN ({chosen})",
        ),
        KeptKind.PHOTOS: Rows(
            # Of those whose last known home ended before: a stay without an end, or none at all, keeps it.
            """
            SELECT id AS key, gone.at FROM resident AS one
            CROSS JOIN LATERAL (
                SELECT max(coalesce(until_day, 'infinity'))::timestamptz AS at FROM residence
                WHERE resident_id = one.id AND withdrawn_at IS NULL
            ) AS gone
            WHERE photo IS NOT NULL AND status IN ('moved', 'deceased') AND gone.at < $1
            """,
            "UPDATE resident SET photo = NULL WHERE id IN ({chosen})",
        ),
        **OLD_FIELD_ROWS,
        **OLD_RECORDINGS,
        **OLD_CALLS,
    }
)
"""Each that lies in a table; reports of imports are files."""


@dataclass(frozen=True, slots=True)
class OldParts:
    """A ledger of which whole months go: `key` is that of its parts, `time` says when a row was written."""

    ledger: str
    key: str
    time: str

    async def look(self, connection: RawConnection, cut: Cutoff, most: int) -> Any:
        """`number`, at most `most`, and the `oldest`."""
        query = f"""
        SELECT count(*) AS number, min(at) AS oldest FROM (
            SELECT {self.time} AS at FROM {self.ledger} WHERE {self.key} < (
                SELECT high FROM ledger_part WHERE ledger = '{self.ledger}' AND NOT is_default AND high <= $1::uuid
                ORDER BY high DESC LIMIT 1
            ) ORDER BY {self.key} LIMIT $2
        ) AS old
        """  # noqa: S608 - constants
        return await connection.fetchrow(query, cut.id, most)


class OldDays:
    """Of the tracks of staff, of which whole days go, UTC (`dispatch.positions.parts`)."""

    async def look(self, connection: RawConnection, cut: Cutoff, most: int) -> Any:
        """`number`, at most `most`, and the `oldest`."""
        query = """
        SELECT count(*) AS number, min(at) AS oldest FROM (
            SELECT at FROM staff_track WHERE at < date_trunc('day', $1::timestamptz, 'UTC') LIMIT $2
        ) AS old
        """
        return await connection.fetchrow(query, cut.at, most)


OLD_PARTS: Final[Mapping[KeptKind, OldParts | OldDays]] = MappingProxyType(
    {
        KeptKind.TRACKS: OldDays(),
        KeptKind.JOURNAL: OldParts("journal", "id", "stored_at"),
        KeptKind.TIMELINE: OldParts("timeline_entry", "incident_id", "at"),
        KeptKind.AUDIT: OldParts("audit_entry", "id", "at"),
    }
)
"""What goes in parts: ledgers into the archive (`archiving.py`), tracks for good."""
