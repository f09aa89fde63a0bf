"""The listed photographs belong to listed places, and those of a home are sealed."""

from __future__ import annotations

from datetime import UTC, datetime

from callcenter.core.sealed import Seal
from callcenter.demo.community.drawn import SCENES
from callcenter.demo.community.photographs import photograph_rows, photographs
from callcenter.demo.community.place import ground
from callcenter.demo.community.plan import community
from callcenter.residents.photographs.keeping import SEALED
from callcenter.residents.photographs.kinds import PlaceKind, check_kind

NOW = datetime(2026, 3, 14, tzinfo=UTC)


def test_each_is_of_one_place_in_both_languages():
    entrances = {
        building.number: {str(entrance["name"]) for entrance in building.entrance_list()}
        for building in ground().buildings
    }
    for each in photographs():
        assert (each.home_of is None) != (each.building is None)
        check_kind(PlaceKind.HOME if each.home_of else PlaceKind.BUILDING, each.kind)
        assert each.building is None or each.entrance in entrances[each.building]
        assert each.caption.zh
        assert each.caption.en
        assert each.scene in SCENES


def test_what_shows_a_home_is_sealed(tmp_path):
    seal, planned = Seal.load(tmp_path), community(NOW.date())
    buildings = {building.number: building.number for building in ground().buildings}
    rows = photograph_rows(planned, buildings, range(len(planned.homes)), seal, NOW)
    assert len(rows) == len(photographs())
    for row in rows:
        content = row["content"]
        plain = content if row["home_id"] is None else seal.open(content, context=SEALED)
        assert plain.startswith(b"\x89PNG")
        assert (content == plain) == (row["home_id"] is None)
