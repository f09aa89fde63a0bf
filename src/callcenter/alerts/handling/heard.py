"""What an answer by text does to the incident it belongs to. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from callcenter.alerts import telling
from callcenter.alerts.bodies import (
    Answer,
)
from callcenter.alerts.entries import (
    Reply,
)
from callcenter.alerts.handling.decision import (
    NOBODY,
    By,
    Command,
    Decision,
    Facts,
    Need,
    moved,
)
from callcenter.alerts.handling.telling_next import (
    asks_next,
    known,
    next_contact_s,
)
from callcenter.alerts.handling.telling_on import (
    next_contact,
    next_text,
    thanks,
)
from callcenter.alerts.incident import (
    FOLLOW_LATE,
    Event,
    Incident,
    State,
)
from callcenter.sms.inbound import Meaning
from callcenter.sms.outbox import Text

DUTY_CLOSES_WITHIN = timedelta(minutes=20)
"""After a duty phone has taken an alarm: it has no console, and who falls asleep again must not be the end of it."""
ANSWERS = frozenset({Meaning.YES, Meaning.NO})
LONGEST_ANSWER = 200
"""Characters of an answer by text that the timeline shows."""


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
        after = _taken_by_phone(incident, by, body.sender, now)
        return Decision(after, said, [_has_it(after, facts, body.sender)])
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


def _has_it(taken: Incident, facts: Facts, number: str) -> Text:
    until = taken.follow_due_at or taken.opened_at
    return telling.duty_has_it(known(facts), number, taken.opened_at, until)


def _too_late(incident: Incident, facts: Facts, body: Answer) -> Sequence[Text]:
    """Whoever would take what another has is told who that is; whoever has it knows already."""
    taker = incident.taken_by_name
    if body.meaning is not Meaning.YES or taker is None or taker == body.sender:
        return ()
    return [telling.duty_taken_already(known(facts), body.sender, incident.opened_at, taker)]


def _answer_texts(incident: Incident, facts: Facts, body: Answer) -> Sequence[Text]:
    if body.on_duty:
        return _too_late(incident, facts, body)
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
