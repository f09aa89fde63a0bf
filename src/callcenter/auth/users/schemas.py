"""What administrators send about the accounts of others, and what they see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from callcenter.auth.lockouts import Place
from callcenter.auth.own_session import GrantBody, PersonView
from callcenter.auth.permissions import Role
from callcenter.auth.slips import LONGEST_H
from callcenter.auth.strength import LONGEST
from callcenter.core.written import Written

Language = Literal["zh-CN", "en"]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Login = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"^\S+$")
]
Secret = Annotated[str, Field(max_length=LONGEST)]
Skill = Annotated[str, Field(min_length=1, max_length=40)]


class AccountStanding(StrEnum):
    """How an account stands, for the filter of the list."""

    ACTIVE = "active"
    BLOCKED = "blocked"
    LOCKED = "locked"
    """Wrong tries make the next log-in wait."""
    NO_PASSWORD = "no_password"  # noqa: S105 - a state
    NO_GRANT = "no_grant"


class UserQuery(BaseModel):
    """All that is given must hold. `q` stands in the name or the log-in; `region_id`: a grant there or below."""

    q: Annotated[str, Field(max_length=100)] = ""
    role: Role | None = None
    region_id: int | None = None
    standing: AccountStanding | None = None
    after: int = 0
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class NewGrantBody(GrantBody):
    """`until_at`: it ends by itself then; null: it holds until it is taken away."""

    until_at: AwareDatetime | None = None


class GrantView(GrantBody):
    """`in_force` false: its time is over. `given_by_name` empty: the command line."""

    id: int
    until_at: datetime | None
    in_force: bool
    given_at: datetime | None
    given_by_name: str
    given_by_name_en: str


class UserView(PersonView):
    active: bool
    skills: list[str]
    """Dialects and languages they speak, as in the residents' records."""
    created_at: datetime
    grants: list[GrantView]
    has_password: bool
    """False: they need a slip to choose their first one."""
    slip_until: datetime | None
    """Until when the slip they were given may be used."""
    locked_until: datetime | None
    """Wrong tries from somewhere make the next log-in from there wait."""
    sessions: int
    """Browsers in which they are logged in now."""


class UserPage(BaseModel):
    """`after` is the id to ask for the next page with; null on the last."""

    users: list[UserView]
    after: int | None


class NewUserBody(Written):
    """Without a password they get a slip (`POST .../slip`), without a language the site's."""

    verbatim: ClassVar[frozenset[str]] = frozenset({"password"})

    login: Login
    name: Name
    name_en: Annotated[str, Field(max_length=100)] = ""
    language: Language | None = None
    password: Secret | None = None
    grants: Annotated[list[NewGrantBody], Field(min_length=1, max_length=50)]


class UserChanges(Written):
    """Only what is given is changed. `active` false: blocked."""

    verbatim: ClassVar[frozenset[str]] = frozenset({"password"})

    name: Name | None = None
    name_en: Annotated[str, Field(max_length=100)] | None = None
    language: Language | None = None
    password: Secret | None = None
    active: bool | None = None
    skills: Annotated[list[Skill], Field(max_length=20)] | None = None


class SlipBody(Written):
    """For how many hours the slip may be used; null: as the site has it."""

    hours: Annotated[int, Field(ge=1, le=LONGEST_H)] | None = None


class SlipView(BaseModel):
    """Shown once. The code goes to its user, printed or as the link `<console>/#/slip?login=<login>&code=<code>`."""

    login: str
    code: str
    until_at: datetime


class LockOutView(BaseModel):
    """Wrong tries from one place. `address` is a network; empty for a known browser and for all strangers together."""

    model_config = ConfigDict(from_attributes=True)

    place: Place
    address: str
    failures: int
    last_failure_at: datetime
    locked_until: datetime | None


class UserChange(BaseModel):
    """One change of an account; an empty name: the command line. `before` and `after` hold what differs, of a grant all of it."""

    at: datetime
    what: str
    name: str
    name_en: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
