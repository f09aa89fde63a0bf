"""When a waiting alarm is late: told to the seats as soon as a policy says otherwise."""

from __future__ import annotations

from dataclasses import replace

from callcenter.regions.policies import STANDARD, stored_policies
from callcenter.seats.ageing import STANDARD_LIMITS
from tests.seats.conftest import Board


def test_the_standard_says_something_of_every_priority():
    assert STANDARD_LIMITS == {
        "0": {"warning_s": 60, "critical_s": 180},
        "1": {"warning_s": 15, "critical_s": 30},
        "2": {"warning_s": 30, "critical_s": 60},
    }


async def test_a_changed_policy_reaches_the_seats_once(board: Board):
    _, line = board.seat(7)
    ageing, now = board.seats.ageing, board.clock.now()
    await ageing.run_once(now)
    assert line.frames == []
    slow = stored_policies({1: replace(STANDARD, warning_s=60, critical_s=120)})
    await board.owner.execute(
        "UPDATE region SET escalation = $1 WHERE id = $2", slow, board.community.root
    )
    for _ in range(2):
        await ageing.run_once(now)
    said = {str(board.community.root): {"1": {"warning_s": 60, "critical_s": 120}}}
    assert [m["ages"]["regions"] for m in line.messages("ages")] == [said]
    assert ageing.shown()["regions"] == said
