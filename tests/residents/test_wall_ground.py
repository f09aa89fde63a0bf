"""The ground of a screen's map."""

from __future__ import annotations

import pytest

from callcenter.auth.permissions import WallShows
from callcenter.residents.schemas import HomeDot
from callcenter.residents.wall_ground import as_shown


@pytest.mark.parametrize(
    ("shows", "label"),
    [(WallShows.BUILDING, ""), (WallShows.ADDRESS, "7-2-501"), (WallShows.NAMES, "7-2-501")],
)
def test_a_dot_says_its_door_only_where_addresses_are_shown(shows: WallShows, label: str):
    dot = HomeDot(home_id=5, lat=40.0, lng=104.0, region_id=2, label="7-2-501")
    assert as_shown(dot, shows) == HomeDot(home_id=5, lat=40.0, lng=104.0, region_id=2, label=label)
