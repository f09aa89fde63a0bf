"""REST for what was registered twice: candidates, making them one, undoing it."""

from __future__ import annotations

from fastapi import APIRouter

from callcenter.auth.guards import require
from callcenter.auth.permissions import Action
from callcenter.directory.merging.finding import Doubles, find_doubles
from callcenter.directory.merging.parting import (
    ApartBody,
    ApartView,
    keep_apart,
    list_apart,
    propose_again,
)
from callcenter.directory.merging.uniting import (
    MergeBody,
    MergingView,
    list_merged,
    merge,
    undo,
)
from callcenter.residents.guards import Hint, Trail

router = APIRouter(prefix="/api/v1", tags=["residents"])
Editor = require(Action.EDIT_RESIDENTS)


@router.get("/doubles", dependencies=[Editor])
async def list_doubles(asking: Trail, region_id: int | None = None) -> Doubles:
    """Residents with the same identity number, or the same name with the same birth date or telephone; homes behind one door, or
    whose addresses are one in two spellings.
    """
    return await find_doubles(asking, region_id)


@router.get("/doubles/apart", dependencies=[Editor])
async def list_no_doubles(asking: Trail) -> list[ApartView]:
    """Of which two somebody has said that they are no doubles, the latest first."""
    return await list_apart(asking)


@router.post("/doubles/apart", status_code=201, dependencies=[Editor])
async def say_no_doubles(body: ApartBody, asking: Trail) -> ApartView:
    """They are alike and are not one: from now on they are not proposed. 409 `apart_already`."""
    return await keep_apart(asking, body)


@router.post("/doubles/apart/{apart_id}/undo", dependencies=[Editor])
async def propose_doubles_again(apart_id: int, asking: Trail) -> ApartView:
    """Take it back: they are proposed again for as long as they are alike."""
    return await propose_again(asking, apart_id)


@router.get("/merges", dependencies=[Editor])
async def list_merges(asking: Trail) -> list[MergingView]:
    """What was made one, the latest first, and what of it could be undone."""
    return await list_merged(asking)


@router.post("/merges", status_code=201, dependencies=[Editor, Hint])
async def make_one(body: MergeBody, asking: Trail) -> MergingView:
    """Contacts, devices, facts, calls and incidents of `merged` become those of `kept`, which takes over what it leaves open. 409
    `changed_meanwhile`, `status_differs`, `grid_differs`.
    """
    return await merge(asking, body)


@router.post("/merges/{merging_id}/undo", dependencies=[Editor, Hint])
async def part_again(merging_id: int, asking: Trail) -> MergingView:
    """As it was, unless people have changed either since: 409 `changed_since` with `changed`, tables and ids. What went on by
    itself (incidents, calls) is no hindrance and goes back to whom it belonged.
    """
    return await undo(asking, merging_id)
