"""Which gateway gets a text."""

from dataclasses import replace

from callcenter.sms import breaker
from callcenter.sms.breaker import CLOSED, FAULTS_TO_OPEN, Breaker, Route, after, choose

A, B = Route("a", window=4), Route("b", window=4)


def failing(now=0.0, faults=FAULTS_TO_OPEN):
    state = CLOSED
    for _ in range(faults):
        state = after(state, healthy=False, now=now)
    return state


def name(route):
    return route.name if route else None


def test_the_first_gateway_with_room_is_taken():
    assert name(choose([A, B], tried=None, emergency=True, now=0)) == "a"
    assert name(choose([replace(A, in_flight=4), B], tried=None, emergency=True, now=0)) == "b"


def test_a_refused_text_goes_to_the_other_gateway():
    assert name(choose([A, B], tried="a", emergency=True, now=0)) == "b"
    assert name(choose([A], tried="a", emergency=True, now=0)) == "a"


def test_each_gateway_is_asked_once_before_one_is_asked_again():
    three = [A, B, Route("c", window=4)]
    asked = [
        name(choose(three, tried=tried, emergency=True, now=0)) for tried in (None, "a", "b", "c")
    ]
    assert asked == ["a", "b", "c", "a"]
    assert name(choose(three, tried="no longer there", emergency=True, now=0)) == "a"


def test_half_of_a_window_is_kept_for_emergencies():
    half_full = replace(A, in_flight=2)
    assert choose([half_full], tried=None, emergency=False, now=0) is None
    assert name(choose([half_full], tried=None, emergency=True, now=0)) == "a"
    assert name(choose([Route("slow", window=1)], tried=None, emergency=False, now=0)) == "slow"


def test_nothing_has_room():
    assert choose([replace(A, in_flight=4)], tried=None, emergency=True, now=0) is None
    assert choose([], tried=None, emergency=True, now=0) is None


def test_faults_in_a_row_open_it_and_one_success_closes_it():
    assert failing(faults=FAULTS_TO_OPEN - 1).open_until is None
    assert failing().open_until == 5
    assert after(failing(), healthy=True, now=1) == CLOSED
    assert after(failing(faults=4), healthy=True, now=1) == CLOSED


def test_an_open_gateway_is_left_alone_by_all_but_emergencies():
    down = replace(A, breaker=failing(now=0))
    assert choose([down], tried=None, emergency=False, now=1) is None
    assert name(choose([down], tried=None, emergency=True, now=1)) == "a"
    assert name(choose([down, B], tried=None, emergency=True, now=1)) == "b"
    assert name(choose([down, B], tried="b", emergency=True, now=1)) == "b"


def test_one_ordinary_text_probes_it_after_the_pause():
    down = replace(A, breaker=failing(now=0))
    probe = choose([down], tried=None, emergency=False, now=5)
    assert name(probe) == "a"
    assert probe.breaker.probing
    assert choose([probe], tried=None, emergency=False, now=6) is None


def test_a_failed_probe_makes_the_next_pause_longer():
    down = replace(A, breaker=failing(now=0))
    pauses, now = [], 5.0
    for _ in range(6):
        probe = choose([down], tried=None, emergency=False, now=now)
        down = replace(probe, breaker=after(probe.breaker, healthy=False, now=now))
        pauses.append(down.breaker.open_until - now)
        now = down.breaker.open_until
    assert pauses == [10, 20, 40, 60, 60, 60]


def test_answers_still_on_their_way_when_it_opened_do_not_make_the_pause_longer():
    opened = failing(now=0)
    straggler = after(opened, healthy=False, now=0.1)
    assert straggler.open_until == opened.open_until
    assert straggler.pauses == opened.pauses == 1


def test_a_probe_that_never_answers_is_followed_by_another():
    stuck = Route("a", 4, in_flight=1, breaker=Breaker(5, 1, open_until=35.0, probing=True))
    assert choose([stuck], tried=None, emergency=False, now=34) is None
    assert name(choose([stuck], tried=None, emergency=False, now=35)) == "a"
    assert breaker.taken(A).in_flight == 1
