"""The incident and its state machine. Everything that decides about state lives in this file; it does no I/O. Pure.

An incident waits until an operator takes it. The taker works, may put it into following (somebody is on the way, the
operator keeps in touch), gives it back, or offers it to a colleague, with whom it lies only once that colleague takes it.
Only its taker closes it, with an outcome. A new press while it is open joins it: see `JOINS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import ConfigDict

from callcenter.alerts.shown import SHOWN, ShownCard
from callcenter.core.errors import Conflict, Forbidden, Invalid
from callcenter.devices.signals import CLASS_OF, GRAVITY, PRIORITY_OF, Kind, SignalClass


class State(StrEnum):
    WAITING = "waiting"
    TAKEN = "taken"
    FOLLOWING = "following"
    CLOSED = "closed"


class Event(StrEnum):
    TAKE = "take"
    RELEASE = "release"
    OFFER = "offer"
    DECLINE = "decline"
    FOLLOW = "follow"
    RESUME = "resume"
    RECORD = "record"  # a step, a note, an assignment: the state stays
    LOSE_TAKER = "lose_taker"
    REMIND = "remind"  # it is time to call again
    REASSIGN = "reassign"  # a supervisor gives it to another operator
    CALL_OFF = "call_off"  # a drill is over; but for this and MERGE nothing ends without a person
    MERGE = "merge"  # an unknown caller turns out to be of a home whose alarm is open, and is part of that one
    RAISE = "raise"  # a request for service turns out to be an alarm
    CLOSE = "close"


class Outcome(StrEnum):
    EMERGENCY = "emergency"
    ASSISTANCE = "assistance"
    MISTAKEN_PRESS = "mistaken_press"
    FALSE_ALARM = "false_alarm"
    TEST = "test"
    TECHNICAL = "technical"
    NOBODY_REACHED = "nobody_reached"
    SERVICE_DONE = "service_done"
    SERVICE_NOT_DONE = "service_not_done"
    PART_OF_OTHER = "part_of_other"
    """The system's alone: what rang here goes on in the incident of the home."""


BY_PEOPLE = frozenset(Outcome) - {Outcome.PART_OF_OTHER}
"""With which whoever works an incident closes it."""
SERVED = frozenset({Outcome.SERVICE_DONE, Outcome.SERVICE_NOT_DONE})
"""Of requests for service only, with what was wanted."""


class Want(StrEnum):
    """What somebody who asks for service wants."""

    HOUSEKEEPING = "housekeeping"
    MEAL = "meal"
    REPAIR = "repair"
    MEDICINE = "medicine"
    ERRAND = "errand"
    CHAT = "chat"
    OTHER = "other"


class IncidentMode(StrEnum):
    """Whether anybody is in need. A test is journalled and shown, and reaches nobody; it may become real, and nothing real
    becomes a test. A drill goes as if it were real, but for its texts, and is one from its first to its last moment.
    """

    REAL = "real"
    TEST = "test"
    DRILL = "drill"


PRESSED_AGAIN_WITHIN = timedelta(seconds=60)
"""A second SOS during a test: whoever only tries a button presses it once."""

FIRST_RING = 1
"""Of an incident that has just been opened."""

SUPERVISORS_CALLED = "supervisors_called"
"""Marks of an incident that nobody takes, for as long as it rings so: who was called to it."""
DUTY_TOLD = "duty_told"
NOBODY_TOLD = "nobody_told"
"""There is nobody on the duty list; never together with the mark that somebody was told."""
ESCALATION_OVER = "escalation_over"
"""It is too old to call anybody."""
FOLLOW_DUE = "follow_due"
"""Mark of an incident that is followed: it is time to call again."""
FOLLOW_LATE = "follow_late"
"""Mark of an incident that waits because nobody called again in time."""
REQUEST_DUE = "request_due"
"""Mark of a request for service that waits: whoever asked was to be called back by now."""
REQUEST_LATE = "request_late"
PLAN_DUE = "plan_due"
"""Mark: a wait of the action plan is over, and nobody has done the next step yet."""
TELLING_STOPPED = "telling_stopped"
"""An operator tells the contacts by hand: none is told by itself any more."""
FORWARD_FAILED = "forward_failed"
"""Mark: another centre was to be given it and has not taken it, as far as we know."""
FIELD_UNPLACED = "field_unplaced"
"""Mark: somebody was to go there, and nobody is left to ask; until one of them has a taker."""
FIELD_HELP = "field_help"
"""Mark: whoever was sent there asks for help."""
FIELD_OVERDUE = "field_overdue"
"""Mark: whoever was sent there should have left by now, and has not said so."""
FIELD_MARKS = (FIELD_UNPLACED, FIELD_HELP, FIELD_OVERDUE)
OF_A_RING = frozenset(
    {
        SUPERVISORS_CALLED,
        DUTY_TOLD,
        NOBODY_TOLD,
        ESCALATION_OVER,
        FOLLOW_DUE,
        REQUEST_DUE,
        REQUEST_LATE,
        PLAN_DUE,
    }
)
"""Marks that a new ring takes away."""

