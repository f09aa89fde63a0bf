"""A signal on its way into the journal, and the incident and entry it becomes if nothing stands against it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypedDict, cast
from uuid import UUID

from callcenter.alerts.called import OFFICE
from callcenter.alerts.entries import Opened
from callcenter.alerts.escalation import DUTY_MADE
from callcenter.alerts.incident import DUTY_TOLD, Class, Incident, IncidentMode
from callcenter.alerts.telephoned import TELEPHONE
from callcenter.alerts.watched import is_watch, watch_number
from callcenter.devices.callers import Caller, SourceRef
from callcenter.devices.signals import Signal, SignalClass
from callcenter.sms.catalogue import MessageKind
from callcenter.sms.outbox import Text


@dataclass(frozen=True, slots=True)
class Rang:
    """That it rang before the database had it: when, and if it opened an incident under which number."""

    at: datetime
    number: int | None = None
    taker: int | None = None
    """Who had what it met then."""
    taker_there: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What an arrival has found when it came: another process that writes it goes by the same."""

    ring_to: Sequence[int]
    manned: bool
    """Whether any seat of its region was there to hear it."""


@dataclass(slots=True)
class Arrival:
    """One signal on its way into the journal, with the ids it will carry if nothing stands against
    it.
    """

    source: SourceRef
    signal: Signal
    caller: Caller
    signal_class: SignalClass
    priority: int
    received_at: datetime
    journal_id: UUID
    incident_id: UUID
    card: dict[str, Any]
    texts: Sequence[Text]
    """If it is real."""
    flags: tuple[str, ...]
    extra: str
    ring_to: Sequence[int] = ()
    """At whose seats it rings first; none: everywhere."""
    mode: IncidentMode = IncidentMode.REAL
    rang: Rang | None = None
    manned: bool = True
    """Whether any seat of its region was there to hear it."""

    @property
    def subject(self) -> str:
        return self.caller.subject


def rang_at(arrival: Arrival, now: datetime) -> datetime:
    """Since when it rings: now, where it is written before it does."""
    return arrival.rang.at if arrival.rang is not None else now


def position(arrival: Arrival) -> tuple[float | None, float | None]:
    """Where: what the device says, else its home. WGS-84 degrees."""
    if arrival.signal.position is not None:
        return arrival.signal.position.lat, arrival.signal.position.lng
    return arrival.caller.lat, arrival.caller.lng


def marks(arrival: Arrival) -> tuple[str, ...]:
    """What the board shows beside the incident from the first moment on."""
    duty_told = any(text.kind == MessageKind.DUTY_ALARM for text in opening_texts(arrival))
    return (DUTY_TOLD,) if duty_told else ()


def opening_texts(arrival: Arrival) -> Sequence[Text]:
    """Whom it tells if it opens an incident."""
    return () if arrival.mode is IncidentMode.TEST else arrival.texts


def is_watched(arrival: Arrival) -> bool:
    """Until somebody takes it: see `timers.timer_of`."""
    is_alarm = arrival.signal_class is SignalClass.ALARM
    return is_alarm and arrival.mode is not IncidentMode.TEST and not is_watch(arrival.caller)


def own_number(arrival: Arrival) -> int | None:
    """The number that it brings along; None: the next one of the database."""
    if is_watch(arrival.caller):
        return watch_number(arrival.incident_id)
    return arrival.rang.number if arrival.rang is not None else None


def call_back_by(arrival: Arrival, now: datetime) -> datetime | None:
    """When whoever asks for service is to be called back, at the latest."""
    if arrival.signal_class is not SignalClass.SERVICE:
        return None
    return now + timedelta(seconds=arrival.caller.settings.service_due_s)


def request_due_s(arrival: Arrival) -> int:
    """Until a waiting request is due; 0: it is none, or a test, of which nobody is reminded."""
    is_request = arrival.signal_class is SignalClass.SERVICE
    real = arrival.mode is not IncidentMode.TEST
    return arrival.caller.settings.service_due_s if is_request and real else 0


def escalated(arrival: Arrival) -> int:
    """Steps that are made with the opening: the duty list is told at once where nobody sits."""
    return DUTY_MADE if marks(arrival) else 0


def first_look_s(arrival: Arrival) -> int:
    """From its ring until there may be something to do about it by time alone: it is taken, mostly."""
    policy = arrival.caller.settings.policy(arrival.priority)
    if marks(arrival):
        return policy.again_s
    return policy.unproved_s if arrival.ring_to else policy.supervisors_s


class SignalSaid(TypedDict):
    """The fields that the timeline keeps of every signal, opening or not."""

    kind: str
    identifier: str
    journal_id: UUID
    received_at: datetime
    occurred_at: datetime | None
    text: str | None
    flags: Sequence[str]
    called: Mapping[str, Any] | None
    telephoned: Mapping[str, Any] | None


def next_contact_s(arrival: Arrival) -> int:
    """Until, without an answer, the contact after those who are told with it is told; 0: nobody is told, or nobody is left, or never by itself."""
    tells = any(text.kind == MessageKind.ALARM_RAISED for text in arrival.texts)
    return arrival.caller.next_contact_s if tells else 0


def signal_said(arrival: Arrival) -> SignalSaid:
    """What the timeline says of the signal, whatever it does to an incident."""
    signal = arrival.signal
    return SignalSaid(
        kind=signal.kind.value,
        identifier=signal.identifier,
        journal_id=arrival.journal_id,
        received_at=arrival.received_at,
        occurred_at=signal.occurred_at,
        text=signal.text,
        flags=arrival.flags,
        called=(dict(signal.extra) or None) if arrival.source.kind == OFFICE else None,
        telephoned=arrival.card.get("telephoned") if arrival.source.kind == TELEPHONE else None,
    )


def opened(arrival: Arrival) -> Opened:
    """What the timeline says of the signal that opens the incident."""
    return Opened(**signal_said(arrival))


def incident_of(arrival: Arrival, number: int, now: datetime) -> Incident:
    """The incident as the opening statement writes it, without reading it back."""
    caller = arrival.caller
    lat, lng = position(arrival)
    return Incident(
        id=arrival.incident_id,
        number=number,
        signal_class=cast("Class", arrival.signal_class.value),
        kind=arrival.signal.kind.value,
        kinds=(arrival.signal.kind.value,),
        priority=arrival.priority,
        region_id=caller.region_id,
        region_path=caller.region_path,
        home_id=caller.home_id,
        resident_id=caller.resident_id,
        device_id=caller.device_id,
        source=arrival.source.name,
        identifier=arrival.signal.identifier,
        lat=lat,
        lng=lng,
        card=arrival.card,
        opened_at=now,
        last_signal_at=now,
        ring_to=arrival.ring_to,
        marks=marks(arrival),
        escalated=escalated(arrival),
        mode=arrival.mode,
        call_back_by=call_back_by(arrival, now),
    )
