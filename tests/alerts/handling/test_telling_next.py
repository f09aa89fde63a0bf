"""When a contact has not answered: whether another is told, in every world, and why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from callcenter.alerts.bodies import CommandBody, Silence
from callcenter.alerts.entries import TellingEnded, Told
from callcenter.alerts.handling.decision import SYSTEM, By, Decision, Facts, ToldContact
from callcenter.alerts.handling.telling_next import next_contact_s, stop_telling, tell_on
from callcenter.alerts.incident import TELLING_STOPPED, Actor, Incident, IncidentMode, State
from callcenter.alerts.recorded import Recorded
from callcenter.core.errors import CallCenterError
from callcenter.core.ids import new_id
from callcenter.sms.catalogue import MessageKind
from tests.support.callers import CALLER, DAUGHTER, PERSON, SON
from tests.support.community import LONG_AGO
from tests.support.incidents import incident

TOLD = ToldContact(DAUGHTER.phone, 1, "zh-CN", {"name": "沈玉兰"})
FACTS = Facts(told=(TOLD,), caller=CALLER, silent_since=LONG_AGO)
SPOKEN, SAFE = Recorded("call_back", "reached"), Recorded("safe", "done")
NOT_SPOKEN = Recorded("call_back", "no_answer")
TAKEN = incident(state=State.TAKEN, taken_by=7, taken_by_name="taker")
MARKED = replace(TAKEN, marks=(TELLING_STOPPED,))
DEAD = replace(CALLER, people=(replace(PERSON, status="deceased"),))
MOVED = replace(CALLER, people=(replace(PERSON, status="moved"),))
NEVER = replace(CALLER, settings=replace(CALLER.settings, next_contact_s=0))
BODY = CommandBody(command_id=new_id())


def silent(found: Incident, facts: Facts, *, over: bool = False) -> Decision | None:
    return tell_on(found, facts, SYSTEM, Silence(LONG_AGO, over), LONG_AGO)


@pytest.mark.parametrize("state", [State.WAITING, State.TAKEN, State.FOLLOWING])
def test_the_next_is_asked_in_whatever_state_it_is(state: State):
    decision = silent(replace(TAKEN, state=state), FACTS)
    assert decision is not None
    said = Told(kind=MessageKind.CAN_YOU_GO, contacts=(2,), names=("沈峰",), by_itself=True)
    assert decision.said == said
    assert [text.recipient for text in decision.texts] == [SON.phone]
    assert (decision.after.state, decision.next_contact_s) == (state, 180)


@pytest.mark.parametrize(
    ("found", "changes", "over", "reason"),
    [
        (TAKEN, {"steps": (SPOKEN,)}, False, "reached"),
        (TAKEN, {"steps": (SAFE,)}, False, "reached"),
        (TAKEN, {"coming": True}, False, "coming"),
        (TAKEN, {"caller": DEAD}, False, "not_reachable"),
        (TAKEN, {"caller": MOVED}, False, "not_reachable"),
        (TAKEN, {"told": (TOLD, ToldContact(SON.phone, 2, "en", {}))}, False, "nobody_left"),
        (TAKEN, {}, True, "too_old"),
        (MARKED, {}, False, "operator"),
    ],
)
def test_nobody_is_told_any_more_and_the_timeline_says_why(
    found: Incident, changes: dict[str, Any], over: bool, reason: str
):
    decision = silent(found, replace(FACTS, **changes), over=over)
    assert decision is not None
    assert decision.said == TellingEnded(reason=reason)
    assert (decision.texts, decision.stops_telling) == ((), True)


@pytest.mark.parametrize("since", [None, LONG_AGO + timedelta(seconds=1)])
def test_what_another_server_did_meanwhile_is_not_done_again(since: Any):
    assert silent(TAKEN, replace(FACTS, silent_since=since)) is None


@pytest.mark.parametrize("changes", [{"state": State.CLOSED}, {"mode": IncidentMode.TEST}])
def test_after_the_end_and_of_a_test_nobody_is_told(changes: dict[str, Any]):
    assert silent(replace(TAKEN, **changes), FACTS) is None


@pytest.mark.parametrize(
    ("found", "changes", "seconds"),
    [
        (TAKEN, {}, 180),
        (TAKEN, {"steps": (NOT_SPOKEN,)}, 180),
        (TAKEN, {"steps": (SPOKEN,)}, 0),
        (TAKEN, {"coming": True}, 0),
        (TAKEN, {"caller": NEVER}, 0),
        (MARKED, {}, 0),
        (replace(TAKEN, mode=IncidentMode.TEST), {}, 0),
    ],
)
def test_how_long_an_answer_is_waited_for(found: Incident, changes: dict[str, Any], seconds: int):
    assert next_contact_s(found, replace(FACTS, **changes)) == seconds


def test_an_operator_stops_it_once():
    taker = By(Actor(7), "taker")
    decision = stop_telling(TAKEN, FACTS, taker, BODY, LONG_AGO)
    assert decision.after.marks == (TELLING_STOPPED,)
    assert decision.said == TellingEnded(reason="operator")
    assert decision.stops_telling
    with pytest.raises(CallCenterError) as error:
        stop_telling(decision.after, FACTS, taker, BODY, LONG_AGO)
    assert error.value.code == "telling_stopped"
