"""Who may see and change which home and resident (G8), and the audit entry that every look and change leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeVar

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.audit.trail import record
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.core.errors import Conflict, NotFound
from callcenter.regions.models import Region
from callcenter.residents.dating import write_as
from callcenter.residents.models import Building, Contact, Home, PointOfInterest, Resident

Row = TypeVar("Row")


class DirectoryHint(Protocol):
    """Port: told after the commit of a change of people, places or devices, so that copies in memory are renewed."""

    async def __call__(self) -> None: ...


class HasVersion(Protocol):
    version: int


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, from where, when, within which transaction."""

    session: AsyncSession
    principal: Principal
    address: str
    now: datetime
    """By the site's calendar, where ages or days are asked for."""

    def within(self, *actions: Action) -> ColumnElement[bool]:
        """Rows joined with their Region that lie where one of the actions is granted."""
        granted = {region for action in actions for region in self.principal.regions(action)}
        condition: ColumnElement[bool] = Region.path.overlap(sorted(granted))
        return condition

    async def reach(self, region_id: int | None, *actions: Action) -> ColumnElement[bool] | None:
        """The condition on Region of a list, narrowed to a region and what is below it. None where one of the actions is
        granted everywhere: a list of everything joins nothing.
        """
        granted = {region for action in actions for region in self.principal.regions(action)}
        roots = select(Region.id).where(Region.id.in_(granted), Region.parent_id.is_(None))
        everywhere = await self.session.scalar(select(roots.exists()))
        below = None if region_id is None else Region.path.contains([region_id])
        if everywhere:
            return below
        return self.within(*actions) if below is None else below & self.within(*actions)

    async def one(self, query: Select[Row], what: str, *actions: Action) -> Row:
        """The row of a query that joins Region, if one of the actions is granted there. Raises NotFound otherwise, so that ids
        tell nothing.
        """
        row = await self.session.scalar(query.where(self.within(*actions)))
        if row is None:
            raise NotFound(f"no such {what}", what=what)
        return row

    async def region(self, region_id: int, *actions: Action) -> Region:
        """A region in which one of the actions is granted."""
        return await self.one(select(Region).where(Region.id == region_id), "region", *actions)

    async def home_to_help(self, home_id: int) -> Home:
        """To look at its profile: in one's regions, or opened with a reason. One that was registered twice is the one kept. Raises
        NotFound.
        """
        found = await self.session.get(Home, home_id)
        if found is not None and found.merged_into is not None:
            found = await self.session.get(Home, found.merged_into)
        path = await self.path_of(found.region_id) if found is not None else ()
        opened = [home_id] if found is None else [home_id, found.id]
        self.principal.find(Action.SEE_PROFILES, path, "home", [f"home:{each}" for each in opened])
        if found is None:
            raise NotFound("no such home", what="home")
        return found

    async def resident_to_help(self, resident_id: int) -> Resident:
        """The same for one of its people."""
        found = await self.session.get(Resident, resident_id)
        if found is not None and found.merged_into is not None:
            found = await self.session.get(Resident, found.merged_into)
        if found is None:
            raise NotFound("no such resident", what="resident")
        await self.home_to_help(found.home_id)
        return found

    async def home(self, home_id: int, action: Action, *, to_change: bool = False) -> Home:
        query = select(Home).join(Region).where(Home.id == home_id, Home.merged_into.is_(None))
        return await self.one(_locked(query, Home, to_change), "home", action)

    async def resident(
        self, resident_id: int, action: Action, *, to_change: bool = False
    ) -> Resident:
        query = (
            select(Resident)
            .join(Home, Home.id == Resident.home_id)
            .join(Region)
            .where(Resident.id == resident_id)
        )
        return await self.one(_locked(query, Resident, to_change), "resident", action)

    async def kept(self, resident_id: int) -> int:
        """The resident that this one is, where they were registered twice."""
        merged = select(Resident.merged_into).where(Resident.id == resident_id)
        return await self.session.scalar(merged) or resident_id

    async def contact(self, contact_id: int, action: Action) -> Contact:
        query = (
            select(Contact)
            .join(Resident, Resident.id == Contact.resident_id)
            .join(Home, Home.id == Resident.home_id)
            .join(Region)
            .where(Contact.id == contact_id)
        )
        return await self.one(_locked(query, Contact, True), "contact", action)

    async def building(self, building_id: int, action: Action) -> Building:
        query = select(Building).join(Region).where(Building.id == building_id)
        return await self.one(query, "building", action)

    async def point(self, point_id: int, action: Action) -> PointOfInterest:
        query = select(PointOfInterest).join(Region).where(PointOfInterest.id == point_id)
        return await self.one(query, "point", action)

    async def path_of(self, region_id: int) -> Sequence[int]:
        path = await self.session.scalar(select(Region.path).where(Region.id == region_id))
        return path or []

    async def dated(self, day: date | None = None, why: str = "") -> None:
        """Say of what is written next that the asker writes it, from which day it holds, and why."""
        by = self.principal.user_id
        await write_as(self.session, now=self.now, by=by, source="api", day=day, why=why)

    async def note(
        self,
        action: str,
        subject: str,
        region_path: Sequence[int],
        detail: Mapping[str, object] | None = None,
    ) -> None:
        """One entry of the audit trail; `detail` holds ids and names of fields, never what was in them."""
        await record(
            self.session,
            at=self.now,
            principal_id=self.principal.user_id,
            action=action,
            subject=subject,
            region_ids=region_path,
            address=self.address,
            detail=detail or {},
        )


def _locked(query: Select[Row], table: type, to_change: bool) -> Select[Row]:
    return query.with_for_update(of=table) if to_change else query


def check_version(row: HasVersion, expected: int) -> None:
    """Refuse a change made on an older state of the row, and count this one. Raises Conflict `changed_meanwhile`."""
    if row.version != expected:
        raise Conflict(
            f"Somebody has changed this meanwhile (version {row.version}, yours is {expected}): "
            "load it again and repeat your change.",
            code="changed_meanwhile",
            version=row.version,
            expected=expected,
        )
    row.version += 1
