"""Room for alarms: when it is given up, when it is made again, and who is refused meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from callcenter.core.errors import NoRoom
from callcenter.core.reserve import MIB, PIECE, ROOM_BESIDE, Reserve, kept

SIZE = 64 * MIB


@pytest.mark.parametrize(
    ("held", "free", "expected"),
    [
        (SIZE, PIECE, SIZE),
        (SIZE, PIECE - 1, SIZE - PIECE),
        (SIZE - PIECE, PIECE, SIZE - PIECE),
        (SIZE - PIECE, 0, SIZE - 2 * PIECE),
        (MIB, 0, 0),
        (0, 0, 0),
        (0, SIZE + ROOM_BESIDE - 1, 0),
        (0, SIZE + ROOM_BESIDE, SIZE),
        (SIZE - PIECE, PIECE + ROOM_BESIDE, SIZE),
        (SIZE + 1, 10 * SIZE, SIZE),
    ],
)
def test_it_is_given_up_late_in_pieces_and_made_again_with_room_to_spare(
    held: int, free: int, expected: int
):
    assert kept(size=SIZE, held=held, free=free) == expected


def test_a_site_without_one_gives_up_what_is_left_of_it():
    assert kept(size=0, held=0, free=100 * SIZE) == 0
    assert kept(size=0, held=SIZE, free=100 * SIZE) == 0


def test_its_room_is_really_taken_and_who_writes_much_may(tmp_path: Path):
    reserve = Reserve(tmp_path, MIB)
    reserve.look()
    [file] = tmp_path.iterdir()
    assert file.stat().st_blocks * 512 >= MIB
    assert file.stat().st_mode & 0o777 == 0o600
    assert reserve.is_whole
    reserve.require()


def test_who_writes_much_is_refused_while_it_is_gone_and_the_log_says_so(tmp_path: Path):
    never = Reserve(tmp_path, 2**60)
    with capture_logs() as told:
        never.look()
        never.look()
    assert [line["event"] for line in told] == ["disk_reserve_in_use"]
    assert not never.is_whole
    with pytest.raises(NoRoom):
        never.require()


def test_it_is_said_when_it_is_whole_again(tmp_path: Path):
    reserve = Reserve(tmp_path, MIB)
    reserve.look()
    with capture_logs() as told:
        (tmp_path / "reserve").unlink()
        (tmp_path / "reserve").mkdir()  # nothing can be kept in its place
        reserve.look()
        (tmp_path / "reserve").rmdir()
        reserve.look()
    assert [line["event"] for line in told] == ["disk_reserve_in_use", "disk_reserve_whole"]


def test_a_changed_size_is_taken_on(tmp_path: Path):
    for size in (MIB, 3 * MIB, 2 * MIB, 0):
        Reserve(tmp_path, size).look()
        assert (tmp_path / "reserve").stat().st_size == size


@pytest.mark.parametrize("elsewhere", [Reserve(None, MIB), Reserve(None, 0)])
def test_of_a_database_elsewhere_nothing_is_known(elsewhere: Reserve):
    elsewhere.look()
    assert elsewhere.is_whole
    elsewhere.require()
