"""The audit trail for auditors. It stands above `auth`, which writes it and guards it, so its route lives here."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy import exists, select

from callcenter.audit.models import AuditEntry
from callcenter.audit.reading import Wanted, read_trail
from callcenter.auth.guards import DatabaseSession, require
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.regions.models import Region

router = APIRouter(prefix="/api/v1", tags=["audit"])


class AuditView(BaseModel):
    """One look or one change."""

    id: UUID
    at: datetime
    user_id: int | None
    action: str
    subject: str
    region_ids: list[int]
    address: str | None
    detail: dict[str, object]


class AuditQuery(BaseModel):
    """All that is given must hold; `since` is included, `until` is not."""

    user_id: int | None = None
    subject: Annotated[str | None, Field(max_length=200, examples=["home:12"])] = None
    action: Annotated[str | None, Field(max_length=100, examples=["profile_seen"])] = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    before: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class AuditPage(BaseModel):
    """`before` is the id to ask for the next, older page with; null on the last."""

    entries: list[AuditView]
    before: UUID | None


@router.get("/audit")
async def read_audit(
    principal: Annotated[Principal, require(Action.READ_AUDIT)],
    session: DatabaseSession,
    query: Annotated[AuditQuery, Query()],
) -> AuditPage:
    """Who saw and who changed what in the auditor's regions, newest first."""
    regions = principal.regions(Action.READ_AUDIT)
    everywhere = await session.scalar(
        select(exists().where(Region.id.in_(regions), Region.parent_id.is_(None)))
    )
    found = await read_trail(
        session,
        Wanted(**query.model_dump(exclude={"limit"})),
        region_ids=regions,
        with_placeless=bool(everywhere),
        limit=query.limit + 1,
    )
    page = found[: query.limit]
    return AuditPage(
        entries=[_view(entry) for entry in page],
        before=page[-1].id if len(found) > query.limit else None,
    )


def _view(entry: AuditEntry) -> AuditView:
    return AuditView.model_validate(entry, from_attributes=True)
