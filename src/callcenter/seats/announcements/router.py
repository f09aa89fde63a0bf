"""Announcements over HTTP. The alarm process answers, so that they reach the seats while the office is away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request

from callcenter.auth.guards import client_address, port, require
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.seats.announcements.keeping import AnnouncementBody, Announcements
from callcenter.seats.announcements.shown import AnnouncementView
from callcenter.seats.shifts import Asked

router = APIRouter(prefix="/api/v1/announcements", tags=["seats"])

Announcing = Annotated[Principal, require(Action.ANNOUNCE)]
Reading = Annotated[Principal, require(Action.SEE_INCIDENTS)]
Board = Annotated[Announcements, port(Announcements)]


@router.post("", status_code=201)
async def announce(
    body: AnnouncementBody, principal: Announcing, board: Board, request: Request
) -> AnnouncementView:
    """全席通知: to every seat of a region and below, or of all one's regions, until its time; also to whoever comes later."""
    return await board.write(_asked(principal, board, request), body)


@router.get("")
async def list_announcements(
    principal: Announcing, board: Board, request: Request
) -> Sequence[AnnouncementView]:
    """Of the last week, the newest first, with who has read them and who has not."""
    return await board.latest(_asked(principal, board, request))


@router.post("/{announcement_id}/read", status_code=204)
async def read_announcement(
    announcement_id: UUID, principal: Reading, board: Board, request: Request
) -> None:
    """It was read and understood."""
    await board.read(_asked(principal, board, request), announcement_id)


@router.post("/{announcement_id}/end")
async def end_announcement(
    announcement_id: UUID, principal: Announcing, board: Board, request: Request
) -> AnnouncementView:
    """Take it off all seats before its time."""
    return await board.end(_asked(principal, board, request), announcement_id)


def _asked(principal: Principal, board: Announcements, request: Request) -> Asked:
    return Asked(principal, client_address(request), board.clock.now())
