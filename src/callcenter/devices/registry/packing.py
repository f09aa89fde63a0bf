"""How a home and a device lie in memory: as the JSON that PostgreSQL makes of them, unpacked when somebody presses.

Each SELECT stands beside the function that unpacks its `record`: the two name the same values in the same order. JSON by
the database costs the event loop nothing, and a home is some 600 bytes instead of dozens of objects. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson

from callcenter.core.errors import Invalid
from callcenter.core.phone import parse_phone, takes_texts
from callcenter.devices.callers import Number, Person, Recipient
from callcenter.residents.age import age_on

HOMES = """
SELECT home.id, coalesce(people.ids, '{}') AS residents, convert_to(json_build_array(
    home.region_id, home.lat, home.lng,
    home.address, home.address_en, coalesce(building.estate, ''), coalesce(building.name, ''),
    coalesce(building.name_en, ''), home.building_id, home.entrance, home.floor, home.door, home.access_note,
    home.key_note, people.rows
)::text, 'UTF8') AS record
FROM home
LEFT JOIN building ON building.id = home.building_id
LEFT JOIN LATERAL (
    SELECT array_agg(id) AS ids, json_agg(json_build_array(
        id, name, name_latin, sex, birth_date, risk, status, hazards, hazards_en, (
            SELECT json_agg(json_build_array(
                id, phone, language, name, name_latin, sms_consent, rank, relation, relation_en, has_key
            ) ORDER BY rank)
            FROM contact WHERE contact.resident_id = resident.id
        ), dialect, salutation, english->>'salutation', contact_policy, phone, second_phone
    ) ORDER BY id) AS rows
    FROM resident WHERE resident.home_id = home.id
) AS people ON true
"""

DEVICES = """
SELECT device.id, device.source, device.identifier, device.key_sealed, device.encrypted_only,
       coalesce(serving.homes, '{}') AS homes,
       convert_to(json_build_array(
           device.id, device.kind, device.label, device.region_id, serving.rows, device.sim
       )::text, 'UTF8') AS record
