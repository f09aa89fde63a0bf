"""The ground of 榆荫里: buildings, points, what the map paints."""

from collections import Counter

from callcenter.demo.community.moved_in import COMMUNITY
from callcenter.demo.community.place import basemap, ground


def test_buildings_have_the_floors_and_lifts_they_are_said_to_have():
    assert [b.floors for b in ground().buildings] == [6] * 12 + [11] * 6 + [18] * 2
    assert [b.entrances for b in ground().buildings[:12]] == [3] * 12
    assert [b.lift for b in ground().buildings] == [False] * 12 + [True] * 8


def test_the_basemap_has_everything_that_is_drawn():
    kinds = Counter(f["properties"]["kind"] for f in basemap()["features"])
    assert set(kinds) == {"ground", "green", "water", "station", "court", "tree"}
    named = [f["properties"] for f in basemap()["features"] if "name" in f["properties"]]
    assert all(p["name"] and p["name_en"] for p in named)
    assert all(road.name.zh and road.name.en and road.width for road in ground().roads)
    assert {p.kind for p in ground().points} >= {
        "station",
        "police",
        "canteen",
        "clinic",
        "gate",
        "hospital",
    }


def test_regions_stand_below_one_that_is_listed_before():
    known = {None}
    for region in ground().regions:
        assert region.parent in known
        known.add(region.code)
    grids = {building.grid for building in ground().buildings}
    assert grids | {COMMUNITY} <= known
    assert len(grids) == 4
