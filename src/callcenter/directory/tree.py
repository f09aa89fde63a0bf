"""The region tree as people see and change it. A change renews the copies in memory through the sources' versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import any_, literal, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer
from sqlalchemy.types import BigInteger

from callcenter.auth.administration import demand_password_lately
from callcenter.auth.permissions import Action
from callcenter.core.errors import NotFound
from callcenter.core.written import Written
from callcenter.devices.models import Source
from callcenter.regions.duty import MOST_NUMBERS, check_duty_numbers
from callcenter.regions.limits import LEAST_PATIENCE_S, LONGEST_FOLLOW_MIN
from callcenter.regions.models import Region, RegionLevel, SmsPolicy
from callcenter.regions.policies import ContactPolicy
from callcenter.regions.tree import RegionRow, resolve_settings
from callcenter.regions.upkeep import add_region, find_region, move_region
from callcenter.residents.access import Asking
from callcenter.residents.fields import Reading
from callcenter.residents.schemas import Line

Number = Annotated[str, Field(max_length=30, pattern=r"^[0-9][0-9\- ]*$")]
NextContact = Annotated[int, Field(ge=0, le=3_600)]
"""Seconds; below 30 only 0, which is never."""
ServiceDue = Annotated[int, Field(ge=60, le=86_400)]
"""Seconds until whoever asks for service is called back."""
StormAlarms = Annotated[int, Field(ge=0, le=1_000)]
"""More technical alarms of a kind than so many in a minute are one line of the queue; 0: never."""


class RegionSettings(BaseModel):
    """What holds in a region, inherited from above where it says nothing itself."""

    hotline: str
    ambulance_number: str
    fire_number: str
    police_number: str
    sms_policy: str
    contact_policy: str
    next_contact_s: int
    follow_min: int
    service_due_s: int
    sms_signature: str
    sms_signature_en: str
    duty_numbers: list[str]
    storm_alarms: int

    @classmethod
    def of(cls, regions: Mapping[int, RegionRow], region_id: int) -> RegionSettings:
        settings = resolve_settings(regions, region_id)
        return cls.model_validate(settings, from_attributes=True)


class RegionView(BaseModel):
    """A node of the tree. `own` holds what the region says itself (null: as its parent), `settings` what holds in it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    parent_id: int | None
    path: list[int]
    level: str
    code: str | None
    name: str
    name_en: str
    own: dict[str, Any]
    settings: RegionSettings


class RegionChanges(Written):
    """Only what is given is changed; null in a setting means: as the parent has it."""

    name: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    name_en: Line | None = None
    parent_id: int | None = None
    code: Line | None = None
    hotline: Number | None = None
    ambulance_number: Number | None = None
    fire_number: Number | None = None
    police_number: Number | None = None
    sms_policy: SmsPolicy | None = None
    contact_policy: ContactPolicy | None = None
    next_contact_s: NextContact | None = None
    follow_min: Annotated[int, Field(ge=1, le=LONGEST_FOLLOW_MIN)] | None = None
    service_due_s: ServiceDue | None = None
    sms_signature: Annotated[str, Field(max_length=12)] | None = None
    sms_signature_en: Annotated[str, Field(max_length=24)] | None = None
    duty_numbers: Annotated[list[Line], Field(max_length=MOST_NUMBERS)] | None = None
    storm_alarms: StormAlarms | None = None
    basemap: dict[str, Any] | None = None


class RegionBody(RegionChanges):
    """A new region below `parent_id`."""

    parent_id: int
    level: RegionLevel
    name: Annotated[str, Field(min_length=1, max_length=100)]
    name_en: Line = ""


_SETTINGS = (
    "hotline",
    "ambulance_number",
    "fire_number",
    "police_number",
    "sms_policy",
    "contact_policy",
    "next_contact_s",
    "follow_min",
    "service_due_s",
    "sms_signature",
    "sms_signature_en",
    "duty_numbers",
    "storm_alarms",
)


def _row(region: Region) -> RegionRow:
    return RegionRow.of({name: getattr(region, name) for name in RegionRow.__slots__})


