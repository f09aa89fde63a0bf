"""Two registrations become one, and are parted again: a row of `merging`, which the database carries out (migration 0035b)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

from pydantic import BaseModel
from sqlalchemy import select, text

from callcenter.auth.models import User
from callcenter.auth.permissions import Action
from callcenter.core.errors import Conflict, Invalid
from callcenter.core.written import Written
from callcenter.directory.merging.taking_over import taken_by_home, taken_by_resident
from callcenter.directory.models import Double, Merging
from callcenter.regions.models import Region
from callcenter.residents.access import Asking
from callcenter.residents.models import Home, Resident

MOST: Final = 50
_GONE: Final = frozenset({"moved", "deceased"})
_TAKERS: Final = {Double.RESIDENT: taken_by_resident, Double.HOME: taken_by_home}


class MergeBody(Written):
    """`kept` goes on, `merged` becomes it. The versions are those that were compared."""

    subject: Double
    kept_id: int
    kept_version: int
    merged_id: int
    merged_version: int


class MergingView(BaseModel):
    """`moved` counts rows by their tables, `taken` names what the one kept has taken over. `changed` is what stands in the way of
    undoing: tables and ids.
    """

    id: int
    subject: Double
    kept_id: int
    merged_id: int
    kept: str
    kept_en: str
    merged: str
    merged_en: str
    at: datetime
    by: str | None
    by_en: str | None
    moved: dict[str, int]
    taken: list[str]
    changed: list[str]
    undone_at: datetime | None


async def merge(asking: Asking, body: MergeBody) -> MergingView:
    """Everything that is said of `merged` is said of `kept` from now on. Raises NotFound, Invalid `one_and_the_same`, Conflict
    `changed_meanwhile`, `status_differs` (one has died or moved away, the other has not), `grid_differs` (of homes).
    """
    check = _check_residents if body.subject is Double.RESIDENT else _check_homes
    region_id = await check(asking, body)
    await asking.dated(why="merged")
    merging = Merging(
        subject=body.subject,
        kept_id=body.kept_id,
        merged_id=body.merged_id,
        region_id=region_id,
        at=asking.now,
        by=asking.principal.user_id,
        taken=await _taken(asking, body),
    )
    asking.session.add(merging)
    await asking.session.flush()
    await asking.session.refresh(merging)
    await _note(asking, merging, "merged")
    return await _view(asking, merging, asking.principal.name, asking.principal.name_en)


async def undo(asking: Asking, merging_id: int) -> MergingView:
    """As it was before. Raises NotFound, Conflict `undone_already`, `changed_since` with what has changed."""
    query = select(Merging).join(Region, Region.id == Merging.region_id)
    merging = await asking.one(
        query.where(Merging.id == merging_id).with_for_update(of=Merging),
        "merging",
        Action.EDIT_RESIDENTS,
    )
    if merging.undone_at is not None:
        raise Conflict("It has been undone.", code="undone_already")
    if changed := await _changes(asking, merging_id):
        raise Conflict(
            f"Something has changed since, so that it cannot be undone: {', '.join(changed)}.",
            code="changed_since",
            changed=list(changed),
        )
    await asking.dated(why="merged")
    merging.undone_at, merging.undone_by = asking.now, asking.principal.user_id
    await asking.session.flush()
    await asking.session.refresh(merging)
    await _note(asking, merging, "parted")
    return await _view(asking, merging, asking.principal.name, asking.principal.name_en)


async def list_merged(asking: Asking) -> list[MergingView]:
    """The latest of the asker's regions first, at most 50."""
    query = (
        select(Merging, User.name, User.name_en)
        .join(Region, Region.id == Merging.region_id)
        .outerjoin(User, User.id == Merging.by)
        .where(asking.within(Action.EDIT_RESIDENTS))
        .order_by(Merging.id.desc())
        .limit(MOST)
    )
    rows = (await asking.session.execute(query)).all()
    views = [await _view(asking, merging, name, latin) for merging, name, latin in rows]
    path = sorted(asking.principal.regions(Action.EDIT_RESIDENTS))
    await asking.note("merged_listed", "residents", path, {"ids": [view.id for view in views]})
    return views


# ---- the two


