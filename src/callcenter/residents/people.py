"""Residents and their contacts: found, shown, written. Every function leaves its entry in the audit trail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, Protocol

from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from callcenter.auth.permissions import Action
from callcenter.core.errors import Conflict, Invalid
from callcenter.core.sealed import Seal
from callcenter.regions.models import Region
from callcenter.residents.access import Asking, check_version
from callcenter.residents.age import age_on
from callcenter.residents.dating import fitting_the_past, read_day
from callcenter.residents.fields import Reading
from callcenter.residents.identity import Identity, mask_identity, mask_number
from callcenter.residents.models import Contact, Home, Resident
from callcenter.residents.names import latin_name
from callcenter.residents.paging import Window, find_page
from callcenter.residents.pictures import without_words
from callcenter.residents.schemas import (
    ContactBody,
    ContactChanges,
    Page,
    ResidentBody,
    ResidentChanges,
    ResidentLine,
    ResidentView,
)
from callcenter.residents.search import SearchKind, matching, understand

IDENTITY: Final = "resident.identity"
"""Context of the sealed identity number and of its blind index."""
INSURANCE: Final = "resident.insurance"
"""Context of the sealed number of the social insurance."""

_SEALED = frozenset({"identity_number", "insurance_number"})
_NULLABLE = frozenset(
    {
        "sex",
        "birth_date",
        "identity_number",
        "phone",
        "second_phone",
        "living",
        "ability",
        "contact_policy",
        "hukou_region_code",
        "retired_on",
        "insurance_number",
        "disability",
        "party_joined_on",
        "rank",
        "name_latin",
        "effective_on",
    }
)


# ---- finding


async def find_residents(
    asking: Asking, seal: Seal, typed: str, window: Window, *, region_id: int | None
) -> Page[ResidentLine]:
    """One page of those who match and may be seen, by name."""
    wanted = understand(typed)
    index = None
    if wanted.kind is SearchKind.IDENTITY:
        index = seal.blind_index(wanted.text.encode(), context=IDENTITY)
    reach = await asking.reach(region_id, Action.SEE_PROFILES)
    found = await find_page(asking.session, matching(wanted, index, reach), window)
    items = await _lines(asking, found.ids)
    await asking.note(
        "residents_searched",
        "residents",
        sorted(asking.principal.regions(Action.SEE_PROFILES)),
        {"by": wanted.kind.value, "total": found.total, "ids": [item.id for item in items]},
    )
    return Page[ResidentLine].of(items, found, window)


async def _lines(asking: Asking, ids: Sequence[int]) -> list[ResidentLine]:
    """In the order of the ids."""
    query = select(Resident, Home).join(Home, Home.id == Resident.home_id)
    rows = await asking.session.execute(query.where(Resident.id.in_(ids)))
    today = asking.now.date()
    lines = {row.Resident.id: _line(row.Resident, row.Home, today) for row in rows}
    return [lines[each] for each in ids if each in lines]


def _line(resident: Resident, home: Home, today: date) -> ResidentLine:
    return ResidentLine.model_validate(
        {
            **{name: getattr(resident, name, None) for name in ResidentLine.model_fields},
            "age": age_on(resident.birth_date, today),
            "region_id": home.region_id,
            "address": home.address,
            "address_en": home.address_en,
        }
    )


async def resident_view(asking: Asking, seal: Seal, resident: Resident) -> ResidentView:
    """All but the photo, with the identity number masked."""
    has_photo = await asking.session.scalar(
        select(Resident.photo.is_not(None)).where(Resident.id == resident.id)
    )
    view = ResidentView.model_validate(resident)
    view.age = age_on(resident.birth_date, asking.now.date())
    view.has_photo = bool(has_photo)
    number = opened_identity(seal, resident)
    view.identity_masked = mask_identity(number) if number else None
    if resident.insurance_sealed is not None:
        insurance = seal.open(resident.insurance_sealed, context=INSURANCE).decode()
        view.insurance_masked = mask_number(insurance)
    return view


class HasIdentity(Protocol):
    """A resident, or a row with that column of one."""

    @property
    def identity_sealed(self) -> bytes | None: ...


def opened_identity(seal: Seal, resident: HasIdentity) -> str | None:
    if resident.identity_sealed is None:
        return None
    return seal.open(resident.identity_sealed, context=IDENTITY).decode()


# ---- residents


async def add_resident(asking: Asking, seal: Seal, body: ResidentBody) -> Resident:
    """Register a resident in a home of the asker's regions. Raises InvalidFields, Conflict, NotFound."""
    home = await asking.home(body.home_id, Action.EDIT_RESIDENTS)
    given = body.model_dump()
    day = given.pop("effective_on")
    values = _read(asking, seal, given, given, day)
    resident = Resident(**values, created_at=asking.now, updated_at=asking.now)
    await _refuse_known_identity(asking, resident)
    await asking.dated(day)
    asking.session.add(resident)
    await asking.session.flush()
    path = await asking.path_of(home.region_id)
    await asking.note("resident_added", f"resident:{resident.id}", path, _dated_on(day))
    return resident


