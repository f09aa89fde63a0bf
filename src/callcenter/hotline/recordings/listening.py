"""Hearing a recording: within one's regions, with a reason that stays, by an address that is one's own and ends."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth.permissions import Action
from callcenter.core import metrics
from callcenter.core.errors import Conflict, NotFound
from callcenter.core.ids import new_id
from callcenter.hotline.recordings.keeping_states import HEARD_IN, Event, apply
from callcenter.hotline.recordings.models import (
    Recording,
    RecordingListening,
    RecordingState as State,
)
from callcenter.hotline.recordings.ranges import Span, span_of
from callcenter.hotline.recordings.shelf import Shelf
from callcenter.regions.models import Region
from callcenter.residents.access import Asking

log = structlog.get_logger(__name__)

HEARD_FOR: Final = timedelta(minutes=15)
"""Beside three times its length: to stop, go back and think."""
FILE_GONE: Final = "file_gone"
_WITH_A_FILE: Final = HEARD_IN | {State.MISSING}


@dataclass(frozen=True, slots=True)
class Admitted:
    """`key` is told once; only its hash is kept."""

    listening: RecordingListening
    key: str


@dataclass(frozen=True, slots=True)
class Sound:
    """A part of what is heard, or all of it where `span` is None."""

    size: int
    span: Span | None
    content: bytes


async def found(
    asking: Asking, recording_id: int, action: Action, *, to_change: bool = False
) -> Recording:
    """Raises NotFound for one that is not in the regions of whoever asks."""
    query = (
        select(Recording)
        .join(Region, Region.id == Recording.region_id)
        .where(Recording.id == recording_id)
    )
    if to_change:
        query = query.with_for_update(of=Recording)
    return await asking.one(query, "recording", action)


async def admit(asking: Asking, recording_id: int, reason: str) -> Admitted:
    """Raises NotFound, Conflict `nothing_to_hear` with the state and why."""
    recording = await found(asking, recording_id, Action.HEAR_RECORDINGS)
    if State(recording.state) not in HEARD_IN:
        raise _nothing(recording)
    key = secrets.token_urlsafe(24)
    listening = RecordingListening(
        id=new_id(),
        recording_id=recording.id,
        user_id=asking.principal.user_id,
        at=asking.now,
        reason=reason,
        key_hash=_hash(key),
        until=asking.now + HEARD_FOR + timedelta(seconds=3 * (recording.seconds or 0)),
    )
    asking.session.add(listening)
    await asking.session.flush()
    detail = {
        "recording": recording.id,
        "call": str(recording.call_id),
        "listening": str(listening.id),
        "reason": reason,
    }
    await note(asking, "recording_heard", recording, detail)
    return Admitted(listening, key)


async def note(
    asking: Asking, action: str, recording: Recording, detail: dict[str, object]
) -> None:
    """In the trail, for the auditors of its region."""
    path = await asking.path_of(recording.region_id)
    await asking.note(action, f"recording:{recording.id}", path, detail)


async def look_for_file(asking: Asking, shelf: Shelf, recording_id: int) -> None:
    """A file that is gone makes it missing, and one that is back makes it heard again; in a transaction of its own, since what is asked
    for next may be refused. Raises NotFound (`recording_file_gone` for one that is held: it stays so), Unavailable `recordings_away`,
    Invalid `seal_broken`.
    """
    recording = await found(asking, recording_id, Action.HEAR_RECORDINGS, to_change=True)
    state = State(recording.state)
    if recording.file is None or state not in _WITH_A_FILE:
        return
    is_there = await asyncio.to_thread(_opens, shelf, recording.name, recording.file)
    if not is_there and state is State.HELD:
        raise NotFound(
            "The file of this recording is not where it was put: look in the copies.",
            code="recording_file_gone",
        )
    if is_there and state is State.MISSING:
        recording.state = apply(state, Event.FIND, repaired=recording.is_repaired)
        recording.reason = ""
    elif not is_there and state is not State.MISSING:
        metrics.RECORDINGS.labels(State.MISSING.value).inc()
        recording.state, recording.reason = apply(state, Event.LOSE), FILE_GONE


def _opens(shelf: Shelf, name: str, place: str) -> bool:
    try:
        shelf.open(name, place).close()
    except NotFound:
        log.error("recording_file_gone", place=place)  # noqa: TRY400 - the place is all there is
        return False
    return True


def _nothing(recording: Recording) -> Conflict:
    return Conflict(
        f"There is nothing to hear of recording {recording.id}: it is {recording.state} ({recording.reason}).",
        code="nothing_to_hear",
        state=recording.state,
        reason=recording.reason,
    )


async def opened(asking: Asking, recording_id: int, key: str) -> tuple[str, str]:
    """Name and place of what this key opens, for whoever it was given to. Raises NotFound (`listening_over`), Conflict
    `nothing_to_hear`.
    """
    recording = await found(asking, recording_id, Action.HEAR_RECORDINGS)
    listening = await asking.session.scalar(
        select(RecordingListening).where(
            RecordingListening.recording_id == recording_id,
            RecordingListening.key_hash == _hash(key),
            RecordingListening.user_id == asking.principal.user_id,
            RecordingListening.until > asking.now,
        )
    )
    if listening is None:
        raise NotFound(
            "This address was given to somebody else, or its time is over: say again why you listen.",
            code="listening_over",
        )
    if State(recording.state) not in HEARD_IN or recording.file is None:
        raise _nothing(recording)
    await _note_first(asking.session, listening.id, asking)
    return recording.name, recording.file


async def _note_first(session: AsyncSession, listening: UUID, asking: Asking) -> None:
    await session.execute(
        update(RecordingListening)
        .where(RecordingListening.id == listening, RecordingListening.heard_at.is_(None))
        .values(heard_at=asking.now)
    )


def part_of(shelf: Shelf, name: str, place: str, asked: str | None) -> Sound:
    """Reads the disk: not on the loop. Raises ValueError for a range outside of it, and as `Shelf.open`."""
    with shelf.open(name, place) as sound:
        span = span_of(asked, sound.size)
        first, count = (0, sound.size) if span is None else (span.first, span.count)
        return Sound(sound.size, span, sound.read(first, count))


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