Class = Literal["alarm", "technical", "service"]
"""Of an incident: a signal class that opens one."""
RAISED: Mapping[Class, Class] = MappingProxyType({"service": "alarm"})
"""What an incident may become by `Event.RAISE`, and the only way in which its class changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """An incident as the board shows it: one field a column of its table."""

    __pydantic_config__: ClassVar[ConfigDict] = SHOWN

    id: UUID
    number: int
    """Spoken aloud, and the reference in every text."""
    version: int = 1
    state: State = State.WAITING
    signal_class: Class
    kind: str
    """The gravest of `kinds`."""
    kinds: Sequence[str]
    """Of all signals it has gathered, each once, in the order they came: a smoke alarm is no second press."""
    priority: int
    """1 is the most urgent."""
    region_id: int
    region_path: Sequence[int]
    """Ids from the root of the regions down to its own."""
    home_id: int | None = None
    resident_id: int | None = None
    device_id: int | None = None
    source: str
    identifier: str | None = None
    lat: float | None = None
    lng: float | None = None
    """WGS-84 degrees."""
    card: ShownCard
    opened_at: datetime
    last_signal_at: datetime
    press_count: int = 1
    ring: int = FIRST_RING
    """Grows each time the incident rings anew; seats answer `seen` and `sounding` per ring."""
    ring_to: Sequence[int] = ()
    """The users at whose seats it rings; none: at every seat of its region."""
    escalated: int = 0
    """Steps of the escalation that were made in this ring: `alerts.escalation.LADDER`, then the duty list again."""
    marks: Sequence[str] = ()
    taken_by: int | None = None
    taken_by_name: str | None = None
    taken_at: datetime | None = None
    offered_to: int | None = None
    """Who it is being handed over to; it stays with its taker until they take it."""
    follow_due_at: datetime | None = None
    """When whoever is followed is to be called again."""
    closed_at: datetime | None = None
    outcome: str | None = None
    safe_by: str | None = None
    safe_where: str | None = None
    mode: IncidentMode = IncidentMode.REAL
    call_back_by: datetime | None = None
    """By when whoever asked for service is to be called back; None: it is no request."""
    wanted: str | None = None
    """Of a request, once that is known: a `Want`."""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Incident:
        """From a row of INCIDENT_COLUMNS, and maybe more."""
        values = {name: row[name] for name in FIELDS}
        values["state"] = State(values["state"])
        values["mode"] = IncidentMode(values["mode"])
        values["region_path"] = tuple(values["region_path"])
        values["marks"] = tuple(values["marks"])
        values["ring_to"] = tuple(values["ring_to"])
        values["kinds"] = tuple(values["kinds"]) or (values["kind"],)
        return cls(**values)

    @property
    def subjects(self) -> Sequence[str]:
        """What somebody may have opened with a reason to see it: itself, or its home."""
        return subjects_of(self.id, self.home_id)

    def marked(self, mark: str) -> Sequence[str]:
        """Its marks with this one, once."""
        return self.marks if mark in self.marks else (*self.marks, mark)

    def unmarked(self, *gone: str) -> Sequence[str]:
        """Its marks without these."""
        return tuple(mark for mark in self.marks if mark not in gone)

    def rung_anew(self) -> Incident:
        """As it rings anew, everywhere: whoever was called learned of the ring before."""
        marks = self.unmarked(*OF_A_RING)
        return replace(self, ring=self.ring + 1, marks=marks, ring_to=(), escalated=0)


def subjects_of(incident_id: UUID, home_id: int | None) -> Sequence[str]:
    """The incident itself, and its home."""
    own = f"incident:{incident_id}"
    return (own,) if home_id is None else (own, f"home:{home_id}")


FIELDS = tuple(field.name for field in fields(Incident))
INCIDENT_COLUMNS = ", ".join("class AS signal_class" if f == "signal_class" else f for f in FIELDS)


TRANSITIONS: Mapping[State, Mapping[Event, State]] = MappingProxyType(
    {
        State.WAITING: {
            Event.TAKE: State.TAKEN,
            Event.RECORD: State.WAITING,
            Event.CALL_OFF: State.CLOSED,
            Event.MERGE: State.CLOSED,
            Event.RAISE: State.WAITING,
        },
        State.TAKEN: {
            Event.TAKE: State.TAKEN,  # by the colleague it was offered to
            Event.RELEASE: State.WAITING,
            Event.OFFER: State.TAKEN,
            Event.DECLINE: State.TAKEN,
            Event.REASSIGN: State.TAKEN,
            Event.FOLLOW: State.FOLLOWING,
            Event.RECORD: State.TAKEN,
            Event.RAISE: State.TAKEN,
            Event.LOSE_TAKER: State.WAITING,
            Event.CLOSE: State.CLOSED,
            Event.CALL_OFF: State.CLOSED,
        },
        State.FOLLOWING: {
            Event.TAKE: State.TAKEN,
            Event.RELEASE: State.WAITING,
            Event.FOLLOW: State.FOLLOWING,  # until another time
            Event.RESUME: State.TAKEN,
            Event.REMIND: State.FOLLOWING,
            Event.REASSIGN: State.FOLLOWING,
            Event.LOSE_TAKER: State.WAITING,
            Event.RECORD: State.FOLLOWING,
            Event.RAISE: State.WAITING,
            Event.CLOSE: State.CLOSED,
            Event.CALL_OFF: State.CLOSED,
        },
        State.CLOSED: {},
    }
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who gives a command; `supervises` where they may act on a colleague's incident."""

    user_id: int
    supervises: bool = False


