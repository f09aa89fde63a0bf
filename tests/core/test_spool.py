"""What was appended is there after whatever happens to the process, until it is let go; and no sync says more than the disk did."""

from __future__ import annotations

import asyncio
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from callcenter.core.sealed import Seal
from callcenter.core.spool import Segment, Spool

SEAL = Seal({1: bytes(32)}, 1, bytes(32))
OTHER_KEY = Seal({2: bytes(range(32))}, 2, bytes(32))
SMALL = 512
"""Bytes of a segment: some six short records."""


def spool(folder: Path, seal: Seal = SEAL, most: int = 8) -> Spool:
    return Spool(folder, seal, segment_bytes=SMALL, most_segments=most)


def files(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def left(folder: Path, seal: Seal = SEAL) -> list[bytes]:
    """What the next process finds."""
    return [body for _, body in spool(folder, seal).left()]


# ---- appended, and let go


def test_what_nobody_has_let_go_is_found_by_the_next_process_in_its_order(tmp_path: Path):
    mine = spool(tmp_path)
    written = [f"signal {n}".encode() for n in range(40)]
    for body in written:
        mine.append(body)
    assert mine.held == 40
    assert len(files(tmp_path)) > 3
    mine.close()
    assert left(tmp_path) == written


def test_the_room_of_a_segment_is_taken_when_it_is_made_and_nobody_else_reads_it(tmp_path: Path):
    mine = spool(tmp_path / "below")
    path = mine.append(b"who lives there").path
    assert path.stat().st_size == SMALL
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert b"who lives there" not in path.read_bytes()
    mine.close()


def test_while_all_is_let_go_one_segment_is_used_again_and_again(tmp_path: Path):
    mine = spool(tmp_path)
    for n in range(100):
        mine.release(mine.append(f"signal {n}".encode()))
    assert (mine.held, files(tmp_path)) == (0, ["00000001.spool"])
    mine.append(b"the last")
    mine.close()
    assert left(tmp_path) == [b"the last"]


def test_a_full_segment_goes_with_its_last_record(tmp_path: Path):
    mine = spool(tmp_path)
    segments = [mine.append(f"signal {n}".encode()) for n in range(12)]
    first = [segment for segment in segments if segment is segments[0]]
    for segment in first:
        assert segments[0].path.exists()
        mine.release(segment)
    assert not segments[0].path.exists()
    assert mine.held == 12 - len(first)
    mine.close()


def test_a_process_that_ends_well_leaves_nothing_of_what_was_let_go(tmp_path: Path):
    mine = spool(tmp_path)
    mine.release(mine.append(b"written"))
    mine.close()
    assert files(tmp_path) == []


def test_a_record_larger_than_a_segment_has_one_of_its_own(tmp_path: Path):
    mine = spool(tmp_path)
    large = bytes(3 * SMALL)
    for body in (b"before", large, b"after"):
        mine.append(body)
    mine.close()
    assert left(tmp_path) == [b"before", large, b"after"]


@given(st.lists(st.tuples(st.integers(1, 200), st.integers(0, 9)), max_size=30))
def test_whatever_is_let_go_when_what_is_held_is_found(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, int]]
):
    """And of what was let go at most what stood in a segment beside something that is held."""
    folder = tmp_path_factory.mktemp("spool")
    mine = spool(folder, most=64)
    held: list[tuple[Segment, bytes]] = []
    for n, (size, lets_go) in enumerate(steps):
        body = f"{n:04}".encode() + b"." * size
        held.append((mine.append(body), body))
        if lets_go < len(held):
            mine.release(held.pop(lets_go)[0])
    found = left(folder)
    assert [body for body in found if body in {one for _, one in held}] == [b for _, b in held]
    assert found == sorted(found)
    assert mine.held == len(held)
    mine.close()


# ---- of an earlier process


def test_what_an_earlier_process_has_left_is_let_go_by_this_one_and_not_written_over(
    tmp_path: Path,
):
    earlier = spool(tmp_path)
    earlier.append(b"first")
    earlier.append(b"second")
    now = spool(tmp_path)
    found = list(now.left())
    now.append(b"third")
    assert left(tmp_path) == [b"first", b"second", b"third"]
    for segment, _ in found:
        now.release(segment)
    assert left(tmp_path) == [b"third"]
    earlier.close()
    now.close()


