"""The past of some of the people, as lives.toml tells it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from pydantic import Field

from callcenter.demo.community.listed import Listed, read
from callcenter.residents.models import Ability, Disability, ResidentStatus, Welfare


class Held(Listed):
    """What of somebody is set; what is left out stays."""

    ability: Ability | None = None
    welfare: tuple[Welfare, ...] | None = None
    status: ResidentStatus | None = None

    def columns(self) -> dict[str, Any]:
        """As the table of residents has them."""
        said = self.model_dump(exclude_none=True, mode="json")
        return {name: list(value) if name == "welfare" else value for name, value in said.items()}


class Standing(Listed):
    """What somebody was before they were cared for."""

    employer: str = ""
    retired_on: date | None = None
    party_joined_on: date | None = None
    disability: Disability | None = None
    disability_level: str = ""
    lunar_birthday: str = ""


class Change(Listed):
    """From so many days ago something else holds."""

    days_ago: int
    set: Held


class Life(Listed):
    """Of the person of this name."""

    name: str
    at_first: Held
    standing: Standing
    changes: tuple[Change, ...] = Field(alias="change")

    def first_columns(self) -> dict[str, Any]:
        """As they were registered."""
        return self.standing.model_dump() | self.at_first.columns()


class _File(Listed):
    person: tuple[Life, ...]


@cache
def lives() -> dict[str, Life]:
    """By name."""
    return {life.name: life for life in read("lives.toml", _File).person}


def in_their_order() -> Sequence[tuple[int, str, dict[str, Any]]]:
    """Every change: days ago, name, columns; the first one first."""
    every = [
        (change.days_ago, life.name, change.set.columns())
        for life in lives().values()
        for change in life.changes
    ]
    return sorted(every, key=lambda each: -each[0])
