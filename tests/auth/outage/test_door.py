"""The door of seats by itself: who is let in by what was kept, until when, and what is on the disk of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from callcenter.auth.outage.door import AtTheDoor, SeatDoor
from callcenter.auth.outage.keeping import KeptLogIns
from callcenter.auth.outage.records import Begun, Ended, Failed
from callcenter.auth.passwords import Passwords
from callcenter.auth.permissions import Role
from callcenter.auth.sessions import LIFETIME, Sessions
from callcenter.core.database import Database
from callcenter.core.errors import TooManyAttempts, Unauthenticated, Unavailable
from callcenter.core.spool import Spool
from tests.support.api import _CHEAP_HASH, PASSWORD
from tests.support.away import SEAL
from tests.support.clock import HandClock

AT = AtTheDoor("10.0.0.7", agent="a browser")


def person(clock: HandClock, login: str = "linlan", **fields: Any) -> dict[str, Any]:
    """A row of SEATED."""
    return {
        "id": 7,
        "login": login,
        "name": "林岚",
        "name_en": "Lin Lan",
        "language": "zh-CN",
        "password_hash": _CHEAP_HASH,
        "seen_at": clock.now(),
        "roles": ["operator"],
        "regions": [1],
        "untils": [None],
        **fields,
    }


def door_in(folder: Path, clock: HandClock, sessions: Sessions) -> SeatDoor:
    """As a process makes it at its start."""
    kept = KeptLogIns(Spool(folder, SEAL, segment_bytes=65_536))
    return SeatDoor(sessions, Passwords(steps_back=False), kept, clock, lambda: True)


@pytest.fixture
def sessions(clock: HandClock) -> Sessions:
    return Sessions(Database("postgresql://nobody@127.0.0.1:1/none"), clock)


@pytest.fixture
def door(tmp_path: Path, clock: HandClock, sessions: Sessions) -> SeatDoor:
    made = door_in(tmp_path, clock, sessions)
    made.people.learn([person(clock)])
    return made


async def test_the_right_password_opens_and_is_on_the_spool(
    door: SeatDoor, sessions: Sessions, clock: HandClock
):
    fresh, principal = await door.log_in(" LinLan ", PASSWORD, AT, timedelta(hours=8))
    assert (await sessions.find(fresh.token)) == principal
    assert [held.role for held in principal.grants] == [Role.OPERATOR]
    assert fresh.expires_at == clock.now() + timedelta(hours=8)
    [record] = door.kept.waiting
    assert isinstance(record, Begun)
    assert fresh.token not in repr(record)


@pytest.mark.parametrize(
    ("fields", "lasts_h"),
    [({}, 12), ({"seen_at": timedelta(hours=-11)}, 1), ({"untils": timedelta(hours=3)}, 3)],
)
async def test_a_session_ends_a_shift_after_the_database_was_seen_or_with_its_grant(
    door: SeatDoor, clock: HandClock, fields: dict[str, timedelta], lasts_h: int
):
    times: dict[str, Any] = {name: clock.now() + after for name, after in fields.items()}
    if "untils" in times:
        times["untils"] = [times["untils"]]
    door.people.learn([person(clock, **times)])
    fresh, _ = await door.log_in("linlan", PASSWORD, AT, timedelta(hours=24))
    assert fresh.expires_at == clock.now() + timedelta(hours=lasts_h)


async def test_nobody_comes_in_by_what_was_seen_longer_ago_than_a_shift(
    door: SeatDoor, clock: HandClock
):
    clock.advance(LIFETIME.total_seconds())
    with pytest.raises(Unavailable) as refused:
        await door.log_in("linlan", PASSWORD, AT, LIFETIME)
    assert refused.value.code == "log_ins_too_old"


async def test_an_unknown_log_in_is_refused_as_a_wrong_password_is(door: SeatDoor):
    for login, password in (("linlan", "wrong"), ("nobody", PASSWORD)):
        with pytest.raises(Unauthenticated, match="unknown log-in or wrong password"):
            await door.log_in(login, password, AT, LIFETIME)
    known, unknown = door.kept.waiting
    assert isinstance(known, Failed)
    assert isinstance(unknown, Failed)
    assert (known.user_id, unknown.user_id) == (7, None)


async def test_who_guesses_waits_longer_and_longer_and_the_right_one_waits_too(
    door: SeatDoor, clock: HandClock
):
    for _ in range(3):
        with pytest.raises(Unauthenticated):
            await door.log_in("linlan", "wrong", AT, LIFETIME)
    with pytest.raises(TooManyAttempts):
        await door.log_in("linlan", PASSWORD, AT, LIFETIME)
    clock.advance(1)
    await door.log_in("linlan", PASSWORD, AT, LIFETIME)


async def test_a_grant_that_is_over_gives_no_seat(door: SeatDoor, clock: HandClock):
    door.people.learn([person(clock, untils=[clock.now() + timedelta(minutes=1)])])
    clock.advance(60)
    with pytest.raises(Unauthenticated):
        await door.log_in("linlan", PASSWORD, AT, LIFETIME)


@pytest.mark.parametrize("changed", [False, True])
async def test_a_process_that_begins_again_goes_on_where_the_password_is_the_same(
    door: SeatDoor, tmp_path: Path, clock: HandClock, changed: bool
):
    stays, _ = await door.log_in("linlan", PASSWORD, AT, LIFETIME)
    leaves, principal = await door.log_in("linlan", PASSWORD, AT, LIFETIME)
    await door.log_out(principal, AT.address)
    door.kept.close()
    sessions = Sessions(Database("postgresql://nobody@127.0.0.1:1/none"), clock)
    sessions.database_is_away = lambda: True
    again = door_in(tmp_path, clock, sessions)
    again.people.learn([person(clock, **({"password_hash": "another"} if changed else {}))])
    again.enter_again()
    assert [type(record) for record in again.kept.waiting] == [Begun, Begun, Ended]
    assert await sessions.find(leaves.token) is None
    if changed:
        with pytest.raises(Unavailable):
            await sessions.find(stays.token)
    else:
        found = await sessions.find(stays.token)
        assert found is not None
        assert found.csrf_token == stays.csrf_token


async def test_a_disk_that_takes_nothing_keeps_nobody_from_the_seat(
    tmp_path: Path, clock: HandClock, sessions: Sessions
):
    place = tmp_path / "a file where the folder would be"
    place.write_text("")
    door = door_in(place, clock, sessions)
    door.people.learn([person(clock)])
    fresh, principal = await door.log_in("linlan", PASSWORD, AT, LIFETIME)
    assert await sessions.find(fresh.token) == principal
    assert len(door.kept.waiting) == 1
