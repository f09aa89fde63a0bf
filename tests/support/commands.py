"""An incident as four people find it, and what each command is given."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from callcenter.alerts.bodies import (
    AcceptedBody,
    Answer,
    AssignBody,
    Climbed,
    CloseBody,
    CommandBody,
    Elsewhere,
    FieldNews,
    FollowBody,
    ForwardBody,
    ForwardDue,
    ForwardNews,
    Gone,
    Known,
    NoteBody,
    OfferBody,
    PageLook,
    PlanStepBody,
    ReassignBody,
    RequestWaits,
    SendBody,
    Silence,
    StepBody,
    StepKind,
    StepResult,
    TimeToCall,
    UnassignBody,
    VoiceNews,
    WaitOver,
    WantedBody,
)
from callcenter.alerts.escalation import Made, Step
from callcenter.alerts.handling.commands import OPERATORS
from callcenter.alerts.handling.decision import (
    Assignment,
    By,
    Centre,
    Contact,
    Decision,
    Facts,
    ForwardingNow,
    Resident,
    StaffNow,
    StepNow,
    ToldContact,
)
from callcenter.alerts.incident import Actor, Incident, Outcome, State, Want
from callcenter.alerts.plans.choosing import Choice
from callcenter.alerts.plans.playing import Run
from callcenter.core.ids import new_id
from callcenter.sms.inbound import Meaning
from tests.support.callers import CALLER, DAUGHTER
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


ID = new_id()


CENTRE = Centre(4, "区中心", "")


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
    centre=CENTRE,
    forwarding=ForwardingNow(
        ID, CENTRE, "alarm", "delivered", 1, None, 1, True, None, None, None, None, False
    ),
    staff=StaffNow("李萍", (1, 2)),
    field_step=StepNow(ID, 2, "accepted", LONG_AGO, 12, "phone", {"staff": "李萍"}),
)


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
    "forward": ForwardBody(command_id=ID, centre_id=4, reason="疏散"),
    "forward-accepted": AcceptedBody(command_id=ID, forwarding_id=ID, by="赵班长"),
    "send": SendBody(command_id=ID, what="请上门看看", staff_id=12, place="西门外"),
    "wanted": WantedBody(command_id=ID, wanted=Want.MEAL, passed_to="食堂"),
}


PLAIN = CommandBody(command_id=ID)


SYSTEM_BODIES: dict[str, Any] = {
    "taker_lost": Gone(7),
    "relocated": Elsewhere(5, (1, 5), taker_sees_it=False),
    "escalated": Climbed(1, 0, 3, (Made(Step.DUTY, 1),)),
    "follow_up": TimeToCall(DUE, taker_there=True),
    "reply": Answer(new_id(), DAUGHTER.phone, Meaning.YES, "1"),
    "page_opened": PageLook(7, "沈岚", "女儿", "daughter"),
    "voice_told": VoiceNews(new_id(), 1, "rang", 7, "沈岚", "女儿", "daughter"),
    "tell_on": Silence(LONG_AGO),
    "called_off": PLAIN,
    "request_due": RequestWaits(DUE, late=False),
    "plan_waited": WaitOver(taker_there=True),
    "forwarded": ForwardDue(1, 4, "always"),
    "forward_told": ForwardNews(ID),
    "field_told": FieldNews(ID, 2),
    "recognised": Known(1, CALLER, taker_sees_it=False),
}


def by(actor: str) -> By:
    return By(ACTORS[actor], actor, profiles=frozenset({1}))


def standing(state: State, *, offered: bool = False, **fields: Any) -> Incident:
    """As the taker has it; offered to the colleague if so."""
    taken = state is not State.WAITING
    return incident(
        state=state,
        taken_by=7 if taken else None,
        taken_by_name="taker" if taken else None,
        offered_to=8 if offered else None,
        follow_due_at=DUE if state is State.FOLLOWING else None,
        **fields,
    )


def request(state: State, **fields: Any) -> Incident:
    """A request for service, as the taker has it."""
    asked: dict[str, Any] = {
        "signal_class": "service",
        "kind": "help",
        "priority": 3,
        "call_back_by": DUE,
    }
    return standing(state, **asked | fields)


def give(name: str, found: Incident, facts: Facts = FACTS, **changes: Any) -> Decision:
    command = next(each for each in OPERATORS if each.name == name)
    body = BODIES.get(name, PLAIN).model_copy(update=changes)
    decision = command.decide(found, facts, by(TAKER), body, LONG_AGO)
    assert decision is not None
    return decision


TAKEN = standing(State.TAKEN)


COMMANDS = {command.name: command for command in OPERATORS}
