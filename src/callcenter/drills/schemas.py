"""Drills as they are sent and shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from callcenter.core.written import Written
from callcenter.devices.signals import Kind
from callcenter.drills.course import LATEST, MOST_PRESSES, PRESSED, Ending, PressState
from callcenter.drills.report import DrillReport
from callcenter.drills.scripts import Script


def _is_pressed(kind: Kind) -> Kind:
    if kind not in PRESSED:
        raise ValueError("this is no alarm")
    return kind


Seconds = Annotated[int, Field(ge=0, le=int(LATEST.total_seconds()))]


class PressBody(Written):
    """Which home presses what, so many seconds after the beginning."""

    home_id: int
    kind: Annotated[Kind, AfterValidator(_is_pressed)]
    after_s: Seconds


class DrillBody(Written):
    """A drill that begins now. Its presses are at homes of the region."""

    region_id: int
    title: Annotated[str, Field(min_length=1, max_length=100)]
    presses: Annotated[list[PressBody], Field(min_length=1, max_length=MOST_PRESSES)]


class PressAtHome(BaseModel):
    """A press of a ready-made drill, at a home that was drawn for it."""

    home_id: int
    label: str
    label_en: str
    kind: Kind
    after_s: int


class ScriptView(BaseModel):
    """A ready-made drill, filled with homes of a region."""

    script: Script
    presses: list[PressAtHome]


class PressView(PressAtHome):
    """A press of a drill, and what has become of it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    number: int
    due_at: datetime
    state: PressState
    made_at: datetime | None
    incident_id: UUID | None


class DrillView(BaseModel):
    """A drill. `paused_at`: since when real alarms wait in its region, which it gives way to."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    title: str
    region_id: int
    started_at: datetime
    started_by_name: str
    until_at: datetime
    paused_at: datetime | None
    paused_s: int
    """In pauses that are over."""
    ended_at: datetime | None
    ending: Ending | None
    ended_by_name: str | None


class DrillDetail(DrillView):
    """With its presses, in their order."""

    presses: list[PressView]


class DrillReportView(BaseModel):
    """What a drill has shown; of one that runs, so far."""

    drill: DrillView
    report: DrillReport
