"""Every command in every state by every actor: what becomes of the incident, or why not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from callcenter.alerts.bodies import (
    Answer,
    AssignBody,
    CloseBody,
    CommandBody,
    Elsewhere,
    Gone,
    NoteBody,
    OfferBody,
    PlanStepBody,
    StepBody,
    StepKind,
    StepResult,
    Unseen,
)
from callcenter.alerts.entries import Relocated
from callcenter.alerts.handling.commands import (
    LOSE_TAKER,
    OPERATORS,
    RELOCATE,
    SYSTEMS,
    TAKE_ANSWER,
    TAKER_LOST,
    TELL_DUTY,
)
from callcenter.alerts.handling.decision import (
    SYSTEM,
    By,
    Command,
    Contact,
    Decision,
    Facts,
    Resident,
    ToldContact,
)
from callcenter.alerts.incident import Actor, Incident, Outcome, State
from callcenter.alerts.plans.choosing import Choice
from callcenter.alerts.plans.playing import Run
from callcenter.core.errors import CallCenterError
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
    run=Run(Choice("sos", 5, 1), "预案", "", (say("look"),), LONG_AGO),
    next_plan=Run(Choice("sos", 5, 2), "预案", "", (say("look"),), None),
)
ID = new_id()
BODIES: dict[str, Any] = {
    "offer": OfferBody(command_id=ID, to_user=8),
    "note": NoteBody(command_id=ID, text="门口有狗"),
    "step": StepBody(command_id=ID, step=StepKind.CALL_BACK, result=StepResult.REACHED),
    "assign": AssignBody(command_id=ID, resident_id=3),
    "close": CloseBody(command_id=ID, outcome=Outcome.TEST),
    "plan-step": PlanStepBody(command_id=ID, step="look"),
}
PLAIN = CommandBody(command_id=ID)
SYSTEM_BODIES: dict[str, Any] = {
    "taker_lost": Gone(7),
    "relocated": Elsewhere(5, (1, 5), taker_sees_it=False),
    "duty_told": Unseen(),
    "reply": Answer(new_id(), DAUGHTER.phone, Meaning.YES, "1"),
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

# command -> state -> what comes of it for taker, colleague (it is offered to them while taken), stranger, supervisor
TABLE: dict[str, dict[str, tuple[str, str, str, str]]] = {
    "take": {W: (T, T, T, T), T: ("already_yours", T, OTHER, T), F: (T, T, T, T)},
    "release": {W: (WRONG,) * 4, T: (W, NO, NO, W), F: (W, NO, NO, W)},
    "follow": {W: (WRONG,) * 4, T: (F, NO, NO, F), F: (WRONG,) * 4},
    "resume": {W: (WRONG,) * 4, T: (WRONG,) * 4, F: (T, NO, NO, T)},
    "decline": {
        W: (WRONG,) * 4,
        T: ("not_offered", T, "not_offered", "not_offered"),
        F: (WRONG,) * 4,
    },
    "offer": {W: (WRONG,) * 4, T: (T, NO, NO, T), F: (WRONG,) * 4},
    "note": {W: (W,) * 4, T: (T,) * 4, F: (F,) * 4},
    "step": {W: (NO, NO, NO, W), T: (T, NO, NO, T), F: (F, NO, NO, F)},
    "tell-next": {W: (NO, NO, NO, W), T: (T, NO, NO, T), F: (F, NO, NO, F)},
    "confirm": {W: (NO, NO, NO, W), T: (T, NO, NO, T), F: (F, NO, NO, F)},
    "assign": {W: (W,) * 4, T: (T,) * 4, F: (F,) * 4},
    "close": {W: (WRONG,) * 4, T: (C, NO, NO, C), F: (C, NO, NO, C)},
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
    "duty_told": {W: W, T: None, F: None, C: None},
    "reply": {W: W, T: T, F: F, C: WRONG},
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


def test_nothing_is_offered_to_whom_it_belongs_or_who_is_nobody():
    for to_user, facts, code in ((7, FACTS, "already_theirs"), (9, Facts(), "not_found")):
        with pytest.raises(CallCenterError) as error:
            give("offer", TAKEN, facts, to_user=to_user)
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


def test_duty_numbers_are_told_once_and_marked_only_when_there_are_any():
    waiting = standing(State.WAITING)
    decision = TELL_DUTY.decide(waiting, FACTS, SYSTEM, Unseen(), LONG_AGO)
    assert decision is not None
    assert decision.after.marks == ("duty_told",)
    assert [t.recipient for t in decision.texts] == ["+8613900000009"]
    nobody = replace(FACTS, caller=replace(CALLER, settings=RegionSettings()))
    for found, facts in ((decision.after, FACTS), (TAKEN, FACTS), (waiting, nobody)):
        assert TELL_DUTY.decide(found, facts, SYSTEM, Unseen(), LONG_AGO) is None


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
