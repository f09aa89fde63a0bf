"""What supervisors send about plans. Pure."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from callcenter.alerts.plans.plan import MOST_STEPS, PlanStep
from callcenter.core.written import Written
from callcenter.devices.signals import CLASS_OF, Kind, SignalClass

LONGEST_UNRUNG_S = 1_800
"""As `voice.contact_after_s`: whoever has not been rung by then was seen to by others."""
MOST_READ = 4 * MOST_STEPS
"""Steps of a body that is read at all; what is above MOST_STEPS is refused with its reason."""

Name = Annotated[str, Field(min_length=1, max_length=80)]
Kinds = Annotated[list[Kind], Field(min_length=1, max_length=len(Kind))]
StepList = Annotated[list[PlanStep], Field(max_length=MOST_READ)]

PLANNED = tuple(kind for kind in Kind if CLASS_OF[kind] is not SignalClass.RECORD)
"""Kinds that open an incident, and so need a plan."""


class PlanContent(Written):
    """What a version of a plan holds."""

    name: Name
    name_en: Annotated[str, Field(max_length=80)] = ""
    kinds: Kinds
    active: bool = True
    steps: StepList
    ring_after_s: Annotated[int, Field(ge=0, le=LONGEST_UNRUNG_S)] | None = None
    """A contact who has not answered the text for so long is rung by the centre itself; 0: nobody is, null: as the site has it."""


class PlanBody(PlanContent):
    """A new plan: of a resident where one is named, else of the region and everything below it."""

    region_id: int | None = None
    resident_id: int | None = None


class PlanChanges(PlanContent):
    """A new version of a plan; `version` is the one that it was made on (else 409)."""

    version: int


class Said(Written):
    """An answer in a rehearsal."""

    step: Annotated[str, Field(max_length=32)]
    answer: Annotated[str, Field(max_length=16)]


class Rehearsal(Written):
    """A draft to be looked through and played, for this resident or region; nothing is written."""

    region_id: int | None = None
    resident_id: int | None = None
    steps: StepList
    said: Annotated[list[Said], Field(max_length=500, default_factory=list)]
    passed_min: Annotated[int, Field(ge=0, le=10_000)] = 0
    """Minutes since the last answer, for waits."""
