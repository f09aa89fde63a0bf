"""The region tree as people see and change it. A change renews the copies in memory through the sources' versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import any_, literal, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer
from sqlalchemy.types import BigInteger

from callcenter.auth.administration import demand_password_lately
from callcenter.auth.permissions import Action
from callcenter.core.errors import Invalid, NotFound
from callcenter.core.written import Written
from callcenter.devices.models import Source
from callcenter.directory.codes_to_come import code_since, demand_free_code, plan_code
from callcenter.regions.codes import check_code, check_day
from callcenter.regions.duty import MOST_NUMBERS, check_duty_numbers
from callcenter.regions.limits import check_settings
from callcenter.regions.models import Region, RegionCode, RegionLevel, SmsPolicy
from callcenter.regions.policies import ContactPolicy
from callcenter.regions.tree import RegionRow, resolve_settings
from callcenter.regions.upkeep import add_region, find_region, move_region
from callcenter.residents.access import Asking
from callcenter.residents.schemas import Line


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


class RegionSays(Written):
    """What a region says itself; null: as its parent has it. What each may be is checked by `regions.limits`."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    sms_policy: SmsPolicy | None = None
    contact_policy: ContactPolicy | None = None
    next_contact_s: int | None = None
    """0: never by itself."""
    follow_min: int | None = None
    service_due_s: int | None = None
    """Seconds until whoever asks for service is called back."""
    storm_alarms: int | None = None
    """More technical alarms of a kind than so many in a minute are one line of the queue; 0: never."""
    hotline: Line | None = None
    ambulance_number: Line | None = None
    fire_number: Line | None = None
    police_number: Line | None = None
    sms_signature: Line | None = None
    sms_signature_en: Line | None = None

    def given(self) -> dict[str, Any]:
        """What is to be set. An empty text says nothing: as the parent has it. Raises Invalid `policy_hole`."""
        said = self.model_dump(exclude_unset=True, include=set(RegionSays.model_fields))
        given = {name: None if value == "" else value for name, value in said.items()}
        check_settings(given)
        return given


class RegionChanges(RegionSays):
    """Only what is given is changed; null in a setting means: as the parent has it. A code holds from `code_from`, which
    may be a day to come, without it from today; the one before is kept with its time.
    """

    name: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    name_en: Line | None = None
    parent_id: int | None = None
    code: Annotated[str, Field(max_length=30)] | None = None
    code_from: date | None = None
    duty_numbers: Annotated[list[Line], Field(max_length=MOST_NUMBERS)] | None = None
    basemap: dict[str, Any] | None = None


class RegionBody(RegionChanges):
    """A new region below `parent_id`."""

    parent_id: int
    level: RegionLevel
    name: Annotated[str, Field(min_length=1, max_length=100)]
    name_en: Line = ""


class CodeView(BaseModel):
    """A code and its time. `from_day` null: for as long as anybody knows; later than today: it is to come, and may be withdrawn.
    `until_day`, which is no longer its day, null: it holds.
    """

    model_config = ConfigDict(from_attributes=True)

    code: str
    from_day: date | None
    until_day: date | None


_SETTINGS = (*RegionSays.model_fields, "duty_numbers")
_TOLD = ("name", "name_en", "level", "parent_id", "code")


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
    values = _checked(body) | {"level": body.level}
    await _dated_code(asking, None, body.level, body)
    region = await add_region(asking.session, parent, **({"name_en": ""} | values))
    change = {"before": {}, "after": _own(region)}
    await asking.note("region_added", f"region:{region.id}", region.path, change)
    await renew_copies(asking)
    return _view(region, await load_lineage(asking.session, region.id))


