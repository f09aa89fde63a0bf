"""Who an unknown caller is, said and taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callcenter.alerts.entries import (
    Assigned,
    Unassigned,
)
from callcenter.alerts.handling.decision import (
    Facts,
)
from callcenter.alerts.incident import TELLING_STOPPED, Incident, IncidentMode, State
from callcenter.core.errors import CallCenterError
from callcenter.sms.catalogue import MessageKind
from tests.support.callers import CALLER, DAUGHTER
from tests.support.commands import (
    FACTS,
    TAKEN,
    give,
)


def test_an_unknown_caller_moves_to_the_home_with_what_the_device_said():
    unknown = replace(TAKEN, card={"people": [], "text": "厨房"})
    decision = give("assign", unknown)
    after = decision.after
    assert (decision.subject, after.home_id, after.region_path) == ("home:5", 5, (1, 3))
    assert after.card == CALLER.card | {"text": "厨房"}
    assert (after.lat, after.lng) == (40.0, 104.0)
    assert [t.kind for t in decision.texts] == [MessageKind.ALARM_RAISED]
    assert decision.attachment is not None


@pytest.mark.parametrize("command", ["assign", "make-real"])
def test_where_an_operator_tells_the_contacts_by_hand_nobody_is_told_by_itself_after_the_first(
    command: str,
):
    mode = IncidentMode.TEST if command == "make-real" else IncidentMode.REAL
    found = replace(TAKEN, mode=mode)
    assert give(command, found).next_contact_s == CALLER.next_contact_s > 0
    assert give(command, replace(found, marks=(TELLING_STOPPED,))).next_contact_s == 0


@pytest.mark.parametrize(
    ("found", "facts", "code"),
    [
        (replace(TAKEN, home_id=9), FACTS, "already_assigned"),
        (TAKEN, replace(FACTS, resident=None), "not_found"),
        (TAKEN, replace(FACTS, resident=replace(FACTS.resident, region_path=(4,))), "not_found"),  # type: ignore[type-var]
        (TAKEN, replace(FACTS, resident=replace(FACTS.resident, caller=None)), "not_found"),  # type: ignore[type-var]
    ],
)
def test_g8_only_a_resident_whom_the_operator_may_see(found: Incident, facts: Facts, code: str):
    with pytest.raises(CallCenterError) as error:
        give("assign", found, facts)
    assert error.value.code == code


ASSIGNED = replace(
    TAKEN,
    home_id=5,
    resident_id=3,
    region_id=3,
    region_path=(1, 3),
    lat=40.0,
    lng=104.0,
    card={"people": [{"name": "沈玉兰"}], "text": "厨房"},
)


def test_what_an_incident_was_before_it_was_assigned_stands_on_its_timeline():
    unknown = replace(TAKEN, region_id=2, region_path=(1, 2), card={"people": []})
    said = give("assign", unknown).said
    assert isinstance(said, Assigned)
    assert said.before == {
        "subject": "caller:dc09:9999",
        "region_id": 2,
        "region_path": (1, 2),
        "lat": unknown.lat,
        "lng": unknown.lng,
        "card": {"people": []},
    }


@pytest.mark.parametrize("state", [State.WAITING, State.TAKEN, State.FOLLOWING])
def test_whoever_was_assigned_wrongly_is_unknown_again_and_the_family_is_told(state: State):
    found = replace(
        ASSIGNED, state=state, taken_by=None if state is State.WAITING else ASSIGNED.taken_by
    )
    decision = give("unassign", found)
    after = decision.after
    assert (after.home_id, after.resident_id, after.region_id, after.region_path) == (
        None,
        None,
        2,
        (1, 2),
    )
    assert (after.lat, after.lng, after.state, after.taken_by) == (
        None,
        None,
        state,
        found.taken_by,
    )
    assert after.card == {"people": [], "peer": "10.0.0.1", "text": "厨房"}
    assert (decision.subject, after.device_id) == ("device:11", 11)
    assert decision.said == Unassigned(
        resident_id=3, name="沈玉兰", reason="回电的是隔壁", from_path=(1, 3)
    )
    assert [(t.recipient, t.kind) for t in decision.texts] == [
        (DAUGHTER.phone, MessageKind.CORRECTION)
    ]
    assert decision.withdrawal is not None
    assert (decision.withdrawal.device_id, decision.withdrawal.home_id) == (11, 5)


@pytest.mark.parametrize("state", [State.TAKEN, State.FOLLOWING])
def test_g9_a_taker_who_may_not_see_the_unknown_caller_loses_it_and_it_rings(state: State):
    facts = replace(FACTS, assignment=replace(FACTS.assignment, taker_sees_it=False))  # type: ignore[type-var]
    after = give("unassign", replace(ASSIGNED, state=state), facts).after
    assert (after.state, after.taken_by, after.ring) == (State.WAITING, None, 2)


@pytest.mark.parametrize(
    ("facts", "reason", "code"),
    [
        (replace(FACTS, assignment=None), "回电", "not_assigned"),
        (
            replace(FACTS, assignment=replace(FACTS.assignment, home_has_called=True)),  # type: ignore[type-var]
            "回电",
            "home_has_called",
        ),
        (FACTS, "  ", "reason_missing"),
    ],
)
def test_an_alarm_of_that_home_is_never_taken_back_and_no_assignment_without_a_reason(
    facts: Facts, reason: str, code: str
):
    with pytest.raises(CallCenterError) as error:
        give("unassign", ASSIGNED, facts, reason=reason)
    assert error.value.code == code
