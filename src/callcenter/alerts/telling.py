"""Who is texted when an alarm comes in, and with what. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from callcenter.devices.callers import Caller, Person, Recipient
from callcenter.devices.signals import Kind
from callcenter.sms.catalogue import FOLDS, MessageKind
from callcenter.sms.outbox import Text

TEXTED = frozenset({Kind.SOS, Kind.FALL, Kind.MEDICAL, Kind.SMOKE, Kind.GAS})
"""Alarms whose family is told; inactivity and unmapped codes wait for the operator's judgement."""
TEXTED_IF_SEARCHED = TEXTED | {Kind.INACTIVITY}
"""And where somebody has been at the door already: there is nothing left to judge."""

AT_ONCE = "at_once"


def params(caller: Caller, person: Person | None, at: datetime, **more: object) -> dict[str, Any]:
    """The parameters every text of an incident carries; `ref`, its number, is added where the row is written."""
    settings = caller.settings
    return {
        **_addressed(person),
        "name": person.name if person else "",
        "name_latin": person.name_latin if person else "",
        "at": at.isoformat(),
        "hotline": settings.hotline,
        "signature": settings.sms_signature,
        "signature_en": settings.sms_signature_en,
        **more,
    }


def _addressed(person: Person | None) -> dict[str, Any]:
    """How a text calls them, where it is said."""
    if person is None:
        return {}
    said = {"salutation": person.salutation, "salutation_en": person.salutation_en}
    return {name: value for name, value in said.items() if value}


def alarm_texts(caller: Caller, kind: Kind, at: datetime, *, searched: bool = False) -> list[Text]:
    """To the first contact of whoever may have pressed, or all of them, where the region tells families without a confirmation."""
    told = TEXTED_IF_SEARCHED if searched else TEXTED
    if kind not in told or caller.settings.sms_policy != AT_ONCE:
        return []
    return [alarm_text(caller, person, contact, kind, at) for person, contact in caller.recipients]


def alarm_text(caller: Caller, person: Person, contact: Recipient, kind: str, at: datetime) -> Text:
    """One alarm text to one contact: a smoke alarm is not told as a call for help."""
    return Text(
        contact.phone,
        contact.contact_id,
        MessageKind.ALARM_RAISED,
        params(caller, person, at, alarm=str(kind)),
        contact.language,
    )


def duty_texts(
    caller: Caller,
    numbers: Sequence[str],
    at: datetime,
    *,
    manned: bool = False,
    again: int | None = None,
) -> list[Text]:
    """To numbers of the duty list: no seat is manned, or whoever is there does not take it. `again`: which telling it is.

    An unknown caller is named by its device, and those of a storm are told together, as is whatever is told again; the
    first telling of a known home's alarm never is.
    """
    together = {FOLDS: True} if caller.home_id is None or again is not None else {}
    filled = params(caller, _likeliest(caller), at, **_place(caller), **together)
    kind = MessageKind.DUTY_UNTAKEN if manned else MessageKind.DUTY_ALARM
    return [Text(number, None, kind, filled, "zh-CN", again) for number in numbers]


def duty_has_it(caller: Caller, number: str, at: datetime, until: datetime) -> Text:
    """To the duty phone that has taken it with its 1: it has it, until then."""
    filled = params(caller, _likeliest(caller), at, **_place(caller), until=until.isoformat())
    return Text(number, None, MessageKind.DUTY_HAS_IT, filled, "zh-CN")


def duty_taken_already(caller: Caller, number: str, at: datetime, taker: str) -> Text:
    """To a duty phone whose 1 came too late: who has it."""
    filled = params(caller, _likeliest(caller), at, taker=taker)
    return Text(number, None, MessageKind.DUTY_TAKEN_ALREADY, filled, "zh-CN")


def _likeliest(caller: Caller) -> Person | None:
    people = caller.reachable_people or caller.people
    return people[0] if people else None


def _place(caller: Caller) -> Mapping[str, str]:
    """The address; of an unknown caller the device."""
    where = str(caller.card.get("address", ""))
    where_en = str(caller.card.get("address_en", ""))
    if caller.home_id is None and not where:
        device = caller.subject.removesuffix(f"@{caller.card.get('peer')}").split(":", 2)[-1]
        where, where_en = f"设备{device}", f"device {device}"
    return {"where": where, "where_en": where_en}
