"""A new connection always has a place; who must go for it is the address that has most."""

from __future__ import annotations

from dataclasses import dataclass

from structlog.testing import capture_logs

from callcenter.listeners.places import Places


@dataclass(eq=False)
class Line:
    peer: str
    may_be_given_up: bool = True
    is_gone: bool = False
    given_up: bool = False

    def give_up(self) -> None:
        self.given_up = True


def places_with(*peers: str, capacity: int) -> tuple[Places, list[Line]]:
    places = Places("devices", "limits.device_connections", capacity, lambda: 0.0)
    return places, [come(places, peer) for peer in peers]


def come(places: Places, peer: str) -> Line:
    line = Line(peer)
    places.take(line, peer)
    return line


def given_up(lines: list[Line]) -> list[int]:
    return [number for number, line in enumerate(lines) if line.given_up]


def test_while_there_is_room_nobody_goes():
    _, lines = places_with("a", "a", "b", capacity=3)
    assert given_up(lines) == []


def test_the_address_with_most_gives_up_the_one_silent_for_longest():
    places, lines = places_with("a", "b", "b", "b", capacity=4)
    places.heard(lines[1], "b")
    come(places, "c")
    assert given_up(lines) == [2]
    assert len(places) == 4


def test_a_flood_of_one_address_pushes_out_itself_alone():
    places, homes = places_with(*(f"10.0.0.{n}" for n in range(8)), capacity=16)
    for _ in range(1_600):
        come(places, "192.0.2.1")
    assert given_up(homes) == []
    assert len(places) == 16


def test_who_is_being_answered_keeps_the_place_and_the_next_address_gives_one_up():
    places, lines = places_with("a", "a", "b", capacity=3)
    lines[0].may_be_given_up = lines[1].may_be_given_up = False
    come(places, "c")
    assert given_up(lines) == [2]


def test_nobody_goes_where_everybody_is_needed():
    places, lines = places_with("a", "b", capacity=2)
    for line in lines:
        line.may_be_given_up = False
    come(places, "c")
    assert given_up(lines) == []
    assert len(places) == 3


def test_one_that_is_gone_without_a_word_leaves_its_place_to_the_new_one():
    places, lines = places_with("a", "a", capacity=2)
    lines[1].is_gone, lines[0].may_be_given_up = True, False
    come(places, "b")
    assert given_up(lines) == []
    assert len(places) == 2


def test_who_left_is_not_given_up_again():
    places, lines = places_with("a", "a", capacity=2)
    places.leave(lines[0], "a")
    places.leave(lines[0], "a")
    assert len(places) == 1
    come(places, "b")
    assert given_up(lines) == []


def test_it_is_said_once_a_minute_before_the_last_place_is_taken():
    at = [0.0]
    places = Places("devices", "limits.device_connections", 10, lambda: at[0])
    with capture_logs() as logs:
        for n in range(9):
            come(places, f"10.0.0.{n % 2}")
        at[0] = 61.0
        come(places, "10.0.0.1")
    assert [(line["limit"], line["used"]) for line in logs] == [
        ("limits.device_connections", 8),
        ("limits.device_connections", 10),
    ]
    assert logs[1]["fullest_address"] in ("10.0.0.0", "10.0.0.1")
