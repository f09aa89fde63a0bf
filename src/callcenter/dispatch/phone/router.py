"""What the page of a phone asks (`m.html`): letting it in, its owner's jobs, what they did, photographs, hours. All of it lies below
/api/v1/phone, so that a listener towards the outside can open these and nothing else.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import select

from callcenter.auth.guards import (
    Context,
    CurrentContext,
    DatabaseSession,
    Zone,
    check_origin,
    client_address,
    port,
)
from callcenter.core.errors import Invalid
from callcenter.core.sealed import Seal
from callcenter.dispatch.models import Duty, PositionSource
from callcenter.dispatch.phone import sessions
from callcenter.dispatch.phone.bodies import PhoneBatchBody
from callcenter.dispatch.phone.carrying_out import Hand
from callcenter.dispatch.phone.guards import CurrentPhone, Now
from callcenter.dispatch.phone.hours import hours_of
from callcenter.dispatch.phone.jobs import job_of, jobs_of
from callcenter.dispatch.phone.letting_in import Door
from callcenter.dispatch.phone.nonces import nonce_for
from callcenter.dispatch.phone.one_by_one import PhoneBatchView, batch_view
from callcenter.dispatch.phone.photographs import Album, Sent
from callcenter.dispatch.phone.picture_kinds import MOST_BYTES
from callcenter.dispatch.phone.schemas import (
    PhoneHoursView,
    PhoneJobsView,
    PhoneJobView,
    PhoneOwnerView,
    PhoneTimeView,
)
from callcenter.dispatch.phone.sessions import COOKIE, COOKIE_PATH, LetIn, Phone
from callcenter.dispatch.positions.keeping import record
from callcenter.regions.models import Region

router = APIRouter(prefix="/api/v1/phone", tags=["phones"])

Sealed = Annotated[Seal, port(Seal)]


class PhoneNumberBody(BaseModel):
    number: Annotated[str, Field(max_length=40)]
    language: Annotated[str, Field(max_length=10)] = "zh-CN"


class PhoneCodeBody(BaseModel):
    number: Annotated[str, Field(max_length=40)]
    code: Annotated[str, Field(max_length=20)]
    device: Annotated[str, Field(max_length=200)] = ""


class PhoneLinkBody(BaseModel):
    code: Annotated[str, Field(max_length=60)]
    device: Annotated[str, Field(max_length=200)] = ""


class PhonePositionBody(BaseModel):
    """WGS-84 degrees, as navigator.geolocation gives them."""

    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    lng: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
    accuracy_m: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None


class PhonePhotoView(BaseModel):
    """`refused` empty: it was kept. Else why not; `alike`: it was shown before."""

    id: UUID
    refused: str
    alike: bool


# ---- letting in


def door_of(request: Request, context: CurrentContext, zone: Zone) -> Door:
    """For whoever has no session yet."""
    check_origin(request)
    return Door(context.database, context.clock, zone, client_address(request))


AtTheDoor = Annotated[Door, Depends(door_of)]


@router.post("/login/code", status_code=204)
async def send_phone_code(body: PhoneNumberBody, door: AtTheDoor) -> None:
    """Six digits in a text to the number, where it is that of somebody who works here; the answer is the same where it is not."""
    await door.send_code(body.number, body.language)


@router.post("/login", status_code=204)
async def log_phone_in(
    body: PhoneCodeBody, door: AtTheDoor, context: CurrentContext, response: Response
) -> None:
    """With the digits of the text: sets the cookie `callcenter_phone`. 401 `code_refused`; 429 after wrong ones."""
    fresh = await _named(door, body.device).log_in(body.number, body.code)
    _set_cookie(response, context, fresh)


@router.post("/login/link", status_code=204)
async def log_phone_in_by_link(
    body: PhoneLinkBody, door: AtTheDoor, context: CurrentContext, response: Response
) -> None:
    """With the code of a link that the office has made, once. 401 `link_refused`; `link_used`, `link_expired` to whoever has it."""
    fresh = await _named(door, body.device).log_in_by_link(body.code)
    _set_cookie(response, context, fresh)


def _named(door: Door, device: str) -> Door:
    return Door(door.database, door.clock, door.zone, door.address, device)


@router.post("/logout", status_code=204)
async def log_phone_out(
    phone: CurrentPhone, session: DatabaseSession, now: Now, response: Response
) -> None:
    """End this session."""
    await sessions.go_out(session, phone, now)
    response.delete_cookie(COOKIE, path=COOKIE_PATH, httponly=True, samesite="strict")


def _set_cookie(response: Response, context: Context, fresh: LetIn) -> None:
    response.set_cookie(
        COOKIE,
        fresh.token,
        max_age=int((fresh.until_at - context.clock.now()).total_seconds()),
        path=COOKIE_PATH,
        secure=context.secure_cookies,
        httponly=True,
        samesite="strict",
    )


# ---- looking


@router.get("/time")
async def show_phone_time(phone: CurrentPhone, seal: Sealed, now: Now) -> PhoneTimeView:
    """The server's clock, by which a phone finds the error of its own, and what it is to draw into photographs."""
    return PhoneTimeView(now=now, nonce=nonce_for(seal, phone.staff_id, now))


