"""Every command in every state by every actor: what becomes of the incident, or why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from callcenter.alerts.bodies import (
    CloseBody,
    StepKind,
    StepResult,
)
from callcenter.alerts.entries import (
    Reassigned,
    Taken,
)
from callcenter.alerts.handling.commands import OPERATORS, SYSTEMS
from callcenter.alerts.handling.decision import (
    SYSTEM,
    Command,
    Decision,
    Facts,
    ToldContact,
)
from callcenter.alerts.incident import Incident, IncidentMode, Outcome, State
from callcenter.core.errors import CallCenterError, Forbidden
from callcenter.sms.catalogue import MessageKind
from tests.support.callers import CALLER, DAUGHTER, PERSON, SON
from tests.support.commands import (
    ACTORS,
    BODIES,
    BOSS,
    COMMANDS,
    FACTS,
    ID,
    PLAIN,
    SYSTEM_BODIES,
    TAKEN,
    TOLD,
    by,
    give,
    standing,
)
from tests.support.community import LONG_AGO


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


NO_REQUEST = "not_a_request"


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
    "wanted": {
        W: (NO, NO, NO, NO_REQUEST),
        T: (NO_REQUEST, NO, NO, NO_REQUEST),
        F: (NO_REQUEST, NO, NO, NO_REQUEST),
    },
    "raise": {W: (NO_REQUEST,) * 4, T: (NO_REQUEST,) * 4, F: (NO_REQUEST,) * 4},
    "forward": {W: (W,) * 4, T: (T,) * 4, F: (F,) * 4},
    "forward-accepted": {W: (W,) * 4, T: (T,) * 4, F: (F,) * 4},
    "send": {W: (W,) * 4, T: (T,) * 4, F: (F,) * 4},
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
    "page_opened": {W: W, T: T, F: F, C: WRONG},
    "voice_told": {W: W, T: T, F: F, C: WRONG},
    "tell_on": {W: W, T: T, F: F, C: None},
    "relocated": {W: W, T: W, F: W, C: None},  # where the taker may not see it
    "called_off": {
        W: None,
        T: None,
        F: None,
        C: None,
    },  # none of these is a drill: test_calling_off
    "request_due": {W: None, T: None, F: None, C: None},  # an alarm: see test_unattended
    "plan_waited": {W: W, T: T, F: F, C: None},
    "forwarded": {W: W, T: T, F: F, C: None},
    "forward_told": {W: W, T: T, F: F, C: C},
    "field_told": {W: W, T: T, F: F, C: C},
    "recognised": {W: W, T: W, F: W, C: None},  # where the taker may not see it
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
    widower = replace(PERSON, resident_id=4, recipients=(DAUGHTER,))
    both = replace(FACTS, caller=replace(CALLER, resident_id=None, people=(died, widower)))
    with pytest.raises(CallCenterError) as error:
        give("tell-next", TAKEN, both)
    assert error.value.code == "nobody_to_tell"


@pytest.mark.parametrize(("minutes", "until_min"), [(None, 45), (5, 5)])
def test_whoever_is_followed_is_called_again_when_the_region_says_unless_the_operator_does(
    minutes: int | None, until_min: int
):
    settings = replace(CALLER.settings, follow_min=45)
    facts = replace(FACTS, caller=replace(CALLER, settings=settings))
    decided = give("follow", TAKEN, facts, minutes=minutes)
    assert decided.after.follow_due_at == LONG_AGO + timedelta(minutes=until_min)


def test_taking_it_names_the_steps_that_were_spared():
    waiting = replace(standing(State.WAITING), escalated=2)
    for found, spared in ((waiting, ("duty",)), (replace(waiting, escalated=4), ())):
        decision = COMMANDS["take"].decide(found, FACTS, by("stranger"), PLAIN, LONG_AGO)
        assert decision is not None
        assert decision.said == Taken(not_made=spared)


def test_that_nobody_was_reached_is_for_a_supervisor_to_say():
    body = CloseBody(command_id=ID, outcome=Outcome.NOBODY_REACHED, note="三次无人接听")
    close = COMMANDS["close"]
    with pytest.raises(Forbidden, match="supervisor"):
        close.decide(TAKEN, FACTS, by("taker"), body, LONG_AGO)
    assert close.decide(TAKEN, FACTS, by("supervisor"), body, LONG_AGO) is not None
    technical = replace(TAKEN, signal_class="technical")
    assert close.decide(technical, FACTS, by("taker"), body, LONG_AGO) is not None
