"""Who is texted about what became of an alarm, and with what. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from callcenter.alerts import telling
from callcenter.alerts.bodies import CloseBody
from callcenter.alerts.handling.decision import ToldContact
from callcenter.alerts.incident import Incident
from callcenter.alerts.recorded import (
    Recorded,
    closing_kind,
    facts_at_close,
    facts_of,
    may_say,
)
from callcenter.devices.callers import UNREACHABLE, Caller, Person, Recipient, by_rank
from callcenter.sms.catalogue import MessageKind
from callcenter.sms.outbox import Text


def still_told(told: Sequence[ToldContact], caller: Caller | None) -> Sequence[ToldContact]:
    """Without those who were told of somebody who is dead or moved by now."""
    people = caller.people if caller else ()
    gone = {person.name for person in people if person.status in UNREACHABLE}
    return [one for one in told if one.params.get("name") not in gone]


def closing_texts(
    closing: CloseBody, told: Sequence[ToldContact], steps: Sequence[Recorded], now: datetime
) -> list[Text]:
    """How it ended, as far as that was recorded, to everybody who was told of the alarm."""
    kind = closing_kind(closing.outcome, facts_at_close(steps, closing))
    where = closing.safe_where or ""
    more = {
        "closed_at": now.isoformat(),
        "where": where,
        "where_en": closing.safe_where_en or where,
    }
    return [_again(one, kind, more) for one in told]


def ambulance_texts(told: Sequence[ToldContact], now: datetime) -> list[Text]:
    """To everybody who was told of the alarm."""
    more = {"called_at": now.isoformat()}
    return [_again(one, MessageKind.AMBULANCE_CALLED, more) for one in told]


def correction_texts(told: Sequence[ToldContact]) -> list[Text]:
    """To everybody who was told of an alarm that was somebody else's: it was not their relative, and we are sorry."""
    return [_again(one, MessageKind.CORRECTION, {}) for one in told]


def thanks(one: ToldContact) -> Text:
    """Noted: you are on your way."""
    return _again(one, MessageKind.ANSWER_NOTED, {})


def _again(told: ToldContact, kind: MessageKind, more: Mapping[str, Any]) -> Text:
    return Text(told.recipient, told.contact_id, kind, {**told.params, **more}, told.language)


def next_contact(
    people: Sequence[Person], told: Sequence[ToldContact], aware: Sequence[int] = ()
) -> tuple[Person, Recipient] | None:
    """The first in rank order of these people's contacts who was not told yet and is not `aware` (ids) of it."""
    known = {one.recipient for one in told}
    untold = (
        (person, contact)
        for _, person, contact in by_rank(people)
        if contact.phone not in known and contact.contact_id not in aware
    )
    return next(untold, None)


def next_text(
    caller: Caller,
    following: tuple[Person, Recipient],
    incident: Incident,
    steps: Sequence[Recorded],
) -> Text:
    """Can you go there? Whoever was spoken to is not told as not reached: then it is the alarm itself that asks."""
    person, contact = following
    at = incident.opened_at
    if not may_say(MessageKind.CAN_YOU_GO, facts_of(steps)):
        return telling.alarm_text(caller, person, contact, incident.kind, at)
    return Text(
        contact.phone,
        contact.contact_id,
        MessageKind.CAN_YOU_GO,
        telling.params(caller, person, at),
        contact.language,
    )
