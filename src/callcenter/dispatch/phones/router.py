"""The phones of the staff at the desk: listed, let in by a link, ended; codes of homes; photographs that came from the field."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from callcenter.auth.guards import (
    CurrentClock,
    CurrentContext,
    DatabaseSession,
    client_address,
    port,
    require,
    site_zone,
)
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal, public_id
from callcenter.core.sealed import Seal
from callcenter.core.written import Written
from callcenter.dispatch.phone.letting_in import LINK_HOLDS_H
from callcenter.dispatch.phone.models import CodeOf
from callcenter.dispatch.phones.keeping import Managing, as_picture

router = APIRouter(prefix="/api/v1", tags=["phones"])

Sealed = Annotated[Seal, port(Seal)]
_NOTHING_ELSE = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


class PhoneAddress(BaseModel):
    """Port: what the page of phones is called from outside, `https://phones.example.org`; without it, as the console is."""

    base: str


def _managing(
    principal: Principal, session: DatabaseSession, clock: CurrentClock, request: Request
) -> Managing:
    address, zone = client_address(request), site_zone(request)
    return Managing(session, principal, address, clock.now(), zone)


def dispatching(
    principal: Annotated[Principal, require(Action.DISPATCH)],
    session: DatabaseSession,
    clock: CurrentClock,
    request: Request,
) -> Managing:
    """Whoever sends people."""
    return _managing(principal, session, clock, request)


def looking(
    principal: Annotated[Principal, require(Action.SEE_FIELD)],
    session: DatabaseSession,
    clock: CurrentClock,
    request: Request,
) -> Managing:
    """Whoever sees the work of those who are sent."""
    return _managing(principal, session, clock, request)


Dispatching = Annotated[Managing, Depends(dispatching)]
Looking = Annotated[Managing, Depends(looking)]


class FieldPhoneView(BaseModel):
    """A phone that is let in. `id` names it to end it, and opens nothing."""

    id: str
    device: str
    opened_by: str
    opened_at: datetime
    used_at: datetime | None
    until_at: datetime


class LinkHours(BaseModel):
    hours: Annotated[int, Field(ge=1, le=72)] = LINK_HOLDS_H


class PhoneLinkView(BaseModel):
    """Shown once: who opens `address` first is let in. `picture`: the same as a QR code (SVG)."""

    address: str
    picture: str
    until_at: datetime


class HomeCodeBody(Written):
    """`code` null: there is none any more."""

    kind: CodeOf
    code: Annotated[str, Field(min_length=2, max_length=60)] | None


class FieldPhotoView(BaseModel):
    """`nonce_at` null: what is drawn into it was never given out here. `refused`: it is none that could be kept, and why."""

    id: UUID
    received_at: datetime
    width: int | None
    height: int | None
    nonce: str
    nonce_at: datetime | None
    alike: UUID | None
    refused: str


@router.get("/staff/{staff_id}/phones")
async def list_phones_of_staff(staff_id: int, managing: Dispatching) -> list[FieldPhoneView]:
    """Those that are let in, the latest first."""
    return [
        FieldPhoneView(
            id=public_id(one.token_hash),
            device=one.device,
            opened_by=one.opened_by,
            opened_at=one.opened_at,
            used_at=one.used_at,
            until_at=one.until_at,
        )
        for one in await managing.phones_of(staff_id)
    ]


@router.post("/staff/{staff_id}/phones/link", status_code=201)
async def make_phone_link(
    staff_id: int,
    body: LinkHours,
    managing: Dispatching,
    context: CurrentContext,
    request: Request,
) -> PhoneLinkView:
    """Opens one phone, once."""
    link = await managing.link_for(staff_id, body.hours)
    address = f"{_base(context.ports.get(PhoneAddress), request)}/m.html#in={link.code}"
    return PhoneLinkView(address=address, picture=as_picture(address), until_at=link.until_at)


def _base(said: object, request: Request) -> str:
    """As the browser that asks has it: it was compared with our own names (auth/guards.py)."""
    if isinstance(said, PhoneAddress):
        return said.base
    return request.headers.get("origin") or str(request.base_url).rstrip("/")


@router.delete("/staff/{staff_id}/phones", status_code=204)
async def end_phones_of_staff(
    staff_id: int,
    managing: Dispatching,
    only: Annotated[str | None, Query(max_length=64)] = None,
) -> None:
    """All of them, or `only` the one with this id: its next request is refused."""
    await managing.end(staff_id, only)


@router.put("/homes/{home_id}/code", status_code=204)
async def set_home_code(
    home_id: int, body: HomeCodeBody, managing: Dispatching, seal: Sealed
) -> None:
    """What stands at the door or on the card: whoever checks in there reads it, and it is compared. It is never shown again."""
    await managing.set_home_code(seal, home_id, body.kind, body.code)


@router.get("/tasks/{task_id}/photos")
async def list_photos_of_task(task_id: UUID, managing: Looking) -> list[FieldPhotoView]:
    """Of one task, also those that could not be kept."""
    found = await managing.photos_of(task_id)
    return [FieldPhotoView.model_validate(each, from_attributes=True) for each in found]


@router.get("/tasks/{task_id}/photos/{photo_id}", response_class=Response)
async def show_photo_of_task(
    task_id: UUID, photo_id: UUID, managing: Looking, seal: Sealed
) -> Response:
    """Leaves an entry in the audit trail."""
    content = await managing.photo(seal, task_id, photo_id)
    headers = {"Cache-Control": "private, no-store", **_NOTHING_ELSE}
    return Response(content, media_type="image/jpeg", headers=headers)
