"""How many consoles may be open with one log-in."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from callcenter.auth.sessions import Principal
from callcenter.core.errors import Unavailable
from callcenter.core.ids import new_id
from callcenter.seats.crowd import Crowd, Limits
from callcenter.seats.seat import SILENT_S, Seat
from tests.support.community import LONG_AGO
from tests.support.kept_link import KeptLink

NOW = 1_000.0


def principal(user: int = 7, session: bytes = b"one") -> Principal:
    until = LONG_AGO + timedelta(hours=8)
    return Principal(user, "wang", "王敏", "Wang Min", "zh-CN", (), session, "", until)


def seat(who: Principal, silent_s: float = 0.0) -> Seat:
    link = KeptLink()
    return Seat(new_id(), who, frozenset({1}), link, LONG_AGO, NOW - silent_s)  # type: ignore[arg-type]


@pytest.fixture
def crowd() -> Crowd:
    return Crowd(Limits(per_session=2, per_account=3))


def test_one_more_than_a_log_in_may_have_waits_while_all_are_heard(crowd):
    seats = [seat(principal()) for _ in range(2)]
    assert crowd.in_the_way(principal(), seats[:1], NOW) == set()
    with pytest.raises(Unavailable) as refused:
        crowd.in_the_way(principal(), seats, NOW)
    assert refused.value.code == "too_many_seats"
    assert crowd.in_the_way(principal(session=b"two"), seats, NOW) == set()
    assert crowd.in_the_way(principal(user=8, session=b"eight"), seats, NOW) == set()


def test_it_is_told_before_a_log_in_has_as_many_as_it_may_have():
    crowd = Crowd(Limits(per_session=5, per_account=50))
    with capture_logs() as told:
        for open_ones in range(5):
            crowd.in_the_way(principal(), [seat(principal()) for _ in range(open_ones)], NOW)
    assert [(line["limit"], line["used"]) for line in told] == [("seats.per_session", 4)]


def test_an_account_has_its_own_limit_whatever_log_ins_it_uses(crowd):
    seats = [seat(principal(session=bytes([number]))) for number in range(3)]
    with pytest.raises(Unavailable):
        crowd.in_the_way(principal(session=b"next"), seats, NOW)


def test_a_console_whose_network_went_comes_back_in_the_place_of_its_own_dead_socket(crowd):
    dead, dying = seat(principal(), SILENT_S + 9), seat(principal(), SILENT_S)
    assert crowd.in_the_way(principal(), [dying, dead], NOW) == {dead}


def test_sockets_that_say_nothing_are_few(crowd):
    with ExitStack() as open_ones:
        for _ in range(2):
            open_ones.enter_context(crowd.waiting(principal()))
        with pytest.raises(Unavailable), crowd.waiting(principal()):
            pass
        with crowd.waiting(principal(session=b"two")):
            pass
    with crowd.waiting(principal()):
        pass
