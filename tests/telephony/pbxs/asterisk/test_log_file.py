"""The exchange's log is read on wherever it lies: it grows, is moved aside, begun anew, cut off, or is not there."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from callcenter.telephony.own_log import Logged, Place, follow
from callcenter.telephony.pbxs.asterisk import log_file
from callcenter.telephony.pbxs.asterisk.log_file import LogFile


def lines(first: int, last: int) -> bytes:
    """Whole calls."""
    made = []
    for nth in range(first, last):
        own = f'"pbx-{nth}","pbx-{nth}","139{nth:08}","95009","from-outside"'
        made += [
            f'"CHAN_START","{nth}.25",{own},""\n',
            f'"HANGUP","{nth}.75",{own},"{{""hangupcause"":16}}"\n',
        ]
    return "".join(made).encode()


class Reader:
    """Reads on, and has what it has read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.place = Place()
        self.calls: dict[str, Logged] = {}
        self.portions = 0

    def reads(self) -> Sequence[str]:
        more = True
        while more:
            portion = LogFile(self.path).read_on(self.place)
            self.place, more = portion.place, portion.more
            self.calls = dict(follow(self.calls, portion.calls))
            self.portions += 1
        return list(self.calls)


def names(*numbers: int) -> list[str]:
    return [f"pbx-{nth}" for nth in numbers]


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path / "calls.csv")


def test_no_folder_no_file_and_an_empty_one_hold_no_calls(tmp_path: Path, reader: Reader):
    assert Reader(tmp_path / "nowhere" / "calls.csv").reads() == []
    assert reader.reads() == []
    reader.path.touch()
    assert reader.reads() == []


def test_half_a_line_waits_for_its_other_half(reader: Reader):
    whole = lines(0, 3)
    reader.path.write_bytes(whole[:-30])
    assert reader.reads() == names(0, 1, 2)
    assert reader.calls["pbx-2"].ended_at is None
    with reader.path.open("ab") as file:
        file.write(whole[-30:])
    assert reader.reads() == names(0, 1, 2)
    assert reader.calls["pbx-2"].cause == 16


def test_what_was_moved_aside_is_read_to_its_end_first(reader: Reader):
    reader.path.write_bytes(lines(0, 2))
    reader.reads()
    with reader.path.open("ab") as file:
        file.write(lines(2, 4))
    reader.path.rename(reader.path.with_name("calls.csv.1"))
    reader.path.write_bytes(lines(4, 6))
    reader.reads()
    assert reader.reads() == names(0, 1, 2, 3, 4, 5)


def test_a_file_that_was_cut_off_or_has_got_the_number_of_another_is_read_anew(reader: Reader):
    reader.path.write_bytes(lines(0, 50))
    reader.reads()
    os.truncate(reader.path, 0)
    with reader.path.open("ab") as file:
        file.write(lines(50, 52))
    assert reader.reads()[-2:] == names(50, 51)
    with reader.path.open("r+b") as file:
        file.truncate(0)
        file.write(lines(60, 160))  # longer than before: only the bytes before the place tell
    assert reader.reads()[-1] == "pbx-159"
    assert "pbx-60" in reader.calls


def test_a_hundred_thousand_lines_pass_in_portions(reader: Reader):
    reader.path.write_bytes(lines(0, 50_000))
    assert len(reader.reads()) == 50_000
    assert reader.portions > 5
    assert all(each.cause == 16 for each in reader.calls.values())


def test_a_line_without_end_is_passed_over(reader: Reader, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(log_file, "PORTION", 1_000)
    reader.path.write_bytes(b"x" * 3_500 + b"\n" + lines(1, 3) + "\0\xff".encode("latin-1"))
    assert reader.reads() == names(1, 2)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 2_000), max_size=8), st.integers(0, 12))
def test_where_it_is_read_and_moved_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int], moved_at: int
):
    """Written bit by bit, read after each, and moved aside once."""
    reader = Reader(tmp_path_factory.mktemp("log") / "calls.csv")
    raw, done = lines(0, 12), 0
    border = len(lines(0, moved_at))
    for until in sorted({*(min(cut, len(raw)) for cut in cuts), border, len(raw)}):
        with reader.path.open("ab") as file:
            file.write(raw[done:until])
        done = until
        if until == border:
            if not reader.place.inode:
                reader.reads()  # what was moved away before the first look nobody looks for
            reader.path.rename(reader.path.with_name("calls.csv.1"))
        reader.reads()
    reader.reads()
    assert sorted(reader.calls) == sorted(names(*range(12)))
    assert all(each.ended_at is not None for each in reader.calls.values())
