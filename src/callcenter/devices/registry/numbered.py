"""What a seat sees of whoever has a telephone number, from the records as they lie in memory. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from callcenter.devices.callers import Match, Number, Person, Whose
from callcenter.devices.registry.packing import Device, Home, unpack_home, unpack_numbers

_ORDER = tuple(Whose)


def surest(holder: Match) -> int:
    """For sorting."""
    return _ORDER.index(holder.whose)


def at_home(home_id: int, record: bytes, e164: str) -> Sequence[Match]:
    """Residents and contacts of this home with that number, each once."""
    home = unpack_home(record)
    people = {person.resident_id: person for person in home.people}
    found: dict[tuple[int, int | None], Match] = {}
    for one in unpack_numbers(record):
        if one.phone == e164:
            who = one.resident_id, one.contact_id
            found.setdefault(who, _reached(home_id, home, one, people[one.resident_id]))
    return list(found.values())


def somebody(
    home_id: int, record: bytes, resident_id: int | None, contact_id: int | None
) -> Match | None:
    """A resident of this home, or a contact of one where `contact_id` is said, whether or not they have a number."""
    home = unpack_home(record)
    people = {person.resident_id: person for person in home.people}
    if contact_id is not None:
        found = [one for one in unpack_numbers(record) if one.contact_id == contact_id]
        return _reached(home_id, home, found[0], people[found[0].resident_id]) if found else None
    person = people.get(resident_id) if resident_id is not None else None
    return None if person is None else _living(home_id, home, person)


def _living(home_id: int, home: Home, person: Person) -> Match:
    return Match(
        whose=Whose.RESIDENT, name=person.name, name_en=person.name_latin, home_id=home_id, resident_id=person.resident_id,
        risk=person.risk, **_place(home),
    )  # fmt: skip


def _reached(home_id: int, home: Home, number: Number, person: Person) -> Match:
    is_contact = number.contact_id is not None
    return Match(
        whose=Whose.CONTACT if is_contact else Whose.RESIDENT,
        name=number.name,
        name_en=number.name_latin,
        of=person.name if is_contact else "",
        of_en=person.name_latin if is_contact else "",
        home_id=home_id,
        resident_id=number.resident_id,
        contact_id=number.contact_id,
        relation=number.relation,
        relation_en=number.relation_en,
        risk=person.risk,
        **_place(home),
    )


def serving(device: Device, home_id: int, resident_id: int | None, record: bytes) -> Match:
    """A device at the home that it serves."""
    home = unpack_home(record)
    people = [one for one in home.people if resident_id in (None, one.resident_id)]
    only = people[0] if len(people) == 1 else None
    return Match(
        whose=Whose.DEVICE,
        name=device.label,
        of="、".join(one.name for one in people),
        of_en=", ".join(one.name_latin or one.name for one in people),
        home_id=home_id,
        resident_id=only.resident_id if only else None,
        device_id=device.id,
        relation=device.kind,
        relation_en=device.kind,
        risk=only.risk if only else "",
        **_place(home),
    )


def carried(device: Device) -> Match:
    """A device that serves no home now."""
    return Match(
        whose=Whose.DEVICE, name=device.label, region_id=device.region_id, device_id=device.id, relation=device.kind,
        relation_en=device.kind,
    )  # fmt: skip


def _place(home: Home) -> dict[str, Any]:
    return {
        "region_id": home.region_id,
        "address": home.place["address"] or "",
        "address_en": home.place["address_en"] or "",
        "lat": home.lat,
        "lng": home.lng,
    }