@router.get("/jobs")
async def list_own_jobs(
    phone: CurrentPhone,
    session: DatabaseSession,
    context: CurrentContext,
    seal: Sealed,
    now: Now,
    request: Request,
) -> PhoneJobsView:
    """Offers and what one has, today and the days to come, with what is needed to do it without a line."""
    return PhoneJobsView(
        now=now,
        nonce=nonce_for(seal, phone.staff_id, now),
        who=await _who(session, phone, context),
        jobs=await jobs_of(session, phone, now, client_address(request)),
    )


@router.get("/jobs/{task_id}")
async def show_own_job(
    task_id: UUID, phone: CurrentPhone, session: DatabaseSession, now: Now, request: Request
) -> PhoneJobView:
    """One of them; 404 also for a job of somebody else."""
    return await job_of(session, phone, task_id, now, client_address(request))


@router.get("/hours")
async def show_own_hours(
    month: Annotated[str, Query(max_length=7)],
    phone: CurrentPhone,
    session: DatabaseSession,
    zone: Zone,
    now: Now,
) -> PhoneHoursView:
    """Duties and jobs done of a month, `2026-11`."""
    return await hours_of(session, phone.staff_id, month, now, zone)


async def _who(session: DatabaseSession, phone: Phone, context: Context) -> PhoneOwnerView:
    since = await session.scalar(
        select(Duty.began_at).where(Duty.staff_id == phone.staff_id, Duty.ended_at.is_(None))
    )
    hotlines = await session.scalars(
        select(Region.hotline)
        .where(Region.id.in_(phone.region_path), Region.hotline.is_not(None), Region.hotline != "")
        .order_by(Region.path.desc())
    )
    return PhoneOwnerView(
        staff_id=phone.staff_id,
        name=phone.name,
        on_duty_since=since,
        hotline=hotlines.first() or "",
        site=context.site.text("site.name"),
        site_en=context.site.text("site.name_en"),
        timezone=context.site_timezone,
        session_until=phone.until_at,
        exercise=context.exercise,
    )


# ---- doing


@router.post("/commands")
async def carry_out_phone_commands(
    body: PhoneBatchBody, phone: CurrentPhone, context: CurrentContext, seal: Sealed, now: Now
) -> PhoneBatchView:
    """What its owner did, in that order, each once: accept, decline {reason}, set_out {minutes}, arrive and depart {lat, lng,
    accuracy_m, photo_id, door_code, card_code, note, offline}, help {words}, report {words, photo_id, lat, lng}, wish {wish_id, words}; on_duty, off_duty
    (`stays_on_duty`: until the job is over), help_alone {lat, lng} without a job. A repeat is answered as before; what was refused does not stop the next.
    """
    hand = Hand(context.database, context.clock, seal, phone)
    return batch_view(now, body.commands, await hand.all_of(body.commands))


@router.put("/photos/{photo_id}")
async def keep_phone_photo(
    photo_id: UUID,
    task_id: UUID,
    phone: CurrentPhone,
    context: CurrentContext,
    seal: Sealed,
    request: Request,
    nonce: Annotated[str, Query(max_length=40)] = "",
) -> PhonePhotoView:
    """The bytes of one: JPEG, PNG or WebP of at most 10 MB and 50 megapixels. What cannot be kept is said in `refused`, once and
    for good: whoever sends it again is told the same.
    """
    content = await request.body()
    if len(content) > MOST_BYTES:
        raise Invalid(f"A photograph has at most {MOST_BYTES} bytes.", code="photo_too_large")
    album = Album(context.database, context.clock, seal, phone)
    photo = await album.keep(Sent(photo_id, task_id, nonce, content))
    return PhonePhotoView(id=photo.id, refused=photo.refused, alike=photo.alike is not None)


@router.put("/position", status_code=204)
async def note_phone_position(
    body: PhonePositionBody, phone: CurrentPhone, session: DatabaseSession, now: Now
) -> None:
    """Where it is, and by that the way it took. Of somebody off duty nothing is kept."""
    lat, lng, accuracy_m = body.lat, body.lng, body.accuracy_m
    await record(session, phone.staff_id, now, lat, lng, accuracy_m, PositionSource.PAGE, now)
