"""Putting a site into service, over HTTP."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from callcenter.audit.trail import record
from callcenter.auth.acting import Acting
from callcenter.auth.guards import (
    CurrentContext,
    DatabaseSession,
    check_origin,
    client_address,
    port,
    require,
)
from callcenter.auth.own_session import Trail
from callcenter.auth.passwords import Passwords
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.auth.strength import LONGEST, check_strength
from callcenter.commissioning.checklist import Name, checklist, missing
from callcenter.commissioning.facts import SiteSettings, read_facts
from callcenter.commissioning.first_start import (
    FirstCode,
    NewAccount,
    NewSite,
    found_site,
    is_first,
)
from callcenter.commissioning.models import IN_SERVICE, SiteConfirmation
from callcenter.core.errors import Conflict
from callcenter.core.written import Written
from callcenter.regions.models import Region
from callcenter.residents.guards import Hint

router = APIRouter(prefix="/api/v1", tags=["commissioning"])

Administrator = Annotated[Principal, require(Action.MANAGE_USERS)]
Code = Annotated[FirstCode, port(FirstCode)]
Site = Annotated[SiteSettings, port(SiteSettings)]


class FirstStartView(BaseModel):
    first: bool
    """Nobody has an account yet."""


class AccountBody(Written):
    verbatim: ClassVar[frozenset[str]] = frozenset({"password"})

    login: Annotated[str, Field(min_length=1, max_length=100)]
    name: Annotated[str, Field(min_length=1, max_length=100)]
    password: Annotated[str, Field(max_length=LONGEST)]


class FirstStartBody(Written):
    verbatim: ClassVar[frozenset[str]] = frozenset({"administrator", "operator"})

    code: Annotated[str, Field(max_length=100)]
    region: Annotated[str, Field(min_length=1, max_length=100)]
    region_en: Annotated[str, Field(max_length=100)] = ""
    hotline: Annotated[str, Field(min_length=1, max_length=40)]
    duty_number: Annotated[str, Field(min_length=1, max_length=40)]
    language: Literal["zh-CN", "en"] = "zh-CN"
    administrator: AccountBody
    operator: AccountBody


class ItemView(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    name: Name
    done: bool
    by_hand: bool
    figures: dict[str, int | str | None]


class ConfirmationView(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    what: str
    at: str
    user_name: str
    note: str


class ChecklistView(BaseModel):
    """`in_service`: since when, said by whom; null while nobody has."""

    items: list[ItemView]
    in_service: ConfirmationView | None
    confirmed: list[ConfirmationView]


class SayBody(Written):
    what: Literal["backup", "in_service"]
    note: Annotated[str, Field(min_length=1, max_length=500)]


@router.get("/first-start")
async def ask_first_start(session: DatabaseSession) -> FirstStartView:
    """Whether this site has no account yet, and the page for its first ones is open."""
    return FirstStartView(first=await is_first(session))


@router.post("/first-start", status_code=201, dependencies=[Hint])
async def start_first(
    body: FirstStartBody, request: Request, context: CurrentContext, code: Code
) -> FirstStartView:
    """The first administrator, region and operator, by the code in the file `first-start-code` of the data folder; 409 `not_first`
    once there is an account.
    """
    check_origin(request)
    code.demand(body.code)
    site = await _site_of(body, context.passwords)
    acting = Acting(None, client_address(request), context.clock.now())
    async with context.database.transaction() as session:
        region = await found_site(session, acting, site)
        await record(
            session,
            at=acting.now,
            principal_id=None,
            action="site_founded",
            subject=f"region:{region.id}",
            region_ids=region.path,
            address=acting.address,
            detail={"administrator": site.administrator.login, "operator": site.operator.login},
        )
    code.withdraw()
    return FirstStartView(first=False)


async def _site_of(body: FirstStartBody, passwords: Passwords) -> NewSite:
    accounts = []
    for one in (body.administrator, body.operator):
        check_strength(one.password, one.login)
        accounts.append(NewAccount(one.login, one.name, await passwords.hash(one.password)))
    return NewSite(
        body.region, body.region_en, body.hotline, body.duty_number, body.language, *accounts
    )


@router.get("/checklist")
async def show_checklist(
    asking: Trail, principal: Administrator, session: DatabaseSession, site: Site
) -> ChecklistView:
    """What the site has and what it misses, worked out anew each time."""
    await _demand_everywhere(session, principal)
    return await _view(session, site, asking)


@router.post("/checklist", status_code=201)
async def say(
    body: SayBody, asking: Trail, principal: Administrator, session: DatabaseSession, site: Site
) -> ChecklistView:
    """An administrator says that a copy was restored, or that the site is in service: 409 `not_ready` with what is missing."""
    root = await _demand_everywhere(session, principal)
    if body.what == IN_SERVICE:
        items = checklist(await read_facts(session, site, asking.now), asking.now)
        if left := missing(items):
            raise Conflict(
                f"not yet: {', '.join(left)}",
                code="not_ready",
                missing=[name.value for name in left],
            )
    said = SiteConfirmation(
        what=body.what,
        at=asking.now,
        user_id=principal.user_id,
        user_name=principal.name,
        note=body.note,
    )
    session.add(said)
    await record(
        session,
        at=asking.now,
        principal_id=principal.user_id,
        action="site_confirmed",
        subject=f"region:{root.id}",
        region_ids=root.path,
        address=asking.address,
        detail={"what": body.what, "note": body.note},
    )
    await session.flush()
    return await _view(session, site, asking)


async def _demand_everywhere(session: DatabaseSession, principal: Principal) -> Region:
    root = await session.scalar(select(Region).where(Region.parent_id.is_(None)))
    if root is None:
        raise Conflict("this site has no region", code="no_root")
    principal.demand(Action.MANAGE_USERS, root.path)
    return root


async def _view(session: DatabaseSession, site: SiteSettings, asking: Trail) -> ChecklistView:
    items = checklist(await read_facts(session, site, asking.now), asking.now)
    said = list(
        await session.scalars(select(SiteConfirmation).order_by(SiteConfirmation.id.desc()).limit(50))
    )  # fmt: skip
    views = [
        ConfirmationView(what=one.what, at=one.at.isoformat(), user_name=one.user_name, note=one.note)
        for one in said
    ]  # fmt: skip
    return ChecklistView(
        items=[ItemView.model_validate(item, from_attributes=True) for item in items],
        in_service=next((view for view in views if view.what == IN_SERVICE), None),
        confirmed=views,
    )
