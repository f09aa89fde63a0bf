"""The aerial picture or plan that lies under a region's map: kept in the database beside the photographs, so that any server shows it
and one backup has it. It is never decoded here.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select

from callcenter.core.errors import Invalid, NotFound
from callcenter.drawing.fitting import Fit, Reference, fit
from callcenter.regions.models import Region
from callcenter.residents.access import Asking
from callcenter.residents.models import MapPicture
from callcenter.residents.picture_size import check_size, size_of
from callcenter.residents.pictures import without_words
from callcenter.residents.places import SEEING

MOST_MIB: Final = 20
MOST_BYTES: Final = MOST_MIB * 1024 * 1024
_TYPES: Final = frozenset({"image/png", "image/jpeg"})


async def place_picture(asking: Asking, region: Region, name: str, content: bytes) -> MapPicture:
    """Keep a picture in place of the one before; one of the same size lies where that lay. Raises Invalid `picture_too_large`,
    `picture_type`, `too_many_pixels`, `too_few_pixels`.
    """
    size, media_type, clean = await asyncio.to_thread(_checked, content)
    picture = await asking.session.get(MapPicture, region.id)
    if picture is None:
        picture = MapPicture(region_id=region.id, points=[], corners=None, opacity=0.7)
        asking.session.add(picture)
    elif (picture.width, picture.height) != size:
        picture.points, picture.corners = [], None
    picture.name, picture.media_type, picture.content = name[:100], media_type, clean
    picture.width, picture.height = size
    picture.mark = hashlib.sha256(clean).hexdigest()[:16]
    picture.stored_at = asking.now
    await asking.session.flush()
    detail = {"width": size[0], "height": size[1], "bytes": len(clean), "mark": picture.mark}
    await asking.note("map_picture_placed", f"region:{region.id}", region.path, detail)
    return picture


def _checked(content: bytes) -> tuple[tuple[int, int], str, bytes]:
    if len(content) > MOST_BYTES:
        raise Invalid(
            f"The picture has {len(content) / 1024 / 1024:.1f} MiB; at most {MOST_MIB}: make it smaller.",
            code="picture_too_large",
            most_mib=MOST_MIB,
        )
    size = size_of(content)
    if size is not None:
        check_size(*size)
    kind = without_words(content) if size is not None else None
    if size is None or kind is None or kind[0] not in _TYPES or size_of(kind[1]) != size:
        raise Invalid("A picture of the ground is a PNG or JPEG file.", code="picture_type")
    return size, *kind


async def fix_picture(
    asking: Asking, region: Region, references: Sequence[Reference], opacity: float
) -> MapPicture:
    """Lay the picture on the ground; without references it stays where it is. Raises Invalid `points_too_near`,
    `unlikely_scale`, `outside_picture`, NotFound.
    """
    picture = await find_picture(asking, region)
    if references:
        _demand_inside(picture, references)
        found = fit(references)
        picture.points = [_written(each) for each in references]
        picture.corners = found.corners(picture.width, picture.height)
    before, picture.opacity = picture.opacity, opacity
    await asking.session.flush()
    detail = {"points": picture.points, "opacity": [before, opacity]}
    await asking.note("map_picture_fixed", f"region:{region.id}", region.path, detail)
    return picture


def _demand_inside(picture: MapPicture, references: Sequence[Reference]) -> None:
    for each in references:
        if not (0 <= each.x <= picture.width and 0 <= each.y <= picture.height):
            raise Invalid(
                f"The point {each.x:.0f}, {each.y:.0f} lies outside the picture.",
                code="outside_picture",
                x=each.x,
                y=each.y,
            )


def _written(reference: Reference) -> dict[str, float]:
    return {"x": reference.x, "y": reference.y, "lng": reference.lng, "lat": reference.lat}


def fit_of(picture: MapPicture) -> Fit | None:
    """How it lies, once it is fixed."""
    points: Any = picture.points
    return fit([Reference(**point) for point in points]) if points else None


async def remove_picture(asking: Asking, region: Region) -> None:
    """For good: its steps are not undone, it is placed anew."""
    picture = await find_picture(asking, region)
    await asking.session.delete(picture)
    await asking.session.flush()
    await asking.note(
        "map_picture_removed", f"region:{region.id}", region.path, {"mark": picture.mark}
    )


async def find_picture(asking: Asking, region: Region) -> MapPicture:
    """Without its bytes. Raises NotFound."""
    picture = await asking.session.get(MapPicture, region.id)
    if picture is None:
        raise NotFound("there is no picture", what="picture")
    return picture


async def picture_bytes(asking: Asking, region_id: int) -> tuple[str, bytes]:
    """Media type and bytes, for those who see the map of the region or of one below it: its picture lies under theirs. Raises
    NotFound.
    """
    granted = {each for action in SEEING for each in asking.principal.regions(action)}
    under = select(Region.id).where(Region.id.in_(granted), Region.path.contains([region_id]))
    if await asking.session.scalar(under.limit(1)) is None:
        await asking.region(region_id, *SEEING)
    found = (
        await asking.session.execute(
            select(MapPicture.media_type, MapPicture.content).where(
                MapPicture.region_id == region_id
            )
        )
    ).first()
    if found is None:
        raise NotFound("there is no picture", what="picture")
    return found.media_type, found.content
