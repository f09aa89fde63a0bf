"""What an operator's command does to an incident: new values, one timeline entry, texts. Pure; `work` carries it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from callcenter.alerts import telling
from callcenter.alerts.incident import (
    Actor,
    Event,
    Outcome,
    Standing,
    State,
    apply,
    check_closing,
)
from callcenter.alerts.telling import Text
from callcenter.core.errors import Conflict, Forbidden
from callcenter.devices.registry import Caller, Person, Recipient
from callcenter.sms.catalogue import MessageKind


class Step(StrEnum):
    """What the operator did, recorded by hand until telephony records it."""

    CALL_BACK = "call_back"
    CONTACT_CALLED = "contact_called"
    AMBULANCE_CALLED = "ambulance_called"
    WORKER_SENT = "worker_sent"
    SAFE = "safe"


class StepResult(StrEnum):
    REACHED = "reached"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    DONE = "done"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody who was texted about this incident, with the parameters of that text."""

    recipient: str
    contact_id: int | None
    language: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class By:
    """The operator: as an actor of the state machine, and by name for the timeline."""

    actor: Actor
    name: str


@dataclass(frozen=True, slots=True)
class Decision:
    """New values of the incident's columns, the entry that says why, and the texts it causes."""

    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    texts: Sequence[Text] = ()


Incident = Mapping[str, Any]

NO_TAKER: Mapping[str, Any] = {
    "taken_by": None,
    "taken_by_name": None,
    "taken_at": None,
    "offered_to": None,
}


def standing(incident: Incident) -> Standing:
    """What the state machine needs of a row."""
    return Standing(
        State(incident["state"]),
        incident["priority"],
        incident["taken_by"],
        incident["offered_to"],
    )


def _next(incident: Incident, event: Event, by: By) -> str:
    try:
        return apply(standing(incident), event, by.actor).value
    except Conflict as error:
        if error.code == "taken_by_other":
            error.params["name"] = incident["taken_by_name"]
        raise


def take(incident: Incident, by: By, now: datetime) -> Decision:
    """First taker wins; a colleague it was offered to, or anybody while it is followed, takes it over."""
    state = _next(incident, Event.TAKE, by)
    if incident["state"] == State.TAKEN and incident["taken_by"] == by.actor.user_id:
        raise Conflict("You have taken this incident already.", code="already_yours")
    return Decision(
        "taken",
        {"from": incident["taken_by_name"]} if incident["taken_by"] else {},
        {
            "state": state,
            "taken_by": by.actor.user_id,
            "taken_by_name": by.name,
            "taken_at": now,
            "offered_to": None,
        },
    )


def release(incident: Incident, by: By) -> Decision:
    """Back to the queue; it rings anew at every seat."""
    state = _next(incident, Event.RELEASE, by)
    return Decision("released", {}, {"state": state, **NO_TAKER, "ring": incident["ring"] + 1})


def offer(incident: Incident, by: By, to_user: int, to_name: str) -> Decision:
    """Hand over: it stays with its taker until the colleague takes it (G9)."""
    state = _next(incident, Event.OFFER, by)
    if to_user == incident["taken_by"]:
        raise Conflict("This colleague has the incident already.", code="already_theirs")
    return Decision(
        "offered",
        {"to": to_user, "to_name": to_name},
        {"state": state, "offered_to": to_user},
    )


def decline(incident: Incident, by: By) -> Decision:
    """The colleague does not take what was offered."""
    state = _next(incident, Event.DECLINE, by)
    return Decision("declined", {}, {"state": state, "offered_to": None})


def follow(incident: Incident, by: By) -> Decision:
    """Somebody is on the way; the operator keeps in touch."""
    state = _next(incident, Event.FOLLOW, by)
    return Decision("following", {}, {"state": state, "offered_to": None})


def resume(incident: Incident, by: By) -> Decision:
    """From following back to working on it."""
    return Decision("resumed", {}, {"state": _next(incident, Event.RESUME, by)})


def note(incident: Incident, by: By, text: str) -> Decision:
    """Free words; anybody who works incidents may leave them."""
    state = _next(incident, Event.RECORD, by)
    return Decision("note", {"text": text}, {"state": state})


