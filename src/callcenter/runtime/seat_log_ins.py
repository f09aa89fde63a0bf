"""The door of seats in the alarm process: who logs in and out while the database is away, and how that reaches it."""

from __future__ import annotations

from collections.abc import Callable

import asyncpg
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from callcenter.api.passing import refuse
from callcenter.auth.guards import COOKIE
from callcenter.auth.outage.door import SeatDoor
from callcenter.auth.outage.keeping import MOST_SEGMENTS, SEGMENT_BYTES, KeptLogIns
from callcenter.auth.outage.router import PATH
from callcenter.auth.outage.writing import SEATED_PEOPLE, LearnSeated, WriteLogIns, learn
from callcenter.auth.own_session import LogOuts
from callcenter.auth.passwords import Passwords
from callcenter.auth.sessions import hash_of
from callcenter.auth.walls.screens import KeptScreens
from callcenter.core.data_folder import place_of_log_ins
from callcenter.core.spool import Spool
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part
from callcenter.seats.rights import RIGHTS


def seat_door(ground: Ground, is_away: Callable[[], bool]) -> SeatDoor:
    """With a thread of its own for passwords, one at a time."""
    settings = ground.settings
    spool = Spool(
        place_of_log_ins(settings.data_dir),
        ground.seal,
        segment_bytes=SEGMENT_BYTES,
        most_segments=MOST_SEGMENTS,
    )
    passwords = Passwords(
        most=settings.log_in.waiting, within_s=settings.log_in.within_s, steps_back=False
    )
    return SeatDoor(ground.sessions, passwords, KeptLogIns(spool), ground.clock, is_away)


def seat_log_ins_part(ground: Ground, door: SeatDoor) -> Part:
    """Of the alarm process."""
    screens = KeptScreens()
    learning = LearnSeated(door, screens, ground.database)

    def changed() -> None:
        ground.wakeups.wake(RIGHTS)
        ground.changes.tell("grants")

    writing = WriteLogIns(door, ground.sessions, ground.database, changed)

    async def prepare(connection: asyncpg.Connection) -> None:
        await learn(door, connection)
        await screens.learn(connection)
        door.enter_again()

    async def stop() -> None:
        await learning.connections.close()
        await writing.connections.close()
        door.kept.close()

    return Part(
        prepare=prepare,
        processors=[learning, writing],
        listens={"grants": lambda _: ground.wakeups.wake(SEATED_PEOPLE)},
        ports={SeatDoor: door, LogOuts: door, KeptScreens: screens},
        stop=stop,
    )


def door_first(door: SeatDoor, at_the_door: ASGIApp, rest: ASGIApp) -> ASGIApp:
    """Log-ins that the office cannot answer now go to the door; `at_the_door` takes no more of a body than a stranger may send."""

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        mine = scope["type"] == "http" and _is_for_the_door(door, scope)
        await (at_the_door if mine else rest)(scope, receive, send)

    return front


def _is_for_the_door(door: SeatDoor, scope: Scope) -> bool:
    return scope["path"] == PATH and scope["method"] == "POST" and door.is_away()


def beyond_seats(ground: Ground, office: ASGIApp) -> ASGIApp:
    """The office, closed to log-ins that the database does not have yet: to it they are nobody's, and a console must not leave its
    seat because of that.
    """

    async def checked(scope: Scope, receive: Receive, send: Send) -> None:
        if ground.sessions.has_unwritten() and _is_unwritten(ground, scope):
            await refuse(send, "database_unavailable", "This waits until the database is back.")
            return
        await office(scope, receive, send)

    return checked


def _is_unwritten(ground: Ground, scope: Scope) -> bool:
    said = next((value for name, value in scope["headers"] if name == b"cookie"), b"")
    token = cookie_parser(said.decode("latin-1")).get(COOKIE)
    return token is not None and ground.sessions.is_unwritten(hash_of(token))
