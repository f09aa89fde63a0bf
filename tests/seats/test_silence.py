"""Homes whose devices have missed their life signs."""

from __future__ import annotations

from datetime import timedelta

from tests.seats.conftest import Board


async def test_g8_a_home_falls_silent_and_is_heard_of_again_at_the_seats_that_see_it(board: Board):
    east = await board.community.region(board.community.root, "district", "东榆区")
    (_, at_root), (_, at_east) = board.seat(7), board.seat(8, east)
    home = await board.community.home()
    await board.community.source()
    device = await board.community.device("1234", home)
    await board.owner.execute("UPDATE device SET heartbeat_s = 60 WHERE id = $1", device)
    now = board.clock.now()
    await board.owner.execute(
        "INSERT INTO device_last_seen (device_id, seen_at) VALUES ($1, $2)", device, now
    )
    silent = board.seats.silent
    await silent.run_once(now)
    assert at_root.frames == []
    for _ in range(2):
        await silent.run_once(now + timedelta(seconds=181))
    assert [m["home_ids"] for m in at_root.messages("silent_homes")] == [[home]]
    assert [m["home_ids"] for m in at_east.messages("silent_homes")] == [[]]
    assert silent.seen_by(frozenset({east})) == []
    await silent.run_once(now)
    assert [m["home_ids"] for m in at_root.messages("silent_homes")] == [[home], []]
