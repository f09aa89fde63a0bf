"""Recordings over HTTP, in the office: which there are, heard with a reason, held and released, and who has heard what."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response

from callcenter.auth.guards import CurrentContext, port, require
from callcenter.auth.permissions import Action
from callcenter.hotline.recordings import holding, listening, showing
from callcenter.hotline.recordings.models import RecordingState
from callcenter.hotline.recordings.schemas import (
    HeardPage,
    ListeningView,
    RecordingDetail,
    RecordingPage,
    RecordingView,
    WhyBody,
)
from callcenter.hotline.recordings.shelf import Shelf
from callcenter.residents.guards import Trail

router = APIRouter(prefix="/api/v1/hotline", tags=["recordings"])

Hearer = require(Action.HEAR_RECORDINGS)
Keeper = require(Action.KEEP_RECORDINGS)
Auditor = require(Action.READ_AUDIT)
TheShelf = Annotated[Shelf, port(Shelf)]
Limit = Annotated[int, Query(ge=1, le=200)]
_HEADERS: Final = {
    "Accept-Ranges": "bytes",
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}
_WAVE: Final = "audio/wav"


@router.get("/calls/{call_id}/recordings", dependencies=[Hearer])
async def list_recordings_of_call(call_id: UUID, asking: Trail) -> list[RecordingView]:
    """That of the call itself, and of each telephone that was rung in it, the oldest first."""
    return await showing.of_call(asking, call_id)


@router.get("/incidents/{incident_id}/recordings", dependencies=[Hearer])
async def list_recordings_of_incident(incident_id: UUID, asking: Trail) -> list[RecordingView]:
    """Of every call that belongs to it, the oldest first."""
    return await showing.of_incident(asking, incident_id)


@router.get("/recordings", dependencies=[Hearer])
async def list_recordings(
    asking: Trail,
    state: RecordingState | None = None,
    without_call: bool = False,
    before: int | None = None,
    limit: Limit = 50,
) -> RecordingPage:
    """Of one's regions, the newest first: those that are missing or held, or of no known call."""
    return await showing.all_of_them(asking, showing.Asked(state, without_call, before, limit))


@router.get("/recordings/heard", dependencies=[Auditor])
async def list_who_heard_recordings(
    asking: Trail,
    from_: Annotated[datetime | None, Query(alias="from")] = None,
    until: datetime | None = None,
    user_id: int | None = None,
    recording_id: int | None = None,
    before: UUID | None = None,
    limit: Limit = 50,
) -> HeardPage:
    """Who has heard which recording, when and why, the newest first."""
    when = showing.HeardWhen(from_, until, user_id, recording_id, before, limit)
    return await showing.heard_by_whom(asking, when)


@router.get("/recordings/{recording_id}", dependencies=[Hearer])
async def show_recording(recording_id: int, asking: Trail) -> RecordingDetail:
    """Its state and how loud it is; nothing of what was said."""
    recording = await listening.found(asking, recording_id, Action.HEAR_RECORDINGS)
    return await showing.detail_of(asking, recording)


@router.post("/recordings/{recording_id}/listen", dependencies=[Hearer])
async def ask_to_hear_recording(
    recording_id: int, body: WhyBody, asking: Trail, shelf: TheShelf, context: CurrentContext
) -> ListeningView:
    """An address for a player of whoever asks, which ends; the reason stands in the audit trail. 409 `nothing_to_hear` says why not."""
    async with context.database.transaction() as session:
        await listening.look_for_file(replace(asking, session=session), shelf, recording_id)
    admitted = await listening.admit(asking, recording_id, body.reason)
    one = admitted.listening
    sound = f"/api/v1/hotline/recordings/{recording_id}/sound?key={admitted.key}"
    return ListeningView(id=one.id, sound=sound, until=one.until)


@router.get(
    "/recordings/{recording_id}/sound",
    dependencies=[Hearer],
    response_class=Response,
    responses={200: {"content": {_WAVE: {}}}, 206: {"content": {_WAVE: {}}}, 416: {}},
)
async def hear_recording(
    recording_id: int,
    asking: Trail,
    shelf: TheShelf,
    key: Annotated[str, Query(max_length=64)],
    asked: Annotated[str | None, Header(alias="range")] = None,
) -> Response:
    """The sound (WAVE, A-law), whole or a range of it; only with the key that was given to whoever asks."""
    name, place = await listening.opened(asking, recording_id, key)
    try:
        sound = await asyncio.to_thread(listening.part_of, shelf, name, place, asked)
    except ValueError:
        return Response(status_code=416, headers=_HEADERS)
    if sound.span is None:
        return Response(sound.content, media_type=_WAVE, headers=_HEADERS)
    headers = {**_HEADERS, "Content-Range": sound.span.content_range(sound.size)}
    return Response(sound.content, status_code=206, media_type=_WAVE, headers=headers)


@router.post("/recordings/{recording_id}/hold", dependencies=[Keeper])
async def hold_recording(recording_id: int, body: WhyBody, asking: Trail) -> RecordingDetail:
    """It does not expire until it is released."""
    return await showing.detail_of(asking, await holding.hold(asking, recording_id, body.reason))


@router.post("/recordings/{recording_id}/release", dependencies=[Keeper])
async def release_recording(recording_id: int, body: WhyBody, asking: Trail) -> RecordingDetail:
    """It expires by its age, as others do."""
    return await showing.detail_of(asking, await holding.release(asking, recording_id, body.reason))
