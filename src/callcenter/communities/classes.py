"""Classes of people by which a community is counted and its list is narrowed: each is one condition, used for both."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from sqlalchemy import ColumnElement, literal

from callcenter.residents.models import Ability, Living, Resident, ResidentStatus, Risk, Welfare


class PersonClass(StrEnum):
    """Of whom a community has how many."""

    EXTREME_POVERTY = "extreme_poverty"
    MINIMUM_ALLOWANCE = "minimum_allowance"
    NO_FAMILY = "no_family"
    LOST_ONLY_CHILD = "lost_only_child"
    PREFERENTIAL = "preferential"
    DISABLED = "disabled"
    ALONE = "alone"
    DEPENDENT = "dependent"
    HIGH_RISK = "high_risk"
    HOSPITAL = "hospital"
    AWAY = "away"
    RETIRED = "retired"
    PARTY_MEMBER = "party_member"


def _has(welfare: Welfare) -> ColumnElement[bool]:
    return literal(welfare.value) == Resident.welfare.any_()


CONDITIONS: Mapping[PersonClass, ColumnElement[bool]] = MappingProxyType(
    {
        **{PersonClass(each): _has(each) for each in Welfare},
        PersonClass.DISABLED: Resident.disability.is_not(None),
        PersonClass.ALONE: Resident.living == Living.ALONE,
        PersonClass.DEPENDENT: Resident.ability.in_([Ability.SEVERE, Ability.TOTAL]),
        PersonClass.HIGH_RISK: Resident.risk == Risk.HIGH,
        PersonClass.HOSPITAL: Resident.status == ResidentStatus.HOSPITAL,
        PersonClass.AWAY: Resident.status == ResidentStatus.AWAY,
        PersonClass.RETIRED: Resident.retired_on.is_not(None),
        PersonClass.PARTY_MEMBER: Resident.party_joined_on.is_not(None),
    }
)

FAMILIES: Final = (*map(PersonClass, Welfare), PersonClass.DISABLED)
"""Categories of a family, each with a sign of its own on list and map."""
LIVING_HERE: Final = Resident.status.not_in([ResidentStatus.MOVED, ResidentStatus.DECEASED])
