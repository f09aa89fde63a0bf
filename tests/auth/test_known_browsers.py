"""What a browser carries after a log-in, and what it is good for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from callcenter.auth.known_browsers import LASTS, MOST_PEOPLE, KnownBrowsers

TODAY = date(2026, 3, 14)


@pytest.fixture
def browsers() -> KnownBrowsers:
    return KnownBrowsers("a key of this installation")


def test_a_browser_is_known_to_those_who_have_logged_in_with_it(browsers):
    cookie = browsers.remember("", "linlan", TODAY)
    cookie = browsers.remember(cookie, "qiaoyun", TODAY)
    found = {browsers.recognise(cookie, login, TODAY) for login in ("linlan", "qiaoyun")}
    assert len(found) == 1
    assert None not in found
    assert browsers.recognise(cookie, "wang", TODAY) is None


def test_each_log_in_renews_it_and_leaves_one_mark(browsers):
    cookie = browsers.remember("", "linlan", TODAY)
    later = TODAY + LASTS
    assert browsers.recognise(cookie, "linlan", later) is not None
    renewed = browsers.remember(cookie, "linlan", later)
    assert len(renewed) == len(cookie)
    assert browsers.recognise(renewed, "linlan", later + LASTS) is not None
    assert browsers.recognise(cookie, "linlan", later + timedelta(days=1)) is None


def test_it_holds_the_people_of_a_seat_and_fits_into_a_header(browsers):
    cookie = ""
    for number in range(MOST_PEOPLE + 3):
        cookie = browsers.remember(cookie, f"op{number}", TODAY)
    assert browsers.recognise(cookie, "op2", TODAY) is None
    assert browsers.recognise(cookie, "op3", TODAY) is not None
    assert len(cookie) < 1_000


def test_only_this_installation_makes_it(browsers):
    forged = KnownBrowsers("another key").remember("", "linlan", TODAY)
    assert browsers.recognise(forged, "linlan", TODAY) is None


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        ".",
        "x",
        "A" * 16,
        "A" * 16 + ".1-x",
        "A" * 16 + "." + "9" * 7 + "-" + "B" * 22,
        "A.B.C" * 999,
    ],
)
def test_what_is_no_such_cookie_is_a_stranger_and_is_replaced(browsers, cookie):
    assert browsers.recognise(cookie, "linlan", TODAY) is None
    made = browsers.remember(cookie, "linlan", TODAY)
    assert browsers.recognise(made, "linlan", TODAY) is not None


def test_a_mark_is_of_no_use_in_another_browser(browsers):
    ours = browsers.remember("", "linlan", TODAY)
    theirs = browsers.remember("", "wang", TODAY)
    moved = theirs.split(".")[0] + "." + ours.split(".")[1]
    assert browsers.recognise(moved, "linlan", TODAY) is None
