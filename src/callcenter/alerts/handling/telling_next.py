"""Telling the contacts one after the other by itself: who did not answer in time is not waited for. Pure.

Only an answer or an operator ends it before everybody was told. What a text says is checked again at each step: that the
person was not reached yet, and that they are neither dead nor moved.
"""

from __future__ import annotations

from datetime import datetime

from callcenter.alerts.bodies import CommandBody, Silence
from callcenter.alerts.entries import TellingEnded, Told
from callcenter.alerts.handling.decision import (
    By,
    Command,
    Decision,
    Facts,
    Need,
    demand_taker,
    moved,
)
from callcenter.alerts.handling.telling_on import next_contact, next_text
from callcenter.alerts.incident import (
    TELLING_STOPPED,
    Event,
    Incident,
    IncidentMode,
    State,
)
from callcenter.alerts.recorded import Fact, facts_of
from callcenter.core.errors import Conflict
from callcenter.devices.callers import Caller

_REACHED = frozenset({Fact.SPOKEN, Fact.SAFE})


def is_reached(facts: frozenset[Fact]) -> bool:
    """Whether somebody has spoken with the person, or knows that they are safe: nobody is told the contrary by itself."""
    return not facts.isdisjoint(_REACHED)


def asks_next(incident: Incident, facts: Facts) -> bool:
    """Whether another contact is to be told without an operator's word: never of a test."""
    stopped = TELLING_STOPPED in incident.marks or incident.mode is IncidentMode.TEST
    return not (stopped or facts.coming)


def next_contact_s(incident: Incident, facts: Facts) -> int:
    """Seconds from what is told now until, without an answer, the next contact is told; 0: not by itself."""
    if not asks_next(incident, facts) or is_reached(facts_of(facts.steps)):
        return 0
    return known(facts).settings.next_contact_s


def first_wait_s(incident: Incident, caller: Caller) -> int:
    """Seconds until, without an answer, the contact after those who are told first is told; 0: an operator tells them by hand."""
    return 0 if TELLING_STOPPED in incident.marks else caller.next_contact_s


def known(facts: Facts) -> Caller:
    """Of a command that needs the caller."""
    if facts.caller is None:
        raise AssertionError("a command that needs the caller was given none")
    return facts.caller


def tell_on(
    incident: Incident, facts: Facts, by: By, body: Silence, now: datetime
) -> Decision | None:
    """Nobody has answered: tell the next contact, or say why nobody is told any more. Whoever was faster has made it needless."""
    over = incident.state is State.CLOSED or incident.mode is IncidentMode.TEST
    if over or facts.silent_since != body.since:
        return None
    after = moved(incident, Event.RECORD, by)
    people = known(facts).reachable_people
    reason = _ended_because(incident, facts, over=body.over)
    following = next_contact(people, facts.told, facts.aware)
    if reason or following is None:
        left = "nobody_left" if people else "not_reachable"
        return Decision(after, TellingEnded(reason=reason or left), stops_telling=True)
    text = next_text(known(facts), following, incident, facts.steps)
    said = Told(
        kind=text.kind, contacts=(text.contact_id,), names=(following[1].name,), by_itself=True
    )
    then_s = next_contact_s(incident, facts)
    return Decision(after, said, [text], next_contact_s=then_s, stops_telling=not then_s)


def _ended_because(incident: Incident, facts: Facts, *, over: bool) -> str:
    """A reason of `TellingEnded`; empty: it goes on."""
    found = {
        "too_old": over,
        "operator": TELLING_STOPPED in incident.marks,
        "coming": facts.coming,
        "reached": is_reached(facts_of(facts.steps)),
    }
    return next((reason for reason, holds in found.items() if holds), "")


def stop_telling(
    incident: Incident, facts: Facts, by: By, body: CommandBody, now: datetime
) -> Decision:
    """The operator tells the contacts by hand from now on. Raises Conflict `telling_stopped`."""
    after = moved(incident, Event.RECORD, by, marks=incident.marked(TELLING_STOPPED))
    demand_taker(incident, by)
    if TELLING_STOPPED in incident.marks:
        raise Conflict("No contact is told by itself any more.", code="telling_stopped")
    return Decision(after, TellingEnded(reason="operator"), stops_telling=True)


STOP_TELLING = Command("stop-telling", CommandBody, stop_telling)
TELL_ON = Command(
    "tell_on",
    Silence,
    tell_on,
    frozenset({Need.CALLER, Need.TOLD, Need.STEPS, Need.COMING, Need.SILENT_SINCE, Need.AWARE}),
)