FROM device
LEFT JOIN LATERAL (
    SELECT array_agg(home_id) AS homes, json_agg(json_build_array(
        (extract(epoch FROM greatest(valid_from, '0001-01-02 00:00Z')) * 1000000)::bigint,
        CASE WHEN valid_until < '9999-12-30 00:00Z'
        THEN (extract(epoch FROM greatest(valid_until, '0001-01-02 00:00Z')) * 1000000)::bigint END,
        home_id, resident_id
    ) ORDER BY valid_from) AS rows
    FROM device_assignment WHERE device_id = device.id AND valid_from < '9999-12-30 00:00Z'
) AS serving ON true
"""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CALLED = re.compile(rb'"\+([1-9][0-9]{1,14})"')
_NO_SIM = b'""]'


@dataclass(frozen=True, slots=True)
class Assignment:
    """A device serves this home from `valid_from` until before `valid_until`."""

    valid_from: datetime
    valid_until: datetime | None
    home_id: int
    resident_id: int | None

    def holds(self, now: datetime) -> bool:
        """Whether it is in force."""
        return self.valid_from <= now and (self.valid_until is None or now < self.valid_until)


@dataclass(frozen=True, slots=True)
class Device:
    """Assignments by their beginning."""

    id: int
    kind: str
    label: str
    region_id: int
    assignments: tuple[Assignment, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """`place` holds what the card says of the address."""

    region_id: int
    lat: float | None
    lng: float | None
    place: Mapping[str, Any]
    people: tuple[Person, ...]


_PHONE, _CONSENT = 1, 5
"""Where these stand in the row of a contact; what a text needs stands before the consent."""

_PLACE = (
    "address",
    "address_en",
    "estate",
    "building",
    "building_en",
    "building_id",
    "entrance",
    "floor",
    "door",
    "access_note",
    "key_note",
)


def unpack_home(record: bytes) -> Home:
    """From the `record` of HOMES."""
    region_id, lat, lng, *place, people = orjson.loads(record)
    return Home(
        region_id,
        _degrees(lat),
        _degrees(lng),
        dict(zip(_PLACE, place, strict=True)),
        tuple(_person(row) for row in people or ()),
    )


def unpack_numbers(record: bytes) -> list[Number]:
    """Whom one can telephone, from the `record` of HOMES: of each resident their own numbers, then their contacts by rank."""
    people = orjson.loads(record)[-1]
    return [number for row in people or () for number in _numbers(row)]


def unpack_device(record: bytes) -> Device:
    """From the `record` of DEVICES."""
    device_id, kind, label, region_id, assignments, *_sim = orjson.loads(record)
    return Device(
        device_id, kind, label, region_id, tuple(_assignment(row) for row in assignments or ())
    )


def numbers_in(record: bytes) -> Iterator[int]:
    """Whatever stands in the `record` of HOMES as a number that can be called, without unpacking the rest: all of `unpack_numbers`."""
    return map(int, _CALLED.findall(record))


def sim_of(record: bytes) -> str | None:
    """The number of its SIM in E.164, from the `record` of DEVICES; None where none is known that can be called."""
    if record.endswith(_NO_SIM):
        return None
    written = orjson.loads(record)[-1]
    with suppress(Invalid):
        return parse_phone(written).e164 if isinstance(written, str) else None
    return None


def device_id_of(record: bytes) -> int:
    """Without unpacking the rest."""
    return int(record[1 : record.index(b",")])


def card(
    home: Home, device: Device | None, resident_id: int | None, today: date
) -> Mapping[str, Any]:
    """The card of seats.messages.Card, ready for JSON."""
    return {
        "people": [
            {
                "resident_id": person.resident_id,
                "name": person.name,
                "name_latin": person.name_latin,
                "sex": person.sex,
                "age": age_on(person.birth_date, today),
                "risk": person.risk,
                "status": person.status,
                "hazards": person.hazards,
                "hazards_en": person.hazards_en,
                "pressed": person.resident_id == resident_id,
            }
            for person in home.people
        ],
        **home.place,
        "device_kind": device.kind if device else None,
        "device_label": device.label if device else None,
    }


def _person(row: Sequence[Any]) -> Person:
    resident_id, name, latin, sex, born, risk, status, hazards, hazards_en, contacts, *more = row
    dialect, salutation, salutation_en, contact_policy, *_phones = more
    return Person(
        resident_id,
        name,
        latin,
        sex,
        _date(born),
        risk,
        status,
        tuple(hazards),
        tuple(hazards_en),
        tuple(Recipient(*one[:_CONSENT]) for one in contacts or () if _may_be_texted(one)),
        dialect,
        salutation,
        salutation_en or "",
        contact_policy,
    )


def _may_be_texted(contact: Sequence[Any]) -> bool:
    return bool(contact[_CONSENT]) and takes_texts(contact[_PHONE])


def _numbers(row: Sequence[Any]) -> list[Number]:
    resident_id, name, latin, contacts, phones = row[0], row[1], row[2], row[9], row[-2:]
    own = [
        Number(
            resident_id, name, latin, phone, None, None, "", "", has_key=False, sms_consent=False
        )
        for phone in phones
        if phone
    ]
    return own + [_number(resident_id, *contact) for contact in contacts or ()]


def _number(resident_id: int, *contact: Any) -> Number:
    id_, phone, _, name, latin, consent, rank, relation, relation_en, has_key = contact
    return Number(
        resident_id, name, latin, phone, id_, rank, relation, relation_en, has_key, consent
    )


def _assignment(row: Sequence[Any]) -> Assignment:
    valid_from, valid_until, home_id, resident_id = row
    return Assignment(
        _moment(valid_from),
        None if valid_until is None else _moment(valid_until),
        home_id,
        resident_id,
    )


def _moment(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


def _degrees(value: float | str | None) -> float | None:
    """JSON has no NaN: what is no number is no position."""
    return float(value) if isinstance(value, int | float) else None


def _date(text: str | None) -> date | None:
    """None also for a date that Python has no room for: no alarm fails for a birthday (G3)."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
