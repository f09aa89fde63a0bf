"""Who an unknown caller is, said and taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callcenter.alerts.bodies import Known, Part
from callcenter.alerts.entries import (
    Assigned,
    Recognised,
    Unassigned,
)
from callcenter.alerts.handling.assigning import RECOGNISE
from callcenter.alerts.handling.decision import (
    SYSTEM,
    Decision,
    Facts,
)
from callcenter.alerts.incident import TELLING_STOPPED, Incident, IncidentMode, Outcome, State
from callcenter.core.errors import CallCenterError
from callcenter.core.ids import new_id
from callcenter.sms.catalogue import MessageKind
from tests.support.callers import CALLER, DAUGHTER
from tests.support.commands import (
    FACTS,
    TAKEN,
    give,
    standing,
)
from tests.support.community import LONG_AGO


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


# ---- recognised by the registry

UNKNOWN_PATH = (1, 2)
AT_HOME = replace(CALLER, device_id=11)
KNOWN = Known(1, AT_HOME)


def recognised(found: Incident, body: Known = KNOWN, facts: Facts = FACTS) -> Decision:
    decision = RECOGNISE.decide(found, facts, SYSTEM, body, LONG_AGO)
    assert decision is not None
    return decision


def test_a_device_that_was_looked_up_too_late_is_of_its_home():
    unknown = standing(State.WAITING, card={"people": [], "text": "厨房", "peer": "10.0.0.1"})
    decision = recognised(unknown)
    after = decision.after
    assert (after.home_id, after.resident_id, after.device_id) == (5, 3, 11)
    assert (after.region_path, after.lat, after.ring, after.state) == ((1, 3), 40.0, 2, "waiting")
    assert after.card == CALLER.card | {"text": "厨房"}
    assert decision.subject == "home:5"
    assert [(t.recipient, t.kind) for t in decision.texts] == [
        (DAUGHTER.phone, MessageKind.ALARM_RAISED)
    ]
    assert decision.next_contact_s == CALLER.next_contact_s
    assert decision.attachment is None
    assert decision.said == Recognised(
        home_id=5, resident_id=3, name="沈玉兰", from_path=UNKNOWN_PATH
    )


@pytest.mark.parametrize("sees", [True, False])
@pytest.mark.parametrize("state", [State.TAKEN, State.FOLLOWING])
def test_g9_its_taker_keeps_it_where_they_may_see_it_and_else_it_rings(state: State, sees: bool):
    after = recognised(standing(state), replace(KNOWN, taker_sees_it=sees)).after
    expected = (state, 7, 1) if sees else (State.WAITING, None, 2)
    assert (after.state, after.taken_by, after.ring) == expected


def test_whoever_only_tries_a_button_has_no_family_told():
    tried = replace(KNOWN, tried=True)
    once = recognised(standing(State.WAITING), tried)
    assert (list(once.texts), once.next_contact_s) == ([], 0)
    assert recognised(standing(State.WAITING, press_count=2), tried).texts
    says_so = standing(State.WAITING, card={"people": [], "text": "真的摔了"})
    assert recognised(says_so, tried).texts


@pytest.mark.parametrize("state", [State.WAITING, State.TAKEN])
def test_what_rang_as_a_test_of_another_region_is_none_at_home(state: State):
    found = standing(state, mode=IncidentMode.TEST)
    real = recognised(found)
    assert (real.after.mode, real.after.ring, len(real.texts)) == (IncidentMode.REAL, 2, 1)
    still = recognised(found, replace(KNOWN, tried=True))
    assert (still.after.mode, list(still.texts)) == (IncidentMode.TEST, [])


def test_a_technical_alarm_tells_nobody():
    assert not recognised(standing(State.WAITING, signal_class="technical", kind="gas")).texts


@pytest.mark.parametrize(
    "found",
    [
        standing(State.WAITING, home_id=5),
        standing(State.CLOSED),
        standing(State.WAITING, version=2),
        standing(State.WAITING, mode=IncidentMode.DRILL),
    ],
)
def test_whoever_was_faster_leaves_nothing_to_recognise(found: Incident):
    for body in (KNOWN, replace(KNOWN, part_of=Part(new_id(), 36))):
        assert RECOGNISE.decide(found, FACTS, SYSTEM, body, LONG_AGO) is None


@pytest.mark.parametrize(
    ("state", "after", "outcome"),
    [
        (State.WAITING, State.CLOSED, Outcome.PART_OF_OTHER),
        (State.TAKEN, State.TAKEN, None),
        (State.FOLLOWING, State.FOLLOWING, None),
    ],
)
def test_g9_what_is_part_of_the_home_s_alarm_ends_only_where_nobody_has_it(
    state: State, after: State, outcome: Outcome | None
):
    part = Part(new_id(), 36)
    decision = recognised(standing(state), replace(KNOWN, part_of=part))
    assert (decision.after.state, decision.after.outcome) == (after, outcome)
    assert (decision.after.home_id, decision.subject, list(decision.texts)) == (None, None, [])
    assert decision.said == Recognised(
        home_id=5, resident_id=3, name="沈玉兰", part_of=36, part_of_id=part.incident_id
    )


def test_where_it_is_unclear_who_pressed_the_home_is_named():
    anybody = replace(AT_HOME, resident_id=None)
    said = recognised(standing(State.WAITING), replace(KNOWN, caller=anybody)).said
    assert isinstance(said, Recognised)
    assert (said.resident_id, said.name) == (None, "榆荫里7号楼")
