"""A new watchdog: an account that no password opens, a log-in that lasts, a source of its own and the device that it presses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.audit.trail import record
from callcenter.auth import accounts, sessions
from callcenter.auth.acting import COMMAND_LINE, Acting
from callcenter.auth.models import User
from callcenter.auth.permissions import HeldGrant, Role
from callcenter.core.errors import Conflict, NotFound
from callcenter.core.sealed import Seal
from callcenter.devices.models import Device, DeviceKind, Source
from callcenter.devices.sources import USUAL_KIND, give_secrets
from callcenter.liveness.models import Watchdog
from callcenter.regions.models import Region
from callcenter.regions.upkeep import root_region

LASTS: Final = timedelta(days=3_650)
"""It is ended by `callcenter watchdog remove`, never by a shift that is over."""
PREFIX: Final = "watchdog-"
"""Its log-in, its source and its device are called so, and its name."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What the watchdog's own file needs; the secrets exist in clear only here."""

    source: str
    device: str
    ingest_token: str = field(repr=False)
    token: str = field(repr=False)
    csrf: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Wanted:
    """`listener`: the name of a listener of devices that it presses through; none: HTTP, by a source of its own."""

    name: str
    every_s: int
    within_s: int
    listener: str | None = None
    account: str | None = None


def watchdog_file(
    made: Enrolled, wanted: Wanted, servers: Sequence[str], place: tuple[str, int] | None = None
) -> str:
    """Its own file (TOML), with secrets. `place`: host and port of the listener that it presses through."""
    lines = [
        f"name = {_quoted(wanted.name)}",
        f"servers = [{', '.join(map(_quoted, servers))}]",
        f"token = {_quoted(made.token)}",
        f"csrf = {_quoted(made.csrf)}",
        f"every_s = {wanted.every_s}",
        f"within_s = {wanted.within_s}",
        "",
        "[press]",
    ]
    if place is None:
        by = {"by": "http", "device": made.device, "token": made.ingest_token}
    else:
        by = {"by": "dc09", "device": made.device, "host": place[0]}
    lines += [f"{name} = {_quoted(value)}" for name, value in by.items()]
    return "\n".join([*lines, *([f"port = {place[1]}"] if place else []), ""])


def _quoted(value: str) -> str:
    """As TOML quotes it, which is how JSON does."""
    return json.dumps(value, ensure_ascii=False)


async def enroll(session: AsyncSession, seal: Seal, wanted: Wanted, acting: Acting) -> Enrolled:
    """Running servers know it within seconds. Raises Conflict `watchdog_exists`, `account_of_somebody`."""
    called = f"{PREFIX}{wanted.name}"
    root = await root_region(session)
    if await session.scalar(select(Watchdog).where(Watchdog.name == wanted.name)) is not None:
        raise Conflict(
            f"there is a watchdog {wanted.name!r} already: callcenter watchdog remove {wanted.name}",
            code="watchdog_exists",
        )
    user = await accounts.open_account(
        session,
        acting,
        login=called,
        name=called,
        name_en=called,
        password_hash=None,
        grants=[(HeldGrant(Role.WATCHDOG, root.id), None)],
    )
    fresh = sessions.begin(
        session, user_id=user.id, address=acting.address, now=acting.now, lasts=LASTS
    )
    ingest_token = ""
    if wanted.listener is None:
        ingest_token = await _source(session, seal, called, root)
    device = await _device(session, wanted.listener or called, wanted.account or called, root)
    await session.flush()
    session.add(
        Watchdog(
            user_id=user.id,
            device_id=device.id,
            name=wanted.name,
            every_s=wanted.every_s,
            within_s=wanted.within_s,
            enrolled_at=acting.now,
        )
    )
    await _note(session, "watchdog_enrolled", wanted.name, acting)
    return Enrolled(device.source, device.identifier, ingest_token, fresh.token, fresh.csrf_token)


async def _source(session: AsyncSession, seal: Seal, name: str, root: Region) -> str:
    """Its token: of a new source, or of the one that an earlier watchdog of this name had."""
    source = await session.scalar(select(Source).where(Source.name == name))
    if source is None:
        source = Source(name=name, kind=USUAL_KIND, region_id=root.id)
        session.add(source)
    else:
        source.active = True
        source.version += 1
    return give_secrets(source, seal).token


async def _device(session: AsyncSession, source: str, identifier: str, root: Region) -> Device:
    """What it presses. Raises Conflict where a device that is somebody's has this name."""
    found = await session.scalar(
        select(Device).where(Device.source == source, Device.identifier == identifier)
    )
    if found is not None and found.kind != DeviceKind.WATCHDOG:
        raise Conflict(
            f"{identifier!r} at {source!r} is a device of somebody: give the watchdog an account of its own",
            code="account_of_somebody",
        )
    if found is None:
        found = Device(
            region_id=root.id,
            source=source,
            identifier=identifier,
            kind=DeviceKind.WATCHDOG,
            label=f"{PREFIX}{identifier}".replace(PREFIX * 2, PREFIX),
        )
        session.add(found)
    return found


async def remove(session: AsyncSession, name: str, now: datetime) -> None:
    """Its log-in ends within two seconds. Its device and source stay, so that what it still sends rings for nobody. Raises NotFound."""
    found = await session.scalar(select(Watchdog).where(Watchdog.name == name))
    if found is None:
        raise NotFound(f"there is no watchdog {name!r}", what="watchdog")
    await sessions.end_all(session, found.user_id, now)
    user = await session.get(User, found.user_id)
    if user is not None:
        user.active = False
        user.login = f"{user.login}-{user.id}"
    await session.execute(delete(Watchdog).where(Watchdog.id == found.id))
    await _note(session, "watchdog_removed", name, Acting(None, COMMAND_LINE, now))


async def _note(session: AsyncSession, action: str, name: str, acting: Acting) -> None:
    await record(
        session,
        at=acting.now,
        principal_id=acting.user_id,
        action=action,
        subject=f"watchdog:{name}",
        region_ids=[(await root_region(session)).id],
        address=acting.address,
    )
