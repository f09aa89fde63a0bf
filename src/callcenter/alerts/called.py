"""A call for help that no device has sent: somebody rings the office, walks in, shouts, or does not answer a call of ours. It is
a signal like any other, of the source `office`. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any, Final
from uuid import UUID

import orjson
from pydantic import AfterValidator

from callcenter.alerts.bodies import CommandBody, ShortText, Words
from callcenter.core.errors import Invalid
from callcenter.core.phone import parse_phone
from callcenter.devices.callers import Caller, SourceRef
from callcenter.devices.signals import CLASS_OF, Kind, Signal, SignalClass
from callcenter.regions.tree import RegionSettings

OFFICE: Final = "office"
"""Name and kind of the source of everything that people of the centre have learned."""
SEARCHED: Final = "searched"
"""The flag of a signal of the office: somebody has been at the door and has rung up, and nobody was there."""
REPEATED_WITHIN_S: Final = 24 * 3_600
"""A console that had no answer, and a process that died over a row, comes again with the same id, after a pause of any length."""

_OPENING: Final = frozenset({SignalClass.ALARM, SignalClass.SERVICE})


class Way(StrEnum):
    """How it came."""

    PHONE = "phone"
    IN_PERSON = "in_person"
    OTHER = "other"


def _opens(kind: Kind) -> Kind:
    if CLASS_OF[kind] not in _OPENING:
        raise ValueError("nobody calls for help with this")
    return kind


class CalledBody(CommandBody):
    """Who needs help: a resident, else a home, else nobody who is registered, in words. `contact_id` says that the caller is
    this contact of theirs.
    """

    resident_id: int | None = None
    home_id: int | None = None
    region_id: int | None = None
    """Where somebody belongs who is not registered; by default where the operator works."""
    kind: Annotated[Kind, AfterValidator(_opens)]
    said: Words = ""
    way: Way = Way.PHONE
    phone: ShortText | None = None
    """The number that the call came from."""
    caller: ShortText | None = None
    place: ShortText | None = None
    contact_id: int | None = None
    take: bool = False
    """Whoever opens it takes it at once."""


def office_of(region_id: int) -> SourceRef:
    """The source, of whatever region."""
    return SourceRef(OFFICE, OFFICE, region_id, REPEATED_WITHIN_S)


def office_signal(
    cause: UUID,
    kind: Kind,
    raw: bytes,
    *,
    identifier: str,
    text: str | None,
    called: Mapping[str, Any] = MappingProxyType({}),
) -> Signal:
    """As a device would have sent it, recognised by its cause however often that comes. `called`: the fields of shown.Called, where
    an operator was told of it.
    """
    return Signal(identifier, kind, cause.bytes, raw, text=text, extra=called)


def signal_of(body: CalledBody, contact: str | None, user: tuple[int, str]) -> Signal:
    """What an operator was told, kept raw as canonical JSON."""
    told = _told(body, contact, user)
    raw = orjson.dumps(
        {**body.model_dump(mode="json"), "told_by": told["user_id"]}, option=orjson.OPT_SORT_KEYS
    )
    number = told["phone"] or ""
    said = body.said or None
    return office_signal(body.command_id, body.kind, raw, identifier=number, text=said, called=told)


def _told(body: CalledBody, contact: str | None, user: tuple[int, str]) -> Mapping[str, Any]:
    """The fields of shown.Called."""
    return MappingProxyType(
        {
            "way": body.way.value,
            "phone": _number(body.phone),
            "caller": body.caller or contact,
            "place": body.place,
            "contact_id": body.contact_id,
            "user_id": user[0],
            "user": user[1],
        }
    )


def _number(written: str | None) -> str | None:
    """In E.164 where it is a number; an extension or a word stays as it was written down."""
    with suppress(Invalid):
        return parse_phone(written).e164 if written else None
    return written


def stranger(
    body: CalledBody, region_id: int, region_path: tuple[int, ...], settings: RegionSettings
) -> Caller:
    """Somebody who is not registered: known by the number, so that a second call joins the first; without one, by this call."""
    return Caller(
        subject=f"caller:{OFFICE}:{_number(body.phone) or body.command_id}",
        device_id=None,
        home_id=None,
        resident_id=None,
        region_id=region_id,
        region_path=region_path,
        settings=settings,
        lat=None,
        lng=None,
        card={"people": [], "address": body.place or ""},
    )


def stranger_told(
    signal: Signal, region_id: int, region_path: tuple[int, ...], settings: RegionSettings
) -> Caller:
    """The same from what is kept of what the operator was told."""
    body = orjson.loads(signal.raw)
    del body["told_by"]
    return stranger(CalledBody.model_validate(body), region_id, region_path, settings)


def as_told(caller: Caller, signal: Signal) -> Caller:
    """The caller with how it came on the card. A contact who calls knows of it, and is not told as if it were news."""
    contact_id = signal.extra.get("contact_id")
    called = replace(caller, card={**caller.card, "called": dict(signal.extra)})
    knowing = {
        one.phone
        for person in caller.people
        for one in person.recipients
        if one.contact_id == contact_id
    }
    people = tuple(
        replace(person, recipients=())
        if person.recipients and person.recipients[0].phone in knowing
        else person
        for person in caller.people
    )
    return replace(called, people=people)
