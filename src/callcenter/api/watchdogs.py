"""Enrolling a watchdog from the page: its file, with secrets, is answered once and kept nowhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Final, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from callcenter.auth.acting import Acting
from callcenter.auth.administration import demand_password_lately
from callcenter.auth.guards import require
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.core.errors import Invalid
from callcenter.core.written import Written
from callcenter.liveness.enrolling import Wanted, enroll, watchdog_file
from callcenter.regions.upkeep import root_region
from callcenter.residents.guards import Sealed, Trail

router = APIRouter(prefix="/api/v1/watchdogs", tags=["operations"])

_SERVER: Final = re.compile(r"https?://[^\s/?#@]+")
_PLACE: Final = re.compile(r"(\[[0-9A-Fa-f:]+\]|[A-Za-z0-9._-]+):([1-9]\d{0,4})")


class ThroughListener(Written):
    """A DC-09 listener that it presses through: the name of its source, an account that nobody has, and its address."""

    source: Annotated[str, Field(min_length=1, max_length=60)]
    account: Annotated[str, Field(pattern=r"^[0-9A-Fa-f]{3,16}$")]
    place: Annotated[str, Field(max_length=200, pattern=_PLACE.pattern)]
    """HOST:PORT, as the watchdog reaches it."""

    def host_and_port(self) -> tuple[str, int]:
        host, _, port = self.place.rpartition(":")
        return host, int(port)


class EnrollBody(Written):
    """`dc09` null: it presses by HTTP, with a source of its own."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,29}$")]
    servers: Annotated[list[str], Field(min_length=1, max_length=5)]
    every_s: Annotated[int, Field(ge=5, le=3600)] = 60
    within_s: Annotated[int, Field(ge=2, le=600)] = 20
    dc09: ThroughListener | None = None


class EnrolledView(BaseModel):
    """`file`: what to write into `watchdog.toml` on the other machine; nobody can ask for it again."""

    name: str
    file: str
    by: Literal["http", "dc09"]


@router.post("", status_code=201)
async def enroll_watchdog(
    body: EnrollBody,
    principal: Annotated[Principal, require(Action.MANAGE_USERS)],
    asking: Trail,
    seal: Sealed,
) -> EnrolledView:
    """403 `password_again`; 404 for who does not administer the whole site; 409 `watchdog_exists`, `account_of_somebody`."""
    demand_password_lately(principal, asking.now)
    root = await root_region(asking.session)
    principal.find(Action.MANAGE_USERS, root.path, "region")
    _check_servers(body.servers)
    line = body.dc09
    named = (line.source, line.account.upper()) if line else (None, None)
    wanted = Wanted(body.name, body.every_s, body.within_s, *named)
    acting = Acting(principal.user_id, asking.address or "", asking.now)
    made = await enroll(asking.session, seal, wanted, acting)
    text = watchdog_file(made, wanted, body.servers, line.host_and_port() if line else None)
    return EnrolledView(name=body.name, file=text, by="dc09" if line else "http")


def _check_servers(servers: Sequence[str]) -> None:
    """Raises Invalid, with the field."""
    for each in servers:
        if not _SERVER.fullmatch(each):
            said = f"servers: {each!r} is no address such as https://alarms.example"
            field = {"field": "body.servers", "reason": "value_error", "message": said}
            raise Invalid(said, fields=[field])