async def _check_residents(asking: Asking, body: MergeBody) -> int:
    """The region in which the one kept lives."""
    one, other = [
        await asking.resident(each, Action.EDIT_RESIDENTS, to_change=True)
        for each in sorted((body.kept_id, body.merged_id))
    ]
    kept, merged = (one, other) if one.id == body.kept_id else (other, one)
    _check(body, kept.version, merged.version)
    if kept.status != merged.status and {kept.status, merged.status} & _GONE:
        raise Conflict(
            "One of them has died or moved away, the other has not: put the status right first.",
            code="status_differs",
        )
    return (await asking.home(kept.home_id, Action.EDIT_RESIDENTS)).region_id


async def _check_homes(asking: Asking, body: MergeBody) -> int:
    """The region of both."""
    one, other = [
        await asking.home(each, Action.EDIT_RESIDENTS, to_change=True)
        for each in sorted((body.kept_id, body.merged_id))
    ]
    kept, merged = (one, other) if one.id == body.kept_id else (other, one)
    _check(body, kept.version, merged.version)
    if kept.region_id != merged.region_id:
        raise Conflict(
            "They lie in different grids: put the region of one right first.", code="grid_differs"
        )
    return kept.region_id


def _check(body: MergeBody, kept_version: int, merged_version: int) -> None:
    if body.kept_id == body.merged_id:
        raise Invalid("These are one and the same.", code="one_and_the_same")
    if (kept_version, merged_version) != (body.kept_version, body.merged_version):
        raise Conflict(
            "Somebody has changed one of them meanwhile: look at both again.",
            code="changed_meanwhile",
        )


async def _taken(asking: Asking, body: MergeBody) -> Mapping[str, Any]:
    table = body.subject.value
    rows = await asking.session.execute(
        text(f"SELECT id, to_jsonb(t) AS row FROM {table} AS t WHERE id IN (:kept, :merged)"),  # noqa: S608 one of two names
        {"kept": body.kept_id, "merged": body.merged_id},
    )
    said = {row.id: row.row for row in rows}
    return _TAKERS[body.subject](said[body.kept_id], said[body.merged_id])


# ---- what is told of it


async def _changes(asking: Asking, merging_id: int) -> Sequence[str]:
    found = await asking.session.scalar(text("SELECT merging_changes(:id)"), {"id": merging_id})
    return found or []


async def _view(asking: Asking, merging: Merging, by: str | None, by_en: str | None) -> MergingView:
    changed = [] if merging.undone_at else await _changes(asking, merging.id)
    kept, kept_en = await _called(asking, merging, merging.kept_id)
    merged, merged_en = await _called(asking, merging, merging.merged_id)
    return MergingView(
        id=merging.id,
        subject=Double(merging.subject),
        kept_id=merging.kept_id,
        merged_id=merging.merged_id,
        kept=kept,
        kept_en=kept_en,
        merged=merged,
        merged_en=merged_en,
        at=merging.at,
        by=by,
        by_en=by_en,
        moved=_counted(merging),
        taken=_fields(merging),
        changed=list(changed),
        undone_at=merging.undone_at,
    )


async def _called(asking: Asking, merging: Merging, row_id: int) -> tuple[str, str]:
    """In Chinese and English."""
    if merging.subject == Double.HOME:
        query = select(Home.address, Home.address_en).where(Home.id == row_id)
    else:
        query = select(Resident.name, Resident.name_latin).where(Resident.id == row_id)
    found = (await asking.session.execute(query)).one_or_none()
    return (found[0], found[1]) if found else ("", "")


def _counted(merging: Merging) -> dict[str, int]:
    moved = cast("Sequence[Mapping[str, Any]]", merging.moved)
    return dict(Counter(each["table"] for each in moved))


def _fields(merging: Merging) -> list[str]:
    return sorted(cast("Mapping[str, Any]", merging.taken))


async def _note(asking: Asking, merging: Merging, action: str) -> None:
    """One entry for each of the two, so that what is looked up of either tells it. Ids and names of fields, no more."""
    path = await asking.path_of(merging.region_id)
    apart = {"kept": merging.kept_id, "merged": merging.merged_id}
    one = {"kept": merging.kept_id}
    detail = {
        "merging": merging.id,
        "before": apart if action == "merged" else one,
        "after": one if action == "merged" else apart,
        "moved": _counted(merging),
        "fields": _fields(merging),
    }
    for row_id in (merging.merged_id, merging.kept_id):
        subject = f"{merging.subject}:{row_id}"
        await asking.note(f"{merging.subject}s_{action}", subject, path, detail)
