"""Argon2id hashes of passwords, one computation at a time and off the event loop: a flood of log-ins must not take the
processor from the alarms. A whole shift that logs in at once waits its turn; see `waiting_line` for whose it is.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Final

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from callcenter.auth.login import Told
from callcenter.auth.strength import LONGEST
from callcenter.auth.waiting_line import Comer, Lanes
from callcenter.core.errors import Unavailable
from callcenter.core.fullness import Fullness
from callcenter.core.stepping_back import threads_that_step_back

# RFC 9106, second recommended option (64 MiB, 3 passes), with one lane instead of four: the other core is for alarms.
_HASHER = PasswordHash((Argon2Hasher(time_cost=3, memory_cost=65536, parallelism=1),))

NOBODYS_HASH: Final = (
    "$argon2id$v=19$m=65536,t=3,p=1$dhe0tRYEgXdKOHBvwiNpIQ$1LuTUj"
    "umSrCfGcaui0CuHnVhqwtGyui9qkeW9xbCsGY"
)
"""Of a random password that nobody knows: a try for an unknown log-in takes as long as one for a
known.
"""
_LOGGED_IN: Final = Comer("", "", is_known=True)


def hash_password(password: str) -> str:
    """The Argon2id hash, about 0.1 s of one core."""
    return _HASHER.hash(password)


def matches(password: str, stored: str | None) -> bool:
    """Whether the password is the one of the hash. Without a hash the same work is done, and the
    answer is no.
    """
    right = _HASHER.verify(password[:LONGEST], stored or NOBODYS_HASH)
    return right and stored is not None


class Passwords:
    """`hash_password` and `matches` for the event loop, in turn. Who waits longer than `within_s` (s), or finds `most` waiting
    before them, is refused with Unavailable `busy`.

    `steps_back`: in a process that has nothing more urgent. Beside alarms it must not: a thread that gets no core may hold the
    interpreter's lock meanwhile, and the alarm would wait for it.
    """

    def __init__(self, *, most: int = 200, within_s: float = 20.0, steps_back: bool = True) -> None:
        self._thread = (
            threads_that_step_back(1, "argon2") if steps_back else ThreadPoolExecutor(1, "argon2")
        )
        self._lanes: Lanes[asyncio.Future[None]] = Lanes(most)
        self._waiting = 0
        self._fullness = Fullness("log_in.waiting", most, time.monotonic)
        self._within_s = within_s
        self._taken = False
        self.invented = Told()
        """Tries with log-ins that do not exist."""

    async def hash(self, password: str) -> str:
        """Hash, for somebody who is logged in, when it is this caller's turn."""
        async with self.turn(_LOGGED_IN):
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, hash_password, password)

    async def matches(self, password: str, stored: str | None) -> bool:
        """Compare; within a turn."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, matches, password, stored)

    def note(self, comer: Comer, *, failed: bool) -> None:
        """How a try ended; after a failure the next ones from there wait behind others."""
        self._lanes.note(comer, failed=failed)

    @asynccontextmanager
    async def turn(self, comer: Comer) -> AsyncIterator[None]:
        """What is done here is done by nobody else meanwhile. Raises Unavailable `busy`."""
        if self._taken:
            await self._wait(comer)
        self._taken = True
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, comer: Comer) -> None:
        place = asyncio.get_running_loop().create_future()
        pushed_out = self._lanes.put(place, comer)
        if pushed_out is not None and not pushed_out.done():
            pushed_out.set_exception(_busy())
        self._waiting += 1
        self._fullness.note(self._waiting)
        try:
            async with asyncio.timeout(self._within_s):
                await place
        except (TimeoutError, asyncio.CancelledError) as error:
            self._lanes.discard(place, comer)
            if place.done() and not place.cancelled() and place.exception() is None:
                self._pass_on()  # the turn came in the moment of giving up
            if isinstance(error, TimeoutError):
                raise _busy() from error
            raise
        finally:
            self._waiting -= 1

    def _pass_on(self) -> None:
        while (place := self._lanes.take()) is not None:
            if not place.done():  # it may have given up this moment
                place.set_result(None)
                return
        self._taken = False


def _busy() -> Unavailable:
    return Unavailable("too many log-ins at once: try again", code="busy")
