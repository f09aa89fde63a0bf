"""What phones were told beside what stands at the centre."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from callcenter.core.ids import new_id
from callcenter.demo.field.counting import Command, balance, written_of

BEGAN = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
TASK = new_id()
LI = 7


def command(name: str, answer: str | None = "done", sent: int = 1) -> Command:
    return Command(name, TASK, LI, sent, answer)


def step(kind: str, by: str = "phone", minute: int = 1, staff: int = LI) -> dict[str, Any]:
    at = BEGAN.replace(minute=minute).isoformat()
    return {"kind": kind, "by": by, "at": at, "staff_id": staff}


def counted(commands: list[Command], steps: list[dict[str, Any]]) -> tuple[int, int, int]:
    """Without an answer, missing, too many."""
    found = balance(
        {str(n): each for n, each in enumerate(commands)},
        written_of(TASK, steps, BEGAN),
        frozenset({LI}),
    )
    assert found.holds == ((found.unanswered, found.missing, found.twice) == (0, 0, 0))
    return found.unanswered, found.missing, found.twice


def test_each_command_with_its_step() -> None:
    done = [command("accept"), command("set_out", sent=3), command("arrive"), command("depart")]
    steps = [step("accepted"), step("set_out"), step("arrived"), step("done")]
    assert counted(done, steps) == (0, 0, 0)


@pytest.mark.parametrize(
    ("commands", "steps", "found"),
    [
        ([command("arrive", answer=None)], [], (1, 0, 0)),
        ([command("arrive")], [], (0, 1, 0)),
        ([command("arrive", sent=2)], [step("arrived"), step("arrived")], (0, 0, 1)),
        ([command("accept", answer="otherwise")], [], (0, 0, 0)),
        ([command("accept", answer="otherwise")], [step("accepted")], (0, 0, 1)),
        ([], [step("arrived", by="sms"), step("arrived", staff=8)], (0, 0, 0)),
        ([Command("on_duty", None, LI, 1, "done")], [], (0, 0, 0)),
    ],
    ids=["dropped", "silently lost", "twice", "refused", "refused and done", "others", "duty"],
)
def test_what_does_not_fit(
    commands: list[Command], steps: list[dict[str, Any]], found: tuple[int, int, int]
) -> None:
    assert counted(commands, steps) == found


def test_what_was_there_before_does_not_count() -> None:
    before = BEGAN.replace(hour=8).isoformat()
    assert counted([], [step("accepted") | {"at": before}]) == (0, 0, 0)


def test_the_line_says_it() -> None:
    found = balance({"1": command("arrive", sent=2)}, written_of(TASK, [], BEGAN), frozenset({LI}))
    assert found.line() == (
        "balance       1 commands, 1 of them sent again: 0 without an answer; 0 steps of theirs: 1 missing, 0 too many"
    )
