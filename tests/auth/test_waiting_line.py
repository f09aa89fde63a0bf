"""Who is next, and who loses their place."""

from __future__ import annotations

from hypothesis import given, strategies as st

from callcenter.auth.waiting_line import (
    TURNS_BEFORE_FAILED,
    TURNS_BEFORE_STRANGER,
    Comer,
    Lanes,
    WaitingLine,
)


def line_of(*waiting: str, most: int = 100) -> WaitingLine[str]:
    """Items "address login place"."""
    line: WaitingLine[str] = WaitingLine(most)
    for item in waiting:
        address, login, _ = item.split()
        line.put(item, address, login)
    return line


def all_of(line: WaitingLine[str]) -> list[str]:
    return [item for _ in range(len(line)) if (item := line.take()) is not None]


def test_addresses_take_turns_and_so_do_the_log_ins_of_one():
    line = line_of("a x 1", "a x 2", "a y 1", "a z 1", "b u 1", "b u 2")
    assert all_of(line) == ["a x 1", "b u 1", "a y 1", "b u 2", "a z 1", "a x 2"]
    assert line.take() is None


def test_the_address_with_the_most_loses_its_last_when_the_line_is_full():
    line = line_of("a x 1", "a y 1", "a z 1", "b u 1", most=4)
    assert line.put("c v 1", "c", "v") == "a z 1"
    assert all_of(line) == ["a x 1", "b u 1", "c v 1", "a y 1"]


def test_who_comes_last_to_a_line_full_of_their_own_address_is_refused():
    line = line_of("a x 1", "a y 1", most=2)
    assert line.put("a z 1", "a", "z") == "a z 1"


def test_many_tries_for_one_log_in_cost_that_log_in_its_place():
    line = line_of("a x 1", "a y 1", "a x 2", most=3)
    assert line.put("a z 1", "a", "z") == "a x 2"


def test_an_address_whose_last_try_failed_waits_behind_others_and_comes_all_the_same():
    others = [f"{address} u 1" for address in "bcdefg"]
    line = line_of("a x 1", *others)
    line.note("a", failed=True)
    order = all_of(line)
    assert order.index("a x 1") == TURNS_BEFORE_FAILED
    line = line_of("a x 1", *others)
    line.note("a", failed=True)
    line.note("a", failed=False)
    assert all_of(line)[0] == "a x 1"


def test_who_gives_up_leaves_their_place():
    line = line_of("a x 1", "b u 1")
    line.discard("a x 1", "a", "x")
    line.discard("a x 1", "a", "x")
    assert all_of(line) == ["b u 1"]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), max_size=60))
def test_each_is_heard_or_refused_and_never_both(comers: list[tuple[str, str]]):
    line: WaitingLine[int] = WaitingLine(10)
    refused = [line.put(number, *who) for number, who in enumerate(comers)]
    heard = [line.take() for _ in range(len(line))]
    ended = [each for each in (*refused, *heard) if each is not None]
    assert sorted(ended) == list(range(len(comers)))
    assert len(heard) <= 10


def test_no_number_of_strangers_costs_a_known_browser_its_place():
    lanes: Lanes[str] = Lanes(3)
    known = Comer("browser", "linlan", is_known=True)
    assert lanes.put("ours", known) is None
    comers = [Comer(f"10.9.9.{number}", "linlan") for number in range(9)]
    assert len([out for each in comers if (out := lanes.put(each.place, each))]) == 6
    assert lanes.take() == "ours"


def test_known_browsers_have_four_turns_of_five_and_strangers_the_fifth():
    lanes: Lanes[str] = Lanes(20)
    for number in range(10):
        lanes.put("known", Comer(f"browser {number}", "linlan", is_known=True))
        lanes.put("stranger", Comer(f"10.9.9.{number}", "linlan"))
    order = [lanes.take() for _ in range(20)]
    assert order[:10] == [*["known"] * TURNS_BEFORE_STRANGER, "stranger"] * 2
    assert order[15:] == ["stranger"] * 5
    assert lanes.take() is None


def test_who_gives_up_in_a_lane_leaves_its_place():
    lanes: Lanes[str] = Lanes(3)
    for comer in (Comer("browser", "linlan", is_known=True), Comer("10.9.9.9", "linlan")):
        lanes.put("gone", comer)
        lanes.discard("gone", comer)
        lanes.note(comer, failed=True)
    assert lanes.take() is None
