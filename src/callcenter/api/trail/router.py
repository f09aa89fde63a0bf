"""The audit trail over HTTP: read by names, found by people, exported, and its chain checked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated, Final, cast
from zoneinfo import ZoneInfo

import asyncpg
from fastapi import APIRouter, Query, Response

from callcenter.api.trail.finding import FoundPeople, find_people
from callcenter.api.trail.names import NOBODY, Name
from callcenter.api.trail.reading import read_views
from callcenter.api.trail.sheet import csv_of
from callcenter.api.trail.shown import (
    AuditFilter,
    AuditPage,
    AuditQuery,
    ChainView,
    Id,
    KindView,
    kinds,
)
from callcenter.api.trail.wording import Language
from callcenter.audit.checking import check_trail
from callcenter.auth.guards import CurrentContext, DatabaseSession, require
from callcenter.auth.permissions import Action
from callcenter.core.errors import Invalid, NotFound
from callcenter.residents.access import Asking
from callcenter.residents.guards import Trail

router = APIRouter(prefix="/api/v1/audit", tags=["audit"])

MOST_EXPORTED: Final = 20_000
"""Entries of one file, some ten megabytes in memory."""
Auditor = require(Action.READ_AUDIT)


@router.get("", dependencies=[Auditor])
async def read_audit(
    asking: Trail, context: CurrentContext, query: Annotated[AuditQuery, Query()]
) -> AuditPage:
    """Who saw and who changed what in the auditor's regions, newest first. Reading is in the trail, too."""
    found = await read_views(
        asking, query, context.site_timezone, before=query.before, limit=query.limit + 1
    )
    page = found[: query.limit]
    about = await _resident(asking, query.resident_id)
    await _note(asking, "trail_read", query)
    return AuditPage(
        entries=list(page),
        resident_name=about.name,
        resident_name_en=about.latin,
        before=page[-1].id if len(found) > query.limit else None,
    )


@router.get("/kinds", dependencies=[Auditor])
async def list_kinds() -> Sequence[KindView]:
    """Every kind of entry in the words of both languages."""
    return kinds()


@router.get("/people", dependencies=[Auditor])
async def find_whom_to_ask_about(
    asking: Trail, q: Annotated[str, Query(min_length=1, max_length=100)]
) -> FoundPeople:
    """Colleagues by part of a name or log-in, and residents as they are searched for elsewhere: whom to ask the trail about."""
    return await find_people(asking, q)


@router.get("/chain", dependencies=[Auditor])
async def check_audit_chain(
    session: DatabaseSession,
    first: Id = 1,
    until: Id | None = None,
) -> ChainView:
    """Whether each entry is as it was written and none is missing, from link `first` on, some thousands at a time."""
    raw = (await (await session.connection()).get_raw_connection()).driver_connection
    return ChainView.of(await check_trail(cast("asyncpg.Connection", raw), first, until))


@router.get("/export", dependencies=[Auditor], response_class=Response)
async def export_audit(
    asking: Trail,
    context: CurrentContext,
    query: Annotated[AuditFilter, Query()],
    lang: Language = "zh-CN",
) -> Response:
    """The same as CSV, newest first; the export is in the trail. Raises Invalid `too_many_found` above 20,000 entries."""
    views = await read_views(asking, query, context.site_timezone, limit=MOST_EXPORTED + 1)
    if len(views) > MOST_EXPORTED:
        raise Invalid(
            "Too many entries: ask for less time.", code="too_many_found", most=MOST_EXPORTED
        )
    content = await asyncio.to_thread(csv_of, views, lang, ZoneInfo(context.site_timezone))
    await _note(asking, "trail_exported", query, count=len(views))
    headers = {
        "Content-Disposition": 'attachment; filename="audit.csv"',
        "Cache-Control": "no-store",
    }
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


async def _resident(asking: Asking, resident_id: int | None) -> Name:
    if resident_id is None:
        return NOBODY
    try:
        resident = await asking.resident(resident_id, Action.READ_AUDIT)
    except NotFound:
        return NOBODY
    return Name(resident.name, resident.name_latin)


async def _note(asking: Asking, action: str, asked: AuditFilter, **more: object) -> None:
    """Of a question about one resident they can be told, as of any look at them."""
    subject = "trail" if asked.resident_id is None else f"resident:{asked.resident_id}"
    regions = sorted(asking.principal.regions(Action.READ_AUDIT))
    await asking.note(action, subject, regions, asked.said() | more)
