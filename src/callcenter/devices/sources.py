"""Sources as people manage them: who may hand in signals, by which secrets, and for how long renewed ones still hold."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Annotated, Final

from pydantic import Field
from sqlalchemy import Select, func, select, text
from sqlalchemy.exc import IntegrityError

from callcenter.auth.permissions import Action
from callcenter.core.errors import Conflict, Invalid
from callcenter.core.sealed import Seal
from callcenter.core.written import Written
from callcenter.devices.codec import Requests
from callcenter.devices.formats import FORMATS
from callcenter.devices.models import Device, DeviceAssignment, Source
from callcenter.devices.registry.reading import HMAC_SECRET
from callcenter.devices.standing import holds
from callcenter.regions.models import Region
from callcenter.residents.access import Asking, check_version
from callcenter.residents.schemas import View

NOT_SOURCES: Final = frozenset({"office", "telephone"})
"""What operators open by hand and what keys dial bear these names; no source may."""
LOOKED_AT: Final = 20_000
"""Rows of the journal, the newest, among which a source was heard: the look is bounded on a site of any size."""
LONGEST_OVERLAP_H: Final = 30 * 24

USUAL_KIND: Final = next(
    name for name, each in FORMATS.items() if isinstance(each.carried, Requests)
)

Horizon = Annotated[
    int | None,
    Field(ge=1, le=7 * 86_400, description="For how many seconds the same bytes are a repeat; null: as the format has it."),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Secrets:
    """Shown once, and kept sealed."""

    token: str
    key_id: str
    secret: str


class SourceBody(Written):
    """Somebody who sends signals by requests; `region_id`: where its unknown callers belong."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{1,60}$")]
    region_id: int
    kind: str = USUAL_KIND
    retry_horizon_s: Horizon = None


class SourceChanges(Written):
    """Only what is given is changed. A source that devices at homes speak through is closed with `even_so`."""

    version: int
    region_id: int | None = None
    retry_horizon_s: Horizon = None
    active: bool | None = None
    even_so: bool = False


class RenewBody(Written):
    """The secrets of now are accepted for `overlap_h` hours more; 0: not any longer, because somebody else has them."""

    version: int
    overlap_h: Annotated[int, Field(ge=0, le=LONGEST_OVERLAP_H)]
    even_so: bool = False
    """Although the secrets before these still hold: they end at once."""


class SourceView(View):
    """`heard_at` null: not among the newest signals. `by_secret`: its sender has a token and a secret, else it is a listener's."""

    id: int
    version: int
    name: str
    kind: str
    region_id: int
    region_name: str
    region_name_en: str
    retry_horizon_s: int | None
    active: bool
    by_secret: bool
    before_until: datetime | None
    heard_at: datetime | None
    devices: int
    serving: int


class SecretsView(View):
    """The only answer that ever has them."""

    source: SourceView
    token: str
    key_id: str
    secret: str


# ---- secrets


def give_secrets(source: Source, seal: Seal) -> Secrets:
    """Fresh ones; the answer is all that ever shows them."""
    told = Secrets(secrets.token_urlsafe(32), source.name, secrets.token_urlsafe(32))
    source.bearer_hash = sha256(told.token.encode()).digest()
    source.hmac_key_id = told.key_id
    source.hmac_secret_sealed = seal.seal(told.secret.encode(), context=HMAC_SECRET)
    return told


def renew_secrets(source: Source, seal: Seal, now: datetime, overlap: timedelta) -> Secrets:
    """Fresh ones; those of before hold for as long as `overlap` says."""
    kept = overlap > timedelta()
    source.bearer_hash_before = source.bearer_hash if kept else None
    source.hmac_secret_before_sealed = source.hmac_secret_sealed if kept else None
    source.before_until = now + overlap if kept else None
    return give_secrets(source, seal)


# ---- reading


async def list_sources(asking: Asking) -> list[SourceView]:
    """Those whose unknown callers belong to the granted regions, by name."""
    query = _in_sight().order_by(Source.name)
    rows = (await asking.session.execute(query.where(asking.within(Action.MANAGE_USERS)))).all()
    return await _views(asking, [(row.Source, row.Region) for row in rows])


async def _view(asking: Asking, source: Source) -> SourceView:
    region = await asking.region(source.region_id, Action.MANAGE_USERS)
    return (await _views(asking, [(source, region)]))[0]


async def _views(asking: Asking, found: Sequence[tuple[Source, Region]]) -> list[SourceView]:
    heard = await _heard(asking)
    devices = await _counted(asking, select(Device.source, func.count().label("devices")))
    serving = await _counted(asking, _serving(asking.now))
    return [
        SourceView(
            **{name: getattr(source, name) for name in _COPIED},
            region_name=region.name,
            region_name_en=region.name_en,
            by_secret=is_by_request(source.kind),
            before_until=_still(source.before_until, asking.now),
            heard_at=heard.get(source.name),
            devices=devices.get(source.name, 0),
            serving=serving.get(source.name, 0),
        )
        for source, region in found
    ]


_COPIED: Final = ("id", "version", "name", "kind", "region_id", "retry_horizon_s", "active")


def is_by_request(kind: str) -> bool:
    """Whether sources of this kind send requests, and so prove themselves; else they are a listener of ours."""
    known = FORMATS.get(kind)
    return known is not None and isinstance(known.carried, Requests)