async def change_resident(
    asking: Asking, seal: Seal, resident_id: int, body: ResidentChanges
) -> Resident:
    """Change what is given. Raises Conflict when somebody was faster."""
    resident = await asking.resident(resident_id, Action.EDIT_RESIDENTS, to_change=True)
    given = _given(body)
    day = given.pop("effective_on", None)
    home = await asking.home(given.get("home_id", resident.home_id), Action.EDIT_RESIDENTS)
    check_version(resident, body.version)
    standing = {name: getattr(resident, name) for name in ("sex", "birth_date", "name")}
    standing["identity_number"] = opened_identity(seal, resident)
    values = _read(asking, seal, given, standing | given, day)
    await asking.dated(day)
    for name, value in values.items():
        setattr(resident, name, value)
    resident.updated_at = asking.now
    await _refuse_known_identity(asking, resident)
    with fitting_the_past():
        await asking.session.flush()
    path = await asking.path_of(home.region_id)
    detail = {"fields": sorted(given)} | _dated_on(day)
    await asking.note("resident_changed", f"resident:{resident.id}", path, detail)
    return resident


def _dated_on(day: date | None) -> dict[str, object]:
    return {} if day is None else {"effective_on": day.isoformat()}


def _given(body: ResidentChanges | ContactChanges) -> dict[str, Any]:
    """Fields the client sent; null clears a field that may be empty and is refused elsewhere."""
    given = body.model_dump(exclude_unset=True)
    given.pop("version")
    reading = Reading(date.max)
    for name, value in given.items():
        if value is None and name not in _NULLABLE:
            reading.blame(name, "missing")
    reading.finish()
    return given


def _read(
    asking: Asking, seal: Seal, given: Mapping[str, Any], whole: Mapping[str, Any], day: date | None
) -> dict[str, Any]:
    """Columns to write for the given fields from that day on; `whole` is the resident as it will be, for what must agree."""
    reading = Reading(asking.now.date())
    read_day(reading, "effective_on", day)
    values = {name: value for name, value in given.items() if name not in _SEALED}
    identity = reading.identity("identity_number", whole.get("identity_number"))
    if {"name", "name_latin"} & set(given):
        values |= _named(reading, whole["name"], given.get("name_latin"))
    for phone in {"phone", "second_phone"} & set(given):
        values[phone] = reading.phone(phone, given[phone])
    if {"birth_date", "identity_number"} & set(given):
        values["birth_date"] = reading.birth_date("birth_date", whole.get("birth_date"), identity)
    if {"sex", "identity_number"} & set(given):
        values["sex"] = reading.sex("sex", whole.get("sex"), identity)
    values |= _standing(reading, given)
    if "identity_number" in given:
        values |= sealed_identity(seal, identity)
    if "insurance_number" in given:
        values["insurance_sealed"] = sealed_insurance(seal, given["insurance_number"])
    reading.finish()
    return values


def _standing(reading: Reading, given: Mapping[str, Any]) -> dict[str, Any]:
    """What follows from membership and disability: nobody joins tomorrow, and without a disability there is no degree."""
    if "party_joined_on" in given:
        read_day(reading, "party_joined_on", given["party_joined_on"])
    unhindered = "disability" in given and given["disability"] is None
    return {"disability_level": ""} if unhindered else {}


