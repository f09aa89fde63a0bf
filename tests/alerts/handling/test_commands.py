"""Every command in every state by every actor: what becomes of the incident, or why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from callcenter.alerts.bodies import (
    Answer,
    AssignBody,
    Climbed,
    CloseBody,
    CommandBody,
    Elsewhere,
    FollowBody,
    Gone,
    NoteBody,
    OfferBody,
    PlanStepBody,
    ReassignBody,
    Silence,
    StepBody,
    StepKind,
    StepResult,
    TimeToCall,
    UnassignBody,
)
from callcenter.alerts.entries import (
    Assigned,
    DutyTold,
    Escalated,
    FollowUp,
    Reassigned,
    Relocated,
    Reply,
    Taken,
    Unassigned,
)
from callcenter.alerts.escalation import Made, Step
from callcenter.alerts.handling.commands import (
    ESCALATE,
    LOSE_TAKER,
    OPERATORS,
    RELOCATE,
    REMIND,
    SYSTEMS,
    TAKE_ANSWER,
    TAKER_LOST,
)
from callcenter.alerts.handling.decision import (
    SYSTEM,
    Assignment,
    By,
    Command,
    Contact,
    Decision,
    Facts,
    Resident,
    ToldContact,
)
from callcenter.alerts.incident import Actor, Incident, IncidentMode, Outcome, State
from callcenter.alerts.plans.choosing import Choice
from callcenter.alerts.plans.playing import Run
from callcenter.core.errors import CallCenterError, Forbidden
from callcenter.core.ids import new_id
from callcenter.regions.tree import RegionSettings
from callcenter.sms.catalogue import MessageKind
from callcenter.sms.inbound import Meaning
from tests.support.callers import CALLER, DAUGHTER, PERSON, SON
from tests.support.community import LONG_AGO
from tests.support.incidents import incident
from tests.support.plans import say

TAKER, COLLEAGUE, STRANGER, BOSS = "taker", "colleague", "stranger", "supervisor"
ACTORS = {
    TAKER: Actor(7),
    COLLEAGUE: Actor(8),
    STRANGER: Actor(9),
    BOSS: Actor(10, supervises=True),
}
TOLD = ToldContact(DAUGHTER.phone, 1, "zh-CN", {"name": "沈玉兰"})
FACTS = Facts(
    told=(TOLD,),
    caller=CALLER,
    contact=Contact(1, "沈岚", "女儿", "daughter"),
    colleague="李强",
    resident=Resident(3, "沈玉兰", 5, 3, (1, 3), CALLER),
    sender=Contact(1, "沈岚", "女儿", "daughter"),
    subject="caller:dc09:9999",
    assignment=Assignment(
        3,
        "沈玉兰",
        {
            "subject": "caller:dc09:9999",
            "region_id": 2,
            "region_path": [1, 2],
            "lat": None,
            "lng": None,
            "card": {"people": [], "peer": "10.0.0.1"},
        },
        "device:11",
        device_id=11,
    ),
    run=Run(Choice("sos", 5, 1), "预案", "", (say("look"),), LONG_AGO),
    next_plan=Run(Choice("sos", 5, 2), "预案", "", (say("look"),), None),
    silent_since=LONG_AGO,
)
ID = new_id()
DUE = LONG_AGO + timedelta(minutes=20)
BODIES: dict[str, Any] = {
    "offer": OfferBody(command_id=ID, to_user=8),
    "reassign": ReassignBody(command_id=ID, to_user=8, reason="王敏下班"),
    "follow": FollowBody(command_id=ID, minutes=20),
    "note": NoteBody(command_id=ID, text="门口有狗"),
    "step": StepBody(command_id=ID, step=StepKind.CALL_BACK, result=StepResult.REACHED),
    "assign": AssignBody(command_id=ID, resident_id=3),
    "unassign": UnassignBody(command_id=ID, reason="回电的是隔壁"),
    "close": CloseBody(command_id=ID, outcome=Outcome.TEST),
    "plan-step": PlanStepBody(command_id=ID, step="look"),
}
PLAIN = CommandBody(command_id=ID)
SYSTEM_BODIES: dict[str, Any] = {
    "taker_lost": Gone(7),
    "relocated": Elsewhere(5, (1, 5), taker_sees_it=False),
    "escalated": Climbed(1, 0, 3, (Made(Step.DUTY, 1),)),
    "follow_up": TimeToCall(DUE, taker_there=True),
    "reply": Answer(new_id(), DAUGHTER.phone, Meaning.YES, "1"),
    "tell_on": Silence(LONG_AGO),
}


def by(actor: str) -> By:
    return By(ACTORS[actor], actor, profiles=frozenset({1}))


def standing(state: State, *, offered: bool = False) -> Incident:
    """As the taker has it; offered to the colleague if so."""
    taken = state is not State.WAITING
    return incident(
        state=state,
        taken_by=7 if taken else None,
        taken_by_name="taker" if taken else None,
        offered_to=8 if offered else None,
        follow_due_at=DUE if state is State.FOLLOWING else None,
    )


def outcome(command: Command, found: Incident, actor: str, facts: Facts = FACTS) -> str:
    """The state it leads to, or the code of the refusal."""
    body = BODIES.get(command.name, PLAIN)
    try:
        decision = command.decide(found, facts, by(actor), body, LONG_AGO)
    except CallCenterError as error:
        return error.code
    assert decision is not None
    return decision.after.state.value


W, T, F, C = "waiting", "taken", "following", "closed"
NO, WRONG, OTHER = "not_the_taker", "wrong_state", "taken_by_other"
BOSS_ONLY = "needs_supervisor"

# command -> state -> what comes of it for taker, colleague (it is offered to them while taken), stranger, supervisor
TABLE: dict[str, dict[str, tuple[str, str, str, str]]] = {
    "take": {W: (T, T, T, T), T: ("already_yours", T, OTHER, T), F: (T, T, T, T)},
    "release": {W: (WRONG,) * 4, T: (W, NO, NO, W), F: (W, NO, NO, W)},
    "follow": {W: (WRONG,) * 4, T: (F, NO, NO, F), F: (F, NO, NO, F)},
    "resume": {W: (WRONG,) * 4, T: (WRONG,) * 4, F: (T, NO, NO, T)},
    "decline": {
        W: (WRONG,) * 4,
        T: ("not_offered", T, "not_offered", "not_offered"),
        F: (WRONG,) * 4,
    },
    "offer": {W: (WRONG,) * 4, T: (T, NO, NO, T), F: (WRONG,) * 4},
    "reassign": {
        W: (WRONG,) * 4,
        T: (BOSS_ONLY, BOSS_ONLY, BOSS_ONLY, T),
        F: (BOSS_ONLY, BOSS_ONLY, BOSS_ONLY, F),
    },
    "note": {W: (W,) * 4, T: (T,) * 4, F: (F,) * 4},
    "step": {W: (NO, NO, NO, W), T: (T, NO, NO, T), F: (F, NO, NO, F)},
    "tell-next": {W: (NO, NO, NO, W), T: (T, NO, NO, T), F: (F, NO, NO, F)},
    "stop-telling": {W: (NO, NO, NO, W), T: (T, NO, NO, T), F: (F, NO, NO, F)},
    "confirm": {W: (NO, NO, NO, W), T: (T, NO, NO, T), F: (F, NO, NO, F)},
    "assign": {W: (W,) * 4, T: (T,) * 4, F: (F,) * 4},
    "unassign": {W: ("not_assigned",) * 4, T: ("not_assigned",) * 4, F: ("not_assigned",) * 4},
    "close": {W: (WRONG,) * 4, T: (C, NO, NO, C), F: (C, NO, NO, C)},
    "make-real": {W: ("already_real",) * 4, T: ("already_real",) * 4, F: ("already_real",) * 4},
    "plan-step": {W: (NO, NO, NO, W), T: (T, NO, NO, T), F: (F, NO, NO, F)},
    "plan": {W: (NO, NO, NO, W), T: (T, NO, NO, T), F: (F, NO, NO, F)},
}


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("state", [State.WAITING, State.TAKEN, State.FOLLOWING])
@pytest.mark.parametrize("command", OPERATORS, ids=lambda command: command.name)
def test_every_command_in_every_state_by_every_actor(command: Command, state: State, actor: str):
    found = standing(state, offered=state is State.TAKEN)
    expected = TABLE[command.name][state.value][list(ACTORS).index(actor)]
    assert outcome(command, found, actor) == expected


# command of the system -> state -> what comes of it; None: there is nothing left to do
OF_SYSTEM: dict[str, dict[str, str | None]] = {
    "taker_lost": {W: None, T: W, F: None, C: None},
    "escalated": {W: W, T: None, F: None, C: None},
    "follow_up": {W: None, T: None, F: F, C: None},
    "reply": {W: W, T: T, F: F, C: WRONG},
    "tell_on": {W: W, T: T, F: F, C: None},
    "relocated": {W: W, T: W, F: W, C: None},  # where the taker may not see it
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("command", SYSTEMS, ids=lambda command: command.name)
def test_every_command_of_the_system_in_every_state(command: Command, state: State):
    try:
        decision = command.decide(
            standing(state), FACTS, SYSTEM, SYSTEM_BODIES[command.name], LONG_AGO
        )
        came: str | None = decision.after.state.value if decision else None
    except CallCenterError as error:
        came = error.code
    assert came == OF_SYSTEM[command.name][state.value]


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("command", OPERATORS, ids=lambda command: command.name)
def test_g9_nothing_is_done_to_a_closed_incident(command: Command, actor: str):
    assert outcome(command, standing(State.CLOSED), actor) == WRONG


@pytest.mark.parametrize("command", [*OPERATORS, *SYSTEMS], ids=lambda command: command.name)
def test_no_command_changes_what_the_statement_counts(command: Command):
    """Version and number are the database's."""
    for state in State:
        decision = decided(command, standing(state))
        if decision is not None:
            assert (decision.after.version, decision.after.number) == (1, 37)


