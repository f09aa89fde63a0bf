"""What the watchdog remembers: whole, or as if there were nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from callcenter.liveness.circle import Leg
from callcenter.watchdog.alarming import Event, Notice, Standing, Trouble, WayState
from callcenter.watchdog.state_file import load_standing, save_standing

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
FULL = Standing(
    (WayState(True, NOON, Notice(Event.AGAIN, NOON, NOON, Leg.TEXT, "x"), 3, NOON), WayState()),
    Trouble(NOON, 4, Leg.TEXT, "x"),
    raised=True,
    closed_at=NOON,
)


def test_what_was_written_is_read(tmp_path: Path):
    save_standing(tmp_path / "state.json", FULL)
    assert load_standing(tmp_path / "state.json", 2) == FULL
    assert (tmp_path / "state.json").stat().st_mode & 0o077 == 0


def test_without_a_file_nothing_was_told(tmp_path: Path):
    assert load_standing(tmp_path / "state.json", 2) == Standing((WayState(), WayState()))


def test_a_torn_file_is_as_none(tmp_path: Path):
    path = tmp_path / "state.json"
    save_standing(path, FULL)
    path.write_bytes(path.read_bytes()[:40])
    assert load_standing(path, 1) == Standing((WayState(),))
