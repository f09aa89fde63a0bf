"""Who is called when in a region, as its supervisors see and change it: the times by priority, the duty list, and what else the
region says of itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Final

import orjson
from pydantic import BaseModel, ConfigDict, Field

from callcenter.auth.permissions import Action
from callcenter.core.errors import Conflict, Invalid
from callcenter.core.written import Written
from callcenter.directory.tree import RegionSays, RegionSettings, load_lineage, renew_copies
from callcenter.regions.duty import MOST_NUMBERS, check_duty_numbers
from callcenter.regions.duty_shifts import (
    EVERY_DAY,
    MOST_SHIFTS,
    DutyPhone,
    Shift,
    phones_of,
    stored_phones,
)
from callcenter.regions.models import Region
from callcenter.regions.policies import (
    ANY_PRIORITY,
    PRIORITIES,
    STANDARD,
    EscalationPolicy,
    Ringing,
    check_policy,
    policies_of,
    stored_policies,
)
from callcenter.regions.tree import settings_along
from callcenter.residents.access import Asking
from callcenter.residents.schemas import Line

Weekday = Annotated[int, Field(ge=1, le=7)]
HourMinute = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=["18:00"])]
Priority = Annotated[int, Field(ge=ANY_PRIORITY, le=PRIORITIES[-1])]


class PolicyBody(Written):
    """Seconds since the alarm began to ring; what is not given is as the standard has it."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    ring: Ringing = STANDARD.ring
    unproved_s: int = STANDARD.unproved_s
    supervisors_s: int = STANDARD.supervisors_s
    duty_s: int = STANDARD.duty_s
    again_s: int = STANDARD.again_s
    horizon_s: int = STANDARD.horizon_s
    warning_s: int = STANDARD.warning_s
    """It is shown as waiting long; `critical_s`: as late."""
    critical_s: int = STANDARD.critical_s


class ShiftBody(Written):
    """From `begins` to `ends` (HH:MM by the clock of the site) on these days of the week, 1 for Monday. One that ends no later than it
    begins ends on the next day.
    """

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    days: Annotated[list[Weekday], Field(min_length=1, max_length=7)] = Field(
        default_factory=lambda: list(EVERY_DAY)
    )
    begins: HourMinute
    ends: HourMinute