def decided(command: Command, found: Incident) -> Decision | None:
    bodies = BODIES | SYSTEM_BODIES
    actor = SYSTEM if command in SYSTEMS else by(BOSS)
    try:
        return command.decide(found, FACTS, actor, bodies.get(command.name, PLAIN), LONG_AGO)
    except CallCenterError:
        return None


# ---- what single commands need


def give(name: str, found: Incident, facts: Facts = FACTS, **changes: Any) -> Decision:
    command = next(each for each in OPERATORS if each.name == name)
    body = BODIES.get(name, PLAIN).model_copy(update=changes)
    decision = command.decide(found, facts, by(TAKER), body, LONG_AGO)
    assert decision is not None
    return decision


TAKEN = standing(State.TAKEN)
COMMANDS = {command.name: command for command in OPERATORS}


def test_nothing_is_offered_to_whom_it_belongs_or_who_is_nobody():
    for to_user, facts, code in ((7, FACTS, "already_theirs"), (9, Facts(), "not_found")):
        with pytest.raises(CallCenterError) as error:
            give("offer", TAKEN, facts, to_user=to_user)
        assert error.value.code == code


REASSIGN = next(each for each in OPERATORS if each.name == "reassign")


@pytest.mark.parametrize("state", [State.TAKEN, State.FOLLOWING])
def test_what_a_supervisor_gives_away_rings_at_the_seat_of_who_has_it_now(state: State):
    before = standing(state)
    decision = REASSIGN.decide(before, FACTS, by(BOSS), BODIES["reassign"], LONG_AGO)
    assert decision is not None
    after = decision.after
    assert (after.taken_by, after.taken_by_name, after.ring) == (8, "李强", before.ring + 1)
    assert (after.state, after.offered_to, after.follow_due_at) == (
        state,
        None,
        before.follow_due_at,
    )
    assert decision.said == Reassigned(to=8, to_name="李强", taken_from="taker", reason="王敏下班")
    assert not decision.texts


