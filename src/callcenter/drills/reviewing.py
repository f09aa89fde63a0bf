"""Reading what a drill's incidents have come to, with the look written down."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from callcenter.alerts.archive import Archive, read_detail, read_incident
from callcenter.core.phone import mask
from callcenter.drills import starting
from callcenter.drills.course import PressState
from callcenter.drills.models import DrillPress
from callcenter.drills.report import Course, Pressed, WouldGo, report_of
from callcenter.drills.schemas import DrillReportView, DrillView
from callcenter.residents.access import Asking
from callcenter.sms.catalogue import MessageKind
from callcenter.sms.rendering import render


async def review(
    asking: Asking, archive: Archive, drill_id: int, language: str | None = None
) -> DrillReportView:
    """`language`: of the texts; None: each as its reader would have had it. Raises NotFound."""
    drill = await starting.find(asking, drill_id)
    presses = await starting.presses_of(asking, drill)
    incidents = {each.incident_id for each in presses if each.incident_id}
    async with archive.connections.use() as connection:
        courses = {one: await _course(connection, archive, one, language) for one in incidents}
    homes = sorted({each.home_id for each in presses})
    await asking.note("drill_reported", f"drill:{drill.id}", drill.region_path, {"home_ids": homes})
    until = drill.ended_at or asking.now
    report = report_of(map(_pressed, presses), courses, until)
    return DrillReportView(drill=DrillView.model_validate(drill), report=report)


def _pressed(press: DrillPress) -> Pressed:
    return Pressed(
        number=press.number,
        label=press.label,
        label_en=press.label_en,
        kind=press.kind,
        due_at=press.due_at,
        state=PressState(press.state),
        made_at=press.made_at,
        incident_id=press.incident_id,
    )


async def _course(
    connection: asyncpg.Connection, archive: Archive, incident_id: UUID, language: str | None
) -> Course:
    detail = await read_detail(connection, await read_incident(connection, incident_id))
    return Course(detail, await _texts(connection, archive, incident_id, language))


async def _texts(
    connection: asyncpg.Connection, archive: Archive, incident_id: UUID, language: str | None
) -> Sequence[WouldGo]:
    rows = await connection.fetch(_TEXTS, incident_id)
    return [
        WouldGo(
            mask(row["recipient"]),
            row["name"],
            render(
                MessageKind(row["kind"]), row["params"], language or row["language"], archive.zone
            ),
        )
        for row in rows
    ]


_TEXTS = """
SELECT message.recipient, message.kind, message.params, message.language, contact.name
FROM sms_message AS message LEFT JOIN contact ON contact.id = message.contact_id
WHERE message.reference = $1 ORDER BY message.created_at, message.id
"""
