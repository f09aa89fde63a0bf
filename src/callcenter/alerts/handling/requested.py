"""What an operator does with a request for service besides what is done with any incident. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from callcenter.alerts import telling
from callcenter.alerts.bodies import CommandBody, WantedBody
from callcenter.alerts.entries import Raised, Wanted
from callcenter.alerts.handling.decision import (
    NO_TAKER,
    By,
    Command,
    Decision,
    Facts,
    Need,
    PlanWait,
    demand_taker,
    moved,
)
from callcenter.alerts.handling.telling_next import known
from callcenter.alerts.incident import FOLLOW_DUE, RAISED, Event, Incident, IncidentMode, State
from callcenter.core.errors import Conflict, Invalid
from callcenter.devices.signals import PRIORITY_OF, Kind

FURTHEST = timedelta(days=14)
"""What is to be done later than this is no request that a seat waits for."""


def record_want(
    incident: Incident, facts: Facts, by: By, body: WantedBody, now: datetime
) -> Decision:
    """What is wanted; with a time it is followed until then, and asked about. Raises Conflict `not_a_request`, Invalid
    `until_when`.
    """
    until = body.until
    if until is None:
        after = moved(incident, Event.RECORD, by, wanted=body.wanted.value)
        demand_taker(incident, by)
    else:
        after = moved(
            incident,
            Event.FOLLOW,
            by,
            wanted=body.wanted.value,
            offered_to=None,
            follow_due_at=until,
            marks=incident.unmarked(FOLLOW_DUE),
        )
    _demand_request(incident)
    if until is not None and not now < until <= now + FURTHEST:
        raise Invalid("Until when: a time to come, within two weeks.", code="until_when")
    said = Wanted(wanted=body.wanted.value, note=body.note, passed_to=body.passed_to, until=until)
    return Decision(after, said)


def raise_alarm(
    incident: Incident, facts: Facts, by: By, body: CommandBody, now: datetime
) -> Decision:
    """Whoever asked for service is in need: it rings and texts as if an SOS came now, also what was a test. Whoever has it on the
    line keeps it; what is only followed comes back to the queue. Raises Conflict `not_a_request`.
    """
    rung = incident.rung_anew()
    leaves = NO_TAKER if incident.state is State.FOLLOWING else {}
    after = moved(
        rung,
        Event.RAISE,
        by,
        signal_class=RAISED.get(incident.signal_class, incident.signal_class),
        kind=Kind.SOS.value,
        kinds=tuple(dict.fromkeys((*incident.kinds, Kind.SOS.value))),
        priority=PRIORITY_OF[Kind.SOS],
        mode=IncidentMode.REAL,
        last_signal_at=now,
        call_back_by=None,
        **leaves,
    )
    _demand_request(incident)
    caller = known(facts)
    texts = telling.alarm_texts(caller, Kind.SOS, now)
    plan = facts.alarm_plan if facts.begun is not None else None
    return Decision(
        after,
        Raised(),
        texts,
        plan=plan,
        next_contact_s=caller.next_contact_s if texts else 0,
        wait=PlanWait(None) if plan is not None else None,
    )


def _demand_request(incident: Incident) -> None:
    if incident.signal_class != "service":
        raise Conflict("This is no request for service.", code="not_a_request")


RECORD_WANT = Command("wanted", WantedBody, record_want)
RAISE = Command(
    "raise", CommandBody, raise_alarm, frozenset({Need.CALLER, Need.BEGUN, Need.ALARM_PLAN})
)
