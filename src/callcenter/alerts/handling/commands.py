"""What a command does to an incident: the incident after it, one timeline entry, texts. Pure; `carrying_out` writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from callcenter.alerts import telling
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
from callcenter.alerts.entries import (
    Assigned,
    Closed,
    Declined,
    DutyTold,
    Following,
    Note,
    Offered,
    Released,
    Relocated,
    Reply,
    Resumed,
    Step,
    Taken,
    TakerLost,
    Told,
)
from callcenter.alerts.handling.decision import (
    NOBODY,
    Attachment,
    By,
    Command,
    Decision,
    Facts,
    Need,
    Resident,
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
from callcenter.alerts.handling.telling_on import (
    ambulance_texts,
    closing_texts,
    next_contact,
    next_text,
    thanks,
)
from callcenter.alerts.incident import DUTY_TOLD, Event, Incident, State, check_closing
from callcenter.alerts.recorded import check_reason, facts_at_close
from callcenter.core.errors import Conflict, NotFound
from callcenter.devices.callers import Caller
from callcenter.devices.signals import Kind
from callcenter.sms.inbound import Meaning
from callcenter.sms.outbox import Text

TAKER_LOST = "taker_lost"
"""Mark of an incident whose taker was gone."""

NO_TAKER: Mapping[str, Any] = MappingProxyType(
    {"taken_by": None, "taken_by_name": None, "taken_at": None, "offered_to": None}
)
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
    )
    if incident.state is State.TAKEN and incident.taken_by == by.actor.user_id:
        raise Conflict("You have taken this incident already.", code="already_yours")
    said = Taken(taken_from=incident.taken_by_name)
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


def decline(incident: Incident, facts: Facts, by: By, body: CommandBody, now: datetime) -> Decision:
    """The colleague does not take what was offered."""
    return Decision(moved(incident, Event.DECLINE, by, offered_to=None), Declined())


def follow(incident: Incident, facts: Facts, by: By, body: CommandBody, now: datetime) -> Decision:
    """Somebody is on the way; the operator keeps in touch."""
    return Decision(moved(incident, Event.FOLLOW, by, offered_to=None), Following())


def resume(incident: Incident, facts: Facts, by: By, body: CommandBody, now: datetime) -> Decision:
    """From following back to working on it."""
    return Decision(moved(incident, Event.RESUME, by), Resumed())


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
        by=body.by,
        where=body.where,
        plan_step=step_done_by(facts, body, now),
    )
    coming = body.step is StepKind.AMBULANCE_CALLED and body.result in SENT
    texts = ambulance_texts(facts.told, now) if coming and body.tell_contacts else ()
    return Decision(after, said, texts)


def tell_next(
    incident: Incident, facts: Facts, by: By, body: CommandBody, now: datetime
) -> Decision:
    """Ask the next contact whether they can go."""
    caller = _known(facts)
    following = next_contact(caller.reachable_people, facts.told)
    texts, names = [], []
    if following is not None:
        texts = [next_text(caller, following, incident, facts.steps)]
        names = [following[1].name]
    return _tell(incident, by, texts, names, step_done_by_telling(facts, now))


def confirm(incident: Incident, facts: Facts, by: By, body: CommandBody, now: datetime) -> Decision:
    """Where families are told only after confirmation: tell them."""
    caller = _known(facts)
    texts = [
        telling.alarm_text(caller, person, contact, incident.kind, incident.opened_at)
        for person, contact in caller.recipients
    ]
    return _tell(incident, by, texts, [contact.name for _, contact in caller.recipients])


def _tell(
    incident: Incident,
    by: By,
    texts: Sequence[Text],
    names: Sequence[str],
    plan_step: str | None = None,
) -> Decision:
    """Raises Conflict `nobody_to_tell`."""
    after = moved(incident, Event.RECORD, by)
    demand_taker(incident, by)
    if not texts:
        raise Conflict("There is no further contact who can be texted.", code="nobody_to_tell")
    contacts = [text.contact_id for text in texts]
    said = Told(kind=texts[0].kind, contacts=contacts, names=names, plan_step=plan_step)
    return Decision(after, said, texts)


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
    )
    check_closing(body.outcome, body.safe_by, body.safe_where)
    check_reason(incident, body, facts_at_close(facts.steps, body))
    said = Closed(
        outcome=body.outcome, note=body.note, safe_by=body.safe_by, safe_where=body.safe_where
    )
    return Decision(after, said, closing_texts(body, facts.told, facts.steps, now))


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
        ),
        _assigned_texts(incident, resident.caller),
        resident.caller.subject,
        _attachment(incident, resident),
        plan_at_assignment(facts),
    )


def _at_home(incident: Incident, caller: Caller) -> Incident:
    said = incident.card.get("text")
    has_place = incident.lat is not None
    return replace(
        incident,
        home_id=caller.home_id,
        resident_id=caller.resident_id,
        region_id=caller.region_id,
        region_path=caller.region_path,
        lat=incident.lat if has_place else caller.lat,
        lng=incident.lng if has_place else caller.lng,
        card={**caller.card, **({"text": said} if said else {})},
    )


def _assigned_texts(incident: Incident, caller: Caller) -> Sequence[Text]:
    if incident.signal_class != "alarm":
        return ()
    return telling.alarm_texts(caller, Kind(incident.kind), incident.opened_at)


def _attachment(incident: Incident, resident: Resident) -> Attachment | None:
    """A caller without an identifier has no device, and one that calls itself 0000, as the factory does, may be any."""
    if not (incident.identifier or "").strip("0"):
        return None
    return Attachment(resident.region_id, resident.home_id, resident.resident_id)


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
    after = replace(incident, region_id=body.region_id, region_path=body.path)
    if incident.taken_by is not None and not body.taker_sees_it:
        event = Event.LOSE_TAKER if incident.state is State.TAKEN else Event.RELEASE
        after = _without_taker(after, event, by)
    return Decision(after, Relocated(from_path=incident.region_path))


def tell_duty(
    incident: Incident, facts: Facts, by: By, body: Unseen, now: datetime
) -> Decision | None:
    """The duty numbers learn of an alarm that nobody sees, once a ring. Without any such number it stays untold, and unmarked."""
    if incident.state is not State.WAITING or DUTY_TOLD in incident.marks:
        return None
    texts = telling.duty_texts(_known(facts), incident.opened_at)
    if not texts:
        return None
    after = replace(incident, marks=incident.marked(DUTY_TOLD))
    return Decision(after, DutyTold(numbers=len(texts)), texts)


def take_answer(
    incident: Incident, facts: Facts, by: By, body: Answer, now: datetime
) -> Decision | None:
    """An answer by text stands on the timeline once. Thanks for a yes; after a no the next contact is asked, as promised, and
    after the same no again nobody else.
    """
    if facts.answered:
        return None
    sender = facts.sender or NOBODY
    said = Reply(
        inbound_id=body.inbound_id,
        contact_id=sender.contact_id,
        name=sender.name,
        relation=sender.relation,
        relation_en=sender.relation_en,
        meaning=body.meaning.value if body.meaning else "unclear",
        text=body.text[:LONGEST_ANSWER],
        unverified=body.meaning in ANSWERS and not (body.has_code or facts.answered_before),
    )
    return Decision(moved(incident, Event.RECORD, by), said, _answer_texts(incident, facts, body))


def _answer_texts(incident: Incident, facts: Facts, body: Answer) -> Sequence[Text]:
    if body.meaning is Meaning.YES:
        return [thanks(one) for one in facts.told if one.recipient == body.sender]
    if body.meaning is Meaning.NO and facts.said_before != Meaning.NO:
        following = next_contact(_known(facts).reachable_people, facts.told)
        if following is not None:
            return [next_text(_known(facts), following, incident, facts.steps)]
    return ()


def _known(facts: Facts) -> Caller:
    if facts.caller is None:
        raise AssertionError("a command that needs the caller was given none")
    return facts.caller


# ---- the table

OPERATORS: tuple[Command, ...] = (
    Command("take", CommandBody, take, frozenset({Need.PLAN, Need.BEGUN})),
    Command("release", CommandBody, release),
    Command("follow", CommandBody, follow),
    Command("resume", CommandBody, resume),
    Command("decline", CommandBody, decline),
    Command("offer", OfferBody, offer, frozenset({Need.COLLEAGUE})),
    Command("note", NoteBody, note),
    Command("step", StepBody, record_step, frozenset({Need.CONTACT, Need.TOLD, Need.RUN})),
    Command(
        "tell-next",
        CommandBody,
        tell_next,
        frozenset({Need.CALLER, Need.TOLD, Need.STEPS, Need.RUN}),
    ),
    Command("confirm", CommandBody, confirm, frozenset({Need.CALLER})),
    Command("assign", AssignBody, assign, frozenset({Need.RESIDENT, Need.PLAN, Need.BEGUN})),
    Command("close", CloseBody, close, frozenset({Need.TOLD, Need.STEPS})),
    Command("plan-step", PlanStepBody, answer_step, frozenset({Need.RUN})),
    Command("plan", CommandBody, choose_plan, frozenset({Need.NEXT_PLAN, Need.BEGUN})),
)
LOSE_TAKER = Command("taker_lost", Gone, lose_taker)
TELL_DUTY = Command("duty_told", Unseen, tell_duty, frozenset({Need.CALLER}))
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
        }
    ),
)
RELOCATE = Command("relocated", Elsewhere, relocate)
SYSTEMS: tuple[Command, ...] = (LOSE_TAKER, TELL_DUTY, TAKE_ANSWER, RELOCATE)
