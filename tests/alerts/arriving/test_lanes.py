"""A lane, whatever comes and goes: order per subject, no subject twice, nothing lost."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from hypothesis import given, settings, strategies as st

from callcenter.alerts.arriving.lanes import Lane

SUBJECTS = st.sampled_from(["home:1", "home:2", "home:3", "caller:dc09:4", "device:5"])


@dataclass(frozen=True)
class Item:
    subject: str
    number: int


class Story:
    """Puts, takes and settles as two writers would, and remembers what came out."""

    def __init__(self, capacity: int = 1_000) -> None:
        self.lane: Lane[Item] = Lane(capacity)
        self.put: list[Item] = []
        self.taken: list[Item] = []
        self.batches: list[list[Item]] = []

    def step(self, command: tuple[str, object]) -> None:
        kind, value = command
        if kind == "put":
            item = Item(str(value), len(self.put))
            self.lane.put(item)
            self.put.append(item)
        elif kind == "take":
            batch = self.lane.take(int(str(value)))
            busy = {item.subject for held in self.batches for item in held}
            subjects = [item.subject for item in batch]
            assert len(set(subjects)) == len(subjects), "a subject twice in a batch"
            assert not busy & set(subjects), "a subject in two batches at once"
            assert subjects == sorted(subjects)
            self.taken += batch
            self.batches.append(batch)
        elif self.batches:
            for item in self.batches.pop(int(str(value)) % len(self.batches)):
                self.lane.settle(item.subject)

    def finish(self) -> None:
        while self.batches or self.lane.has_ready:
            self.step(("settle", 0) if self.batches else ("take", 3))


COMMANDS = st.one_of(
    st.tuples(st.just("put"), SUBJECTS),
    st.tuples(st.just("take"), st.integers(1, 4)),
    st.tuples(st.just("settle"), st.integers(0, 3)),
)


@settings(deadline=None)
@given(st.lists(COMMANDS, max_size=80))
def test_nothing_is_lost_and_each_subject_keeps_its_order(commands):
    story = Story()
    for command in commands:
        story.step(command)
    story.finish()
    assert len(story.lane) == 0
    assert sorted(story.taken, key=lambda item: item.number) == story.put
    numbers = defaultdict(list)
    for item in story.taken:
        numbers[item.subject].append(item.number)
    assert all(given == sorted(given) for given in numbers.values())


@settings(deadline=None)
@given(st.lists(COMMANDS, max_size=60))
def test_its_length_is_what_waits(commands):
    story = Story()
    for command in commands:
        story.step(command)
        assert len(story.lane) == len(story.put) - len(story.taken)


def test_a_storm_of_one_subject_keeps_no_other_waiting():
    story = Story()
    for _ in range(100):
        story.step(("put", "home:1"))
    story.step(("put", "home:2"))
    assert [item.subject for item in story.lane.take(250)] == ["home:1", "home:2"]


def test_a_full_lane_says_so():
    lane: Lane[Item] = Lane(2)
    assert lane.has_room("home:9")
    lane.put(Item("a", 1))
    lane.put(Item("a", 2))
    assert not lane.has_room("home:9")
    lane.take(1)
    assert lane.has_room("home:9")


def test_g3_a_flapping_device_fills_its_own_share_of_the_lane_alone():
    lane: Lane[Item] = Lane(1_000, of_one=3)
    for number in range(3):
        assert lane.has_room("device:5")
        lane.put(Item("device:5", number))
    assert not lane.has_room("device:5")
    assert lane.has_room("home:1")