@pytest.mark.parametrize(
    ("changes", "facts", "code"),
    [
        ({"to_user": 7}, FACTS, "already_theirs"),
        ({"to_user": 9}, replace(FACTS, colleague=None), "not_found"),
        ({"reason": " "}, FACTS, "reason_needed"),
    ],
)
def test_nothing_is_given_away_to_nobody_or_without_a_reason(
    changes: dict[str, Any], facts: Facts, code: str
):
    body = BODIES["reassign"].model_copy(update=changes)
    with pytest.raises(CallCenterError) as error:
        REASSIGN.decide(TAKEN, facts, by(BOSS), body, LONG_AGO)
    assert error.value.code == code


def test_an_ambulance_on_its_way_is_told_to_whoever_knows():
    called = {"step": StepKind.AMBULANCE_CALLED, "result": StepResult.DONE}
    texts = give("step", TAKEN, **called).texts
    assert [(t.recipient, t.kind) for t in texts] == [
        (DAUGHTER.phone, MessageKind.AMBULANCE_CALLED)
    ]
    assert not give("step", TAKEN, **called | {"result": StepResult.NO_ANSWER}).texts
    assert not give("step", TAKEN, **called, tell_contacts=False).texts


def test_the_next_contact_is_asked_until_all_know():
    assert [t.recipient for t in give("tell-next", TAKEN).texts] == [SON.phone]
    everybody = replace(FACTS, told=(TOLD, ToldContact(SON.phone, 2, "en", {})))
    with pytest.raises(CallCenterError) as error:
        give("tell-next", TAKEN, everybody)
    assert error.value.code == "nobody_to_tell"


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("state", [State.WAITING, State.TAKEN, State.FOLLOWING])
def test_anybody_makes_a_test_real_and_it_rings_and_texts(state: State, actor: str):
    tried = replace(standing(state), mode=IncidentMode.TEST)
    command = next(one for one in OPERATORS if one.name == "make-real")
    made = command.decide(tried, FACTS, by(actor), PLAIN, LONG_AGO)
    assert made is not None
    after = made.after
    assert (after.mode, after.state, after.ring) == (IncidentMode.REAL, state, tried.ring + 1)
    assert [text.recipient for text in made.texts] == [DAUGHTER.phone]


