"""Who an unknown caller is: the incident at their home, or taken back from it; by an operator, or by the registry. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from callcenter.alerts import telling
from callcenter.alerts.bodies import (
    AssignBody,
    Known,
    Part,
    UnassignBody,
)
from callcenter.alerts.entries import (
    Assigned,
    Recognised,
    Unassigned,
)
from callcenter.alerts.handling.decision import (
    SYSTEM,
    Assignment,
    Attachment,
    By,
    Command,
    Decision,
    Facts,
    Need,
    Resident,
    Withdrawal,
    moved,
    without_taker,
)
from callcenter.alerts.handling.planned import (
    plan_at_assignment,
)
from callcenter.alerts.handling.telling_next import first_wait_s
from callcenter.alerts.handling.telling_on import (
    correction_texts,
)
from callcenter.alerts.incident import (
    TELLING_STOPPED,
    Event,
    Incident,
    IncidentMode,
    Outcome,
    State,
)
from callcenter.alerts.telephoned import BY_NO_DEVICE
from callcenter.alerts.trying import says_real
from callcenter.core.errors import Conflict, Invalid, NotFound
from callcenter.devices.callers import Caller
from callcenter.devices.signals import Kind
from callcenter.sms.outbox import Text


def assign(incident: Incident, facts: Facts, by: By, body: AssignBody, now: datetime) -> Decision:
    """An unknown caller is this resident: card, place and subject of the home; its first contact is told as if the press
    had come from there. Only where the operator may see that profile.
    """
    resident = facts.resident
    if resident is None or by.profiles.isdisjoint(resident.region_path):
        raise NotFound(f"There is no resident {body.resident_id}.", what="resident")
    if incident.home_id is not None:
        raise Conflict("This incident belongs to a home already.", code="already_assigned")
    if resident.caller is None:
        raise NotFound(f"There is no home {resident.home_id}.", what="home")
    after = _at_home(moved(incident, Event.RECORD, by), resident.caller)
    left = tuple(incident.region_path) != tuple(after.region_path)
    return Decision(
        after,
        Assigned(
            resident_id=resident.resident_id,
            name=resident.name,
            from_path=incident.region_path if left else (),
            before=_as_it_is(incident, facts.subject),
        ),
        assigned_texts(incident, resident.caller),
        resident.caller.subject,
        _attachment(incident, resident),
        plan=plan_at_assignment(facts),
        next_contact_s=first_wait_s(incident, resident.caller),
    )


def _as_it_is(incident: Incident, subject: str) -> Mapping[str, Any]:
    return {
        "subject": subject,
        "region_id": incident.region_id,
        "region_path": incident.region_path,
        "lat": incident.lat,
        "lng": incident.lng,
        "card": incident.card,
    }


def _at_home(incident: Incident, caller: Caller) -> Incident:
    has_place = incident.lat is not None
    return replace(
        incident,
        home_id=caller.home_id,
        resident_id=caller.resident_id,
        region_id=caller.region_id,
        region_path=caller.region_path,
        ring_to=(),
        lat=incident.lat if has_place else caller.lat,
        lng=incident.lng if has_place else caller.lng,
        card={**caller.card, **_said_by_caller(incident)},
    )


def _said_by_caller(incident: Incident) -> Mapping[str, Any]:
    """What the card says of the call itself, whoever it was."""
    return {
        name: incident.card[name]
        for name in ("text", "called", "telephoned")
        if incident.card.get(name)
    }


def assigned_texts(incident: Incident, caller: Caller) -> Sequence[Text]:
    if incident.signal_class != "alarm" or incident.mode is IncidentMode.TEST:
        return ()
    return telling.alarm_texts(caller, Kind(incident.kind), incident.opened_at)


def _attachment(incident: Incident, resident: Resident) -> Attachment | None:
    """A caller without an identifier has no device, one that calls itself 0000, as the factory does, may be any, and whoever
    has called the office, or the number of a key, did it on a telephone.
    """
    if not (incident.identifier or "").strip("0") or incident.source in BY_NO_DEVICE:
        return None
    return Attachment(resident.region_id, resident.home_id, resident.resident_id)


def unassign(
    incident: Incident, facts: Facts, by: By, body: UnassignBody, now: datetime
) -> Decision:
    """It was somebody else: the caller is unknown again, and whoever was texted as family reads that it was a mistake. Not once
    that home has called itself, for then its alarm is in here. Raises Invalid `reason_missing`.
    """
    same = moved(incident, Event.RECORD, by)
    found = wrong_assignment(incident, facts)
    if not body.reason.strip():
        raise Invalid("Say how it is known that it was somebody else.", code="reason_missing")
    after = _unknown_again(same, found)
    left = tuple(incident.region_path) != tuple(after.region_path)
    return Decision(
        after,
        Unassigned(
            resident_id=found.resident_id,
            name=found.name,
            reason=body.reason,
            from_path=incident.region_path if left else (),
        ),
        correction_texts(facts.told),
        found.subject,
        withdrawal=Withdrawal(found.device_id, incident.home_id, after.region_id),
        stops_telling=True,
    )


def wrong_assignment(incident: Incident, facts: Facts) -> Assignment:
    """What is to be undone. Raises Conflict `not_assigned` and `home_has_called`."""
    found = facts.assignment
    if incident.home_id is None or found is None:
        raise Conflict("Nobody has said who this caller is.", code="not_assigned")
    if found.home_has_called:
        raise Conflict(
            "This home has called itself since: its alarm is in this incident.",
            code="home_has_called",
        )
    return found


def _unknown_again(incident: Incident, found: Assignment) -> Incident:
    """Whoever may not see it where it lies again loses it, so that it rings there."""
    before = found.before
    after = replace(
        incident,
        home_id=None,
        resident_id=None,
        device_id=incident.device_id or found.device_id,
        region_id=before["region_id"],
        region_path=tuple(before["region_path"]),
        lat=before["lat"],
        lng=before["lng"],
        card={**before["card"], **_said_by_caller(incident)},
        marks=incident.unmarked(TELLING_STOPPED),
    )
    if after.taken_by is None or found.taker_sees_it:
        return after
    return without_taker(
        after, Event.LOSE_TAKER if after.state is State.TAKEN else Event.RELEASE, SYSTEM
    )


# ---- recognised by the registry


def recognise(
    incident: Incident, facts: Facts, by: By, body: Known, now: datetime
) -> Decision | None:
    """The device was only looked up too late: the incident is what it would have been, of the home and told to its family. What
    waits rings anew there, as where a home moves (`unattended.relocate`). Nothing where anybody was faster.
    """
    left = incident.home_id is None and incident.mode is not IncidentMode.DRILL
    if not left or incident.state is State.CLOSED or incident.version != body.version:
        return None
    if body.part_of is not None:
        return _part_of(incident, body.caller, body.part_of, by, now)
    after = _recognised(incident, by, body)
    texts = () if _is_only_tried(incident, body) else assigned_texts(after, body.caller)
    moves = tuple(incident.region_path) != tuple(after.region_path)
    said = _said_of(body.caller, from_path=incident.region_path if moves else ())
    return Decision(
        after,
        said,
        texts,
        body.caller.subject,
        plan=plan_at_assignment(facts),
        next_contact_s=first_wait_s(incident, body.caller) if texts else 0,
    )


def _recognised(incident: Incident, by: By, body: Known) -> Incident:
    """A taker who may not see it there loses it, so that it rings where it can be seen. What is no test there becomes real."""
    becomes_real = incident.mode is IncidentMode.TEST and not body.tried
    rings = incident.state is State.WAITING or becomes_real
    after = _at_home(incident.rung_anew() if rings else incident, body.caller)
    mode = IncidentMode.REAL if becomes_real else incident.mode
    after = moved(after, Event.RECORD, by, device_id=body.caller.device_id, mode=mode)
    if after.taken_by is None or body.taker_sees_it:
        return after
    event = Event.LOSE_TAKER if after.state is State.TAKEN else Event.RELEASE
    return without_taker(after, event, by)


def _is_only_tried(incident: Incident, body: Known) -> bool:
    """Nothing real becomes a test, but no family is told of one. Whoever only tries a button presses it once, and does not say
    that it is real.
    """
    return body.tried and incident.press_count == 1 and not says_real(incident.card.get("text"))


def _part_of(incident: Incident, caller: Caller, part: Part, by: By, now: datetime) -> Decision:
    """Closed if nobody has it; a taker who is at work on it reads where it goes on, and ends it as they see fit (G9)."""
    after = moved(incident, Event.RECORD, by)
    if incident.state is State.WAITING:
        outcome = Outcome.PART_OF_OTHER.value
        after = moved(incident, Event.MERGE, by, outcome=outcome, closed_at=now, ring_to=())
    said = replace(_said_of(caller), part_of=part.number, part_of_id=part.incident_id)
    return Decision(after, said)


def _said_of(caller: Caller, from_path: Sequence[int] = ()) -> Recognised:
    who = [one.name for one in caller.people if one.resident_id == caller.resident_id]
    return Recognised(
        home_id=caller.home_id,
        resident_id=caller.resident_id,
        name=who[0] if who else str(caller.card.get("address", "")),
        from_path=from_path,
    )


RECOGNISE = Command("recognised", Known, recognise, frozenset({Need.PLAN, Need.BEGUN}))
