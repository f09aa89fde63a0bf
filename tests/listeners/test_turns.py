"""Whose bytes are read next: told by steps of a clock that only reading moves on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from callcenter.listeners.bounds import USUAL
from callcenter.listeners.turns import ROUND_S, STEP_S, Turns


@dataclass
class Desk:
    """A loop of which each turn is called by hand."""

    now: float = 100.0
    others_s: float = 0.0
    """What the rest of the process takes before each turn."""
    soon: list[Callable[[], None]] = field(default_factory=list)
    later: list[tuple[float, Callable[[], None]]] = field(default_factory=list)
    read: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.turns = Turns(self, lambda: self.now)

    def call_soon(self, callback: Callable[[], None]) -> None:
        self.soon.append(callback)

    def call_later(self, delay: float, callback: Callable[[], None]) -> None:
        self.later.append((self.now + delay, callback))

    def turn(self) -> None:
        """What is due now; time goes on when nothing is."""
        if not self.soon and self.later:
            self.now = max(self.now, self.later[0][0])
        self.now += self.others_s
        work = [*self.soon, *(callback for at, callback in self.later if at <= self.now)]
        self.soon.clear()
        self.later = [each for each in self.later if each[0] > self.now]
        for each in work:
            each()

    @property
    def is_busy(self) -> bool:
        return bool(self.soon or self.later)

    def line(self, name: str, steps: int, peer: str | None = None) -> Line:
        line = Line(self, name, steps, peer or name)
        self.turns.wait(line)
        return line


@dataclass
class Line:
    desk: Desk
    name: str
    steps: int
    peer: str
    last_read_at: float = float("-inf")

    def read_step(self) -> bool:
        self.last_read_at = self.desk.now
        self.desk.now += STEP_S
        self.desk.read.append(self.name)
        self.steps -= 1
        return self.steps > 0


def test_a_round_ends_after_a_few_steps_and_the_rest_waits_for_the_next():
    desk = Desk()
    desk.line("flood", 1_000)
    desk.turn()
    assert len(desk.read) <= 2 * ROUND_S / STEP_S + 2
    assert desk.later


def share_of_a_flood(desk: Desk) -> float:
    for number in range(200):
        desk.line(f"flood-{number}", 10_000)
    began = desk.now
    for _ in range(2_000):
        desk.turn()
    return len(desk.read) * STEP_S / (desk.now - began)


def test_those_that_never_stop_leave_most_of_the_time_to_others():
    assert share_of_a_flood(Desk(others_s=0.002)) < 0.4


def test_time_that_nobody_else_wants_is_theirs():
    assert share_of_a_flood(Desk()) > 0.75


def test_all_that_talk_have_their_turns():
    desk = Desk()
    for name in "abc":
        desk.line(name, 2)
    while desk.is_busy:
        desk.turn()
    assert sorted(desk.read) == list("aabbcc")
    assert len(desk.turns) == 0


def test_who_was_quiet_is_read_in_the_next_round_whatever_else_waits():
    desk = Desk()
    for number in range(200):
        desk.line(f"flood-{number}", 10_000)
    for _ in range(100):
        desk.turn()
    desk.read.clear()
    desk.line("press", 1)
    desk.turn()
    assert "press" in desk.read


def test_an_address_that_opens_one_line_after_the_other_does_not_go_first_for_ever():
    desk = Desk()
    while desk.turns.is_light("flood", desk.now):
        desk.line("flood", 1)
        desk.turn()
    for _ in range(100):
        desk.line("flood", 1)
    desk.line("press", 1)
    desk.read.clear()
    desk.turn()
    assert "press" in desk.read


def test_nobody_waits_for_ever_behind_those_that_are_read_at_once():
    desk = Desk()
    desk.line("slow", 30)
    for number in range(400):
        desk.line(f"quiet-{number}", 1)
        desk.turn()
    assert desk.read.count("slow") == 30


def test_a_cost_is_forgotten_with_time():
    desk = Desk()
    desk.line("flood", int(2 * USUAL.light_s / STEP_S))
    while desk.is_busy:
        desk.turn()
    assert not desk.turns.is_light("flood", desk.now)
    assert desk.turns.is_light("flood", desk.now + 60)
