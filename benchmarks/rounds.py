"""A day of rounds through the real tables: 5,222 homes in 60 rounds, written, walked by two phones each, closed.

    python -m benchmarks.rounds [homes] [rounds]

Prints how long each part takes, on a PostgreSQL of its own.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from callcenter.core.database import Database
from callcenter.rounds.visit import VisitState
from tests.support.clock import HandClock
from tests.support.postgres import running_test_cluster
from tests.support.rounds import Rounds, found_rounds

HOMES, ROUNDS = 5_222, 60
NOBODY_EVERY = 200


@contextmanager
def _timed(what: str, count: int) -> Iterator[None]:
    began = time.perf_counter()
    yield
    took = time.perf_counter() - began
    print(f"{what:<34} {took:8.2f} s   {took / count * 1000:7.2f} ms each")


async def _found(rounds: Rounds, homes: int, count: int) -> list[int]:
    made = [await rounds.round(name=f"第{n}线") for n in range(count)]
    for at in range(homes):
        home = await rounds.community.home(address=f"{at}号")
        await rounds.community.resident(home)
        await rounds.stop(made[at % count], home, at // count + 1)
    return made


async def _walk(rounds: Rounds, visits: list[int], phone: int) -> None:
    for at, visit in enumerate(visits):
        said = VisitState.NO_ANSWER if at % NOBODY_EVERY == NOBODY_EVERY - 1 else VisitState.DONE
        await rounds.say(visit, said, phone)


async def run(dsn: str, homes: int, count: int) -> None:
    """One day."""
    database, owning = Database(dsn), Database(dsn, role=None)
    owner = await owning.connect("bench")
    rounds = await found_rounds(owner, database, HandClock())
    await rounds.walker("小李")
    rounds.at(5, days=1)
    made = await _found(rounds, homes, count)
    with _timed(f"write 2 days of {count} runs", 2 * homes):
        await rounds.look()
    with _timed(f"look again at {count} runs", 2 * count):
        await rounds.look()
    visits = [row["id"] for each in made for row in (await rounds.visits(each)).values()]
    rounds.at(11)
    walked = visits[: len(visits) * 97 // 100]
    with _timed(f"{len(walked)} words of two phones", len(walked)):
        halves = walked[::2], walked[1::2]
        await asyncio.gather(*map(_walk, [rounds] * 2, map(list, halves), rounds.walkers))
    rounds.at(12)
    with _timed(f"close {count} runs", count):
        await rounds.look()
    states = Counter([each for one in made for each in await rounds.states(one)])
    print(f"end states {dict(states)}, calls {len(await rounds.calls())}")
    assert sum(states.values()) == homes
    assert not states["pending"]
    await owner.close()
    await owning.close()
    await database.close()


def main() -> None:
    """Sizes from the command line."""
    homes, count = (
        int(each)
        for each in (
            [*sys.argv[1:3], HOMES, ROUNDS] if len(sys.argv) != 2 else [sys.argv[1], ROUNDS]
        )[:2]
    )
    with running_test_cluster() as databases:
        asyncio.run(_on(databases, homes, count))


async def _on(databases: object, homes: int, count: int) -> None:
    await run(await databases.clone(), homes, count)  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
