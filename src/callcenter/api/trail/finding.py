"""Whom an auditor may ask the trail about: colleagues who work in the regions audited, and residents who live there."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel
from sqlalchemy import select, text

from callcenter.auth.permissions import Action
from callcenter.residents.access import Asking
from callcenter.residents.models import Home, Resident
from callcenter.residents.paging import Window, find_page
from callcenter.residents.search import matching, understand

MOST: Final = 10


class FoundUser(BaseModel):
    id: int
    login: str
    name: str
    name_en: str


class FoundResident(BaseModel):
    id: int
    name: str
    name_latin: str
    address: str
    address_en: str


class FoundPeople(BaseModel):
    """At most ten of each."""

    users: list[FoundUser]
    residents: list[FoundResident]


async def find_people(asking: Asking, typed: str) -> FoundPeople:
    """Names and addresses; the look is in the trail as that at any list is."""
    regions = sorted(asking.principal.regions(Action.READ_AUDIT))
    words = f"%{typed.translate(_LITERAL)}%"
    asked = {"words": words, "regions": regions, "most": MOST}
    users = (await asking.session.execute(_USERS, asked)).mappings().all()
    residents = await _residents(asking, typed)
    detail = {"ids": [each.id for each in residents]}
    await asking.note("trail_searched", "residents", regions, detail)
    return FoundPeople(users=[FoundUser(**user) for user in users], residents=residents)


async def _residents(asking: Asking, typed: str) -> list[FoundResident]:
    reach = await asking.reach(None, Action.READ_AUDIT)
    found = await find_page(
        asking.session, matching(understand(typed), None, reach), Window(limit=MOST)
    )
    rows = await asking.session.execute(
        select(Resident.id, Resident.name, Resident.name_latin, Home.address, Home.address_en)
        .join(Home, Home.id == Resident.home_id)
        .where(Resident.id.in_(found.ids))
    )
    by_id = {row.id: FoundResident(**row._mapping) for row in rows}
    return [by_id[each] for each in found.ids if each in by_id]


_LITERAL: Final = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})
_USERS: Final = text("""
SELECT id, login, name, name_en FROM app_user
WHERE (login ILIKE :words OR name ILIKE :words OR name_en ILIKE :words) AND EXISTS (
    SELECT FROM role_grant JOIN region ON region.id = role_grant.region_id
    JOIN region AS audited ON audited.id = ANY(CAST(:regions AS bigint[]))
    WHERE role_grant.user_id = app_user.id AND (region.id = ANY(audited.path) OR audited.id = ANY(region.path))
)
ORDER BY name, id LIMIT :most
""")