async def change_region(asking: Asking, region_id: int, body: RegionChanges) -> RegionView:
    """Change settings, or move the region with everything below it to another parent: whoever has a role there sees and does more
    afterwards, so that asks for the password again.
    """
    region = await asking.region(region_id, Action.MANAGE_USERS)
    await asking.session.refresh(region, with_for_update=True)
    before = _own(region)
    values = _checked(body)
    planned: dict[str, str] = {}
    if body.code and body.code_from is not None and body.code_from > asking.now.date():
        planned = {"code": values.pop("code"), "code_from": str(body.code_from)}
        await _plan_code(asking, region, body.code, body.code_from)
    else:
        await _dated_code(asking, region, region.level, body)
    for name, value in values.items():
        setattr(region, name, value)
    await asking.session.flush()
    if body.parent_id is not None and body.parent_id != region.parent_id:
        await _move(asking, region, body.parent_id)
    await _note_change(asking, region, before, body, planned)
    await renew_copies(asking)
    return _view(region, await load_lineage(asking.session, region_id))


async def _move(asking: Asking, region: Region, parent_id: int) -> None:
    demand_password_lately(asking.principal, asking.now)
    await asking.region(parent_id, Action.MANAGE_USERS)
    await move_region(asking.session, region, await find_region(asking.session, parent_id))


async def _note_change(
    asking: Asking,
    region: Region,
    before: Mapping[str, Any],
    body: RegionChanges,
    planned: Mapping[str, str],
) -> None:
    """The map is too large for the trail: that it was drawn anew is kept by its name alone."""
    after = _own(region)
    detail: dict[str, Any] = {
        "before": {name: value for name, value in before.items() if after[name] != value},
        "after": {
            **{name: value for name, value in after.items() if before[name] != value},
            **planned,
        },
    }
    if "basemap" in body.model_fields_set:
        detail["fields"] = ["basemap"]
    await asking.note("region_changed", f"region:{region.id}", region.path, detail)


async def _dated_code(
    asking: Asking, region: Region | None, level: str, body: RegionChanges
) -> None:
    """Say from which day the code holds that is about to be written. Raises Invalid or Conflict."""
    if "code" not in body.model_fields_set:
        return
    today = asking.now.date()
    day, region_id = body.code_from or today, 0 if region is None else region.id
    if day > today:
        raise Invalid("only a region that is there has a code to come", code="code_day")
    check_day(day, today, await code_since(asking.session, region_id, today))
    if body.code:
        check_code(level, body.code)
        await demand_free_code(asking.session, body.code, day, region_id)
    await asking.dated(body.code_from)


async def _plan_code(asking: Asking, region: Region, code: str, day: date) -> None:
    """The region keeps the code of today until then."""
    check_day(day, asking.now.date(), None)
    check_code(region.level, code)
    await demand_free_code(asking.session, code, day, region.id)
    await plan_code(asking, region, code, day)


async def codes_of(asking: Asking, region_id: int) -> list[CodeView]:
    """Under which codes a region was known, the latest first."""
    await asking.region(region_id, Action.MANAGE_USERS)
    found = await asking.session.scalars(
        select(RegionCode)
        .where(RegionCode.region_id == region_id)
        .order_by(RegionCode.until_day.desc().nulls_first(), RegionCode.id.desc())
    )
    return [CodeView.model_validate(one) for one in found]


def _own(region: Region) -> dict[str, Any]:
    """What is changed of a region, as the audit trail keeps it."""
    return {name: getattr(region, name) for name in (*_TOLD, *_SETTINGS)}


def _checked(body: RegionChanges) -> dict[str, Any]:
    """Columns and their values: duty numbers in E.164, a name cannot be cleared, an empty code is none."""
    other = body.model_dump(exclude_unset=True, include={"name", "name_en", "basemap"})
    values = {
        name: value for name, value in other.items() if value is not None or name == "basemap"
    }
    values |= body.given()
    if "code" in body.model_fields_set:
        values["code"] = body.code or None
    if "duty_numbers" in body.model_fields_set:
        values["duty_numbers"] = check_duty_numbers(body.duty_numbers or [])
    return values


async def renew_copies(asking: Asking) -> None:
    """Regions have no version of their own; the copies in memory read them again whenever a source has changed."""
    await asking.session.execute(update(Source).values(version=Source.version + 1))