def apply(incident: Incident, event: Event, actor: Actor | None) -> State:
    """The state that follows, or an error that says why not.

    Raises Conflict `wrong_state` or `taken_by_other`, Forbidden `not_the_taker`. `actor` None is the system itself.
    """
    following = TRANSITIONS[incident.state].get(event)
    ends_by_itself = _ENDS_BY_ITSELF.get(event)
    if ends_by_itself is not None and not (actor is None and ends_by_itself(incident)):
        following = None
    if following is None:
        raise Conflict(
            f"An incident that is {incident.state} cannot {event}.",
            code="wrong_state",
            state=incident.state,
            event=event,
        )
    if actor is not None:
        _guard_actor(incident, event, actor)
    return following


_ENDS_BY_ITSELF: Mapping[Event, Callable[[Incident], bool]] = MappingProxyType(
    {
        Event.CALL_OFF: lambda incident: incident.mode is IncidentMode.DRILL,
        Event.MERGE: lambda incident: (
            incident.mode is not IncidentMode.DRILL and incident.home_id is None
        ),
    }
)
"""What the system alone ends, and of which incidents."""


def _guard_actor(incident: Incident, event: Event, actor: Actor) -> None:
    holds = incident.taken_by == actor.user_id or actor.supervises
    if event is Event.TAKE:
        free = incident.taken_by is None or incident.state is State.FOLLOWING
        if not (
            free or actor.user_id in (incident.offered_to, incident.taken_by) or actor.supervises
        ):
            raise Conflict(
                "Another operator has taken this incident.",
                code="taken_by_other",
                user_id=incident.taken_by,
                name=incident.taken_by_name,
            )
    elif event is Event.DECLINE:
        if actor.user_id != incident.offered_to:
            raise Forbidden("This incident was not offered to you.", code="not_offered")
    elif event is Event.REASSIGN:
        if not actor.supervises:
            raise Forbidden("Only a supervisor gives it to another.", code="needs_supervisor")
    elif event not in _ANYBODYS and not holds:
        raise Forbidden(
            "Only its taker may do this: take the incident first.", code="not_the_taker"
        )


_ANYBODYS = frozenset({Event.RECORD, Event.RAISE})
"""What whoever works incidents may do to a colleague's: that somebody is in need waits for nobody."""


def check_served(signal_class: Class, outcome: Outcome, wanted: str | None) -> None:
    """What ends as served is a request, and says what was wanted. Raises Invalid `not_a_request` and `needs_wanted`."""
    if outcome not in SERVED:
        return
    if signal_class != "service":
        raise Invalid("Only a request for service ends like this.", code="not_a_request")
    if wanted is None:
        raise Invalid("Say what was wanted.", code="needs_wanted")


