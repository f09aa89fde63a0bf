"""REST for photographs of entrances, of the way in and of homes: listed, shown, added, replaced, removed."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Response, UploadFile

from callcenter.auth.guards import require
from callcenter.auth.permissions import Action
from callcenter.residents.guards import Sealed, Trail
from callcenter.residents.photographs import keeping
from callcenter.residents.photographs.kinds import PhotographKind
from callcenter.residents.photographs.schemas import (
    Caption,
    EntranceName,
    PhotographView,
    PhotographWords,
)

router = APIRouter(prefix="/api/v1", tags=["photographs"])

Viewer = require(Action.SEE_PROFILES)
Editor = require(Action.EDIT_RESIDENTS)
Drawer = require(Action.DRAW_MAP)
_HOME = "/homes/{home_id}/photographs"
_BUILDING = "/buildings/{building_id}/photographs"
_NOTHING_ELSE = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}
"""A picture is shown and never run, whatever a browser may take it for."""


def words_of(
    kind: Annotated[PhotographKind, Form()] = PhotographKind.WAY_IN,
    entrance: Annotated[EntranceName, Form()] = "",
    caption: Annotated[Caption, Form()] = "",
    caption_en: Annotated[Caption, Form()] = "",
    taken_on: Annotated[date | None, Form()] = None,
) -> PhotographWords:
    """The fields beside the file."""
    return PhotographWords(
        kind=kind, entrance=entrance, caption=caption, caption_en=caption_en, taken_on=taken_on
    )


Words = Annotated[PhotographWords, Depends(words_of)]


async def _read(file: UploadFile) -> bytes:
    return await file.read(keeping.MOST_BYTES + 1)


def _shown(picture: tuple[str, bytes], kept: str) -> Response:
    media_type, content = picture
    headers = {"Cache-Control": f"private, {kept}", **_NOTHING_ELSE}
    return Response(content, media_type=media_type, headers=headers)


# ---- of a home


@router.get(_HOME, dependencies=[Viewer])
async def list_photographs_of_home(home_id: int, asking: Trail) -> list[PhotographView]:
    """Of the home, of its entrance and of its building, in the order of the way. Leaves an entry in the audit trail."""
    return await keeping.seen_of_home(asking, home_id)


@router.get(_HOME + "/{photograph_id}", response_class=Response, dependencies=[Viewer])
async def show_photograph_of_home(
    home_id: int, photograph_id: int, asking: Trail, seal: Sealed
) -> Response:
    """Leaves an entry in the audit trail."""
    return _shown(await keeping.bytes_of_home(asking, seal, home_id, photograph_id), "no-store")


@router.post(_HOME, status_code=201, dependencies=[Editor])
async def add_photograph_of_home(
    home_id: int, file: UploadFile, words: Words, asking: Trail, seal: Sealed
) -> PhotographView:
    """JPEG, PNG or WebP of at most 4 MiB and 16 million pixels; it is sealed."""
    place = await keeping.home_to_change(asking, home_id)
    return await keeping.add_photograph(asking, seal, place, words, await _read(file))


@router.put(_HOME + "/{photograph_id}", dependencies=[Editor])
async def change_photograph_of_home(
    home_id: int,
    photograph_id: int,
    words: Words,
    asking: Trail,
    seal: Sealed,
    file: UploadFile | None = None,
) -> PhotographView:
    """Other words, and another picture where a file is given."""
    place = await keeping.home_to_change(asking, home_id)
    content = None if file is None else await _read(file)
    return await keeping.change_photograph(asking, seal, place, photograph_id, words, content)


@router.delete(_HOME + "/{photograph_id}", status_code=204, dependencies=[Editor])
async def remove_photograph_of_home(home_id: int, photograph_id: int, asking: Trail) -> None:
    """For good."""
    place = await keeping.home_to_change(asking, home_id)
    await keeping.remove_photograph(asking, place, photograph_id)


# ---- of a building


@router.get(_BUILDING, dependencies=[Viewer])
async def list_photographs_of_building(building_id: int, asking: Trail) -> list[PhotographView]:
    """Of the building and of all its entrances."""
    return await keeping.seen_of_building(asking, building_id)


@router.get(_BUILDING + "/{photograph_id}", response_class=Response, dependencies=[Viewer])
async def show_photograph_of_building(
    building_id: int, photograph_id: int, asking: Trail
) -> Response:
    """Its `mark` is part of the address that consoles ask for, so that a browser may keep it."""
    picture = await keeping.bytes_of_building(asking, building_id, photograph_id)
    return _shown(picture, "max-age=86400, immutable")


@router.post(_BUILDING, status_code=201, dependencies=[Drawer])
async def add_photograph_of_building(
    building_id: int, file: UploadFile, words: Words, asking: Trail, seal: Sealed
) -> PhotographView:
    """JPEG, PNG or WebP of at most 4 MiB and 16 million pixels."""
    place = await keeping.building_to_change(asking, building_id)
    return await keeping.add_photograph(asking, seal, place, words, await _read(file))


@router.put(_BUILDING + "/{photograph_id}", dependencies=[Drawer])
async def change_photograph_of_building(
    building_id: int,
    photograph_id: int,
    words: Words,
    asking: Trail,
    seal: Sealed,
    file: UploadFile | None = None,
) -> PhotographView:
    """Other words, and another picture where a file is given."""
    place = await keeping.building_to_change(asking, building_id)
    content = None if file is None else await _read(file)
    return await keeping.change_photograph(asking, seal, place, photograph_id, words, content)


@router.delete(_BUILDING + "/{photograph_id}", status_code=204, dependencies=[Drawer])
async def remove_photograph_of_building(
    building_id: int, photograph_id: int, asking: Trail
) -> None:
    """For good."""
    place = await keeping.building_to_change(asking, building_id)
    await keeping.remove_photograph(asking, place, photograph_id)
