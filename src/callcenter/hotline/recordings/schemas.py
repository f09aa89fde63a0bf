"""What is shown of a recording, and what is said to hear or to hold one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from callcenter.core.written import Written
from callcenter.hotline.recordings.models import RecordingState
from callcenter.residents.schemas import View

Reason = Annotated[str, Field(min_length=4, max_length=200)]


class WhyBody(Written):
    """In one's own words: it stands in the audit trail."""

    reason: Reason


class RecordingView(View):
    """`reason` says why one is missing: `no_sound` (one ring and gone), `no_file`, `unreadable`, `file_gone`. `channels` 2: the far end left, the
    centre right. `call_id` null: of no known call.
    """

    id: int
    call_id: UUID | None
    name: str
    state: RecordingState
    reason: str
    is_repaired: bool
    seconds: float | None
    channels: int | None
    recorded_at: datetime
    region_id: int
    held_at: datetime | None
    held_reason: str
    held_by_name: str | None = None
    held_by_name_en: str | None = None


class RecordingDetail(RecordingView):
    """`waveform`: for each channel the loudest of each of 500 parts, 0 to 255."""

    waveform: list[list[int]]
    sha256: str | None
    """Of what is heard."""


class ListeningView(View):
    """`sound` is an address for the one who asked, until then, as often as a player needs it."""

    id: UUID
    sound: str
    until: datetime


class HeardView(View):
    """Who has heard which recording, and why. `heard_at` null: asked for, and never played."""

    id: UUID
    recording_id: int
    call_id: UUID | None
    recorded_at: datetime
    user_id: int
    user_name: str
    user_name_en: str
    at: datetime
    heard_at: datetime | None
    reason: str


class RecordingPage(View):
    recordings: list[RecordingView]
    more: bool


class HeardPage(View):
    heard: list[HeardView]
    more: bool