def test_a_torn_end_costs_only_the_record_that_is_torn(tmp_path: Path):
    mine = spool(tmp_path)
    segment = mine.append(b"whole")
    at = segment.at
    mine.append(b"torn by a power cut")
    with segment.path.open("r+b") as file:
        file.seek(at + 20)
        file.write(bytes(8))
    assert left(tmp_path) == [b"whole"]
    mine.close()


def test_what_is_sealed_with_a_key_that_is_not_here_stays_until_it_is(tmp_path: Path):
    before = spool(tmp_path, OTHER_KEY)
    before.append(b"an alarm")
    now = spool(tmp_path)
    assert list(now.left()) == []
    now.release(now.append(b"another"))
    now.close()
    both = Seal({1: bytes(32), 2: bytes(range(32))}, 2, bytes(32))
    assert left(tmp_path, both) == [b"an alarm"]
    before.close()


def test_a_file_that_the_disk_does_not_give_stays_and_is_not_written_over(tmp_path: Path):
    (tmp_path / "00000001.spool").mkdir()  # reading it fails, as of a broken disk
    now = spool(tmp_path)
    assert list(now.left()) == []
    assert now.append(b"an alarm").path.name == "00000002.spool"
    now.close()
    assert files(tmp_path) == ["00000001.spool", "00000002.spool"]


def test_what_somebody_has_put_beside_is_no_segment(tmp_path: Path):
    earlier = spool(tmp_path)
    earlier.append(b"an alarm")
    (tmp_path / "copy.spool").write_bytes((tmp_path / "00000001.spool").read_bytes())
    now = spool(tmp_path)
    assert [body for _, body in now.left()] == [b"an alarm"]
    now.append(b"another")
    assert (tmp_path / "copy.spool").exists()
    earlier.close()
    now.close()


def test_what_nobody_can_read_is_set_aside_once_the_others_are_let_go(tmp_path: Path):
    for _ in range(2):  # the second file has the same number as the first had
        earlier = spool(tmp_path)
        earlier.append(b"of another release")
        earlier.append(b"an alarm")
        now = spool(tmp_path)
        (unread, _), (alarm, _) = now.left()
        now.set_aside(unread)
        assert left(tmp_path) == [b"of another release", b"an alarm"]
        now.release(alarm)
        assert left(tmp_path) == []
        earlier.close()
        now.close()
    assert files(tmp_path) == ["00000001-1.kept", "00000001-2.kept"]


# ---- the disk takes nothing


def test_where_the_folder_cannot_be_made_the_append_says_so(tmp_path: Path):
    (tmp_path / "spool").write_text("in the way")
    mine = spool(tmp_path / "spool")
    assert list(mine.left()) == []
    with pytest.raises(OSError, match="spool"):
        mine.append(b"an alarm")


def test_when_its_room_is_used_up_it_takes_nothing_until_something_is_let_go(tmp_path: Path):
    mine = spool(tmp_path, most=2)
    held = []
    with pytest.raises(OSError, match="2 segments"):
        for n in range(100):
            held.append(mine.append(f"signal {n}".encode()))
    first = [segment for segment in held if segment is held[0]]
    for segment in first:
        mine.release(segment)
    assert mine.append(b"again").path.exists()
    mine.close()


def test_a_segment_that_finds_no_room_on_the_disk_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The kernel refuses in its name: a disk that is full cannot be had here."""

    def is_full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    mine = spool(tmp_path)
    with monkeypatch.context() as full:
        full.setattr(os, "posix_fallocate", is_full)
        with pytest.raises(OSError, match="No space"):
            mine.append(b"an alarm")
        assert files(tmp_path) == []
    mine.append(b"an alarm")
    mine.close()
    assert left(tmp_path) == [b"an alarm"]


# ---- on the disk


class Disk:
    """Stands for the kernel's `fdatasync`, which no test can make fail or wait otherwise."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.synced = 0
        self.fails = False
        self.goes_on = asyncio.Event()
        self.goes_on.set()
        self.begun = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        monkeypatch.setattr(os, "fdatasync", self._fdatasync)

    def _fdatasync(self, _handle: int) -> None:
        self._loop.call_soon_threadsafe(self.begun.set)
        asyncio.run_coroutine_threadsafe(self.goes_on.wait(), self._loop).result()
        if self.fails:
            raise OSError(5, "Input/output error")
        self.synced += 1


