"""Which recordings there are, of a call, of an incident, of the whole of one's regions; and who has heard what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select

from callcenter.alerts.models import IncidentRow
from callcenter.auth.models import User
from callcenter.auth.permissions import Action
from callcenter.hotline.models import CallRow
from callcenter.hotline.recordings.models import Recording, RecordingListening, RecordingState
from callcenter.hotline.recordings.schemas import (
    HeardPage,
    HeardView,
    RecordingDetail,
    RecordingPage,
    RecordingView,
)
from callcenter.regions.models import Region
from callcenter.residents.access import Asking


@dataclass(frozen=True, slots=True)
class Asked:
    """Which of them; None: all."""

    state: RecordingState | None = None
    without_call: bool = False
    before: int | None = None
    """The last one of the page before: pages go back in time."""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class HeardWhen:
    from_: datetime | None = None
    until: datetime | None = None
    user_id: int | None = None
    recording_id: int | None = None
    before: UUID | None = None
    limit: int = 50


async def of_call(asking: Asking, call_id: UUID) -> list[RecordingView]:
    """Raises NotFound for a call outside of one's regions."""
    query = select(CallRow).join(Region, Region.id == CallRow.region_id)
    await asking.one(query.where(CallRow.id == call_id), "call", Action.HEAR_RECORDINGS)
    return await _views(asking, Recording.call_id == call_id)


async def of_incident(asking: Asking, incident_id: UUID) -> list[RecordingView]:
    """Of every call of it, the oldest first. Raises NotFound for one outside of one's regions."""
    query = select(IncidentRow).join(Region, Region.id == IncidentRow.region_id)
    await asking.one(query.where(IncidentRow.id == incident_id), "incident", Action.HEAR_RECORDINGS)
    calls = select(CallRow.id).where(CallRow.incident_id == incident_id)
    return await _views(asking, Recording.call_id.in_(calls))


async def all_of_them(asking: Asking, asked: Asked) -> RecordingPage:
    """The newest first."""
    query = _within(asking).order_by(Recording.id.desc()).limit(asked.limit + 1)
    if asked.state is not None:
        query = query.where(Recording.state == asked.state.value)
    if asked.without_call:
        query = query.where(Recording.call_id.is_(None))
    if asked.before is not None:
        query = query.where(Recording.id < asked.before)
    rows = (await asking.session.scalars(query)).all()
    views = await _shown(asking, rows[: asked.limit])
    return RecordingPage(recordings=views, more=len(rows) > asked.limit)


async def detail_of(asking: Asking, recording: Recording) -> RecordingDetail:
    [view] = await _shown(asking, [recording])
    return RecordingDetail(
        **view.model_dump(),
        waveform=waves(recording.waveform, recording.channels),
        sha256=recording.sha256.hex() if recording.sha256 else None,
    )


def waves(stored: bytes | None, channels: int | None) -> list[list[int]]:
    """One list for each channel."""
    if not stored or not channels:
        return []
    each = len(stored) // channels
    return [list(stored[n * each : (n + 1) * each]) for n in range(channels)]


async def heard_by_whom(asking: Asking, when: HeardWhen) -> HeardPage:
    """For auditors, of the regions in which they read the trail; the newest first."""
    listened = RecordingListening
    query = (
        select(listened, Recording.call_id, Recording.recorded_at, User.name, User.name_en)
        .join(Recording, Recording.id == listened.recording_id)
        .join(Region, Region.id == Recording.region_id)
        .join(User, User.id == listened.user_id)
        .where(asking.within(Action.READ_AUDIT))
        .order_by(listened.id.desc())
        .limit(when.limit + 1)
    )
    query = query.where(*_narrowed(when))
    rows = (await asking.session.execute(query)).all()
    views = [_heard(*row) for row in rows[: when.limit]]
    return HeardPage(heard=views, more=len(rows) > when.limit)


def _narrowed(when: HeardWhen) -> Iterator[ColumnElement[bool]]:
    one = RecordingListening
    if when.from_ is not None:
        yield one.at >= when.from_
    if when.until is not None:
        yield one.at < when.until
    if when.user_id is not None:
        yield one.user_id == when.user_id
    if when.recording_id is not None:
        yield one.recording_id == when.recording_id
    if when.before is not None:
        yield one.id < when.before


def _heard(
    one: RecordingListening,
    call_id: UUID | None,
    recorded_at: datetime,
    name: str,
    name_en: str,
) -> HeardView:
    return HeardView(
        id=one.id,
        recording_id=one.recording_id,
        call_id=call_id,
        recorded_at=recorded_at,
        user_id=one.user_id,
        user_name=name,
        user_name_en=name_en,
        at=one.at,
        heard_at=one.heard_at,
        reason=one.reason,
    )


def _within(asking: Asking) -> Select[Recording]:
    return (
        select(Recording)
        .join(Region, Region.id == Recording.region_id)
        .where(asking.within(Action.HEAR_RECORDINGS))
    )


async def _views(asking: Asking, condition: ColumnElement[bool]) -> list[RecordingView]:
    query = _within(asking).where(condition).order_by(Recording.recorded_at, Recording.id)
    return await _shown(asking, (await asking.session.scalars(query)).all())


async def _shown(asking: Asking, rows: Sequence[Recording]) -> list[RecordingView]:
    ids = {each.held_by for each in rows if each.held_by is not None}
    people = await asking.session.execute(
        select(User.id, User.name, User.name_en).where(User.id.in_(ids))
    )
    names = {user_id: (name, name_en) for user_id, name, name_en in people}
    views = []
    for each in rows:
        view = RecordingView.model_validate(each)
        view.held_by_name, view.held_by_name_en = names.get(each.held_by or 0, (None, None))
        views.append(view)
    return views