class DutyPhoneBody(Written):
    """Whose phone it is, and when it is called; without shifts at any time."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    name: Annotated[str, Field(max_length=60)] = ""
    shifts: Annotated[list[ShiftBody], Field(max_length=MOST_SHIFTS)] = Field(default_factory=list)


class OnDutyView(BaseModel):
    """A phone that would be called now. `until` null: at any time, or because no shift of the list holds now."""

    model_config = ConfigDict(from_attributes=True)

    number: str
    name: str
    until: datetime | None


class CallingView(BaseModel):
    """`policies` holds what the region says itself, by priority ("0": of all others), `above` what its parent would have it do:
    the region's own of a priority counts, else its own of all, else the one above. `state` goes into the next change.
    """

    region_id: int
    state: str
    policies: dict[int, PolicyBody]
    above: dict[int, PolicyBody]
    duty_numbers: list[str]
    """Its own; none: those above."""
    duty_above: list[str]
    duty_phones: dict[str, DutyPhoneBody]
    """Of its own numbers, whose they are and when they are called."""
    duty_now: list[OnDutyView]
    """Who would be called now in this region, in order."""
    settings: RegionSays
    settings_above: RegionSettings


class CallingChanges(Written):
    """Only what is given is changed. A policy or a time of null, a list of none: as the parent has it. `state` of the view refuses a change
    made on an older one (409 `changed_meanwhile`).
    """

    state: Annotated[str, Field(max_length=64)] | None = None
    policies: dict[Priority, PolicyBody | None] = Field(default_factory=dict)
    duty_numbers: Annotated[list[Line], Field(max_length=MOST_NUMBERS)] | None = None
    duty_phones: dict[str, DutyPhoneBody] | None = None
    """By number, as it is typed in `duty_numbers`; what is said of a number that is not on the list goes with it."""
    settings: RegionSays | None = None
    """Of these, too, only what is given."""


SHOWN_PRIORITIES: Final = (ANY_PRIORITY, *PRIORITIES)


async def show_calling(asking: Asking, region_id: int) -> CallingView:
    """Of a region that the asker supervises or administers."""
    region = await asking.region(region_id, Action.MANAGE_ESCALATION)
    return await _view(asking, region)


async def change_calling(asking: Asking, region_id: int, body: CallingChanges) -> CallingView:
    """Raises Invalid: `policy_hole` with the field and the reason (and the priority, if it has one), or what is wrong with a duty
    number.
    """
    region = await asking.region(region_id, Action.MANAGE_ESCALATION)
    await asking.session.refresh(region, with_for_update=True)
    before = _own(region)
    if body.state not in (None, _state(before)):
        raise Conflict(
            "Somebody has changed this meanwhile: load it again and repeat your change.",
            code="changed_meanwhile",
        )
    region.escalation = stored_policies(_merged(policies_of(region.escalation), body.policies))
    if "duty_numbers" in body.model_fields_set:
        region.duty_numbers = check_duty_numbers(body.duty_numbers or [])
    region.duty_shifts = stored_phones(_phones(asking, region, body))
    for name, value in (body.settings.given() if body.settings else {}).items():
        setattr(region, name, value)
    await asking.session.flush()
    change = {"before": before, "after": _own(region)}
    await asking.note("escalation_changed", f"region:{region_id}", region.path, change)
    await renew_copies(asking)
    return await _view(asking, region)


def _phones(asking: Asking, region: Region, body: CallingChanges) -> dict[str, DutyPhone]:
    """Of the numbers on the list, with the clock by which their shifts go."""
    zone = str(asking.now.tzinfo)
    phones = dict(phones_of(region.duty_shifts))
    if body.duty_phones is not None:
        phones = {
            number: DutyPhone(phone.name, zone, tuple(map(_shift, phone.shifts)))
            for typed, phone in body.duty_phones.items()
            for number in check_duty_numbers([typed])
        }
    return {number: phones[number] for number in region.duty_numbers if number in phones}


def _shift(body: ShiftBody) -> Shift:
    return Shift(tuple(sorted(set(body.days))), body.begins, body.ends)


def _merged(
    own: Mapping[int, EscalationPolicy], given: Mapping[int, PolicyBody | None]
) -> dict[int, EscalationPolicy]:
    merged = dict(own)
    for priority, body in sorted(given.items()):
        if body is None:
            merged.pop(priority, None)
        else:
            merged[priority] = _checked(priority, body)
    return merged


def _checked(priority: int, body: PolicyBody) -> EscalationPolicy:
    policy = EscalationPolicy(**body.model_dump())
    try:
        check_policy(policy)
    except Invalid as hole:
        raise Invalid(hole.message, code=hole.code, **hole.params, priority=priority) from hole
    return policy


def _own(region: Region) -> dict[str, Any]:
    """What the region says itself, as the audit trail keeps it."""
    policies = policies_of(region.escalation).items()
    return {
        "policies": {str(priority): asdict(policy) for priority, policy in sorted(policies)},
        "duty_numbers": list(region.duty_numbers),
        "duty_phones": {
            number: {"name": phone.name, "shifts": [asdict(shift) for shift in phone.shifts]}
            for number, phone in phones_of(region.duty_shifts).items()
        },
        "settings": {name: getattr(region, name) for name in RegionSays.model_fields},
    }


def _state(own: Mapping[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(own)).hexdigest()[:16]


async def _view(asking: Asking, region: Region) -> CallingView:
    lineage = await load_lineage(asking.session, region.id)
    above = settings_along([lineage[step] for step in region.path[:-1]])
    held = settings_along([lineage[step] for step in region.path])
    own = _own(region)
    return CallingView(
        region_id=region.id,
        state=_state(own),
        policies=own["policies"],
        above={
            priority: PolicyBody.model_validate(above.policy(priority))
            for priority in SHOWN_PRIORITIES
        },
        duty_numbers=own["duty_numbers"],
        duty_above=list(above.duty_numbers),
        duty_phones=own["duty_phones"],
        duty_now=[OnDutyView.model_validate(one) for one in held.on_duty(asking.now)],
        settings=own["settings"],
        settings_above=RegionSettings.model_validate(above, from_attributes=True),
    )
