"""Homes that lie close are one dot; an alarm, and what lies out of one's regions, is never hidden in it."""

from __future__ import annotations

import pytest

from callcenter.communities.dots import Box
from tests.communities.test_counting import alarm

DOTS = "/api/v1/communities/dots"
HERE = {"west": 103.9, "south": 39.9, "east": 104.1, "north": 40.1}


@pytest.fixture
async def homes(community, owner):
    """Two side by side, one a hundred metres on, one in another street."""
    elsewhere = await community.region(community.root, "street", "槐荫街道")
    made = []
    for lat, region in ((40.0, None), (40.00001, None), (40.001, None), (40.0, elsewhere)):
        home = await community.home(region=region)
        await owner.execute("UPDATE home SET lat = $2 WHERE id = $1", home, lat)
        made.append(home)
    return made


async def dots(client, **asked):
    answer = await client.get(DOTS, params=HERE | {"cell": 0.0005} | asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_close_homes_are_one_dot_and_one_alone_has_its_door_and_signs(
    signed_in, community, homes, owner
):
    resident = await community.resident(homes[2])
    await owner.execute(
        "UPDATE resident SET welfare = '{no_family}', disability = 'visual' WHERE id = $1", resident
    )
    client = await signed_in("operator")
    found = await dots(client)
    assert [dot["homes"] for dot in found["dots"]] == [2, 1]
    assert (found["dots"][0]["home_id"], found["more"]) == (None, False)
    alone = found["dots"][1]
    assert (alone["home_id"], alone["label"]) == (homes[2], "2-501")
    assert alone["categories"] == ["no_family", "disabled"]
    assert [dot["homes"] for dot in (await dots(client, cell=1))["dots"]] == [3]
    assert len((await dots(client, cell=0.00001))["dots"]) == 3
    assert (await dots(client, west=105, east=106))["dots"] == []


async def test_a_home_with_an_alarm_stands_alone(signed_in, community, homes, owner):
    await alarm(owner, community, homes[0], community.street)
    await alarm(owner, community, homes[3], community.street)  # of another street
    found = await dots(await signed_in("operator"), cell=1)
    assert [(each["home_id"], each["state"]) for each in found["alarms"]] == [(homes[0], "waiting")]


def test_a_cell_is_as_wide_as_high_and_does_not_move_with_the_box():
    box = Box(104.0, 59.9, 104.1, 60.1, 0.01)
    assert box.cell_width == pytest.approx(0.02)
    assert Box(104.0, 59.8, 104.1, 60.0, 0.01).cell_width == box.cell_width
    assert Box(0, 89.9, 1, 90, 0.01).cell_width == pytest.approx(1)
