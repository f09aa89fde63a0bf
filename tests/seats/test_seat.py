"""Who is connected, and whether somebody sits there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from callcenter.auth.permissions import Action, HeldGrant, Role
from callcenter.auth.sessions import Principal
from callcenter.core.ids import new_id
from callcenter.seats.seat import SILENT_S, RemoteSeat, Seat
from callcenter.seats.session import SeatState, Session
from tests.support.community import LONG_AGO
from tests.support.kept_link import KeptLink


def seat(*grants: HeldGrant, armed: bool = True, pulsed_at: float = 100.0) -> Seat:
    until = LONG_AGO + timedelta(hours=8)
    principal = Principal(7, "wang", "王敏", "Wang Min", "zh-CN", grants, b"", "", until)
    link = KeptLink()
    return Seat(
        new_id(), principal, frozenset({1}), link, LONG_AGO, pulsed_at, armed=armed  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("armed", "silent_s", "manned"),
    [(True, 0.0, True), (True, SILENT_S - 0.1, True), (True, SILENT_S, False), (False, 0.0, False)],
)
def test_somebody_sits_there_who_is_on_duty_and_whose_console_pulses(
    armed: bool, silent_s: float, manned: bool
):
    assert seat(armed=armed).is_manned(100.0 + silent_s) is manned


def test_incidents_are_seen_where_the_seat_is_and_else_what_is_granted():
    working = seat(HeldGrant(Role.OPERATOR, 3))
    assert working.scope_for(Action.SEE_INCIDENTS) == {1}
    assert working.scope_for(Action.SEE_PROFILES) == {3}
    assert seat().scope_for(Action.SEE_PROFILES) == frozenset()


def test_a_seat_of_another_process_looks_the_same():
    session = Session(SeatState.PAUSE, LONG_AGO, "meal")
    remote = RemoteSeat(7, "王敏", "Wang Min", frozenset({1}), armed=True, session=session)
    assert remote.view == seat().view(armed=True, session=session)
    assert remote.view == {
        "user_id": 7,
        "name": "王敏",
        "name_en": "Wang Min",
        "armed": True,
        "region_ids": [1],
        "state": "pause",
        "pause": "meal",
        "since": LONG_AGO,
    }


def test_whoever_is_not_manned_is_off_however_they_sat_there():
    session = Session(SeatState.PAUSE, LONG_AGO, "meal")
    shown = seat().view(armed=False, session=session)
    assert (shown["state"], shown["pause"], shown["since"]) == ("off", None, None)


def test_a_console_that_cannot_be_heard_is_not_manned():
    silent = seat()
    silent.sounds = False
    assert not silent.is_manned(100.0)
