"""Argon2id hashes of passwords, one computation at a time and off the event loop: a flood of log-ins must not take the
processor from the alarms.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Final

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from callcenter.auth.strength import LONGEST
from callcenter.core.errors import Unavailable

_LONGEST_QUEUE: Final = 20

# RFC 9106, second recommended option (64 MiB, 3 passes), with one lane instead of four: the other core is for alarms.
_HASHER = PasswordHash((Argon2Hasher(time_cost=3, memory_cost=65536, parallelism=1),))

NOBODYS_HASH: Final = (
    "$argon2id$v=19$m=65536,t=3,p=1$dhe0tRYEgXdKOHBvwiNpIQ$1LuTUj"
    "umSrCfGcaui0CuHnVhqwtGyui9qkeW9xbCsGY"
)
"""Of a random password that nobody knows: a try for an unknown log-in takes as long as one for a
known.
"""


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
    """`hash_password` and `matches` for the event loop, in turn."""

    def __init__(self) -> None:
        self._turn = ThreadPoolExecutor(max_workers=1, thread_name_prefix="argon2")
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """Hash, when it is this caller's turn."""
        async with self._place():
            return await asyncio.get_running_loop().run_in_executor(
                self._turn, hash_password, password
            )

    async def matches(self, password: str, stored: str | None) -> bool:
        """Compare, when it is this caller's turn."""
        async with self._place():
            return await asyncio.get_running_loop().run_in_executor(
                self._turn, matches, password, stored
            )

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        if self._waiting >= _LONGEST_QUEUE:
            raise Unavailable("too many log-ins at once", code="busy")
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1