def _named(reading: Reading, written: str, name_latin: str | None) -> dict[str, Any]:
    """The name with its spelling, which follows the name unless somebody writes another."""
    name = reading.name("name", written)
    if not name:
        return {}
    latin = latin_name(name)
    return {
        "name": name,
        "name_latin": (name_latin or "").strip() or latin.latin,
        "pinyin": latin.pinyin,
        "initials": latin.initials,
    }


def sealed_identity(seal: Seal, identity: Identity | None) -> dict[str, bytes | None]:
    if identity is None:
        return {"identity_sealed": None, "identity_index": None}
    number = identity.number.encode()
    return {
        "identity_sealed": seal.seal(number, context=IDENTITY),
        "identity_index": seal.blind_index(number, context=IDENTITY),
    }


def sealed_insurance(seal: Seal, written: str | None) -> bytes | None:
    number = (written or "").strip()
    return seal.seal(number.encode(), context=INSURANCE) if number else None


async def _refuse_known_identity(asking: Asking, resident: Resident) -> None:
    if resident.identity_index is None:
        return
    with asking.session.no_autoflush:
        other = await asking.session.scalar(
            select(Resident.id).where(
                Resident.identity_index == resident.identity_index,
                Resident.id.is_distinct_from(resident.id),
                Resident.merged_into.is_(None),
            )
        )
    if other is not None:
        raise Conflict(
            "Another resident is registered with this identity number: look for them, "
            "or correct the number.",
            code="identity_taken",
        )


async def remove_resident(asking: Asking, resident_id: int, version: int) -> None:
    """Take out a resident who was entered by mistake. Raises Conflict `in_use` where a device or more refers to them."""
    resident = await asking.resident(resident_id, Action.EDIT_RESIDENTS, to_change=True)
    home = await asking.home(resident.home_id, Action.EDIT_RESIDENTS, to_change=True)
    check_version(resident, version)
    await touch(asking, Home, home.id)
    try:
        await asking.session.delete(resident)
        await asking.session.flush()
    except IntegrityError as error:
        raise Conflict(
            "A device is assigned to this resident: release it first, or set the status to moved or deceased.",
            code="in_use",
        ) from error
    path = await asking.path_of(home.region_id)
    await asking.note("resident_removed", f"resident:{resident_id}", path)


async def touch(asking: Asking, table: type[Home | Resident], row_id: int) -> None:
    """Count a change of what belongs to the row, so that copies in memory are renewed."""
    await asking.session.execute(
        update(table).where(table.id == row_id).values(version=table.version + 1)
    )


# ---- photo

PHOTO_LIMIT: Final = 2 * 1024 * 1024


def photo_type(content: bytes) -> str | None:
    """By what the file is, not by what it calls itself. SVG is refused: it can carry scripts."""
    found = without_words(content)
    return None if found is None else found[0]


async def set_photo(asking: Asking, resident_id: int, content: bytes | None) -> None:
    """Keep or remove a photo. Raises Invalid `photo_too_large` or `photo_type`."""
    resident = await asking.resident(resident_id, Action.EDIT_RESIDENTS, to_change=True)
    if content is not None and len(content) > PHOTO_LIMIT:
        raise Invalid(
            f"A photo has at most {PHOTO_LIMIT // 1024} KiB: make it smaller.",
            code="photo_too_large",
            limit=PHOTO_LIMIT,
        )
    picture = None if content is None else without_words(content)
    if content is not None and picture is None:
        raise Invalid("A photo is a JPEG, PNG or WebP file.", code="photo_type")
    resident.photo = None if picture is None else picture[1]
    resident.version += 1
    resident.updated_at = asking.now
    await asking.session.flush()
    await note_resident(asking, resident, "photo_changed" if content else "photo_removed")


async def photo_of(asking: Asking, resident_id: int) -> bytes | None:
    resident = await asking.resident_to_help(resident_id)
    content = await asking.session.scalar(select(Resident.photo).where(Resident.id == resident_id))
    await note_resident(asking, resident, "photo_seen")
    return content


async def note_resident(
    asking: Asking, resident: Resident, action: str, detail: Mapping[str, object] | None = None
) -> None:
    path = await asking.session.scalar(
        select(Region.path).join(Home).where(Home.id == resident.home_id)
    )
    await asking.note(action, f"resident:{resident.id}", path or [], detail)


