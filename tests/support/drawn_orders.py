"""Whatever people may send with a command, and whatever the system may order: of this moment, and of another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

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
    Part,
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
from callcenter.alerts.escalation import LADDER, Made, Step
from callcenter.alerts.handling.commands import OPERATORS, SYSTEMS
from callcenter.alerts.incident import BY_PEOPLE, Incident, Want
from callcenter.core.ids import new_id
from callcenter.sms.inbound import Meaning
from tests.support.incident_room import DAUGHTER, DUTY, SON, IncidentRoom, Seen

ORDERS = {command.name: command for command in (*OPERATORS, *SYSTEMS)}
NOBODY = 999
VOICE_CALL = new_id()


def sent_with(name: str, room: IncidentRoom) -> st.SearchStrategy[dict[str, Any]]:
    """The fields of its body, but for the id."""
    users = st.sampled_from([*(by.actor.user_id for by in room.users.values() if by.actor), NOBODY])
    words = st.sampled_from(["", "下班"])
    sent: dict[type[Any], dict[str, st.SearchStrategy[Any]]] = {
        CommandBody: {},
        OfferBody: {"to_user": users},
        ReassignBody: {"to_user": users, "reason": words},
        FollowBody: {"minutes": st.sampled_from([1, 20])},
        NoteBody: {"text": st.just("门口有狗")},
        AssignBody: {"resident_id": st.sampled_from([*room.residents, NOBODY])},
        UnassignBody: {"reason": words},
        StepBody: {
            "step": st.sampled_from(StepKind),
            "result": st.sampled_from(StepResult),
            "contact_id": st.sampled_from([None, *room.contacts, NOBODY]),
        },
        CloseBody: {
            "outcome": st.sampled_from(sorted(BY_PEOPLE)),
            "note": words,
            "safe_by": st.sampled_from([None, "林晓"]),
            "safe_where": st.sampled_from([None, "县医院"]),
        },
        ForwardBody: {"centre_id": st.just(NOBODY), "reason": words},
        AcceptedBody: {"forwarding_id": st.builds(lambda: str(new_id())), "by": words},
        SendBody: {
            "what": words,
            "kinds": st.sampled_from([[], ["caregiver", "volunteer"]]),
            "staff_id": st.sampled_from([None, NOBODY]),
            "place": st.sampled_from(["", "西门外"]),
        },
        WantedBody: {"wanted": st.sampled_from(Want), "passed_to": words},
        PlanStepBody: {
            "step": st.sampled_from(["call", "who", "safe"]),
            "answer": st.sampled_from(["done", "reached", "1"]),
        },
    }
    return st.fixed_dictionaries(sent[ORDERS[name].body])


def ordered_by_system(name: str, found: Seen, room: IncidentRoom) -> st.SearchStrategy[Any]:
    """Its body."""
    incident, now = found.incident, room.clock.now()
    orders: dict[str, st.SearchStrategy[Any]] = {
        "taker_lost": st.builds(Gone, st.sampled_from([incident.taken_by or 0, NOBODY])),
        "escalated": _climbed(incident),
        "follow_up": st.builds(
            TimeToCall, st.sampled_from([incident.follow_due_at or now, now]), st.booleans()
        ),
        "reply": st.builds(
            Answer,
            st.builds(new_id),
            st.sampled_from([DAUGHTER, SON, *DUTY]),
            st.sampled_from([None, *Meaning]),
            st.just("1"),
            on_duty=st.booleans(),
        ),
        "page_opened": st.builds(
            PageLook, st.integers(1, 3), st.just("沈岚"), st.just("女儿"), st.just("daughter")
        ),
        "voice_told": st.builds(
            VoiceNews,
            st.just(VOICE_CALL),
            st.integers(1, 2),
            st.sampled_from(["rang", "no_key"]),
            st.integers(1, 3),
            st.just("沈岚"),
            st.just("女儿"),
            st.just("daughter"),
        ),
        "tell_on": st.builds(
            Silence, st.sampled_from([found.silent_since or now, now]), st.booleans()
        ),
        "relocated": st.builds(
            lambda region, sees: Elsewhere(region, (room.community.root, region), sees),
            st.sampled_from([room.community.street, room.lane]),
            st.booleans(),
        ),
        "called_off": st.builds(CommandBody, command_id=st.builds(new_id)),
        "request_due": st.builds(
            RequestWaits, st.sampled_from([incident.call_back_by or now, now]), st.booleans()
        ),
        "plan_waited": st.builds(WaitOver, st.booleans()),
        "recognised": _known(incident, room),
        "forwarded": st.builds(ForwardDue, st.just(1), st.just(NOBODY), st.just("always")),
        "forward_told": st.builds(ForwardNews, st.builds(new_id)),
        "field_told": st.builds(FieldNews, st.builds(new_id), st.just(2), st.booleans()),
    }
    return orders[name]


def _known(incident: Incident, room: IncidentRoom) -> st.SearchStrategy[Known]:
    """Of one of the homes, or part of another incident, whether or not that home has one."""
    now = room.clock.now()
    callers = [
        room.registry.home_caller(home, resident, now)
        for home, resident in zip(room.homes, room.residents, strict=True)
    ]
    return st.builds(
        Known,
        st.sampled_from([incident.version, incident.version + 1]),
        st.sampled_from([one for one in callers if one is not None]),
        st.booleans(),
        st.booleans(),
        st.sampled_from([None, Part(new_id(), 7)]),
    )


def _climbed(incident: Incident) -> st.SearchStrategy[Climbed]:
    made = incident.escalated
    step = st.builds(
        lambda ring, step, reached: Climbed(
            ring,
            made,
            max(LADDER.index(step), made) + 1,
            (Made(step, reached),),
            due_in=timedelta(seconds=60),
        ),
        st.sampled_from([incident.ring, incident.ring + 1]),
        st.sampled_from(Step),
        st.integers(0, 2),
    )
    return step | st.just(Climbed(incident.ring, made, made, over=True))
