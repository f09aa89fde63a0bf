"""One step of drawing: rows are changed, and what stood there before and after is written beside them, in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import func, or_, select, text, update
from sqlalchemy.exc import IntegrityError

from callcenter.core.errors import Conflict
from callcenter.devices.models import DeviceAssignment
from callcenter.drawing.models import DrawingChange, DrawingStep
from callcenter.drawing.things import State, What
from callcenter.drawing.undoing import Next, StepKind, next_of
from callcenter.records.models import Residence
from callcenter.regions.models import Region
from callcenter.residents.access import Asking
from callcenter.residents.models import Building, GroundArea, Home, PointOfInterest, Resident, Road
from callcenter.residents.photographs.models import PlacePhotograph

Row = Building | Road | GroundArea | PointOfInterest | Home

_TABLES: Final[Mapping[What, type[Any]]] = {
    What.BUILDING: Building,
    What.ROAD: Road,
    What.AREA: GroundArea,
    What.POINT: PointOfInterest,
    What.HOME: Home,
}
_COLUMNS: Final[Mapping[What, Sequence[str]]] = {
    What.BUILDING: (
        "region_id", "estate", "name", "name_en", "floors", "floor_height_m", "lift", "footprint", "entrances",
    ),
    What.ROAD: ("region_id", "name", "name_en", "width_m", "line"),
    What.AREA: ("region_id", "kind", "name", "name_en", "ring"),
    What.POINT: ("region_id", "kind", "name", "name_en", "lat", "lng", "phone"),
    What.HOME: (
        "region_id", "building_id", "address", "address_en", "entrance", "floor", "door", "access_note", "key_note", "lat",
        "lng", "english",
    ),
}  # fmt: skip
_ONE_AT_A_TIME: Final = text("SELECT pg_advisory_xact_lock(:kind, :region)")
_LOCK: Final = 34


def state_in(what: What, row: Row) -> dict[str, Any]:
    """All columns that a step can write."""
    return {name: getattr(row, name) for name in _COLUMNS[what]}


def sitting_of(asking: Asking) -> bytes:
    """The same for all that is done in one log-in; tells nothing of its token."""
    return hashlib.sha256(b"drawing" + asking.principal.session_hash).digest()[:16]


@dataclass(slots=True)
class Step:
    """Collects what is changed; `finish` writes it down. Nobody else draws in the region meanwhile."""

    asking: Asking
    region: Region
    kind: StepKind
    of_id: int | None = None
    changes: list[DrawingChange] = field(default_factory=list)

    @classmethod
    async def begin(
        cls, asking: Asking, region: Region, kind: StepKind, of_id: int | None = None
    ) -> Step:
        """Waits for whoever is drawing there."""
        await asking.session.execute(_ONE_AT_A_TIME, {"kind": _LOCK, "region": region.id})
        return cls(asking, region, kind, of_id)

    async def add(self, what: What, state: State, thing_id: int | None = None) -> int:
        """A new row; with the id that it had, where it comes back."""
        row: Row = _TABLES[what](**state, **({} if thing_id is None else {"id": thing_id}))
        self.asking.session.add(row)
        await self._flush()
        self._note(what, row.id, None, dict(state))
        return row.id

    async def add_homes(self, states: Sequence[State]) -> None:
        """Many of them in one go."""
        rows = [Home(**state) for state in states]
        self.asking.session.add_all(rows)
        await self._flush()
        for row, state in zip(rows, states, strict=True):
            self._note(What.HOME, row.id, None, dict(state))

    async def change(self, what: What, row: Row, values: State) -> bool:
        """Whether anything of it was another before."""
        after = {name: value for name, value in values.items() if getattr(row, name) != value}
        if not after:
            return False
        before = {name: getattr(row, name) for name in after}
        for name, value in after.items():
            setattr(row, name, value)
        if isinstance(row, Home):
            row.version += 1
        await self._flush()
        if isinstance(row, Building):  # its name stands on the cards of its homes
            await self.asking.session.execute(
                update(Home).where(Home.building_id == row.id).values(version=Home.version + 1)
            )
        self._note(what, row.id, before, after)
        return True

    async def remove(self, what: What, row: Row) -> None:
        """Raises Conflict `in_use` where something refers to it."""
        thing_id, before = row.id, state_in(what, row)
        if isinstance(row, Home) and await used_homes(self.asking, [thing_id]):
            raise _in_use()
        await self.asking.session.delete(row)
        await self._flush()
        self._note(what, thing_id, before, None)

    async def put(
        self, change: DrawingChange, expected: State | None, wanted: State | None
    ) -> None:
        """Make a row as it is wanted that stands as it is expected. Raises Conflict `changed_meanwhile` where it stands otherwise."""
        what = What(change.what)
        row: Row | None = await self.asking.session.get(
            _TABLES[what], change.thing_id, with_for_update={"key_share": True}
        )
        if (row is None) != (expected is None) or any(
            getattr(row, name) != value for name, value in (expected or {}).items()
        ):
            raise Conflict(
                "Somebody has changed this since: look at it again, and change it by hand.",
                code="changed_meanwhile",
                what=what.value,
                id=change.thing_id,
            )
        if row is None:
            await self.add(what, wanted or {}, change.thing_id)
        elif wanted is None:
            await self.remove(what, row)
        else:
            await self.change(what, row, wanted)

    async def finish(self) -> int:
        """Write the step and its trace in the audit trail; its id."""
        step = DrawingStep(
            region_id=self.region.id,
            sitting=sitting_of(self.asking),
            at=self.asking.now,
            user_id=self.asking.principal.user_id,
            kind=self.kind.value,
            of_id=self.of_id,
        )
        self.asking.session.add(step)
        await self.asking.session.flush()
        for change in self.changes:
            change.step_id = step.id
        self.asking.session.add_all(self.changes)
        await self.asking.session.flush()
        await self._audit(step.id)
        return step.id

    async def _audit(self, step_id: int) -> None:
        touched: dict[str, list[int]] = {}
        for change in self.changes:
            touched.setdefault(change.what, []).append(change.thing_id)
        detail = {"step": step_id, "of": self.of_id, **touched}
        subject = f"region:{self.region.id}"
        await self.asking.note(f"drawing_{self.kind.value}", subject, self.region.path, detail)

    async def _flush(self) -> None:
        try:
            await self.asking.session.flush()
        except IntegrityError as error:
            raise _in_use() from error

    def _note(self, what: What, thing_id: int, before: State | None, after: State | None) -> None:
        self.changes.append(
            DrawingChange(what=what.value, thing_id=thing_id, before=before, after=after)
        )


def _in_use() -> Conflict:
    return Conflict("Something refers to this meanwhile: it stays.", code="in_use")


async def used_homes(asking: Asking, home_ids: Sequence[int]) -> set[int]:
    """Those in which somebody lives or has lived, which a device serves or has served, or of which there
    are photographs.
    """
    used = (
        select(Resident.id).where(Resident.home_id == Home.id).exists(),
        select(Residence.id).where(Residence.home_id == Home.id).exists(),
        select(DeviceAssignment.id).where(DeviceAssignment.home_id == Home.id).exists(),
        select(PlacePhotograph.id).where(PlacePhotograph.home_id == Home.id).exists(),
    )
    found = await asking.session.scalars(select(Home.id).where(Home.id.in_(home_ids), or_(*used)))
    return set(found)


async def next_steps(asking: Asking, region: Region) -> Next:
    """What this log-in can undo in the region, and do again."""
    rows = await asking.session.execute(
        select(DrawingStep.id, DrawingStep.kind)
        .where(DrawingStep.sitting == sitting_of(asking), DrawingStep.region_id == region.id)
        .order_by(DrawingStep.id)
    )
    return next_of((step_id, StepKind(kind)) for step_id, kind in rows)


async def go_back(asking: Asking, region: Region, kind: StepKind, wanted: int) -> int:
    """Undo the step, or do it again. Raises Conflict `not_the_last_step` where another comes first."""
    step = await Step.begin(asking, region, kind, wanted)
    following = await next_steps(asking, region)
    undoing = kind is StepKind.UNDONE
    if wanted != (following.undo if undoing else following.redo):
        raise Conflict(
            "Another step comes first: look at the list again.", code="not_the_last_step"
        )
    order = DrawingChange.id.desc() if undoing else DrawingChange.id
    changes = await asking.session.scalars(
        select(DrawingChange).where(DrawingChange.step_id == wanted).order_by(order)
    )
    for change in changes.all():
        before, after = _states(change)
        await step.put(change, *((after, before) if undoing else (before, after)))
    return await step.finish()


def _states(change: DrawingChange) -> tuple[Any, Any]:
    return change.before, change.after


async def homes_in(asking: Asking, building_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """(homes, people) of each building."""
    rows = await asking.session.execute(
        select(Home.building_id, func.count(Home.id.distinct()), func.count(Resident.id))
        .outerjoin(Resident, Resident.home_id == Home.id)
        .where(Home.building_id.in_(building_ids), Home.merged_into.is_(None))
        .group_by(Home.building_id)
    )
    return {building_id: (homes, people) for building_id, homes, people in rows if building_id}