@pytest.mark.parametrize("name", ["tell-next", "confirm"])
def test_nobody_is_told_of_a_test(name: str):
    with pytest.raises(CallCenterError) as error:
        give(name, replace(TAKEN, mode=IncidentMode.TEST))
    assert error.value.code == "in_test"
    assert not give("assign", replace(TAKEN, home_id=None, mode=IncidentMode.TEST)).texts


def test_a_contact_who_has_called_is_not_asked_whether_they_can_go():
    aware = replace(FACTS, told=(), aware=(DAUGHTER.contact_id,))
    assert [t.recipient for t in give("tell-next", TAKEN, aware).texts] == [SON.phone]
    with pytest.raises(CallCenterError) as error:
        give("confirm", TAKEN, aware)
    assert error.value.code == "nobody_to_tell"


def test_the_family_of_who_has_died_is_not_texted_by_hand_either():
    """Their numbers are there to be phoned."""
    died = replace(PERSON, status="deceased")
    facts = replace(FACTS, caller=replace(CALLER, people=(died,)))
    with pytest.raises(CallCenterError) as error:
        give("tell-next", TAKEN, facts)
    assert error.value.code == "nobody_to_tell"
    answered = TAKE_ANSWER.decide(TAKEN, facts, SYSTEM, answer(Meaning.NO), LONG_AGO)
    assert answered is not None
    assert not answered.texts
    widower = replace(PERSON, resident_id=4, recipients=(DAUGHTER,))
    both = replace(FACTS, caller=replace(CALLER, resident_id=None, people=(died, widower)))
    with pytest.raises(CallCenterError) as error:
        give("tell-next", TAKEN, both)
    assert error.value.code == "nobody_to_tell"


