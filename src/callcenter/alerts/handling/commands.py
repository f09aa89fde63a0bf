"""What a command does to an incident: the incident after it, one timeline entry, texts. Pure; `carrying_out` writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from callcenter.alerts import telling
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
    StepBody,
    StepKind,
    StepResult,
    TimeToCall,
    UnassignBody,
)
from callcenter.alerts.called import OFFICE
from callcenter.alerts.entries import (
    Assigned,
    Closed,
    Declined,
    DutyTold,
    Escalated,
    Following,
    FollowUp,
    MadeReal,
    Note,
    Offered,
    Reassigned,
    Released,
    Relocated,
    Reply,
    Resumed,
    Step,
    Taken,
    TakerLost,
    Told,
    Unassigned,
)
from callcenter.alerts.escalation import DUTY_MADE, Step as Rung, duty_numbers, not_made
from callcenter.alerts.handling.decision import (
    NOBODY,
    SYSTEM,
    Assignment,
    Attachment,
    By,
    Command,
    Decision,
    Facts,
    Need,
    Resident,
    Withdrawal,
    demand_taker,
    moved,
)
from callcenter.alerts.handling.planned import (
    answer_step,
    choose_plan,
    plan_at_assignment,
    plan_at_take,
    step_done_by,
    step_done_by_telling,
)
from callcenter.alerts.handling.telling_next import (
    STOP_TELLING,
    TELL_ON,
    asks_next,
    is_reached,
    known,
    next_contact_s,
)
from callcenter.alerts.handling.telling_on import (
    ambulance_texts,
    closing_texts,
    correction_texts,
    next_contact,
    next_text,
    still_told,
    thanks,
)
from callcenter.alerts.incident import (
    DUTY_TOLD,
    ESCALATION_OVER,
    FOLLOW_DUE,
    FOLLOW_LATE,
    NOBODY_TOLD,
    SUPERVISORS_CALLED,
    TELLING_STOPPED,
    Event,
    Incident,
    IncidentMode,
    Outcome,
    State,
    check_closing,
)
from callcenter.alerts.recorded import Recorded, check_reason, facts_at_close, facts_of
from callcenter.alerts.timers import TimerKind, timer_of
from callcenter.core.errors import Conflict, Forbidden, Invalid, NotFound
from callcenter.devices.callers import Caller
from callcenter.devices.signals import Kind
from callcenter.sms.inbound import Meaning
from callcenter.sms.outbox import Text

TAKER_LOST = "taker_lost"
"""Mark of an incident whose taker was gone."""

NO_TAKER: Mapping[str, Any] = MappingProxyType(
    {
        "taken_by": None,
        "taken_by_name": None,
        "taken_at": None,
        "offered_to": None,
        "follow_due_at": None,
    }
)
DUTY_CLOSES_WITHIN = timedelta(minutes=20)
"""After a duty phone has taken an alarm: it has no console, and who falls asleep again must not be the end of it."""
SENT = frozenset({StepResult.DONE, StepResult.REACHED})
ANSWERS = frozenset({Meaning.YES, Meaning.NO})
LONGEST_ANSWER = 200
"""Characters of an answer by text that the timeline shows."""

# ---- of operators


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
        marks=incident.unmarked(FOLLOW_DUE, FOLLOW_LATE),
    )
    if incident.state is State.TAKEN and incident.taken_by == by.actor.user_id:
        raise Conflict("You have taken this incident already.", code="already_yours")
    waited = incident.state is State.WAITING and incident.signal_class == "alarm"
    spared = not_made(incident) if waited else ()
    said = Taken(taken_from=incident.taken_by_name, not_made=spared)
    return Decision(after, said, plan=plan_at_take(incident, facts))


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
    until = now + timedelta(minutes=body.minutes)
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
    after = moved(incident, Event.RECORD, by)
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
        plan_step=step_done_by(facts, body, now),
    )
    coming = body.step is StepKind.AMBULANCE_CALLED and body.result in SENT
    told = still_told(facts.told, facts.caller)
    texts = ambulance_texts(told, now) if coming and body.tell_contacts else ()
    reached = is_reached(facts_of([Recorded(body.step, body.result)]))
    return Decision(after, said, texts, stops_telling=reached)


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
    return _tell(incident, by, texts, names, next_contact_s(incident, facts), done)


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
    """It was taken for a test, and somebody is in need: it rings and texts as if it came now. Raises Conflict `already_real`."""
    news = {"mode": IncidentMode.REAL, "last_signal_at": now}
    after = moved(incident.rung_anew(), Event.RECORD, by, **news)
    if incident.mode is IncidentMode.REAL:
        raise Conflict("This is no test.", code="already_real")
    caller = known(facts)
    texts = _assigned_texts(after, caller)
    return Decision(after, MadeReal(), texts, next_contact_s=caller.next_contact_s if texts else 0)


def _tell(
    incident: Incident,
    by: By,
    texts: Sequence[Text],
    names: Sequence[str],
    then_s: int,
    plan_step: str | None = None,
) -> Decision:
    """Raises Conflict `nobody_to_tell` and `in_test`."""
    after = moved(incident, Event.RECORD, by)
    demand_taker(incident, by)
    if incident.mode is IncidentMode.TEST:
        raise Conflict("Nobody is told of a test: make it real first.", code="in_test")
    if not texts:
        raise Conflict("There is no further contact who can be texted.", code="nobody_to_tell")
    contacts = [text.contact_id for text in texts]
    told = Told(kind=texts[0].kind, contacts=contacts, names=names, plan_step=plan_step)
    return Decision(after, told, texts, next_contact_s=then_s)


def close(incident: Incident, facts: Facts, by: By, body: CloseBody, now: datetime) -> Decision:
    """The end, with an outcome and what explains it; everybody who was told is told how it ended."""
    after = moved(
        incident,
        Event.CLOSE,
        by,
        outcome=body.outcome.value,
        safe_by=body.safe_by,
        safe_where=body.safe_where,
        closed_at=now,
        offered_to=None,
        follow_due_at=None,
        marks=incident.unmarked(FOLLOW_DUE),
    )
    check_closing(body.outcome, body.safe_by, body.safe_where)
    check_reason(incident, body, facts_at_close(facts.steps, body))
    _demand_supervisor(incident, by, body.outcome)
    said = Closed(
        outcome=body.outcome, note=body.note, safe_by=body.safe_by, safe_where=body.safe_where
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


def assign(incident: Incident, facts: Facts, by: By, body: AssignBody, now: datetime) -> Decision:
    """An unknown caller is this resident: card, place and subject of the home; its first contact is told as if the press
    had come from there. Only where the operator may see that profile.
    """
    resident = facts.resident
    if resident is None or by.profiles.isdisjoint(resident.region_path):
        raise NotFound(f"There is no resident {body.resident_id}.", what="resident")
    if incident.home_id is not None:
        raise Conflict("This incident belongs to a home already.", code="already_assigned")
    if resident.caller is None:
        raise NotFound(f"There is no home {resident.home_id}.", what="home")
    after = _at_home(moved(incident, Event.RECORD, by), resident.caller)
    left = tuple(incident.region_path) != tuple(after.region_path)
    return Decision(
        after,
        Assigned(
            resident_id=resident.resident_id,
            name=resident.name,
            from_path=incident.region_path if left else (),
            before=_as_it_is(incident, facts.subject),
        ),
        _assigned_texts(incident, resident.caller),
        resident.caller.subject,
        _attachment(incident, resident),
        plan=plan_at_assignment(facts),
        next_contact_s=resident.caller.next_contact_s,
    )


def _as_it_is(incident: Incident, subject: str) -> Mapping[str, Any]:
    return {
        "subject": subject,
        "region_id": incident.region_id,
        "region_path": incident.region_path,
        "lat": incident.lat,
        "lng": incident.lng,
        "card": incident.card,
    }


def _at_home(incident: Incident, caller: Caller) -> Incident:
    has_place = incident.lat is not None
    return replace(
        incident,
        home_id=caller.home_id,
        resident_id=caller.resident_id,
        region_id=caller.region_id,
        region_path=caller.region_path,
        ring_to=(),
        lat=incident.lat if has_place else caller.lat,
        lng=incident.lng if has_place else caller.lng,
        card={**caller.card, **_said_by_caller(incident)},
    )


def _said_by_caller(incident: Incident) -> Mapping[str, Any]:
    """What the card says of the call itself, whoever it was."""
    return {name: incident.card[name] for name in ("text", "called") if incident.card.get(name)}


def _assigned_texts(incident: Incident, caller: Caller) -> Sequence[Text]:
    if incident.signal_class != "alarm" or incident.mode is IncidentMode.TEST:
        return ()
    return telling.alarm_texts(caller, Kind(incident.kind), incident.opened_at)


def _attachment(incident: Incident, resident: Resident) -> Attachment | None:
    """A caller without an identifier has no device, one that calls itself 0000, as the factory does, may be any, and whoever
    has called the office did it on a telephone.
    """
    if not (incident.identifier or "").strip("0") or incident.source == OFFICE:
        return None
    return Attachment(resident.region_id, resident.home_id, resident.resident_id)


def unassign(
    incident: Incident, facts: Facts, by: By, body: UnassignBody, now: datetime
) -> Decision:
    """It was somebody else: the caller is unknown again, and whoever was texted as family reads that it was a mistake. Not once
    that home has called itself, for then its alarm is in here. Raises Invalid `reason_missing`.
    """
    same = moved(incident, Event.RECORD, by)
    found = wrong_assignment(incident, facts)
    if not body.reason.strip():
        raise Invalid("Say how it is known that it was somebody else.", code="reason_missing")
    after = _unknown_again(same, found)
    left = tuple(incident.region_path) != tuple(after.region_path)
    return Decision(
        after,
        Unassigned(
            resident_id=found.resident_id,
            name=found.name,
            reason=body.reason,
            from_path=incident.region_path if left else (),
        ),
        correction_texts(facts.told),
        found.subject,
        withdrawal=Withdrawal(found.device_id, incident.home_id, after.region_id),
        stops_telling=True,
    )


def wrong_assignment(incident: Incident, facts: Facts) -> Assignment:
    """What is to be undone. Raises Conflict `not_assigned` and `home_has_called`."""
    found = facts.assignment
    if incident.home_id is None or found is None:
        raise Conflict("Nobody has said who this caller is.", code="not_assigned")
    if found.home_has_called:
        raise Conflict(
            "This home has called itself since: its alarm is in this incident.",
            code="home_has_called",
        )
    return found


def _unknown_again(incident: Incident, found: Assignment) -> Incident:
    """Whoever may not see it where it lies again loses it, so that it rings there."""
    before = found.before
    after = replace(
        incident,
        home_id=None,
        resident_id=None,
        device_id=incident.device_id or found.device_id,
        region_id=before["region_id"],
        region_path=tuple(before["region_path"]),
        lat=before["lat"],
        lng=before["lng"],
        card={**before["card"], **_said_by_caller(incident)},
        marks=incident.unmarked(TELLING_STOPPED),
    )
    if after.taken_by is None or found.taker_sees_it:
        return after
    return _without_taker(
        after, Event.LOSE_TAKER if after.state is State.TAKEN else Event.RELEASE, SYSTEM
    )


# ---- of the system


def lose_taker(
    incident: Incident, facts: Facts, by: By, body: Gone, now: datetime
) -> Decision | None:
    """Back to the queue, marked; nothing if somebody else has it by now."""
    if incident.state is not State.TAKEN or incident.taken_by != body.user_id:
        return None
    after = _without_taker(incident, Event.LOSE_TAKER, by)
    return Decision(after, TakerLost(user_id=body.user_id, name=incident.taken_by_name))


def _without_taker(incident: Incident, event: Event, by: By) -> Incident:
    rung = incident.rung_anew()
    return moved(rung, event, by, **NO_TAKER, marks=rung.marked(TAKER_LOST))


def relocate(
    incident: Incident, facts: Facts, by: By, body: Elsewhere, now: datetime
) -> Decision | None:
    """It follows its home. A taker who may not see it there loses it, so that it rings where it can be seen."""
    if incident.state is State.CLOSED or incident.region_path == body.path:
        return None
    after = replace(incident, region_id=body.region_id, region_path=body.path, ring_to=())
    if incident.taken_by is not None and not body.taker_sees_it:
        event = Event.LOSE_TAKER if incident.state is State.TAKEN else Event.RELEASE
        after = _without_taker(after, event, by)
    return Decision(after, Relocated(from_path=incident.region_path))


def escalate(
    incident: Incident, facts: Facts, by: By, body: Climbed, now: datetime
) -> Decision | None:
    """Steps of the escalation, each once: whoever was faster, has taken it or made it ring anew has made them needless."""
    if incident.state is not State.WAITING or (incident.ring, incident.escalated) != (
        body.ring,
        body.escalated,
    ):
        return None
    if body.over:
        after = replace(incident, marks=incident.marked(ESCALATION_OVER))
        return Decision(after, Escalated(over=True))
    last = body.made[-1]
    passed = tuple(one.step.value for one in body.made if one.reached == 0 and one is not last)
    if last.step is Rung.DUTY:
        return _tell_duty(incident, facts, body, passed)
    after = replace(incident, escalated=body.after, **_called(incident, body))
    said = Escalated(step=last.step, reached=last.reached, passed=passed)
    return Decision(after, said, due_in=body.due_in)


def _called(incident: Incident, body: Climbed) -> Mapping[str, Any]:
    """What the steps before the duty list change: where it rings, and that supervisors were called."""
    reached = {made.step for made in body.made if made.reached}
    changes: dict[str, Any] = {}
    if reached:
        changes["ring_to"] = ()
    if Rung.SUPERVISORS in reached:
        changes["marks"] = incident.marked(SUPERVISORS_CALLED)
    return changes


def _tell_duty(
    incident: Incident, facts: Facts, body: Climbed, passed: Sequence[str]
) -> Decision | None:
    """Without anybody on the list it says so once, stays unmarked as told, and is tried again."""
    caller, reached = known(facts), body.made[-1].reached
    numbers = duty_numbers(caller.settings.duty_numbers, incident.escalated, reached)
    if not numbers:
        if NOBODY_TOLD in incident.marks:
            return None
        after = replace(incident, ring_to=(), marks=incident.marked(NOBODY_TOLD))
        said = Escalated(step=Rung.DUTY, passed=passed)
        return Decision(after, said, due_in=body.due_in)
    again = incident.escalated if incident.escalated >= DUTY_MADE else None
    texts = telling.duty_texts(caller, numbers, incident.opened_at, manned=body.manned, again=again)
    marks = (*incident.unmarked(NOBODY_TOLD, DUTY_TOLD), DUTY_TOLD)
    after = replace(incident, ring_to=(), escalated=body.after, marks=marks)
    told = DutyTold(numbers=len(texts), passed=passed)
    return Decision(after, told, texts, due_in=body.due_in)


def remind(
    incident: Incident, facts: Facts, by: By, body: TimeToCall, now: datetime
) -> Decision | None:
    """It is time to call again: its taker hears of it once, then everybody."""
    if incident.follow_due_at != body.due_at or timer_of(incident) is not TimerKind.FOLLOW_UP:
        return None
    name = incident.taken_by_name
    if body.taker_there and FOLLOW_DUE not in incident.marks:
        after = replace(incident, ring=incident.ring + 1, marks=incident.marked(FOLLOW_DUE))
        return Decision(moved(after, Event.REMIND, by), FollowUp(name=name))
    rung = incident.rung_anew()
    after = moved(rung, Event.LOSE_TAKER, by, **NO_TAKER, marks=rung.marked(FOLLOW_LATE))
    return Decision(after, FollowUp(late=True, name=name))


def take_answer(
    incident: Incident, facts: Facts, by: By, body: Answer, now: datetime
) -> Decision | None:
    """An answer by text stands on the timeline once. Thanks for a yes; after a no the next contact is asked, as promised, and
    after the same no again nobody else.
    """
    if facts.answered:
        return None
    sender = facts.sender or NOBODY
    takes = body.on_duty and body.meaning is Meaning.YES and incident.state is State.WAITING
    said = Reply(
        inbound_id=body.inbound_id,
        contact_id=sender.contact_id,
        name=sender.name,
        relation=sender.relation,
        relation_en=sender.relation_en,
        meaning=body.meaning.value if body.meaning else "unclear",
        text=body.text[:LONGEST_ANSWER],
        unverified=body.meaning in ANSWERS and not (body.has_code or facts.answered_before),
        takes=takes,
    )
    if takes:
        return Decision(_taken_by_phone(incident, by, body.sender, now), said)
    texts = _answer_texts(incident, facts, body)
    return Decision(
        moved(incident, Event.RECORD, by),
        said,
        texts,
        due_in=_until_next_number(body),
        next_contact_s=next_contact_s(incident, facts)
        if texts and body.meaning is Meaning.NO
        else 0,
        stops_telling=body.meaning is Meaning.YES and not body.on_duty,
    )


def _until_next_number(body: Answer) -> timedelta | None:
    """Who was told of the duty list cannot: the next on it is told now."""
    return timedelta() if body.on_duty and body.meaning is Meaning.NO else None


def _taken_by_phone(incident: Incident, by: By, number: str, now: datetime) -> Incident:
    """Whoever comes to a seat takes it over; if nobody does, and it is not closed, it rings again."""
    return moved(
        incident,
        Event.TAKE,
        by,
        taken_by_name=number,
        taken_at=now,
        follow_due_at=now + DUTY_CLOSES_WITHIN,
        ring_to=(),
        marks=incident.unmarked(FOLLOW_LATE),
    )


def _answer_texts(incident: Incident, facts: Facts, body: Answer) -> Sequence[Text]:
    if body.on_duty:
        return ()
    if body.meaning is Meaning.YES:
        return [thanks(one) for one in facts.told if one.recipient == body.sender]
    if (
        body.meaning is Meaning.NO
        and facts.said_before != Meaning.NO
        and asks_next(incident, facts)
    ):
        following = next_contact(known(facts).reachable_people, facts.told, facts.aware)
        if following is not None:
            return [next_text(known(facts), following, incident, facts.steps)]
    return ()


# ---- the table

OPERATORS: tuple[Command, ...] = (
    Command("take", CommandBody, take, frozenset({Need.PLAN, Need.BEGUN})),
    Command("release", CommandBody, release),
    Command("follow", FollowBody, follow),
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
)
LOSE_TAKER = Command("taker_lost", Gone, lose_taker)
ESCALATE = Command("escalated", Climbed, escalate, frozenset({Need.CALLER}))
REMIND = Command("follow_up", TimeToCall, remind)
TAKE_ANSWER = Command(
    "reply",
    Answer,
    take_answer,
    frozenset(
        {
            Need.ANSWERED,
            Need.SENDER,
            Need.TOLD,
            Need.CALLER,
            Need.SAID_BEFORE,
            Need.STEPS,
            Need.ANSWERED_BEFORE,
            Need.AWARE,
            Need.COMING,
        }
    ),
)
RELOCATE = Command("relocated", Elsewhere, relocate)
SYSTEMS: tuple[Command, ...] = (LOSE_TAKER, ESCALATE, REMIND, TAKE_ANSWER, RELOCATE, TELL_ON)
