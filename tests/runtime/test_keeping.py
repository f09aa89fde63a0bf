"""When the parent gives a child up, and when it starts it again."""

from __future__ import annotations

import pytest

from callcenter.runtime.keeping import (
    SILENT_S,
    STARTING_S,
    Verdict,
    Vital,
    cannot_start,
    pause_before_start,
    verdict,
)

MIB = 1024 * 1024


def child(beat_at: float | None = 100.0, memory: int = 100, limit: int | None = 2048) -> Vital:
    return Vital(50.0, beat_at, memory * MIB, limit and limit * MIB)


@pytest.mark.parametrize(
    ("vital", "now", "gap", "expected"),
    [
        (child(), 100.5, 0.3, Verdict.KEEP),
        (child(), 100 + SILENT_S, 0.3, Verdict.KEEP),
        (child(), 100.1 + SILENT_S, 0.3, Verdict.SILENT),
        (child(beat_at=None), 50 + STARTING_S, 0.3, Verdict.KEEP),
        (child(beat_at=None), 50.1 + STARTING_S, 0.3, Verdict.SILENT),
        (child(memory=2049), 100.5, 0.3, Verdict.TOO_LARGE),
        (child(memory=9_000, limit=None), 100.5, 0.3, Verdict.KEEP),
    ],
)
def test_a_child_is_kept_while_it_beats_and_stays_within_its_memory(vital, now, gap, expected):
    assert verdict(vital, now, parent_gap_s=gap) is expected


def test_a_parent_that_stood_still_itself_blames_nobody():
    """A suspended machine: nobody could beat, and nobody could read a beat."""
    assert verdict(child(), 5_000.0, parent_gap_s=4_900.0) is Verdict.KEEP


def test_one_that_had_served_comes_back_at_once_and_a_useless_one_ever_later_up_to_two_seconds():
    pauses = [pause_before_start(failures) for failures in range(8)]
    assert pauses[0] == 0.0
    assert pauses[1:] == sorted(pauses[1:])
    assert (pauses[1], pauses[-1]) == (0.1, 2.0)


@pytest.mark.parametrize(
    ("code", "has_served", "any_has_served", "ends_the_server"),
    [
        (70, False, False, True),
        (70, False, True, False),
        (78, False, True, True),
        (78, True, True, False),
        (137, False, True, False),
        (137, True, True, False),
    ],
)
def test_what_ends_the_server(
    code: int, has_served: bool, any_has_served: bool, ends_the_server: bool
):
    ended = cannot_start(code, has_served=has_served, any_has_served=any_has_served)
    assert ended is ends_the_server