def test_an_unknown_caller_moves_to_the_home_with_what_the_device_said():
    unknown = replace(TAKEN, card={"people": [], "text": "厨房"})
    decision = give("assign", unknown)
    after = decision.after
    assert (decision.subject, after.home_id, after.region_path) == ("home:5", 5, (1, 3))
    assert after.card == CALLER.card | {"text": "厨房"}
    assert (after.lat, after.lng) == (40.0, 104.0)
    assert [t.kind for t in decision.texts] == [MessageKind.ALARM_RAISED]
    assert decision.attachment is not None


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


# ---- of the system


def test_g9_only_the_taker_who_is_gone_loses_it():
    decision = LOSE_TAKER.decide(TAKEN, Facts(), SYSTEM, Gone(7), LONG_AGO)
    assert decision is not None
    after = decision.after
    assert (after.state, after.taken_by, after.ring) == (State.WAITING, None, 2)
    assert after.marks == ("taker_lost",)
    for found in (standing(State.FOLLOWING), standing(State.WAITING), replace(TAKEN, taken_by=8)):
        assert LOSE_TAKER.decide(found, Facts(), SYSTEM, Gone(7), LONG_AGO) is None


def relocated(found: Incident, *, taker_sees_it: bool) -> Decision | None:
    body = Elsewhere(5, (1, 5), taker_sees_it=taker_sees_it)
    return RELOCATE.decide(found, Facts(), SYSTEM, body, LONG_AGO)


@pytest.mark.parametrize("state", [State.TAKEN, State.FOLLOWING])
@pytest.mark.parametrize(
    ("taker_sees_it", "taker", "ring", "marks"), [(True, 7, 1, ()), (False, None, 2, (TAKER_LOST,))]
)
def test_g9_an_incident_follows_its_home_and_rings_where_its_taker_may_not_see_it(
    state: State, taker_sees_it: bool, taker: int | None, ring: int, marks: tuple[str, ...]
):
    decision = relocated(standing(state), taker_sees_it=taker_sees_it)
    assert decision is not None
    assert decision.said == Relocated(from_path=(1, 2))
    after = decision.after
    assert (after.region_id, after.region_path) == (5, (1, 5))
    assert after.state is (state if taker_sees_it else State.WAITING)
    assert (after.taken_by, after.ring, after.marks) == (taker, ring, marks)


def test_nothing_follows_when_it_waits_there_already_or_is_over():
    waiting = standing(State.WAITING)
    decision = relocated(waiting, taker_sees_it=False)
    assert decision is not None
    assert (decision.after.state, decision.after.ring) == (State.WAITING, 1)
    for found in (decision.after, standing(State.CLOSED)):
        assert relocated(found, taker_sees_it=False) is None


# ---- of an alarm that nobody takes


def climbed(*made: Made, found: Incident, after: int, manned: bool = True) -> Climbed:
    return Climbed(found.ring, found.escalated, after, made, manned, timedelta(seconds=60))


def escalated(found: Incident, body: Climbed, facts: Facts = FACTS) -> Decision | None:
    return ESCALATE.decide(found, facts, SYSTEM, body, LONG_AGO)


