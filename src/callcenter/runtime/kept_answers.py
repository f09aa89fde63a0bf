"""What the alarm process asks the database at its start, as two sealed files below the data folder: the board, which changes all
the time, and the directory, which is large (core.snapshot_file). The office writes them, the alarm process reads them when it has to
start without a database.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any, Final

import asyncpg

from callcenter.adjustable.current import SAID
from callcenter.alerts.arriving.keys import LATEST
from callcenter.alerts.handling.known_forwards import ASKED as FORWARDS
from callcenter.alerts.open_incidents import HIGHEST_NUMBER, OPEN, STEPS_OF_OPEN
from callcenter.alerts.timers_in_memory import TIMED
from callcenter.auth.outage.seated import SEATED
from callcenter.auth.outage.tries import TRIED
from callcenter.auth.sessions import EVERY_LIVE
from callcenter.auth.walls.screens import EVERY_SCREEN
from callcenter.core.data_folder import board_file, directory_file
from callcenter.core.replayed import Replayed, Row, form_of, packed
from callcenter.core.snapshot_file import Sealing, check, records
from callcenter.devices.registry import reading
from callcenter.hotline.known_lines import LINES, RULES
from callcenter.listeners.opening import REGION
from callcenter.regions.founding import ROOT
from callcenter.seats.sweep import NOW_SEEN

Answer = tuple[str, Sequence[Any], Sequence[Any]]
"""A query, its arguments, its rows."""

_BOARD: Final = (
    ROOT,
    SAID,
    NOW_SEEN,
    EVERY_LIVE,
    SEATED,
    TRIED,
    EVERY_SCREEN,
    OPEN,
    STEPS_OF_OPEN,
    TIMED,
    HIGHEST_NUMBER,
    LATEST,
    *FORWARDS,
    LINES,
    RULES,
)
_BOARD_MADE: Final = (
    "when the board was read, and up to when the directory was known to be as it was written"
)
_DIRECTORY_MADE: Final = "when the directory was read"

BOARD_FORM: Final = form_of([_BOARD_MADE, REGION, *_BOARD])
DIRECTORY_FORM: Final = form_of([_DIRECTORY_MADE, *reading.ONCE, *reading.PAGED])


async def board_answers(
    connection: asyncpg.Connection, codes: Sequence[str], now: datetime, directory_at: datetime
) -> list[bytes]:
    """The records of the board. `codes`: of regions that listeners name."""
    made = [_made(_BOARD_MADE, at=now, directory_at=directory_at)]
    for query in _BOARD:
        made.append(packed(query, (), await connection.fetch(query)))
    for code in codes:
        made.append(packed(REGION, (code,), await connection.fetch(REGION, code)))
    return made


async def directory_answers(connection: asyncpg.Connection, now: datetime) -> AsyncIterator[bytes]:
    """The records of the directory, one after the other: at no time are all of them in memory."""
    yield _made(_DIRECTORY_MADE, at=now)
    async for query, arguments, rows in reading.each_answer(connection):
        yield packed(query, arguments, rows)


@dataclass(frozen=True, slots=True)
class Recalled:
    """`answers` stands where a connection stands; `as_of`: how old what it says of people and places is."""

    answers: Replayed
    as_of: datetime


def assert_usable(data_dir: Path, sealing: Sealing) -> None:
    """Read both to their ends. Raises Unusable."""
    check(board_file(data_dir), sealing, BOARD_FORM)
    check(directory_file(data_dir), sealing, DIRECTORY_FORM)


async def recalled(data_dir: Path, sealing: Sealing) -> Recalled:
    """What an alarm process starts with. Raises Unusable, here or when it is asked."""
    answers = Replayed(_all(data_dir, sealing))
    board = await answers.fetchrow(_BOARD_MADE)
    directory = await answers.fetchrow(_DIRECTORY_MADE)
    answers.as_of = board["at"] if board else None
    known = [row[name] for row, name in ((board, "directory_at"), (directory, "at")) if row]
    return Recalled(answers, max(known))


def _all(data_dir: Path, sealing: Sealing) -> Iterator[bytes]:
    return chain(
        records(board_file(data_dir), sealing, BOARD_FORM),
        records(directory_file(data_dir), sealing, DIRECTORY_FORM),
    )


def _made(query: str, **times: datetime) -> bytes:
    places = {name: place for place, name in enumerate(times)}
    return packed(query, (), [Row(places, list(times.values()))])