# ---- contacts


async def contacts_of(asking: Asking, resident_ids: Sequence[int]) -> list[Contact]:
    """In the order in which they are asked."""
    query = select(Contact).where(Contact.resident_id.in_(resident_ids))
    rows = await asking.session.scalars(query.order_by(Contact.resident_id, Contact.rank))
    return list(rows)


async def add_contact(asking: Asking, resident_id: int, body: ContactBody) -> Contact:
    resident = await asking.resident(resident_id, Action.EDIT_RESIDENTS, to_change=True)
    values = _read_contact(asking, body.model_dump())
    others = [contact.id for contact in await contacts_of(asking, [resident_id])]
    wanted = values.pop("rank") or len(others) + 1
    contact = Contact(resident_id=resident_id, rank=len(others) + 1, **values)
    await asking.dated()
    asking.session.add(contact)
    await asking.session.flush()
    others.insert(wanted - 1, contact.id)
    await _put_in_order(asking, resident_id, others)
    await asking.session.refresh(contact)
    await note_resident(asking, resident, "contact_added", {"contact_id": contact.id})
    return contact


async def change_contact(asking: Asking, contact_id: int, body: ContactChanges) -> Contact:
    contact = await asking.contact(contact_id, Action.EDIT_RESIDENTS)
    resident = await asking.resident(contact.resident_id, Action.EDIT_RESIDENTS, to_change=True)
    given = _given(body)
    check_version(contact, body.version)
    if not given.get("name_latin", True):
        given.setdefault("name", contact.name)  # the spelling follows the name again
    values = _read_contact(asking, given)
    rank = values.pop("rank", None)
    await asking.dated()
    for name, value in values.items():
        setattr(contact, name, value)
    await asking.session.flush()
    if rank is not None and rank != contact.rank:
        order = [c.id for c in await contacts_of(asking, [resident.id]) if c.id != contact_id]
        order.insert(rank - 1, contact_id)
        await _put_in_order(asking, resident.id, order)
        await asking.session.refresh(contact)
    detail = {"contact_id": contact_id, "fields": sorted(given)}
    await note_resident(asking, resident, "contact_changed", detail)
    return contact


async def remove_contact(asking: Asking, contact_id: int, version: int) -> None:
    contact = await asking.contact(contact_id, Action.EDIT_RESIDENTS)
    resident = await asking.resident(contact.resident_id, Action.EDIT_RESIDENTS, to_change=True)
    check_version(contact, version)
    await asking.dated()
    await asking.session.delete(contact)
    await asking.session.flush()
    order = [c.id for c in await contacts_of(asking, [resident.id])]
    await _put_in_order(asking, resident.id, order)
    await touch(asking, Resident, resident.id)
    await note_resident(asking, resident, "contact_removed", {"contact_id": contact_id})


def _read_contact(asking: Asking, given: dict[str, Any]) -> dict[str, Any]:
    reading, values = Reading(asking.now.date()), dict(given)
    if "name" in given:
        values["name"] = reading.name("name", given["name"])
        values["name_latin"] = given.get("name_latin") or latin_name(values["name"]).latin
    if "phone" in given:
        values["phone"] = reading.phone("phone", given["phone"])
        if not given["phone"] or not given["phone"].strip():
            reading.blame("phone", "needs_a_phone")
    reading.finish()
    return values


_RANK_ASIDE = text(
    """
    UPDATE contact SET rank = -place.rank
    FROM unnest(CAST(:ids AS bigint[])) WITH ORDINALITY AS place(id, rank)
    WHERE contact.id = place.id AND contact.resident_id = :resident_id
    """
)
_RANK = text(
    """
    UPDATE contact SET rank = -rank, version = version + 1
    WHERE resident_id = :resident_id AND rank < 0
    """
)


async def _put_in_order(asking: Asking, resident_id: int, ids: Sequence[int]) -> None:
    """Ranks 1, 2, 3, ... In two steps, because a unique index looks at every row on its own."""
    if ids:
        parameters = {"ids": list(ids), "resident_id": resident_id}
        await asking.session.execute(_RANK_ASIDE, parameters)
        await asking.session.execute(_RANK, {"resident_id": resident_id})
