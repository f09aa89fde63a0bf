"""What a close would write to whom, before it is carried out: the very texts, as long as they will be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from callcenter.alerts.archive import Archive, find_incident
from callcenter.alerts.handling.bodies import CloseBody, ShortText
from callcenter.alerts.handling.decision import ToldContact
from callcenter.alerts.handling.facts import read_told
from callcenter.alerts.handling.telling_on import closing_texts
from callcenter.alerts.incident import Incident, Outcome
from callcenter.auth.guards import port, require
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.core.phone import mask
from callcenter.sms.catalogue import render

router = APIRouter(prefix="/api/v1/incidents", tags=["incidents"])

Working = Annotated[Principal, require(Action.WORK_INCIDENTS)]
InArchive = Annotated[Archive, port(Archive)]


class ClosingQuery(BaseModel):
    """What the close would say."""

    outcome: Outcome
    safe_by: ShortText | None = None
    safe_where: ShortText | None = None
    safe_where_en: ShortText | None = None


class PreviewedText(BaseModel):
    """One text as it would go out now; `recipients` are masked."""

    kind: str
    language: str
    text: str
    recipients: list[str]


@router.get("/{incident_id}/closing-texts")
async def preview_closing_texts(
    incident_id: UUID,
    principal: Working,
    archive: InArchive,
    query: Annotated[ClosingQuery, Query()],
) -> list[PreviewedText]:
    """The texts that closing with this outcome would send, each once."""
    async with archive.connections.use() as connection:
        incident = await find_incident(connection, incident_id, principal, Action.WORK_INCIDENTS)
        told = await read_told(connection, incident.id)
    return _previewed(incident, told, query, archive)


def _previewed(
    incident: Incident, told: Sequence[ToldContact], query: ClosingQuery, archive: Archive
) -> list[PreviewedText]:
    # The id is that of a command which is never given.
    closing = CloseBody(command_id=incident.id, **query.model_dump())
    previewed: dict[tuple[str, str], PreviewedText] = {}
    for text in closing_texts(closing, told, archive.clock.now()):
        params = {**text.params, "ref": incident.number}
        words = render(text.kind, params, text.language, archive.zone)
        one = previewed.setdefault(
            (text.kind, words),
            PreviewedText(kind=text.kind, language=text.language, text=words, recipients=[]),
        )
        one.recipients.append(mask(text.recipient))
    return list(previewed.values())
