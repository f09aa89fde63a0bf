"""What the office may be busy with while alarms come in, by real requests of people who have logged in."""

from __future__ import annotations

import asyncio
import csv
import io
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import httpx

from benchmarks.server import Server
from callcenter.auth.passwords import hash_password

PASSWORD = "Seven-lamps-in-the-yard"  # noqa: S105 - of a database that lives as long as the run
CROWD = 50
IMPORTED = 50_000
ROUND_WITHIN_S = 300.0


@dataclass(slots=True)
class Deeds:
    """What was done meanwhile: how long each round took, and what was answered.

    The file `first_round` exists until one round is done, so that a load can last as long.
    """

    first_round: Path
    rounds_s: list[float] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)

    def begin(self) -> None:
        self.first_round.touch()

    def note(self, seconds: float, answers: list[int]) -> None:
        """A round is done."""
        self.rounds_s.append(seconds)
        self.answers.update(answers)
        self.end()

    def end(self) -> None:
        self.first_round.unlink(missing_ok=True)

    def __str__(self) -> str:
        took = f"{min(self.rounds_s):.1f}..{max(self.rounds_s):.1f} s" if self.rounds_s else "-"
        said = " ".join(f"{code}x{count}" for code, count in sorted(self.answers.items()))
        return f"{len(self.rounds_s)} rounds of {took}, answers {said or '-'}"


Round = Callable[[], Awaitable[list[int]]]
"""Does it once; the status codes of the answers."""


@asynccontextmanager
async def disturbed_by(do: Round | None, first_round: Path) -> AsyncIterator[Deeds]:
    """Over and over while the block runs; the round under way may end, within five minutes."""
    deeds = Deeds(first_round)
    if do is None:
        yield deeds
        return
    over = asyncio.Event()
    deeds.begin()
    task = asyncio.create_task(_repeat(do, deeds, over))
    try:
        await asyncio.sleep(0.5)  # it is under way when the first alarm comes
        yield deeds
    finally:
        over.set()
        await task


async def _repeat(do: Round, deeds: Deeds, over: asyncio.Event) -> None:
    try:
        while not over.is_set():
            began = time.monotonic()
            async with asyncio.timeout(ROUND_WITHIN_S):
                answers = await do()
            deeds.note(time.monotonic() - began, answers)
    finally:
        deeds.end()


class Office:
    """An administrator at work, and a crowd that comes to its shift."""

    def __init__(self, server: Server, root: int) -> None:
        self._http = httpx.AsyncClient(base_url=server.address, timeout=ROUND_WITHIN_S)
        self._crowd = httpx.AsyncClient(
            base_url=server.address,
            timeout=ROUND_WITHIN_S,
            limits=httpx.Limits(max_connections=CROWD),
        )
        self._root = root
        self._files = 0
        self.next_file = csv_of(0)

    async def log_in(self) -> None:
        """As people do. Raises httpx.HTTPStatusError when that is refused."""
        answer = await self._http.post("/api/v1/login", json=_words("clerk"))
        answer.raise_for_status()
        self._http.headers["X-CSRF-Token"] = answer.json()["csrf_token"]

    async def close(self) -> None:
        await self._http.aclose()
        await self._crowd.aclose()

    async def import_file(self) -> list[int]:
        """50,000 people who were not there before."""
        chosen: dict[str, str | int] = {"dry_run": "false", "region_id": self._root}
        file = {"file": ("residents.csv", self.next_file, "text/csv")}
        answer = await self._http.post("/api/v1/residents/import", params=chosen, files=file)
        self._files += 1
        self.next_file = await asyncio.to_thread(csv_of, self._files)
        return [answer.status_code]

    async def log_in_together(self) -> list[int]:
        """Fifty at once; each wants an Argon2 hash."""
        posts = [self._crowd.post("/api/v1/login", json=_words(f"crowd-{n}")) for n in range(CROWD)]
        answers = await asyncio.gather(*posts)
        self._crowd.cookies.clear()
        return [answer.status_code for answer in answers]

    async def export(self) -> list[int]:
        """All residents, as a spreadsheet; read and thrown away."""
        async with self._http.stream("GET", "/api/v1/residents/export") as answer:
            async for _ in answer.aiter_raw():
                pass
        return [answer.status_code]


def csv_of(number: int) -> bytes:
    """A file for the import; every number gives other people, doors and telephones."""
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(
        ["姓名", "性别", "出生日期", "电话", "住址", "紧急联系人1姓名", "紧急联系人1电话"]
    )
    sheet.writerows(_people(number))
    return out.getvalue().encode()


def _people(number: int) -> Iterator[list[str]]:
    for n in range(IMPORTED):
        place = number * IMPORTED + n
        own, other = f"137{place:08d}", f"136{place:08d}"
        address = f"枣林里{place // 60 + 1}号楼{place // 20 % 3 + 1}单元{place % 20 + 101}"
        yield ["陆文斌", "男", "1944-05-06", own, address, "陆岚", other]


async def employ(owner: asyncpg.Connection) -> int:
    """Write the accounts of the clerk and the crowd; the root region's id."""
    root: int = await owner.fetchval("SELECT id FROM region WHERE parent_id IS NULL")
    hashed = await asyncio.to_thread(hash_password, PASSWORD)
    logins = ["clerk", *(f"crowd-{n}" for n in range(CROWD))]
    await owner.execute(_ACCOUNTS, logins, hashed, datetime.now(UTC), root)
    return root


def _words(login: str) -> dict[str, str]:
    return {"login": login, "password": PASSWORD}


_ACCOUNTS = """
WITH made AS (
    INSERT INTO app_user (login, name, password_hash, created_at) SELECT login, login, $2, $3 FROM unnest($1::text[]) AS login
    RETURNING id
)
INSERT INTO role_grant (user_id, role, region_id) SELECT id, 'administrator', $4 FROM made
"""
