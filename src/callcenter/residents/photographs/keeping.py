"""Photographs are kept in the database, bounded in number and size, never decoded, and free of what a camera writes into them."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, func, or_, select

from callcenter.auth.models import User
from callcenter.auth.permissions import Action
from callcenter.core.errors import Conflict, Invalid, NotFound
from callcenter.core.sealed import Seal
from callcenter.residents.access import Asking
from callcenter.residents.models import Building, Home
from callcenter.residents.photographs.kinds import PlaceKind, check_kind, order_of, same_entrance
from callcenter.residents.photographs.models import PlacePhotograph
from callcenter.residents.photographs.schemas import PhotographView, PhotographWords
from callcenter.residents.picture_size import check_size, size_of
from callcenter.residents.pictures import without_words

MOST_MIB: Final = 4
MOST_BYTES: Final = MOST_MIB * 1024 * 1024
MOST_PIXELS: Final = 16_000_000
"""A seat draws several side by side; consoles send them smaller."""
MOST_AT_A_PLACE: Final = 6
"""Of a home, of a building as a whole, and of each of its entrances."""
SEALED: Final = "home.photograph"


@dataclass(frozen=True, slots=True)
class Picture:
    """What is stored of an upload."""

    media_type: str
    size: tuple[int, int]
    content: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """A building, with its entrances, or a home; its row is locked while pictures of it change."""

    kind: PlaceKind
    id: int
    region_path: Sequence[int]
    entrances: frozenset[str] = frozenset()

    @property
    def subject(self) -> str:
        """In the audit trail."""
        return f"{self.kind.value}:{self.id}"

    @property
    def columns(self) -> dict[str, Any]:
        """By which its pictures are found."""
        return {f"{self.kind.value}_id": self.id}


def picture_of(content: bytes) -> Picture:
    """Raises Invalid `photograph_too_large`, `photograph_type`, `too_many_pixels`, `too_few_pixels`."""
    if len(content) > MOST_BYTES:
        raise Invalid(
            f"The photograph has {len(content) / 1024 / 1024:.1f} MiB; at most {MOST_MIB}: make it smaller.",
            code="photograph_too_large",
            most_mib=MOST_MIB,
        )
    size = size_of(content)
    if size is not None:
        check_size(*size, most=MOST_PIXELS)
    clean = without_words(content) if size is not None else None
    if size is None or clean is None or size_of(clean[1]) != size:
        raise Invalid("A photograph is a JPEG, PNG or WebP file.", code="photograph_type")
    return Picture(clean[0], size, clean[1])


# ---- places


async def home_to_change(asking: Asking, home_id: int) -> Place:
    """Raises NotFound."""
    home = await asking.home(home_id, Action.EDIT_RESIDENTS, to_change=True)
    return Place(PlaceKind.HOME, home.id, await asking.path_of(home.region_id))


async def building_to_change(asking: Asking, building_id: int) -> Place:
    """Raises NotFound."""
    building = await asking.building(building_id, Action.DRAW_MAP)
    await asking.session.execute(
        select(Building.id).where(Building.id == building.id).with_for_update(key_share=True)
    )
    path = await asking.path_of(building.region_id)
    entrances: Any = building.entrances
    return Place(PlaceKind.BUILDING, building.id, path, frozenset(e["name"] for e in entrances))


# ---- looking


async def seen_of_home(asking: Asking, home_id: int) -> list[PhotographView]:
    """Of the home, of its entrance and of its building, along the way. A look at a profile. Raises NotFound."""
    home = await asking.home_to_help(home_id)
    photographs = await _of_home(asking, home)
    await _note_look(asking, home, "photographs_seen", [each.id for each in photographs])
    return await _views(asking, photographs)


async def seen_of_building(asking: Asking, building_id: int) -> list[PhotographView]:
    """Of the building and of all its entrances. Raises NotFound."""
    building = await asking.building(building_id, Action.SEE_PROFILES)
    return await _views(asking, await _where(asking, PlacePhotograph.building_id == building.id))


async def bytes_of_home(
    asking: Asking, seal: Seal, home_id: int, photograph_id: int
) -> tuple[str, bytes]:
    """Media type and picture, of those that `seen_of_home` lists; a look at a profile. Raises NotFound."""
    home = await asking.home_to_help(home_id)
    found = _one_of(await _of_home(asking, home), photograph_id)
    await _note_look(asking, home, "photograph_seen", [found.id])
    return found.media_type, await _content(asking, seal, found)


async def bytes_of_building(
    asking: Asking, building_id: int, photograph_id: int
) -> tuple[str, bytes]:
    """The same of those that `seen_of_building` lists."""
    building = await asking.building(building_id, Action.SEE_PROFILES)
    within = await _where(asking, PlacePhotograph.building_id == building.id)
    found = _one_of(within, photograph_id)
    return found.media_type, await asking.session.scalar(_content_of(found))


def _content_of(photograph: PlacePhotograph) -> Any:
    return select(PlacePhotograph.content).where(PlacePhotograph.id == photograph.id)


async def _content(asking: Asking, seal: Seal, photograph: PlacePhotograph) -> bytes:
    stored: bytes = await asking.session.scalar(_content_of(photograph))
    if photograph.home_id is None:
        return stored
    return await asyncio.to_thread(seal.open, stored, context=SEALED)


def _one_of(photographs: Sequence[PlacePhotograph], photograph_id: int) -> PlacePhotograph:
    found = next((each for each in photographs if each.id == photograph_id), None)
    if found is None:
        raise NotFound("no such photograph", what="photograph")
    return found


async def _of_home(asking: Asking, home: Home) -> list[PlacePhotograph]:
    own = PlacePhotograph.home_id == home.id
    if home.building_id is None:
        return await _where(asking, own)
    around = await _where(asking, or_(own, PlacePhotograph.building_id == home.building_id))
    return [
        each
        for each in around
        if each.entrance == "" or same_entrance(each.entrance, home.entrance)
    ]


async def _where(asking: Asking, condition: ColumnElement[bool]) -> list[PlacePhotograph]:
    found = (await asking.session.scalars(select(PlacePhotograph).where(condition))).all()
    return sorted(found, key=lambda each: order_of(each.kind, each.entrance, each.id))


async def _views(asking: Asking, photographs: Sequence[PlacePhotograph]) -> list[PhotographView]:
    ids = {each.stored_by for each in photographs if each.stored_by is not None}
    people = await asking.session.execute(
        select(User.id, User.name, User.name_en).where(User.id.in_(ids))
    )
    names = {user_id: names for user_id, *names in people}
    views = []
    for each in photographs:
        view = PhotographView.model_validate(each)
        if each.stored_by in names:
            view.by, view.by_en = names[each.stored_by]
        views.append(view)
    return views


async def _note_look(asking: Asking, home: Home, action: str, ids: Sequence[int]) -> None:
    path = await asking.path_of(home.region_id)
    await asking.note(action, f"home:{home.id}", path, {"photographs": list(ids)})


# ---- changing


async def add_photograph(
    asking: Asking, seal: Seal, place: Place, words: PhotographWords, content: bytes
) -> PhotographView:
    """Raises Conflict `too_many_photographs`, or Invalid as `picture_of` and for words that do not fit the place."""
    _check_words(asking, place, words)
    await _demand_room(asking, place, words.entrance)
    photograph = PlacePhotograph(**place.columns)
    _put_words(photograph, words)
    await _put_picture(asking, seal, photograph, content)
    asking.session.add(photograph)
    await asking.session.flush()
    return await _changed(asking, place, photograph, "photograph_added")


async def change_photograph(
    asking: Asking,
    seal: Seal,
    place: Place,
    photograph_id: int,
    words: PhotographWords,
    content: bytes | None,
) -> PhotographView:
    """Other words, and another picture where one is given. Raises as `add_photograph`, and NotFound."""
    _check_words(asking, place, words)
    photograph = await _find(asking, place, photograph_id)
    if words.entrance != photograph.entrance:
        await _demand_room(asking, place, words.entrance)
    _put_words(photograph, words)
    if content is not None:
        await _put_picture(asking, seal, photograph, content)
    await asking.session.flush()
    return await _changed(asking, place, photograph, "photograph_changed")


async def remove_photograph(asking: Asking, place: Place, photograph_id: int) -> None:
    """For good. Raises NotFound."""
    photograph = await _find(asking, place, photograph_id)
    await asking.session.delete(photograph)
    await asking.session.flush()
    detail = {"photograph": photograph_id}
    await asking.note("photograph_removed", place.subject, place.region_path, detail)


async def _find(asking: Asking, place: Place, photograph_id: int) -> PlacePhotograph:
    photograph: PlacePhotograph | None = await asking.session.scalar(
        select(PlacePhotograph).filter_by(id=photograph_id, **place.columns)
    )
    if photograph is None:
        raise NotFound("no such photograph", what="photograph")
    return photograph


def _check_words(asking: Asking, place: Place, words: PhotographWords) -> None:
    check_kind(place.kind, words.kind)
    if words.entrance and words.entrance not in place.entrances:
        raise Invalid(
            f"There is no entrance {words.entrance} here.",
            code="no_such_entrance",
            entrance=words.entrance,
        )
    if words.taken_on is not None and words.taken_on > asking.now.date():
        raise Invalid(f"{words.taken_on} has not come yet.", code="taken_in_future")


async def _demand_room(asking: Asking, place: Place, entrance: str) -> None:
    there = select(func.count()).select_from(PlacePhotograph)
    count = await asking.session.scalar(there.filter_by(entrance=entrance, **place.columns))
    if (count or 0) >= MOST_AT_A_PLACE:
        raise Conflict(
            f"There are {count} photographs already: replace or remove one.",
            code="too_many_photographs",
            most=MOST_AT_A_PLACE,
        )


def _put_words(photograph: PlacePhotograph, words: PhotographWords) -> None:
    for name, value in words.model_dump(mode="python").items():
        setattr(photograph, name, value)


async def _put_picture(
    asking: Asking, seal: Seal, photograph: PlacePhotograph, content: bytes
) -> None:
    picture = await asyncio.to_thread(picture_of, content)
    stored = picture.content
    if photograph.home_id is not None:
        stored = await asyncio.to_thread(seal.seal, stored, context=SEALED)
    photograph.media_type, photograph.content = picture.media_type, stored
    photograph.width, photograph.height = picture.size
    photograph.sha256 = hashlib.sha256(picture.content).digest()
    photograph.stored_at, photograph.stored_by = asking.now, asking.principal.user_id


async def _changed(
    asking: Asking, place: Place, photograph: PlacePhotograph, action: str
) -> PhotographView:
    detail = {"photograph": photograph.id, "mark": photograph.mark}
    await asking.note(action, place.subject, place.region_path, detail)
    return (await _views(asking, [photograph]))[0]
