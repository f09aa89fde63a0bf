"""Settings of a site that need no restart, and how long what is kept, over HTTP. Both are of the whole site."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.adjustable.known import setting_of
from callcenter.auth.administration import demand_password_lately
from callcenter.auth.guards import CurrentContext, DatabaseSession, client_address, port, require
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.core.errors import Conflict
from callcenter.directory.jobs import ImportJobs
from callcenter.regions.models import Region
from callcenter.residents.access import Asking
from callcenter.upkeep.changing import SettingBody, SettingView, say, show_settings
from callcenter.upkeep.showing import RetentionView, show_retention

router = APIRouter(prefix="/api/v1", tags=["operations"])

Administrator = Annotated[Principal, require(Action.MANAGE_USERS)]


@router.get("/site-settings")
async def list_site_settings(
    principal: Administrator, session: DatabaseSession, context: CurrentContext
) -> list[SettingView]:
    """What an administrator of the whole site may change while the server runs."""
    await _demand_everywhere(session, principal)
    return await show_settings(session, context.site)


@router.put("/site-settings/{name}")
async def say_site_setting(
    name: str,
    body: SettingBody,
    principal: Administrator,
    context: CurrentContext,
    request: Request,
) -> list[SettingView]:
    """Holds from now on, in every process within seconds. 422 `setting_bounds` names the bound; asks for the password again after ten
    minutes.
    """
    now = context.clock.now()
    async with context.database.transaction() as session:
        root = await _demand_everywhere(session, principal)
        setting_of(name)
        demand_password_lately(principal, now)
        asking = Asking(session, principal, client_address(request), now)
        await say(asking, context.site, name, body, root)
    context.site.tell()
    async with context.database.transaction() as session:
        return await show_settings(session, context.site)


@router.get("/retention")
async def see_retention(
    principal: Administrator,
    session: DatabaseSession,
    context: CurrentContext,
    imports: Annotated[ImportJobs, port(ImportJobs)],
) -> RetentionView:
    """What is kept for how long, what would go now, and what the last run took."""
    await _demand_everywhere(session, principal)
    return await show_retention(session, context.site, imports, context.clock.now())


async def _demand_everywhere(session: AsyncSession, principal: Principal) -> list[int]:
    """The root's path, for whoever administers there."""
    root = await session.scalar(select(Region.path).where(Region.parent_id.is_(None)))
    if root is None:
        raise Conflict("this site has no region", code="no_root")
    principal.demand(Action.MANAGE_USERS, root)
    return root
