"""What the exchange has recorded is sealed, has a row, and lies at the exchange no more; whatever happens in between, nothing is lost."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from callcenter.hotline.recordings.a_law import decoded
from callcenter.hotline.recordings.shelf import MARK
from callcenter.hotline.recordings.taking_in import MISSING_AFTER
from tests.support.recorded import (
    TRUNK,
    call_row,
    loudest_of,
    recorded,
    silence,
    tone,
    wave,
    written,
)

SECOND = timedelta(seconds=1)
HEAD = 58


async def rows(owner):
    return [dict(each) for each in await owner.fetch("SELECT * FROM recording ORDER BY id")]


def heard(shelf, row):
    with shelf.open(row["name"], row["file"]) as sound:
        return sound.read(0, sound.size)


async def test_a_call_that_was_closed_is_sealed_with_the_caller_left_and_the_centre_right(
    taking_in, spool, shelf, owner, community, clock
):
    call = await call_row(owner, community.street, clock.now())
    recorded(spool, clock.now(), seconds=3)
    assert await taking_in.run_once(clock.now()) == 0
    [row] = await rows(owner)
    assert (row["call_id"], row["region_id"], row["state"]) == (call, community.street, "kept")
    assert (row["seconds"], row["channels"], row["is_repaired"]) == (3.0, 2, False)
    assert row["recorded_at"] == clock.now() - 3 * SECOND
    sound = heard(shelf, row)
    assert (hashlib.sha256(sound).digest(), len(sound)) == (row["sha256"], row["size"])
    frames = sound[HEAD:]
    assert len(frames) == 2 * 3 * 8000
    assert (loudest_of(decoded(frames[::2])), loudest_of(decoded(frames[1::2]))) == (1000, 400)
    assert set(row["waveform"][:500]) == {128}
    assert set(row["waveform"][500:]) == {64}
    assert list(spool.iterdir()) == []
    assert b"RIFF" not in (shelf.folder / row["file"]).read_bytes()


async def test_whoever_was_rung_is_the_left_side_too(
    taking_in, spool, shelf, owner, community, clock
):
    """Before the trunk the exchange hears the centre, and says what the far end said."""
    call = await call_row(owner, community.street, clock.now(), "out-1", direction="out")
    await owner.execute(
        "INSERT INTO call_leg (id, call_id, role, called_at) VALUES ('other-1', $1, 'other', $2)",
        call,
        clock.now(),
    )
    recorded(spool, clock.now(), "other-1")
    await taking_in.run_once(clock.now())
    [row] = await rows(owner)
    assert row["call_id"] == call
    assert loudest_of(decoded(heard(shelf, row)[HEAD:][::2])) == 400


async def test_a_call_that_goes_on_is_left_alone_and_one_whose_exchange_was_killed_is_repaired(
    taking_in, spool, shelf, owner, community, clock
):
    call = await call_row(owner, community.street, clock.now(), ended=False)
    recorded(spool, clock.now(), said=0)
    await taking_in.run_once(clock.now() + 30 * SECOND)
    assert await rows(owner) == []
    await owner.execute(
        "UPDATE call SET state = 'ended', ended_at = $2 WHERE id = $1", call, clock.now()
    )
    await taking_in.run_once(clock.now() + 9 * SECOND)
    assert await rows(owner) == []
    await taking_in.run_once(clock.now() + 10 * SECOND)
    [row] = await rows(owner)
    assert (row["state"], row["is_repaired"], row["seconds"]) == ("repaired", True, 2.0)
    assert loudest_of(decoded(heard(shelf, row)[HEAD:][::2])) == 1000


async def test_one_without_a_call_waits_a_day_is_kept_and_finds_its_call_later(
    taking_in, spool, owner, community, clock
):
    recorded(spool, clock.now())
    await taking_in.run_once(clock.now() + timedelta(hours=23))
    assert await rows(owner) == []
    await taking_in.run_once(clock.now() + timedelta(hours=24))
    [row] = await rows(owner)
    assert (row["call_id"], row["region_id"], row["state"]) == (None, community.root, "kept")
    call = await call_row(owner, community.street, clock.now())
    await taking_in.run_once(clock.now() + timedelta(hours=25))
    [row] = await rows(owner)
    assert (row["call_id"], row["region_id"]) == (call, community.street)


async def test_one_ring_and_gone_says_that_nothing_was_said(
    taking_in, spool, owner, community, clock
):
    await call_row(owner, community.street, clock.now(), kind="red")
    for part in ("", "-rx", "-tx"):
        written(spool, TRUNK + part, clock.now(), wave(silence(0)))
    await taking_in.run_once(clock.now() + 10 * SECOND)
    [row] = await rows(owner)
    assert (row["state"], row["reason"], row["file"]) == ("missing", "no_sound", None)
    assert list(spool.iterdir()) == []


async def test_a_call_whose_files_were_never_written_is_called_missing_and_taken_when_they_come(
    taking_in, spool, owner, community, clock
):
    call = await call_row(owner, community.street, clock.now())
    later = clock.now() + MISSING_AFTER
    await taking_in.run_once(later - SECOND)
    assert await rows(owner) == []
    await taking_in.run_once(later + timedelta(minutes=1))
    [row] = await rows(owner)
    assert (row["call_id"], row["state"], row["reason"]) == (call, "missing", "no_file")
    recorded(spool, clock.now())
    await taking_in.run_once(later + timedelta(minutes=2))
    [row] = await rows(owner)
    assert (row["state"], row["reason"]) == ("kept", "")


async def test_what_is_no_recording_stays_where_it_is_and_others_go_on(
    taking_in, spool, owner, community, clock
):
    await call_row(owner, community.street, clock.now(), "trial-1.1")
    await call_row(owner, community.street, clock.now())
    garbage = written(spool, "trial-1.1", clock.now() - SECOND, b"RIFF of nothing at all")
    stranger = written(spool, "..notes and ; more", clock.now(), b"")
    recorded(spool, clock.now())
    for _ in range(2):
        await taking_in.run_once(clock.now() + timedelta(minutes=1))
    assert [(r["name"], r["state"], r["reason"]) for r in await rows(owner)] == [
        ("trial-1.1", "missing", "unreadable"),
        (TRUNK, "kept", ""),
    ]
    assert set(spool.iterdir()) == {garbage, stranger}


async def test_a_side_that_was_lost_leaves_what_was_mixed_of_both(
    taking_in, spool, owner, community, clock
):
    await call_row(owner, community.street, clock.now())
    _, _, spoken = recorded(spool, clock.now(), seconds=2)
    spoken.unlink()
    await taking_in.run_once(clock.now())
    [row] = await rows(owner)
    assert (row["channels"], row["seconds"], len(row["waveform"])) == (1, 2.0, 500)


async def test_where_it_is_cut_off_after_the_row_the_rest_goes_the_next_time(
    taking_in, spool, owner, community, clock
):
    await call_row(owner, community.street, clock.now())
    recorded(spool, clock.now())
    await taking_in.run_once(clock.now())
    before = await rows(owner)
    recorded(spool, clock.now())  # as they lay before they went
    await taking_in.run_once(clock.now())
    assert await rows(owner) == before
    assert list(spool.iterdir()) == []


async def test_without_room_or_a_folder_all_of_it_waits_at_the_exchange(
    taking_in, spool, shelf, owner, community, clock, database
):
    await call_row(owner, community.street, clock.now())
    files = recorded(spool, clock.now())
    full = type(taking_in)(
        database, taking_in._exchange, type(shelf)(shelf.folder, shelf.seal, shelf.reserve, 1 << 60)
    )
    await full.run_once(clock.now())
    await full.connections.close()
    assert await rows(owner) == []
    assert all(each.exists() for each in files)
    await taking_in.run_once(clock.now())
    [row] = await rows(owner)
    assert row["state"] == "kept"


async def test_a_folder_that_is_not_mounted_is_no_empty_one(
    taking_in, spool, shelf, owner, community, clock
):
    await call_row(owner, community.street, clock.now())
    recorded(spool, clock.now())
    await taking_in.run_once(clock.now())
    (shelf.folder / MARK).rename(shelf.folder / "elsewhere")
    await call_row(owner, community.street, clock.now(), "trial-1.2")
    files = recorded(spool, clock.now(), "trial-1.2")
    await taking_in.run_once(clock.now())
    assert len(await rows(owner)) == 1
    assert all(each.exists() for each in files)
    (shelf.folder / "elsewhere").rename(shelf.folder / MARK)
    await taking_in.run_once(clock.now())
    assert len(await rows(owner)) == 2


async def test_an_exchange_whose_folder_is_away_says_so_and_calls_nothing_missing(
    taking_in, spool, owner, community, clock
):
    await call_row(owner, community.street, clock.now())
    spool.rmdir()
    await taking_in.run_once(clock.now() + timedelta(hours=1))
    assert await rows(owner) == []


async def test_ten_minutes_are_taken_in_whole(taking_in, spool, shelf, owner, community, clock):
    await call_row(owner, community.street, clock.now())
    seconds = 600
    far, near = tone(1000, seconds), tone(400, seconds, 0.25)
    written(spool, f"{TRUNK}-rx", clock.now(), wave(far))
    written(spool, f"{TRUNK}-tx", clock.now(), wave(near))
    written(spool, TRUNK, clock.now(), wave(far))
    await taking_in.run_once(clock.now())
    [row] = await rows(owner)
    assert (row["seconds"], row["channels"], row["size"]) == (600.0, 2, HEAD + 600 * 8000 * 2)
    with shelf.open(row["name"], row["file"]) as sound:
        last = sound.read(sound.size - 16_000, 16_000)
    assert (loudest_of(decoded(last[::2])), loudest_of(decoded(last[1::2]))) == (1000, 400)