def check_closing(outcome: Outcome, safe_by: str | None, safe_where: str | None) -> None:
    """G9: an emergency closes only with who confirmed that the person is safe, and where. Raises Invalid `needs_safe`."""
    if outcome is Outcome.EMERGENCY and not (safe_by and safe_where):
        raise Invalid(
            "An emergency closes only with who confirmed that the person is safe, and where they are now.",
            code="needs_safe",
        )


@dataclass(frozen=True, slots=True)
class Join:
    """What a further signal does to an open incident."""

    state: State
    kind: str
    """What heads it."""
    kinds: Sequence[str]
    priority: int
    rings: bool
    """Rings again: at its taker while taken, at every seat while waiting."""
    texts: bool
    """Texts the contacts who have not been told yet."""
    keeps_taker: bool
    mode: IncidentMode = IncidentMode.REAL


@dataclass(frozen=True, slots=True)
class _JoinRule:
    state: State
    rings: bool


# (state, whether its taker's seat is there) -> what an alarm does. A press never leaves an incident where nobody looks.
JOINS: Mapping[tuple[State, bool], _JoinRule] = MappingProxyType(
    {
        (State.WAITING, False): _JoinRule(State.WAITING, rings=False),  # it is ringing already
        (State.WAITING, True): _JoinRule(State.WAITING, rings=False),
        (State.TAKEN, True): _JoinRule(State.TAKEN, rings=True),
        (State.TAKEN, False): _JoinRule(State.WAITING, rings=True),
        (State.FOLLOWING, True): _JoinRule(State.WAITING, rings=True),
        (State.FOLLOWING, False): _JoinRule(State.WAITING, rings=True),
    }
)


def mode_after(
    incident: Incident, kind: Kind, signal: IncidentMode, passed: timedelta
) -> IncidentMode:
    """What the incident is after a signal: `passed` since the one before. Whatever is not in test makes a test real, and so does
    a second SOS soon after the first. A drill meets nothing but its own presses.
    """
    if incident.mode is not IncidentMode.TEST or CLASS_OF[kind] is SignalClass.RECORD:
        return incident.mode
    again = kind is Kind.SOS and kind.value in incident.kinds and passed <= PRESSED_AGAIN_WITHIN
    return IncidentMode.REAL if again or signal is IncidentMode.REAL else incident.mode


def join(
    incident: Incident, kind: Kind, *, taker_present: bool, mode: IncidentMode = IncidentMode.REAL
) -> Join:
    """What a signal of this kind does to the open incident it joins. `mode` is that of the incident after it.

    Only alarms and requests for service move an incident; anything else is counted and written down. An alarm of another kind
    that is as urgent, or graver, is news: it rings whatever the state, and the gravest heads the incident. What a request asks
    for again is seen as an alarm is, and texts nobody.
    """
    kinds = _with(incident.kinds, kind)
    is_alarm = CLASS_OF[kind] is SignalClass.ALARM
    urgent = min(PRIORITY_OF[kind], incident.priority) if is_alarm else incident.priority
    if not (is_alarm or CLASS_OF[kind] is SignalClass.SERVICE) or mode is IncidentMode.TEST:
        return Join(
            incident.state,
            graver(kind, incident.kind) if is_alarm else incident.kind,
            kinds,
            urgent,
            rings=False,
            texts=False,
            keeps_taker=True,
            mode=mode,
        )
    rule = JOINS[incident.state, taker_present]
    return Join(
        state=rule.state,
        kind=graver(kind, incident.kind),
        kinds=kinds,
        priority=urgent,
        rings=rule.rings
        or incident.mode is not mode
        or urgent < incident.priority
        or ESCALATION_OVER in incident.marks  # nobody would be called to it
        or _is_news(incident, kind),
        texts=is_alarm,
        keeps_taker=rule.state is incident.state,
        mode=mode,
    )


def graver(kind: Kind, heading: str) -> str:
    """Which of the two heads an incident."""
    return min((heading, kind.value), key=lambda one: GRAVITY.get(Kind(one), len(GRAVITY)))


def _with(kinds: Sequence[str], kind: Kind) -> Sequence[str]:
    """A cancel or a restore is no kind of alarm; it stands on the timeline."""
    if kind.value in kinds or CLASS_OF[kind] is SignalClass.RECORD:
        return kinds
    return (*kinds, kind.value)


def _is_news(incident: Incident, kind: Kind) -> bool:
    if kind.value in incident.kinds:
        return False
    as_urgent = kind is not Kind.UNKNOWN and PRIORITY_OF[kind] <= incident.priority
    return as_urgent or graver(kind, incident.kind) != incident.kind
