"""What an auditor may read of the trail, with the names that people have today."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select

from callcenter.api.trail.concerning import of_resident
from callcenter.api.trail.names import names_of
from callcenter.api.trail.shown import AuditFilter, AuditView
from callcenter.audit.reading import Reach, Wanted, read_trail
from callcenter.auth.permissions import Action
from callcenter.regions.models import Region
from callcenter.residents.access import Asking


async def read_views(
    asking: Asking, query: AuditFilter, timezone: str, *, before: UUID | None = None, limit: int
) -> Sequence[AuditView]:
    """The newest entries that fit, or those behind the entry `before`."""
    wanted = _wanted(query, timezone, before)
    found = await read_trail(asking.session, wanted, await _reach(asking), limit=limit)
    names = await names_of(asking.session, (each.entry for each in found))
    return [AuditView.of(each, names) for each in found]


def _wanted(query: AuditFilter, timezone: str, before: UUID | None) -> Wanted:
    resident = query.resident_id
    since, until = query.span(ZoneInfo(timezone))
    return Wanted(
        user_id=query.user_id,
        subject=query.subject,
        action=query.action,
        since=since,
        until=until,
        before=before,
        among=None if resident is None else of_resident(resident, timezone),
    )


async def _reach(asking: Asking) -> Reach:
    """What has no place is for those who audit the whole tree."""
    regions = asking.principal.regions(Action.READ_AUDIT)
    everywhere = await asking.session.scalar(
        select(exists().where(Region.id.in_(regions), Region.parent_id.is_(None)))
    )
    return Reach(regions, placeless=bool(everywhere))
