"""Other centres and rules as administrators write and see them. No secret is ever in a view."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from callcenter.core.written import Written
from callcenter.devices.signals import CLASS_OF, Kind, SignalClass
from callcenter.forwarding.models import WayKind
from callcenter.forwarding.parcel import Detail
from callcenter.forwarding.rules import DAY_MINUTES, Mode
from callcenter.residents.schemas import View

RowId = Annotated[int, Field(ge=1, le=2**63 - 1)]
Name = Annotated[str, Field(min_length=1, max_length=60)]
Short = Annotated[str, Field(max_length=200)]
Hex = Annotated[str, Field(pattern=r"^[0-9A-Fa-f]{0,6}$")]
Minute = Annotated[int, Field(ge=0, lt=DAY_MINUTES)]
_SOCKET: Final = re.compile(r"(\[[0-9A-Fa-f:]+\]|[A-Za-z0-9._-]+):([1-9]\d{0,4})")
_URL: Final = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")
_ACCOUNT: Final = re.compile(r"[0-9A-Fa-f]{3,12}")
FORWARDABLE: Final = frozenset(kind for kind in Kind if CLASS_OF[kind] is SignalClass.ALARM)


class _CentreFields(Written):
    name: Name
    address: Short
    """HOST:PORT for dc09, the beginning of a URL for http."""
    second_address: Short = ""
    account: Name
    home_digits: Annotated[int, Field(ge=0, le=8)] = 0
    receiver: Hex = ""
    line: Annotated[str, Field(pattern=r"^[0-9A-Fa-f]{1,6}$")] = "0"
    phone: Annotated[str, Field(max_length=40)] = ""
    timeout_s: Annotated[int, Field(ge=1, le=30)] = 5
    poll_s: Annotated[int, Field(ge=10, le=86_400)] | None = 300
    detail: Detail = Detail.CODE
    key_id: Annotated[str, Field(max_length=100)] = ""
    source: Annotated[str, Field(max_length=60)] | None = None
    reports_taken: bool = False
    active: bool = True
    key: Annotated[str, Field(max_length=200)] | None = None
    """AES, for dc09: 32, 48 or 64 hex digits, or as many characters as half of that. null: as it is; "": none any more."""
    token: Annotated[str, Field(max_length=500)] | None = None
    secret: Annotated[str, Field(max_length=500)] | None = None
    """For signatures in both directions."""


class CentreBody(_CentreFields):
    """A new one; alarms of `region_id` and below may go there."""

    region_id: RowId
    way: WayKind

    @model_validator(mode="after")
    def _fits(self) -> Self:
        check_fits(self.way, self)
        return self


class CentreChanges(_CentreFields):
    """All of it but where it belongs and the way; refused on an older version (409 `changed_meanwhile`)."""

    version: int


def check_fits(way: WayKind, fields: _CentreFields) -> None:
    """Raises ValueError for an address or an account that this way has not."""
    form = _SOCKET if way is WayKind.DC09 else _URL
    for address in (fields.address, *([fields.second_address] if fields.second_address else [])):
        if not form.fullmatch(address):
            raise ValueError(
                f"address: {address!r} is none of this way (HOST:PORT, or http(s)://HOST)"
            )
    if way is WayKind.DC09 and not _ACCOUNT.fullmatch(fields.account):
        raise ValueError("account: 3 to 12 hexadecimal digits")


class CentreView(View):
    """`has_key`, `has_token`, `has_secret`: one is kept. `trouble` null: the last try worked, or there was none (`tried_at` null)."""

    id: int
    version: int
    name: str
    region_id: int
    region_name: str
    region_name_en: str
    way: WayKind
    address: str
    second_address: str
    account: str
    home_digits: int
    receiver: str
    line: str
    phone: str
    timeout_s: int
    poll_s: int | None
    detail: Detail
    key_id: str
    source: str | None
    reports_taken: bool
    active: bool
    has_key: bool
    has_token: bool
    has_secret: bool
    tried_at: datetime | None
    heard_at: datetime | None
    trouble: str | None
    trouble_since: datetime | None


class ForwardRuleBody(Written):
    """See `forwarding.rules.Rule`; `begins` and `ends` are minutes of the site's day, equal: all day."""

    centre_id: RowId
    region_id: RowId
    mode: Mode
    after_s: Annotated[int, Field(ge=0, le=3600)] = 0
    kinds: Annotated[list[Kind], Field(max_length=20)] = Field(default_factory=list)
    least_priority: Annotated[int, Field(ge=1, le=3)] = 3
    begins: Minute = 0
    ends: Minute = 0
    active: bool = True

    @model_validator(mode="after")
    def _alarms_only(self) -> Self:
        if not FORWARDABLE.issuperset(self.kinds):
            raise ValueError("kinds: only kinds of alarms are forwarded by rule")
        return self


class ForwardRuleChanges(ForwardRuleBody):
    version: int


class ForwardRuleView(View):
    id: int
    version: int
    centre_id: int
    centre: str
    region_id: int
    region_name: str
    region_name_en: str
    mode: Mode
    after_s: int
    kinds: list[Kind]
    least_priority: int
    begins: int
    ends: int
    active: bool


class TakenBody(Written):
    """A person at the other centre has taken what we forwarded: who and when, by their clock."""

    by: Annotated[str, Field(min_length=1, max_length=200)]
    at: datetime