def test_who_was_called_stands_on_the_incident_and_on_its_timeline():
    waiting = replace(standing(State.WAITING), ring_to=(7,))
    every = escalated(waiting, climbed(Made(Step.ALL_SEATS, 2), found=waiting, after=1))
    assert every is not None
    assert (every.after.ring_to, every.after.escalated, every.after.marks) == ((), 1, ())
    called = climbed(Made(Step.SUPERVISORS, 1), found=every.after, after=2)
    supervisors = escalated(every.after, called)
    assert supervisors is not None
    assert supervisors.said == Escalated(step="supervisors", reached=1)
    assert supervisors.after.marks == ("supervisors_called",)
    assert supervisors.due_in == timedelta(seconds=60)


def test_the_duty_list_is_told_with_the_steps_that_had_nobody():
    waiting = standing(State.WAITING)
    body = climbed(Made(Step.SUPERVISORS, 0), Made(Step.DUTY, 1), found=waiting, after=3)
    decision = escalated(waiting, body)
    assert decision is not None
    assert decision.said == DutyTold(numbers=1, passed=("supervisors",))
    assert (decision.after.marks, decision.after.escalated) == (("duty_told",), 3)
    assert [(t.recipient, t.kind) for t in decision.texts] == [("+8613900000009", "duty_untaken")]
    deserted = escalated(waiting, replace(body, manned=False))
    assert deserted is not None
    assert [t.kind for t in deserted.texts] == ["duty_alarm"]


def test_a_step_is_made_once_whoever_decides_upon_it():
    waiting = standing(State.WAITING)
    body = climbed(Made(Step.DUTY, 1), found=waiting, after=3)
    decision = escalated(waiting, body)
    assert decision is not None
    for found in (decision.after, waiting.rung_anew(), TAKEN):
        assert escalated(found, body) is None


def test_an_empty_duty_list_is_said_once_and_is_never_a_mark_that_somebody_was_told():
    waiting = standing(State.WAITING)
    nobody = replace(FACTS, caller=replace(CALLER, settings=RegionSettings()))
    body = climbed(Made(Step.SUPERVISORS, 0), Made(Step.DUTY, 0), found=waiting, after=3)
    decision = escalated(waiting, body, nobody)
    assert decision is not None
    assert decision.said == Escalated(step="duty", passed=("supervisors",))
    assert (decision.after.marks, decision.after.escalated) == (("nobody_told",), 0)
    assert decision.texts == ()
    assert escalated(decision.after, body, nobody) is None
    found = escalated(decision.after, climbed(Made(Step.DUTY, 1), found=waiting, after=3))
    assert found is not None
    assert found.after.marks == ("duty_told",)


def test_what_is_too_old_calls_nobody_any_more_and_says_so():
    waiting = standing(State.WAITING)
    decision = escalated(waiting, Climbed(1, 0, 0, over=True))
    assert decision is not None
    assert (decision.said, decision.after.marks) == (Escalated(over=True), ("escalation_over",))
    assert decision.texts == ()


def test_taking_it_names_the_steps_that_were_spared():
    waiting = replace(standing(State.WAITING), escalated=2)
    for found, spared in ((waiting, ("duty",)), (replace(waiting, escalated=4), ())):
        decision = COMMANDS["take"].decide(found, FACTS, by("stranger"), PLAIN, LONG_AGO)
        assert decision is not None
        assert decision.said == Taken(not_made=spared)


def from_duty(meaning: Meaning) -> Answer:
    return Answer(new_id(), "+8613900000009", meaning, "1", on_duty=True)


def test_a_duty_phone_that_answers_yes_takes_it_until_somebody_at_a_seat_does():
    waiting = standing(State.WAITING)
    decision = TAKE_ANSWER.decide(waiting, FACTS, SYSTEM, from_duty(Meaning.YES), LONG_AGO)
    assert decision is not None
    after = decision.after
    assert isinstance(decision.said, Reply)
    assert decision.said.takes
    assert (after.state, after.taken_by, after.taken_by_name) == (T, None, "+8613900000009")
    assert after.follow_due_at == DUE
    assert decision.texts == ()
    over = COMMANDS["take"].decide(after, FACTS, by("stranger"), PLAIN, LONG_AGO)
    assert over is not None
    assert (over.said, over.after.follow_due_at) == (Taken(taken_from="+8613900000009"), None)