def _still(until: datetime | None, now: datetime) -> datetime | None:
    return until if until is not None and now < until else None


def _in_sight() -> Select[Source, Region]:
    return select(Source, Region).join(Region, Region.id == Source.region_id)


async def _heard(asking: Asking) -> Mapping[str, datetime]:
    rows = await asking.session.execute(text(_HEARD), {"looked_at": LOOKED_AT})
    return {row.source: row.at for row in rows}


async def _counted(asking: Asking, counting: Select[str, int]) -> Mapping[str, int]:
    rows = await asking.session.execute(counting.group_by(Device.source))
    return {row.source: row.devices for row in rows}


def _serving(now: datetime) -> Select[str, int]:
    """Devices that serve a home now, by source."""
    serving = select(DeviceAssignment.id).where(DeviceAssignment.device_id == Device.id, holds(now))
    return select(Device.source, func.count().label("devices")).where(serving.exists())


_HEARD = """
SELECT source, max(received_at) AS at
FROM (SELECT source, received_at FROM journal ORDER BY stored_at DESC LIMIT :looked_at) AS newest
GROUP BY source
"""


# ---- changing


async def add_source(asking: Asking, seal: Seal, body: SourceBody) -> SecretsView:
    """Raises Invalid `source_kind` for a format that listeners carry, Conflict `source_exists`."""
    region = await asking.region(body.region_id, Action.MANAGE_USERS)
    if not is_by_request(body.kind):
        raise Invalid(
            f"kind: {body.kind!r} sends no requests; listeners make their source themselves.",
            code="source_kind",
            value=body.kind,
        )
    if body.name in NOT_SOURCES:
        raise _exists(body.name)
    source = Source(**body.model_dump(), active=True, version=1)
    told = give_secrets(source, seal)
    asking.session.add(source)
    try:
        await asking.session.flush()
    except IntegrityError as error:
        raise _exists(body.name) from error
    await asking.note("source_added", f"source:{source.name}", region.path)
    return await _shown(asking, source, told)


async def change_source(asking: Asking, source_id: int, body: SourceChanges) -> SourceView:
    """Raises Conflict `source_serves` where homes would lose their devices, Invalid `source_of_a_listener`."""
    source = await _to_change(asking, source_id)
    check_version(source, body.version)
    given = body.model_dump(exclude_unset=True, exclude={"version", "even_so"})
    if given.get("active") is False:
        await _check_closing(asking, source, even_so=body.even_so)
    region = await asking.region(given.get("region_id") or source.region_id, Action.MANAGE_USERS)
    before = {name: getattr(source, name) for name in given}
    for name, value in given.items():
        if value is not None or name == "retry_horizon_s":
            setattr(source, name, value)
    await asking.session.flush()
    after = {name: getattr(source, name) for name in given}
    detail = {"before": before, "after": after}
    await asking.note("source_changed", f"source:{source.name}", region.path, detail)
    return await _view(asking, source)


async def renew_source(asking: Asking, seal: Seal, source_id: int, body: RenewBody) -> SecretsView:
    """Raises Conflict `still_overlapping` while secrets of before hold, Invalid `source_of_a_listener`."""
    source = await _to_change(asking, source_id)
    check_version(source, body.version)
    _demand_by_request(source)
    until = _still(source.before_until, asking.now)
    if until is not None and not body.even_so:
        raise Conflict(
            "The secrets before these still hold, and whoever has not changed them yet would be refused.",
            code="still_overlapping",
            until=until.isoformat(),
        )
    told = renew_secrets(source, seal, asking.now, timedelta(hours=body.overlap_h))
    await asking.session.flush()
    path = await asking.path_of(source.region_id)
    detail = {"overlap_h": body.overlap_h}
    await asking.note("source_renewed", f"source:{source.name}", path, detail)
    return await _shown(asking, source, told)


async def _shown(asking: Asking, source: Source, told: Secrets) -> SecretsView:
    view = await _view(asking, source)
    return SecretsView(source=view, token=told.token, key_id=told.key_id, secret=told.secret)


async def _to_change(asking: Asking, source_id: int) -> Source:
    query = select(Source).join(Region, Region.id == Source.region_id)
    query = query.where(Source.id == source_id).with_for_update(of=Source)
    return await asking.one(query, "source", Action.MANAGE_USERS)


def _demand_by_request(source: Source) -> None:
    if not is_by_request(source.kind):
        raise Invalid(
            f"{source.name} is the source of a listener: it has no secrets, and is closed in the settings.",
            code="source_of_a_listener",
        )


async def _check_closing(asking: Asking, source: Source, *, even_so: bool) -> None:
    """A closed source is refused, whoever presses behind it."""
    _demand_by_request(source)
    counted = await _counted(asking, _serving(asking.now).where(Device.source == source.name))
    serving = counted.get(source.name, 0)
    if serving and not even_so:
        raise Conflict(
            f"{serving} devices at homes speak through {source.name}: their alarms would be refused.",
            code="source_serves",
            serving=serving,
        )


def _exists(name: str) -> Conflict:
    return Conflict(f"There is a source {name!r} already.", code="source_exists", value=name)
