"""Who is called when in a region, as its supervisors see and change it: the times by priority, the duty list, and what else the
region says of itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any, Final

import orjson
from pydantic import BaseModel, ConfigDict, Field

from callcenter.auth.permissions import Action
from callcenter.core.errors import Conflict, Invalid
from callcenter.core.written import Written
from callcenter.directory.tree import RegionSettings, ServiceDue, load_lineage, renew_copies
from callcenter.regions.duty import MOST_NUMBERS, check_duty_numbers
from callcenter.regions.limits import check_settings
from callcenter.regions.models import Region, SmsPolicy
from callcenter.regions.policies import (
    ANY_PRIORITY,
    PRIORITIES,
    STANDARD,
    ContactPolicy,
    EscalationPolicy,
    Ringing,
    check_policy,
    policies_of,
    stored_policies,
)
from callcenter.regions.tree import settings_along
from callcenter.residents.access import Asking
from callcenter.residents.schemas import Line

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


class RegionSays(Written):
    """What a region says itself; null: as its parent has it."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    sms_policy: SmsPolicy | None = None
    contact_policy: ContactPolicy | None = None
    next_contact_s: int | None = None
    """0: never by itself."""
    follow_min: int | None = None
    hotline: Line | None = None
    ambulance_number: Line | None = None
    fire_number: Line | None = None
    police_number: Line | None = None
    sms_signature: Line | None = None
    sms_signature_en: Line | None = None


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
    settings: RegionSays
    settings_above: RegionSettings
    service_due_s: int | None
    """Seconds until whoever asks for service is called back; null: as above."""
    service_due_above: int


class CallingChanges(Written):
    """Only what is given is changed. A policy or a time of null, a list of none: as the parent has it. `state` of the view refuses a change
    made on an older one (409 `changed_meanwhile`).
    """

    state: Annotated[str, Field(max_length=64)] | None = None
    policies: dict[Priority, PolicyBody | None] = Field(default_factory=dict)
    duty_numbers: Annotated[list[Line], Field(max_length=MOST_NUMBERS)] | None = None
    settings: RegionSays | None = None
    """Of these, too, only what is given."""
    service_due_s: ServiceDue | None = None


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
    for name, value in _given(body.settings).items():
        setattr(region, name, value)
    if "service_due_s" in body.model_fields_set:
        region.service_due_s = body.service_due_s
    await asking.session.flush()
    change = {"before": before, "after": _own(region)}
    await asking.note("escalation_changed", f"region:{region_id}", region.path, change)
    await renew_copies(asking)
    return await _view(asking, region)


def _given(settings: RegionSays | None) -> dict[str, Any]:
    """An empty text says nothing: as the parent has it."""
    if settings is None:
        return {}
    said = settings.model_dump(exclude_unset=True)
    given = {name: None if value == "" else value for name, value in said.items()}
    check_settings(given)
    return given


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
        "settings": {name: getattr(region, name) for name in RegionSays.model_fields},
        "service_due_s": region.service_due_s,
    }


def _state(own: Mapping[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(own)).hexdigest()[:16]


async def _view(asking: Asking, region: Region) -> CallingView:
    lineage = await load_lineage(asking.session, region.id)
    above = settings_along([lineage[step] for step in region.path[:-1]])
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
        settings=own["settings"],
        settings_above=RegionSettings.model_validate(above, from_attributes=True),
        service_due_s=region.service_due_s,
        service_due_above=above.service_due_s,
    )