async def load_lineage(session: AsyncSession, region_id: int) -> dict[int, RegionRow]:
    """A region and all above it, by id."""
    path = await session.scalar(select(Region.path).where(Region.id == region_id))
    if path is None:
        raise NotFound("no such region", what="region")
    above = select(Region).where(Region.id == any_(literal(path, ARRAY(BigInteger))))
    return {r.id: _row(r) for r in await session.scalars(above.options(defer(Region.basemap)))}


async def visible_tree(asking: Asking) -> list[RegionView]:
    """The asker's regions with all below, and the way up to the root, so that names have their place."""
    granted = sorted({grant.region_id for grant in asking.principal.grants})
    own_paths = (
        await asking.session.scalars(select(Region.path).where(Region.id.in_(granted)))
    ).all()
    above = sorted({step for path in own_paths for step in path})
    query = (
        select(Region)
        .where(or_(Region.path.overlap(granted), Region.id.in_(above)))
        .options(defer(Region.basemap))
        .order_by(Region.path)
    )
    regions = (await asking.session.scalars(query)).all()
    rows = {region.id: _row(region) for region in regions}
    return [_view(region, rows) for region in regions]


def _view(region: Region, rows: Mapping[int, RegionRow]) -> RegionView:
    return RegionView(
        id=region.id,
        parent_id=region.parent_id,
        path=region.path,
        level=region.level,
        code=region.code,
        name=region.name,
        name_en=region.name_en,
        own={name: getattr(region, name) for name in _SETTINGS},
        settings=RegionSettings.of(rows, region.id),
    )


async def show_region(asking: Asking, region_id: int) -> RegionView:
    """One region, if it or anything below it is the asker's."""
    for view in await visible_tree(asking):
        if view.id == region_id:
            return view
    raise NotFound("no such region", what="region")


async def plant_region(asking: Asking, body: RegionBody) -> RegionView:
    """A new region below one that the asker administers."""
    parent = await asking.region(body.parent_id, Action.MANAGE_USERS)
    values = _checked(asking, body.model_dump(exclude={"parent_id"}, exclude_unset=True))
    region = await add_region(asking.session, parent, **({"name_en": ""} | values))
    await asking.note("region_added", f"region:{region.id}", region.path)
    await renew_copies(asking)
    return _view(region, await load_lineage(asking.session, region.id))


async def change_region(asking: Asking, region_id: int, body: RegionChanges) -> RegionView:
    """Change settings, or move the region with everything below it to another parent: whoever has a role there sees and does more
    afterwards, so that asks for the password again.
    """
    region = await asking.region(region_id, Action.MANAGE_USERS)
    given = body.model_dump(exclude_unset=True)
    values = _checked(asking, given)
    parent_id = values.pop("parent_id", None)
    for name, value in values.items():
        setattr(region, name, value)
    await asking.session.flush()
    if parent_id is not None and parent_id != region.parent_id:
        demand_password_lately(asking.principal, asking.now)
        await asking.region(parent_id, Action.MANAGE_USERS)
        await move_region(asking.session, region, await find_region(asking.session, parent_id))
    await asking.note(
        "region_changed", f"region:{region_id}", region.path, {"fields": sorted(given)}
    )
    await renew_copies(asking)
    return _view(region, await load_lineage(asking.session, region_id))


def _checked(asking: Asking, given: dict[str, Any]) -> dict[str, Any]:
    """Duty numbers in E.164; a name cannot be cleared."""
    reading = Reading(asking.now.date())
    values = {k: v for k, v in given.items() if v is not None or k not in ("name", "name_en")}
    if values.get("next_contact_s") and values["next_contact_s"] < LEAST_PATIENCE_S:
        reading.blame("next_contact_s", "too_soon", values["next_contact_s"])
    reading.finish()
    if "duty_numbers" in values:
        values["duty_numbers"] = check_duty_numbers(values["duty_numbers"] or [])
    return values


async def renew_copies(asking: Asking) -> None:
    """Regions have no version of their own; the copies in memory read them again whenever a source has changed."""
    await asking.session.execute(update(Source).values(version=Source.version + 1))
