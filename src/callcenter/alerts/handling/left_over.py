"""A text that left while the database was away is told of by a row, also where what it was for has turned out to be needless: somebody
had taken the alarm at another server, or the contact was told from there too. It stands among the texts of its incident, and on the
timeline of one that is open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

import asyncpg
import structlog

from callcenter.alerts.arriving.keeping import Keeping, Left
from callcenter.alerts.arriving.writers import CONTENDED, STORE_REFUSES
from callcenter.alerts.handling.carrying_out import Workbench, carry_out, of_system
from callcenter.alerts.handling.refused_later import SAY_REFUSED, Refused
from callcenter.core.encoding import encode_text
from callcenter.core.errors import CallCenterError
from callcenter.core.held import LOST

log = structlog.get_logger(__name__)

TEXT, NEEDLESS = "text", "left_needless"
"""What the timeline says was done, and what stood against it."""


async def account_for_left(
    connection: asyncpg.Connection, bench: Workbench, keeping: Keeping
) -> None:
    """When nothing waits to be written: rows for the texts that have none. Raises what says that the database is away."""
    left = dict(keeping.left)
    try:
        found = await _write(connection, bench, keeping, left)
    except (*LOST, *CONTENDED, *STORE_REFUSES):
        raise
    except Exception:  # an outage ends whatever is wrong with these; they stay on the spool
        log.exception("left_texts_not_accounted_for", texts=len(left))
        keeping.left.clear()
        return
    for incident_id, texts in found.items():
        await _say(connection, bench, incident_id, texts)
    for text_id, one in left.items():
        keeping.left.pop(text_id, None)
        for segment in one.segments:
            keeping.release(segment)


async def _write(
    connection: asyncpg.Connection, bench: Workbench, keeping: Keeping, left: Mapping[UUID, Left]
) -> Mapping[UUID, int]:
    """How many of which incident had no row."""
    documents = [
        {**one.row, "cause": keeping.elsewhere.get(one.row["cause"], one.row["cause"])}
        for one in left.values()
    ]
    rows = await connection.fetch(_WRITE, encode_text(documents), bench.clock.now())
    if rows:
        bench.texts_written()
    return Counter(row["reference"] for row in rows)


async def _say(
    connection: asyncpg.Connection, bench: Workbench, incident_id: UUID, texts: int
) -> None:
    log.warning("texts_left_needlessly", incident_id=str(incident_id), texts=texts)
    refused = Refused(TEXT, NEEDLESS, str(texts))
    try:
        await carry_out(connection, bench, incident_id, of_system(SAY_REFUSED, refused))
    except (
        CallCenterError
    ) as error:  # the row stands; its incident changes too fast for a word about it
        log.warning("refusal_not_said", incident_id=str(incident_id), code=error.code)


_WRITE = """
INSERT INTO sms_message (
    id, dedup, reference, region_id, contact_id, recipient, kind, params, language, priority, created_at, due_at, expires_at
)
SELECT t.id, concat_ws(':', 'left', t.id), incident.id, incident.region_id, t.contact_id, t.recipient, t.kind,
       t.params || jsonb_build_object('ref', incident.number), t.language, t.priority, $2, $2,
       greatest(t.expires_at, $2::timestamptz + interval '5 minutes')
FROM json_to_recordset($1::text::json) AS t(
    id uuid, cause uuid, contact_id bigint, recipient text, kind text, params jsonb, language text, priority bigint,
    expires_at timestamptz
)
JOIN incident ON incident.id = t.cause
WHERE NOT EXISTS (SELECT FROM sms_message AS held WHERE held.id = t.id)
ORDER BY t.id
ON CONFLICT (dedup) DO NOTHING
RETURNING reference
"""
"""Queued: whoever sends finds that it has left, and gives the row its attempt and the answer."""
