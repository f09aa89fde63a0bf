"""Giving an alarm to another centre as well, and what is said of that. Pure.

Whatever their machine answers, the alarm stays open and goes on calling here: only a person who has it, there or here, has it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from callcenter.alerts.bodies import AcceptedBody, ForwardBody, ForwardDue, ForwardNews
from callcenter.alerts.entries import ForwardAccepted, ForwardAnswered, Forwarded
from callcenter.alerts.handling.decision import (
    By,
    Centre,
    Command,
    Decision,
    Facts,
    ForwardingNow,
    ForwardTold,
    Need,
    moved,
)
from callcenter.alerts.incident import (
    FORWARD_FAILED,
    Event,
    Incident,
    IncidentMode,
    State,
)
from callcenter.core.errors import Conflict, Invalid, NotFound
from callcenter.forwarding.course import ForwardState
from callcenter.forwarding.outbox import Order, forwarding_id
from callcenter.forwarding.parcel import What
from callcenter.forwarding.rules import BY_HAND, MOST_HOPS

_NOT_TAKEN: Final = frozenset(
    {
        ForwardState.WAITING,
        ForwardState.REFUSED,
        ForwardState.UNKNOWN,
        ForwardState.EXPIRED,
    }
)


def forward(incident: Incident, facts: Facts, by: By, body: ForwardBody, now: datetime) -> Decision:
    """By hand, also a second time. Raises NotFound, Invalid `reason_needed`, Conflict `not_real`, `came_from_there`."""
    after = moved(incident, Event.RECORD, by)
    if facts.centre is None:
        raise NotFound(f"Alarms of this region go to no centre {body.centre_id}.", what="centre")
    if incident.mode is not IncidentMode.REAL:
        raise Conflict("Only what is real is forwarded.", code="not_real")
    if facts.origin.centre_id == facts.centre.id:
        raise Conflict("It was received from this very centre.", code="came_from_there")
    if not body.reason.strip():
        raise Invalid("Say why it is forwarded.", code="reason_needed")
    dedup = f"{incident.id}:{facts.centre.id}:{body.command_id}"
    left_as = forwarding_id(body.command_id, facts.centre.id)
    order = _order(incident, facts, facts.centre, BY_HAND, dedup, left_as)
    return Decision(after, _said(order, facts.centre, body.reason), forwards=[order])


def forward_by_rule(
    incident: Incident, facts: Facts, by: By, body: ForwardDue, now: datetime
) -> Decision | None:
    """Each centre once by itself; whoever was faster has made it needless."""
    centre, origin = facts.centre, facts.origin
    if incident.state is State.CLOSED or incident.mode is not IncidentMode.REAL or centre is None:
        return None
    if body.centre_id in facts.given_to or origin.centre_id == centre.id:
        return None
    if origin.hops >= MOST_HOPS:
        return None
    left_as = body.forwarding_id or forwarding_id(incident.id, centre.id)
    dedup = f"{incident.id}:{centre.id}"
    order = _order(incident, facts, centre, body.why, dedup, left_as, body.rule_id)
    return Decision(incident, _said(order, centre), forwards=[order])


def _order(
    incident: Incident,
    facts: Facts,
    centre: Centre,
    why: str,
    dedup: str,
    order_id: UUID,
    rule_id: int | None = None,
) -> Order:
    card = incident.card
    content = {
        "number": incident.number,
        "kind": incident.kind,
        "occurred_at": incident.opened_at.isoformat(),
        "home_id": incident.home_id,
        "identifier": incident.identifier,
        "lat": incident.lat,
        "lng": incident.lng,
        "address": card.get("address") or card.get("address_en") or "",
        "names": [each["name"] for each in card.get("people", ()) if each.get("name")],
        "text": card.get("text"),
        "hops": facts.origin.hops + 1,
        "why": why,
    }
    return Order(centre.id, why, dedup, content, rule_id, id=order_id)


def _said(order: Order, centre: Centre, reason: str = "") -> Forwarded:
    return Forwarded(
        forwarding_id=order.id,
        centre_id=centre.id,
        centre=centre.name,
        phone=centre.phone,
        why=order.why,
        reason=reason,
    )


def said_key(one: ForwardingNow) -> str:
    """What the timeline has said of it: that it is not reached once, everything else with its attempt."""
    return one.state if one.state == ForwardState.WAITING else f"{one.state}:{one.attempt}"


def tell_forwarding(
    incident: Incident, facts: Facts, by: By, body: ForwardNews, now: datetime
) -> Decision | None:
    """What its machines have made of it, then who has accepted it: one entry each, once."""
    one = facts.forwarding
    if one is None:
        return None
    if one.state != ForwardState.SENDING and one.said != said_key(one):
        return _answered(incident, one)
    if one.accepted_by is not None and not one.accepted_said:
        return _accepted(incident, one)
    return None


def _answered(incident: Incident, one: ForwardingNow) -> Decision:
    """Loud where it did not arrive; a receipt takes the mark away, and nothing else of the alarm."""
    failed = one.state in _NOT_TAKEN and one.what == What.ALARM
    open_still = incident.state is not State.CLOSED
    marks = incident.marked(FORWARD_FAILED) if failed and open_still else incident.marks
    if one.state == ForwardState.DELIVERED:
        marks = incident.unmarked(FORWARD_FAILED)
    said = ForwardAnswered(
        forwarding_id=one.id,
        centre_id=one.centre.id,
        centre=one.centre.name,
        state=one.state,
        error=one.error,
        attempt=one.attempt,
        address=one.address,
        again=not one.settled,
    )
    told = ForwardTold(one.id, said_key(one))
    return Decision(replace(incident, marks=marks), said, forward_told=told)


def _accepted(incident: Incident, one: ForwardingNow) -> Decision:
    said = ForwardAccepted(
        forwarding_id=one.id,
        centre_id=one.centre.id,
        centre=one.centre.name,
        by=one.accepted_by or "",
        how=one.accepted_how or "",
        accepted_at=one.accepted_at,
    )
    after = replace(incident, marks=incident.unmarked(FORWARD_FAILED))
    return Decision(after, said, forward_told=ForwardTold(one.id, None, accepted_said=True))


def record_accepted(
    incident: Incident, facts: Facts, by: By, body: AcceptedBody, now: datetime
) -> Decision:
    """An operator was told on the phone who has it there. Raises NotFound, Invalid `name_needed`, Conflict `accepted_already`."""
    marks = incident.unmarked(FORWARD_FAILED)
    after = moved(incident, Event.RECORD, by, marks=marks)
    one = facts.forwarding
    if one is None or one.what != What.ALARM:
        raise NotFound("This incident has no such forwarding.", what="forwarding")
    if one.accepted_by is not None:
        raise Conflict(
            f"{one.accepted_by} has accepted it already.",
            code="accepted_already",
            by=one.accepted_by,
        )
    if not body.by.strip():
        raise Invalid("Say who has accepted it.", code="name_needed")
    said = ForwardAccepted(
        forwarding_id=one.id,
        centre_id=one.centre.id,
        centre=one.centre.name,
        by=body.by,
        how="phone",
        accepted_at=now,
        note=body.note,
    )
    told = ForwardTold(one.id, None, accepted_said=True, accepted_by=body.by)
    return Decision(after, said, forward_told=told)


FORWARD = Command("forward", ForwardBody, forward, frozenset({Need.CENTRE, Need.ORIGIN}))
FORWARD_ACCEPTED = Command(
    "forward-accepted", AcceptedBody, record_accepted, frozenset({Need.FORWARDING})
)
FORWARD_BY_RULE = Command(
    "forwarded",
    ForwardDue,
    forward_by_rule,
    frozenset({Need.CENTRE, Need.GIVEN_TO, Need.ORIGIN}),
)
FORWARD_TOLD = Command("forward_told", ForwardNews, tell_forwarding, frozenset({Need.FORWARDING}))
