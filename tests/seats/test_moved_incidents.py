"""An unknown caller turns out to live in another district: whoever may see no more of it is told that it is gone."""

from __future__ import annotations

import pytest

from callcenter.alerts.change import Change
from callcenter.alerts.entries import Assigned
from callcenter.seats.tables import INCIDENTS
from tests.seats.conftest import Board, KeptLink
from tests.support.waiting import until


@pytest.fixture
async def districts(board: Board) -> tuple[int, int]:
    east = await board.community.region(board.community.root, "district", "东榆区")
    west = await board.community.region(board.community.root, "district", "西柳区")
    return east, west


async def moved(board: Board, incident: str, east: int, west: int) -> Change:
    """As the command writes it, in a process of one's own or another."""
    root = board.community.root
    data = {"resident_id": 1, "name": "沈玉兰", "from_path": [root, east]}
    await board.owner.execute(
        "UPDATE incident SET version = 2, region_id = $2, region_path = $3, card = $4 WHERE id = $1",
        incident,
        west,
        [root, west],
        {"people": [{"name": "沈玉兰"}], "address": "西柳里1号楼"},
    )
    await board.owner.execute(
        "INSERT INTO timeline_entry (incident_id, number, at, kind, data) VALUES ($1, 2, $2, 'assigned', $3)",
        incident,
        board.clock.now(),
        data,
    )
    return await board.change(incident, board.entry(incident, 2, Assigned(**data)))


def last(link: KeptLink) -> dict[str, object]:
    incident: dict[str, object] = link.messages("incidents")[-1]["incidents"][-1]
    return incident


@pytest.mark.parametrize("own", [True, False])
async def test_g8_a_seat_that_may_see_it_no_more_keeps_nothing_that_rings(
    board: Board, districts: tuple[int, int], own: bool
):
    east, west = districts
    (_, at_east), (_, at_west) = board.seat(7, east), board.seat(8, west)
    incident = await board.incident(region=east)
    await board.sweep(INCIDENTS)
    await until(lambda: at_east.versions() == [(incident, 1)], "the incident in the east")
    change = await moved(board, incident, east, west)
    if own:
        board.hub.publish([change])
    else:
        await board.sweep(INCIDENTS)
    both = [(incident, 1), (incident, 2)]
    await until(lambda: at_east.versions() == both and at_west.versions(), "the move")
    assert last(at_east)["state"] == "closed"
    assert last(at_west)["state"] == "waiting"
    assert "沈玉兰".encode() not in b"".join(at_east.frames)
    assert "沈玉兰".encode() in b"".join(at_west.frames)