@pytest.fixture
async def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


async def test_many_who_ask_share_a_sync_and_what_is_safe_needs_none(tmp_path: Path, disk: Disk):
    mine = spool(tmp_path)
    mine.append(b"first")
    mine.append(b"second")
    await asyncio.gather(*(mine.sync() for _ in range(5)))
    await mine.sync()
    assert disk.synced == 1
    mine.append(b"third")
    await mine.sync()
    assert disk.synced == 2
    mine.close()


async def test_what_comes_during_a_sync_waits_for_the_next(tmp_path: Path, disk: Disk):
    mine = spool(tmp_path)
    mine.append(b"first")
    disk.goes_on.clear()
    first = asyncio.create_task(mine.sync())
    await disk.begun.wait()
    mine.append(b"second")
    second = asyncio.create_task(mine.sync())
    disk.goes_on.set()
    await asyncio.gather(first, second)
    assert disk.synced == 2
    mine.close()


async def test_a_sync_whose_asker_is_gone_goes_on_for_the_others(tmp_path: Path, disk: Disk):
    mine = spool(tmp_path)
    mine.append(b"an alarm")
    disk.goes_on.clear()
    gone = asyncio.create_task(mine.sync())
    await disk.begun.wait()
    stays = asyncio.create_task(mine.sync())
    gone.cancel()
    await asyncio.wait([gone])
    assert not stays.done()
    assert disk.synced == 0
    disk.goes_on.set()
    await stays
    assert disk.synced == 1
    mine.close()


async def test_what_the_disk_has_refused_is_never_called_safe(tmp_path: Path, disk: Disk):
    """The kernel reports it once, and a second sync of the same file succeeds without having written anything."""
    mine = spool(tmp_path)
    refused = mine.append(b"an alarm")
    disk.fails = True
    with pytest.raises(OSError, match="Input/output"):
        await mine.sync()
    disk.fails = False
    other = mine.append(b"another")
    await mine.sync()
    assert (refused.failed, other.failed) == (True, False)
    assert refused.path != other.path
    mine.release(refused)
    assert files(tmp_path) == [other.path.name]
    mine.close()


async def test_of_two_who_share_a_sync_that_fails_neither_is_safe(tmp_path: Path, disk: Disk):
    mine = spool(tmp_path)
    segments = [mine.append(b"first"), mine.append(b"second")]
    disk.fails = True
    answers = await asyncio.gather(mine.sync(), mine.sync(), return_exceptions=True)
    assert isinstance(answers[0], OSError)
    assert all(segment.failed for segment in segments)
    mine.close()


async def test_a_segment_let_go_during_its_sync_is_closed_after_it(tmp_path: Path, disk: Disk):
    mine = spool(tmp_path)
    first = mine.append(b"x" * 300)
    disk.goes_on.clear()
    syncing = asyncio.create_task(mine.sync())
    await disk.begun.wait()
    mine.append(b"y" * 300)  # in another segment
    mine.release(first)
    assert (first.path.exists(), first.handle is None) == (False, False)
    disk.goes_on.set()
    await syncing
    assert first.handle is None
    mine.close()


def test_what_comes_after_another_was_begun_lies_apart_and_what_was_before_goes_when_it_is_let_go(
    tmp_path: Path,
):
    made = spool(tmp_path)
    before = made.append(b"before")
    made.begin_another()
    after = made.append(b"after")
    assert len(files(tmp_path)) == 2
    made.release(before)
    assert left(tmp_path) == [b"after"]
    made.release(after)
    made.begin_another()
    assert files(tmp_path) == []
