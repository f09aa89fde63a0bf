"""Who of the operators speaks as residents do: an alarm that rings at one seat first rings at theirs."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Select, func, select

from callcenter.auth.granting import in_force
from callcenter.auth.models import Grant, User
from callcenter.auth.permissions import ACTIONS_OF, Action
from callcenter.core.errors import NotFound
from callcenter.core.written import Written
from callcenter.regions.models import Region
from callcenter.residents.access import Asking
from callcenter.residents.models import Home, Resident

MOST_OPERATORS: Final = 2_000
MOST_SPOKEN: Final = 100
_WORKING: Final = [
    role.value for role, actions in ACTIONS_OF.items() if Action.WORK_INCIDENTS in actions
]
_GONE: Final = ("deceased", "moved")

Skill = Annotated[str, Field(max_length=40)]


class OperatorView(BaseModel):
    """Somebody who takes alarms; `skills` are dialects and languages, written as in the residents' records."""

    id: int
    name: str
    name_en: str
    skills: list[str]


class SpokenView(BaseModel):
    """A dialect of the residents' records, in English where that stands beside it, and of how many."""

    dialect: str
    dialect_en: str
    residents: int


class SpeakingView(BaseModel):
    """Of the regions that the asker supervises or administers; the most spoken first."""

    operators: list[OperatorView]
    spoken: list[SpokenView]


class SkillsBody(Written):
    """All of them; what is written twice, or is empty, is left out."""

    skills: Annotated[list[Skill], Field(max_length=20)]


async def show_speaking(asking: Asking) -> SpeakingView:
    """Operators by name, dialects by the number of residents."""
    operators = await asking.session.scalars(_operators(asking).order_by(User.name, User.id))
    spoken = await asking.session.execute(_spoken(asking))
    return SpeakingView(
        operators=[_view(user) for user in operators],
        spoken=[SpokenView.model_validate(row, from_attributes=True) for row in spoken],
    )


async def set_skills(asking: Asking, user_id: int, body: SkillsBody) -> OperatorView:
    """Raises NotFound for whoever takes no alarms in the asker's regions. Counts from the next look at the seats, some seconds later."""
    wanted = _operators(asking).where(User.id == user_id).with_for_update(of=User)
    user = await asking.session.scalar(wanted)
    if user is None:
        raise NotFound("no such operator", what="operator")
    before, user.skills = user.skills, tidy(body.skills)
    await asking.session.flush()
    regions = sorted(asking.principal.regions(Action.MANAGE_ESCALATION))
    detail = {"before": before, "after": user.skills}
    await asking.note("skills_changed", f"user:{user_id}", regions, detail)
    return _view(user)


def tidy(skills: list[str]) -> list[str]:
    """Each once, in the order they were written, without what stands around the words."""
    return list(dict.fromkeys(one.strip() for one in skills if one.strip()))


def _operators(asking: Asking) -> Select[Any]:
    granted = (
        select(Grant.id)
        .join(Region, Region.id == Grant.region_id)
        .where(
            Grant.user_id == User.id,
            Grant.role.in_(_WORKING),
            in_force(asking.now),
            _supervised(asking),
        )
    )
    return select(User).where(User.active, granted.exists()).limit(MOST_OPERATORS)


def _spoken(asking: Asking) -> Select[str, str, int]:
    number = func.count().label("residents")
    english = func.max(func.coalesce(Resident.english.op("->>")("dialect"), ""))
    return (
        select(Resident.dialect, english.label("dialect_en"), number)
        .join(Home, Home.id == Resident.home_id)
        .join(Region, Region.id == Home.region_id)
        .where(Resident.dialect != "", Resident.status.not_in(_GONE), _supervised(asking))
        .group_by(Resident.dialect)
        .order_by(number.desc(), Resident.dialect)
        .limit(MOST_SPOKEN)
    )


def _supervised(asking: Asking) -> ColumnElement[bool]:
    return asking.within(Action.MANAGE_ESCALATION)


def _view(user: User) -> OperatorView:
    return OperatorView(id=user.id, name=user.name, name_en=user.name_en, skills=list(user.skills))
