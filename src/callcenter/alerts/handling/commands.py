"""What a command does to an incident: the incident after it, one timeline entry, texts. Pure; `carrying_out` writes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from callcenter.alerts import telling
from callcenter.alerts.bodies import (
    AssignBody,
    CloseBody,
    CommandBody,
    FollowBody,
    NoteBody,
    OfferBody,
    PlanStepBody,
    ReassignBody,
    StepBody,
    StepKind,
    StepResult,
    UnassignBody,
)
from callcenter.alerts.entries import (
    Closed,
    Declined,
    Following,
    MadeReal,
    Note,
    Offered,
    Reassigned,
    Released,
    Resumed,
    Step,
    Taken,
    Told,
)
from callcenter.alerts.escalation import not_made
from callcenter.alerts.handling.assigning import RECOGNISE, assign, assigned_texts, unassign
from callcenter.alerts.handling.calling_off import CALL_OFF
from callcenter.alerts.handling.decision import (
    NO_TAKER,
    NOBODY,
    By,
    Command,
    Decision,
    Facts,
    Need,
    demand_taker,
    moved,
)
from callcenter.alerts.handling.forwarded import (
    FORWARD,
    FORWARD_ACCEPTED,
    FORWARD_BY_RULE,
    FORWARD_TOLD,
)
from callcenter.alerts.handling.heard import TAKE_ANSWER
from callcenter.alerts.handling.planned import (
    answer_step,
    choose_plan,
    plan_at_take,
    step_done_by,
    step_done_by_telling,
    unmarked_by_step,
    wait_after,
    wait_at_start,
)
from callcenter.alerts.handling.requested import RAISE, RECORD_WANT
from callcenter.alerts.handling.sending import FIELD_TOLD, SEND
from callcenter.alerts.handling.telling_next import (
    STOP_TELLING,
    TELL_ON,
    first_wait_s,
    is_reached,
    known,
    next_contact_s,
)
from callcenter.alerts.handling.telling_on import (
    ambulance_texts,
    closing_texts,
    next_contact,
    next_text,
    still_told,
)
from callcenter.alerts.handling.unattended import (
    END_WAIT,
    ESCALATE,
    LOSE_TAKER,
    RELOCATE,
    REMIND,
    REMIND_REQUEST,
)
from callcenter.alerts.handling.voice_told import VOICE_TOLD
from callcenter.alerts.incident import (
    FIELD_MARKS,
    FOLLOW_DUE,
    FOLLOW_LATE,
    PLAN_DUE,
    REQUEST_DUE,
    REQUEST_LATE,
    Event,
    Incident,
    IncidentMode,
    Outcome,
    State,
    check_closing,
    check_served,
)
from callcenter.alerts.plans.playing import DONE
from callcenter.alerts.recorded import Recorded, check_reason, facts_at_close, facts_of
from callcenter.alerts.trial import is_trial
from callcenter.core.errors import Conflict, Forbidden, Invalid, NotFound
from callcenter.sms.outbox import Text

SENT = frozenset({StepResult.DONE, StepResult.REACHED})


def take(incident: Incident, facts: Facts, by: By, body: CommandBody, now: datetime) -> Decision:
    """First taker wins; a colleague it was offered to, or anybody while it is followed, takes it over."""
    if by.actor is None:
        raise AssertionError("the system takes nothing")
    after = moved(
        incident,
        Event.TAKE,
        by,
        taken_by=by.actor.user_id,
        taken_by_name=by.name,
        taken_at=now,
        offered_to=None,
        follow_due_at=None,
        ring_to=(),
        marks=incident.unmarked(FOLLOW_DUE, FOLLOW_LATE, REQUEST_DUE, REQUEST_LATE),
    )
    if incident.state is State.TAKEN and incident.taken_by == by.actor.user_id:
        raise Conflict("You have taken this incident already.", code="already_yours")
    waited = incident.state is State.WAITING and incident.signal_class == "alarm"
    spared = not_made(incident) if waited else ()
    said = Taken(taken_from=incident.taken_by_name, not_made=spared)
    plan = plan_at_take(incident, facts)
    wait = wait_at_start(facts.next_plan, now) if plan is not None else None
    return Decision(after, said, plan=plan, wait=wait)


def release(incident: Incident, facts: Facts, by: By, body: CommandBody, now: datetime) -> Decision:
    """Back to the queue; it rings anew at every seat."""
    after = moved(incident.rung_anew(), Event.RELEASE, by, **NO_TAKER)
    return Decision(after, Released())


def offer(incident: Incident, facts: Facts, by: By, body: OfferBody, now: datetime) -> Decision:
    """Hand over: it stays with its taker until the colleague takes it (G9)."""
    if facts.colleague is None:
        raise NotFound(f"There is no user {body.to_user}.", what="user")
    after = moved(incident, Event.OFFER, by, offered_to=body.to_user)
    if body.to_user == incident.taken_by:
        raise Conflict("This colleague has the incident already.", code="already_theirs")
    return Decision(after, Offered(to=body.to_user, to_name=facts.colleague))


def reassign(
    incident: Incident, facts: Facts, by: By, body: ReassignBody, now: datetime
) -> Decision:
    """A supervisor gives it to another operator, at whose seat it rings. Raises Invalid `reason_needed`."""
    after = moved(
        incident.rung_anew(),
        Event.REASSIGN,
        by,
        taken_by=body.to_user,
        taken_by_name=facts.colleague,
        taken_at=now,
        offered_to=None,
    )
    if facts.colleague is None:
        raise NotFound(f"There is no user {body.to_user}.", what="user")
    if body.to_user == incident.taken_by:
        raise Conflict("This colleague has the incident already.", code="already_theirs")
    if not body.reason.strip():
        raise Invalid("Say why it goes to another.", code="reason_needed")
    said = Reassigned(
        to=body.to_user,
        to_name=facts.colleague,
        taken_from=incident.taken_by_name,
        reason=body.reason,
    )
    return Decision(after, said)


def decline(incident: Incident, facts: Facts, by: By, body: CommandBody, now: datetime) -> Decision:
    """The colleague does not take what was offered."""
    return Decision(moved(incident, Event.DECLINE, by, offered_to=None), Declined())


def follow(incident: Incident, facts: Facts, by: By, body: FollowBody, now: datetime) -> Decision:
    """Somebody is on the way; the operator keeps in touch, and is reminded to call again."""
    until = now + timedelta(minutes=body.minutes or known(facts).settings.follow_min)
    after = moved(
        incident,
        Event.FOLLOW,
        by,
        offered_to=None,
        follow_due_at=until,
        marks=incident.unmarked(FOLLOW_DUE),
    )
    return Decision(after, Following(until=until))


def resume(incident: Incident, facts: Facts, by: By, body: CommandBody, now: datetime) -> Decision:
    """From following back to working on it."""
    after = moved(
        incident, Event.RESUME, by, follow_due_at=None, marks=incident.unmarked(FOLLOW_DUE)
    )
    return Decision(after, Resumed())


def note(incident: Incident, facts: Facts, by: By, body: NoteBody, now: datetime) -> Decision:
    """Free words; anybody who works incidents may leave them."""
    return Decision(moved(incident, Event.RECORD, by), Note(text=body.text))


def record_step(
    incident: Incident, facts: Facts, by: By, body: StepBody, now: datetime
) -> Decision:
    """A step, by the taker. An ambulance that is on its way is told to whoever knows of the alarm."""
    if body.contact_id is not None and facts.contact is None:
        raise NotFound(f"This home has no contact {body.contact_id}.", what="contact")
    done = step_done_by(facts, body, now)
    after = unmarked_by_step(moved(incident, Event.RECORD, by), done)
    demand_taker(incident, by)
    contact = facts.contact or NOBODY
    said = Step(
        step=body.step,
        result=body.result,
        contact_id=body.contact_id,
        contact_name=contact.name,
        relation=contact.relation,
        relation_en=contact.relation_en,
        note=body.note,
        reference=body.reference,
        by=body.by,
        where=body.where,
        plan_step=done,
    )
    coming = body.step is StepKind.AMBULANCE_CALLED and body.result in SENT
    told = still_told(facts.told, facts.caller)
    texts = ambulance_texts(told, now) if coming and body.tell_contacts else ()
    reached = is_reached(facts_of([Recorded(body.step, body.result)]))
    wait = wait_after(facts, done, body.result, now)
    return Decision(after, said, texts, stops_telling=reached, wait=wait)


def tell_next(
    incident: Incident, facts: Facts, by: By, body: CommandBody, now: datetime
) -> Decision:
    """Ask the next contact whether they can go."""
    caller = known(facts)
    following = next_contact(caller.reachable_people, facts.told, facts.aware)
    texts, names = [], []
    if following is not None:
        texts = [next_text(caller, following, incident, facts.steps)]
        names = [following[1].name]
    done = step_done_by_telling(facts, now)
    decision = _tell(
        unmarked_by_step(incident, done), by, texts, names, next_contact_s(incident, facts), done
    )
    return replace(decision, wait=wait_after(facts, done, DONE, now))


def confirm(incident: Incident, facts: Facts, by: By, body: CommandBody, now: datetime) -> Decision:
    """Where families are told only after confirmation: tell them."""
    caller = known(facts)
    first = [(p, one) for p, one in caller.recipients if one.contact_id not in facts.aware]
    texts = [
        telling.alarm_text(caller, person, contact, incident.kind, incident.opened_at)
        for person, contact in first
    ]
    names = [contact.name for _, contact in first]
    return _tell(incident, by, texts, names, next_contact_s(incident, facts))


def make_real(
    incident: Incident, facts: Facts, by: By, body: CommandBody, now: datetime
) -> Decision:
    """It was taken for a test, and somebody is in need: it rings and texts as if it came now. Raises Conflict `already_real`, and
    `is_a_drill` or `is_a_trial`, of which nobody can be in need.
    """
    news = {"mode": IncidentMode.REAL, "last_signal_at": now}
    after = moved(incident.rung_anew(), Event.RECORD, by, **news)
    if incident.mode is IncidentMode.REAL:
        raise Conflict("This is no test.", code="already_real")
    if incident.mode is IncidentMode.DRILL:
        raise Conflict("This is a drill: open what is real by hand.", code="is_a_drill")
    if is_trial(incident.card):
        raise Conflict("Nobody has called: open what is real by hand.", code="is_a_trial")
    caller = known(facts)
    texts = assigned_texts(after, caller)
    then_s = first_wait_s(incident, caller) if texts else 0
    return Decision(after, MadeReal(), texts, next_contact_s=then_s)


def _tell(
    incident: Incident,
    by: By,
    texts: Sequence[Text],
    names: Sequence[str],
    then_s: int,
    plan_step: str | None = None,
) -> Decision:
    """Raises Conflict `nobody_to_tell`, `in_test` and `is_request`."""
    after = moved(incident, Event.RECORD, by)
    demand_taker(incident, by)
    if incident.signal_class == "service":
        raise Conflict("Nobody is told of a request: make it an alarm first.", code="is_request")
    if incident.mode is IncidentMode.TEST:
        raise Conflict("Nobody is told of a test: make it real first.", code="in_test")
    if not texts:
        raise Conflict("There is no further contact who can be texted.", code="nobody_to_tell")
    contacts = [text.contact_id for text in texts]
    told = Told(kind=texts[0].kind, contacts=contacts, names=names, plan_step=plan_step)
    return Decision(after, told, texts, next_contact_s=then_s)


def close(incident: Incident, facts: Facts, by: By, body: CloseBody, now: datetime) -> Decision:
    """The end, with an outcome and what explains it; everybody who was told is told how it ended."""
    wanted = body.wanted.value if body.wanted else incident.wanted
    after = moved(
        incident,
        Event.CLOSE,
        by,
        outcome=body.outcome.value,
        wanted=wanted,
        safe_by=body.safe_by,
        safe_where=body.safe_where,
        closed_at=now,
        offered_to=None,
        follow_due_at=None,
        marks=incident.unmarked(FOLLOW_DUE, PLAN_DUE, *FIELD_MARKS),
    )
    check_served(incident.signal_class, body.outcome, wanted)
    check_closing(body.outcome, body.safe_by, body.safe_where)
    check_reason(incident, body, facts_at_close(facts.steps, body))
    _demand_supervisor(incident, by, body.outcome)
    said = Closed(
        outcome=body.outcome,
        note=body.note,
        safe_by=body.safe_by,
        safe_where=body.safe_where,
        wanted=wanted if incident.signal_class == "service" else None,
    )
    told = still_told(facts.told, facts.caller)
    return Decision(after, said, closing_texts(body, told, facts.steps, now))


def _demand_supervisor(incident: Incident, by: By, outcome: Outcome) -> None:
    """That nobody was reached is no end that one person decides alone. Raises Forbidden `needs_supervisor`."""
    if incident.signal_class != "alarm" or outcome is not Outcome.NOBODY_REACHED:
        return
    if by.actor is not None and not by.actor.supervises:
        raise Forbidden(
            "An alarm of which nobody was reached is closed by a supervisor: hand it over, or follow it on.",
            code="needs_supervisor",
        )


# ---- the table

OPERATORS: tuple[Command, ...] = (
    Command("take", CommandBody, take, frozenset({Need.PLAN, Need.BEGUN, Need.NEXT_PLAN})),
    Command("release", CommandBody, release),
    Command("follow", FollowBody, follow, frozenset({Need.CALLER})),
    Command("resume", CommandBody, resume),
    Command("decline", CommandBody, decline),
    Command("offer", OfferBody, offer, frozenset({Need.COLLEAGUE})),
    Command("reassign", ReassignBody, reassign, frozenset({Need.COLLEAGUE})),
    Command("note", NoteBody, note),
    Command(
        "step",
        StepBody,
        record_step,
        frozenset({Need.CONTACT, Need.TOLD, Need.CALLER, Need.RUN}),
    ),
    Command(
        "tell-next",
        CommandBody,
        tell_next,
        frozenset({Need.CALLER, Need.TOLD, Need.STEPS, Need.AWARE, Need.RUN, Need.COMING}),
    ),
    STOP_TELLING,
    Command(
        "confirm",
        CommandBody,
        confirm,
        frozenset({Need.CALLER, Need.AWARE, Need.STEPS, Need.COMING}),
    ),
    Command(
        "assign",
        AssignBody,
        assign,
        frozenset({Need.RESIDENT, Need.SUBJECT, Need.PLAN, Need.BEGUN}),
    ),
    Command("unassign", UnassignBody, unassign, frozenset({Need.ASSIGNMENT, Need.TOLD})),
    Command("close", CloseBody, close, frozenset({Need.TOLD, Need.STEPS, Need.CALLER})),
    Command("make-real", CommandBody, make_real, frozenset({Need.CALLER})),
    Command("plan-step", PlanStepBody, answer_step, frozenset({Need.RUN})),
    Command("plan", CommandBody, choose_plan, frozenset({Need.NEXT_PLAN, Need.BEGUN})),
    RECORD_WANT,
    RAISE,
    FORWARD,
    FORWARD_ACCEPTED,
    SEND,
)
SYSTEMS: tuple[Command, ...] = (
    LOSE_TAKER,
    ESCALATE,
    REMIND,
    TAKE_ANSWER,
    RELOCATE,
    TELL_ON,
    CALL_OFF,
    REMIND_REQUEST,
    END_WAIT,
    RECOGNISE,
    FORWARD_BY_RULE,
    FORWARD_TOLD,
    FIELD_TOLD,
    VOICE_TOLD,
)
