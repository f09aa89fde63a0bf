"""A declaration is all that a further table needs: homes are declared here, and go to the seats like what is there."""

from __future__ import annotations

from callcenter.auth.permissions import Action
from callcenter.seats.board import Layout, Shown, encode
from callcenter.seats.feeds import Feed, Row
from callcenter.seats.sweep import Sweep, read_rows
from tests.seats.conftest import Board


def shown(row: Row, _entries: object) -> Shown:
    return Shown(
        row["id"], row["version"], row["path"], encode({"id": row["id"], "door": row["door"]})
    )


HOMES = Feed(
    layout=Layout("homes", rows="homes"),
    table="home AS h",
    key={"id": "bigint"},
    version="h.version",
    columns="h.id, h.version, h.door, region.path",
    joined="JOIN region ON region.id = h.region_id",
    path="region.path",
    only="h.address <> 'draft'",
    on_board="h.address <> 'draft' AND h.door <> 'closed'",
    order="h.door DESC",
    audience=Action.SEE_PROFILES,
    show=shown,
)


async def home(board: Board, region: int, door: str, address: str = "榆荫里7号楼") -> int:
    made = await board.community.home(region=region, address=address)
    await board.owner.execute("UPDATE home SET door = $2 WHERE id = $1", made, door)
    return made


async def east(board: Board) -> int:
    return await board.community.region(board.community.root, "district", "东榆区")


async def test_g8_a_sweep_pushes_what_has_changed_to_those_who_may_see_it(board: Board):
    district = await east(board)
    (_, at_root), (_, at_east) = board.seat(7, board.community.root), board.seat(8, district)
    sweep = Sweep(HOMES, board.hub, board.database, board.clock, interval_s=2.0)
    await sweep.run_once(board.clock.now())
    there = await home(board, board.community.root, "1")
    here = [await home(board, district, door) for door in ("2", "3")]
    await home(board, district, "4", "draft")
    for _ in range(2):
        await sweep.run_once(board.clock.now())
    [message] = at_root.messages("homes")
    assert [row["id"] for row in message["homes"]] == [there, *here]
    [message] = at_east.messages("homes")
    assert [row["id"] for row in message["homes"]] == here
    await sweep.connections.close()


async def test_what_is_on_the_board_of_a_region_is_read_in_its_order(board: Board):
    district = await east(board)
    homes = {door: await home(board, district, door) for door in ("1", "3", "2", "closed")}
    await home(board, board.community.root, "4")
    connection = await board.database.connect("reader")
    keys = [tuple(row) for row in await connection.fetch(HOMES.snapshot, [district])]
    assert keys == [(homes[door],) for door in ("3", "2", "1")]
    assert [row.key for row in await read_rows(connection, HOMES, keys)] == [key for (key,) in keys]
    assert await connection.fetch(HOMES.snapshot, [district + 1]) == []
    await connection.close()
