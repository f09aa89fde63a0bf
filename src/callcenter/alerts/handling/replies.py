"""Answers by text: stored raw by the SMS part, understood here, written onto the incident they answer (G6).

A sender with one open incident means that one; with several, the code in the text decides, and without one the answer
stands on each as unclear. A duty number was told and not asked: its words stand on the incident as they are. What belongs to no
open incident is not dropped: it becomes a quiet call in the queue.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from callcenter.alerts.arriving.intake import Intake
from callcenter.alerts.handling.bodies import Answer
from callcenter.alerts.handling.carrying_out import Workbench, carry_out, of_system
from callcenter.alerts.handling.commands import LONGEST_ANSWER, TAKE_ANSWER
from callcenter.alerts.incident import INCIDENT_COLUMNS, Incident
from callcenter.core.errors import CallCenterError
from callcenter.core.held import LOST
from callcenter.devices.callers import SourceRef
from callcenter.devices.signals import Kind, Signal
from callcenter.sms.inbound import Meaning, meaning as read_meaning

log = structlog.get_logger(__name__)

NAME = "replies"
SOURCE = "sms"
BATCH = 50


class Replies:
    """The processor: hinted by the SMS part, else every second."""

    name = NAME
    interval_s = 1.0

    def __init__(self, workbench: Workbench, intake: Intake) -> None:
        self._workbench = workbench
        self._intake = intake

    async def run_once(self, now: datetime) -> int:
        """Handle what has come in, oldest first."""
        async with self._workbench.connections.use() as connection:
            rows = await connection.fetch(_UNHANDLED, BATCH)
            handled = [await self._handle_or_leave(connection, row, now) for row in rows]
        return sum(handled)

    async def _handle_or_leave(
        self, connection: asyncpg.Connection, row: Mapping[str, Any], now: datetime
    ) -> bool:
        """One answer that cannot be written now, or ever, keeps no other waiting."""
        try:
            await self._handle(connection, row, now)
        except CallCenterError as error:
            log.warning("reply_left_for_later", inbound_id=str(row["id"]), code=error.code)
        except LOST:
            raise
        except Exception:
            log.exception("reply_failed", inbound_id=str(row["id"]))
        else:
            return True
        return False

    async def _handle(
        self, connection: asyncpg.Connection, row: Mapping[str, Any], now: datetime
    ) -> None:
        """Onto each incident it may be about, then the row is done; whatever is raised before leaves it for later."""
        answer = read_meaning(row["text"])
        told = await connection.fetch(_OPEN_OF, row["sender"])
        asked = {one["id"] for one in told if one["asked"]}
        incidents = [Incident.of(one) for one in told if one["asked"] or not asked]
        if answer.ref is not None:
            meant = [Incident.of(one) for one in told if one["number"] == answer.ref]
            ended = None if meant else await self._ended(connection, row["sender"], answer.ref)
            if ended is not None:
                await connection.execute(_HANDLED, row["id"], answer.meaning.value, ended, now)
                return
            incidents = meant or incidents
        if not incidents and not await connection.fetchval(_CLOSED_OF, row["sender"], now):
            await self._ring_quietly(row, now)
        meaning = answer.meaning if len(incidents) <= 1 else None
        for incident in incidents:
            meant_here = meaning if incident.id in asked else Meaning.OTHER
            said = Answer(row["id"], row["sender"], meant_here, row["text"])
            order = of_system(TAKE_ANSWER, said)
            await carry_out(connection, self._workbench, incident.id, order)
        reference = incidents[0].id if incidents else None
        await connection.execute(_HANDLED, row["id"], answer.meaning.value, reference, now)

    async def _ended(self, connection: asyncpg.Connection, sender: str, number: int) -> UUID | None:
        """The closed incident of this number that the sender was texted about: the answer to it says nothing of others."""
        ended: UUID | None = await connection.fetchval(_ENDED, sender, number)
        return ended

    async def _ring_quietly(self, row: Mapping[str, Any], now: datetime) -> None:
        root = self._workbench.registry.root_id
        raw = f"{row['sender']}: {row['text']}".encode()
        signal = Signal(
            identifier=row["sender"],
            kind=Kind.HELP,
            dedup_key=sha256(row["id"].bytes).digest(),
            raw=raw,
            text=row["text"][:LONGEST_ANSWER],
        )
        await self._intake.accept(SourceRef(SOURCE, SOURCE, root), [signal], now)


_UNHANDLED = """
SELECT id, sender, text, received_at FROM sms_inbound WHERE handled_at IS NULL ORDER BY received_at LIMIT $1
"""

_OPEN_OF = f"""
SELECT {INCIDENT_COLUMNS}, asked FROM incident JOIN (
    SELECT reference, bool_or(kind <> 'duty_alarm') AS asked FROM sms_message
    WHERE recipient = $1 AND kind IN ('alarm_raised', 'can_you_go', 'duty_alarm') GROUP BY reference
) AS told ON told.reference = incident.id
WHERE state <> 'closed' ORDER BY opened_at
"""  # noqa: S608 constant columns

_ENDED = """
SELECT incident.id FROM incident JOIN sms_message ON sms_message.reference = incident.id
WHERE recipient = $1 AND incident.number = $2 AND incident.state = 'closed' LIMIT 1
"""

_CLOSED_OF = """
SELECT true FROM sms_message JOIN incident ON incident.id = sms_message.reference
WHERE recipient = $1 AND sms_message.created_at > $2::timestamptz - interval '1 day' LIMIT 1
"""

_HANDLED = """
UPDATE sms_inbound SET meaning = $2, reference = $3, handled_at = $4 WHERE id = $1 AND handled_at IS NULL
"""