def record(incident: Incident, by: By, data: Mapping[str, Any], texts: Sequence[Text]) -> Decision:
    """A step, by the taker."""
    state = _next(incident, Event.RECORD, by)
    _demand_taker(incident, by)
    return Decision("step", data, {"state": state}, texts)


def tell(incident: Incident, by: By, texts: Sequence[Text], names: Sequence[str]) -> Decision:
    """Texts to contacts, at the operator's word. Raises Conflict `nobody_to_tell`."""
    state = _next(incident, Event.RECORD, by)
    _demand_taker(incident, by)
    if not texts:
        raise Conflict("There is no further contact who can be texted.", code="nobody_to_tell")
    data = {"kind": texts[0].kind, "contacts": [t.contact_id for t in texts], "names": list(names)}
    return Decision("told", data, {"state": state}, texts)


@dataclass(frozen=True, slots=True)
class Closing:
    """How an incident ends. `safe_by` and `safe_where` are needed for an emergency."""

    outcome: Outcome
    note: str = ""
    safe_by: str | None = None
    safe_where: str | None = None
    safe_where_en: str | None = None


def close(
    incident: Incident, by: By, closing: Closing, told: Sequence[Told], now: datetime
) -> Decision:
    """The end, with an outcome; everybody who was told is told how it ended."""
    state = _next(incident, Event.CLOSE, by)
    check_closing(closing.outcome, closing.safe_by, closing.safe_where)
    return Decision(
        "closed",
        {
            "outcome": closing.outcome.value,
            "note": closing.note,
            "safe_by": closing.safe_by,
            "safe_where": closing.safe_where,
        },
        {
            "state": state,
            "outcome": closing.outcome.value,
            "safe_by": closing.safe_by,
            "safe_where": closing.safe_where,
            "closed_at": now,
            "offered_to": None,
        },
        closing_texts(closing, told, now),
    )


def _demand_taker(incident: Incident, by: By) -> None:
    if incident["taken_by"] != by.actor.user_id and not by.actor.supervises:
        raise Forbidden(
            "Only its taker may do this: take the incident first.", code="not_the_taker"
        )


# ---- texts

_CLOSING_KIND: Mapping[Outcome, MessageKind] = {
    Outcome.EMERGENCY: MessageKind.SAFE_CLOSED,
    Outcome.ASSISTANCE: MessageKind.SAFE_CLOSED,
    Outcome.MISTAKEN_PRESS: MessageKind.MISTAKEN_PRESS,
}
"""Nothing is said to be well that nobody has confirmed: every other outcome is told as closed, no more."""


def closing_texts(closing: Closing, told: Sequence[Told], now: datetime) -> list[Text]:
    """To everybody who was told of the alarm."""
    kind = _CLOSING_KIND.get(closing.outcome, MessageKind.CLOSED_OTHER)
    if kind is MessageKind.SAFE_CLOSED and not closing.safe_by:
        kind = MessageKind.CLOSED_OTHER
    where = closing.safe_where or ""
    more = {
        "closed_at": now.isoformat(),
        "where": where,
        "where_en": closing.safe_where_en or where,
    }
    return [_again(one, kind, more) for one in told]


def ambulance_texts(told: Sequence[Told], now: datetime) -> list[Text]:
    """To everybody who was told of the alarm."""
    more = {"called_at": now.isoformat()}
    return [_again(one, MessageKind.AMBULANCE_CALLED, more) for one in told]


def _again(told: Told, kind: MessageKind, more: Mapping[str, Any]) -> Text:
    return Text(told.recipient, told.contact_id, kind.value, {**told.params, **more}, told.language)


def next_contact(caller: Caller, told: Sequence[Told]) -> tuple[Person, Recipient] | None:
    """The first in rank order who was not told yet, of whoever may have pressed."""
    known = {one.recipient for one in told}
    ranked = sorted(
        (
            (rank, person, contact)
            for person in caller.possible_people
            for rank, contact in enumerate(person.recipients)
        ),
        key=lambda item: item[0],
    )
    return next(
        ((person, contact) for _, person, contact in ranked if contact.phone not in known), None
    )


def next_text(caller: Caller, person: Person, contact: Recipient, at: datetime) -> Text:
    """Can you go there?"""
    return Text(
        contact.phone,
        contact.contact_id,
        MessageKind.CAN_YOU_GO.value,
        telling.params(caller, person, at),
        contact.language,
    )
