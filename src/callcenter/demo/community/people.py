"""The 60 people of 榆荫里 in their 52 homes, as people.toml lists them."""

from __future__ import annotations

from functools import cache

from pydantic import Field

from callcenter.demo.community.listed import NOTHING, Both, Listed, read
from callcenter.residents.models import Ability, Living, Risk, Sex, Welfare


class ListedContact(Listed):
    """Somebody to be told, and whether they have a key of the home."""

    relation: str
    name: str
    distance: str
    key: bool = False


class Person(Listed):
    """One resident. Illnesses, dialect, hospital, allergy, relations and distances are keys of wording.toml."""

    name: str
    sex: Sex
    age: int
    ability: Ability
    risk: Risk
    conditions: tuple[str, ...]
    contacts: tuple[ListedContact, ...] = ()
    welfare: tuple[Welfare, ...] = ()
    hospital: str = "city_1"
    dialect: str = "mandarin"
    allergy: str | None = None
    talk: Both | None = None
    salutation: Both = NOTHING
    hearing: Both = NOTHING


class Household(Listed):
    """One home: where it is, who lives there, how to get in."""

    building: int
    entrance: int
    door: str
    living: Living
    people: tuple[Person, ...] = Field(alias="resident")
    access: Both | None = None
    key: Both | None = None

    @property
    def floor(self) -> int:
        return int(self.door[:-2])


class _File(Listed):
    home: tuple[Household, ...]


@cache
def households() -> tuple[Household, ...]:
    """All homes, in the order in which they get their ids."""
    return read("people.toml", _File).home