@pytest.mark.parametrize("meaning", [Meaning.NO, Meaning.OTHER])
def test_a_duty_phone_that_says_anything_else_takes_nothing(meaning: Meaning):
    waiting = standing(State.WAITING)
    decision = TAKE_ANSWER.decide(waiting, FACTS, SYSTEM, from_duty(meaning), LONG_AGO)
    assert decision is not None
    assert (decision.after.state, decision.texts) == (W, ())


# ---- calling again


def reminded(found: Incident, *, taker_there: bool = True) -> Decision | None:
    return REMIND.decide(found, FACTS, SYSTEM, TimeToCall(DUE, taker_there), LONG_AGO)


def test_whoever_follows_is_reminded_once_then_it_is_everybody_s():
    first = reminded(standing(State.FOLLOWING))
    assert first is not None
    assert first.said == FollowUp(name="taker")
    assert (first.after.state, first.after.ring, first.after.marks) == (F, 2, ("follow_due",))
    late = reminded(first.after)
    assert late is not None
    assert late.said == FollowUp(late=True, name="taker")
    assert (late.after.state, late.after.ring, late.after.marks) == (W, 3, ("follow_late",))
    assert (late.after.taken_by, late.after.follow_due_at) == (None, None)


def test_where_nobody_is_there_to_call_again_it_is_everybody_s_at_once():
    decision = reminded(standing(State.FOLLOWING), taker_there=False)
    assert decision is not None
    assert decision.after.state is State.WAITING


def test_another_time_to_call_ends_the_reminder():
    due = reminded(standing(State.FOLLOWING))
    assert due is not None
    again = COMMANDS["follow"].decide(
        due.after, FACTS, by("taker"), FollowBody(command_id=ID, minutes=5), LONG_AGO
    )
    assert again is not None
    assert again.after.marks == ()
    assert again.after.follow_due_at == LONG_AGO + timedelta(minutes=5)
    assert reminded(again.after) is None  # the time that was decided upon is not its time any more


def test_that_nobody_was_reached_is_for_a_supervisor_to_say():
    body = CloseBody(command_id=ID, outcome=Outcome.NOBODY_REACHED, note="三次无人接听")
    close = COMMANDS["close"]
    with pytest.raises(Forbidden, match="supervisor"):
        close.decide(TAKEN, FACTS, by("taker"), body, LONG_AGO)
    assert close.decide(TAKEN, FACTS, by("supervisor"), body, LONG_AGO) is not None
    technical = replace(TAKEN, signal_class="technical")
    assert close.decide(technical, FACTS, by("taker"), body, LONG_AGO) is not None


def answer(meaning: Meaning | None) -> Answer:
    return Answer(new_id(), DAUGHTER.phone, meaning, "1")


@pytest.mark.parametrize(
    ("meaning", "said", "texts"),
    [
        (Meaning.YES, "yes", [(DAUGHTER.phone, MessageKind.ANSWER_NOTED)]),
        (Meaning.NO, "no", [(SON.phone, MessageKind.CAN_YOU_GO)]),
        (Meaning.OTHER, "other", []),
        (None, "unclear", []),
    ],
)
def test_answers_by_text(meaning: Meaning | None, said: str, texts: list[tuple[str, MessageKind]]):
    decision = TAKE_ANSWER.decide(TAKEN, FACTS, SYSTEM, answer(meaning), LONG_AGO)
    assert decision is not None
    assert decision.said.meaning == said  # type: ignore[union-attr]
    assert [(t.recipient, t.kind) for t in decision.texts] == texts
    again = replace(FACTS, answered=True)
    assert TAKE_ANSWER.decide(TAKEN, again, SYSTEM, answer(meaning), LONG_AGO) is None
