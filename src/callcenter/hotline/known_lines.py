"""Lines and number rules in memory: a call rings by its line while the database is away. A processor reads them anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import Any, Final

import asyncpg
import structlog

from callcenter.core.database import Database
from callcenter.core.held import HeldConnections
from callcenter.telephony import numbers
from callcenter.telephony.line import Hours, Line, LineKind, unknown
from callcenter.telephony.numbers import Caller, NumberRule
from callcenter.telephony.pbx import Arrived

log = structlog.get_logger(__name__)

LINES: Final = (
    "SELECT number, kind, region_id, name, name_en, area_code, language, hours, closed_prompt, overflow_number"
    " FROM line WHERE is_open ORDER BY number"
)
RULES: Final = "SELECT begins, digits, drops, put FROM number_rule ORDER BY position"
CHANNEL: Final = "lines"
"""Of the hint that they have changed; the processor's name as well."""


class KnownLines:
    """`root_id`: of the region that a number belongs to which nobody has entered. `lines`: until they are read."""

    def __init__(self, root_id: Callable[[], int], lines: Iterable[Line] = ()) -> None:
        self._root_id = root_id
        self._lines: Mapping[str, Line] = {line.number: line for line in lines}
        self._rules: Sequence[NumberRule] = ()

    async def read(self, connection: asyncpg.Connection) -> None:
        """All of them: they are few. Also from what was kept of the answers."""
        lines = [_line(row) for row in await connection.fetch(LINES)]
        self._rules = [
            NumberRule(row["begins"], row["drops"], row["put"], row["digits"])
            for row in await connection.fetch(RULES)
        ]
        self._lines = {line.number: line for line in lines}

    @property
    def listed(self) -> Sequence[Line]:
        return list(self._lines.values())

    def line_of(self, number: str) -> Line:
        """The line with this number; one that nobody has entered rings as well."""
        return self._lines.get(number) or unknown(number, self._root_id())

    def caller_of(self, arrived: Arrived, line: Line) -> Caller:
        """Who rings, by the rules of the site and the plan of numbers."""
        return numbers.read(arrived.caller, arrived.withheld, self._rules, line.area_code)


class LinesReading:
    """The processor that reads them anew."""

    name = CHANNEL
    interval_s = 10.0

    def __init__(self, known: KnownLines, database: Database) -> None:
        self._known = known
        self.connections = HeldConnections(database, self.name, 1)

    async def run_once(self, now: datetime) -> int:  # noqa: ARG002 - they hold until they change
        """Zero always."""
        async with self.connections.use() as connection:
            await self._known.read(connection)
        return 0


def _line(row: Mapping[str, Any]) -> Line:
    return Line(
        number=row["number"],
        kind=LineKind(row["kind"]),
        region_id=row["region_id"],
        name=row["name"],
        name_en=row["name_en"],
        area_code=row["area_code"],
        language=row["language"],
        hours=_hours(row["number"], row["hours"]),
        closed_prompt=row["closed_prompt"],
        overflow_number=row["overflow_number"],
    )


def _hours(number: str, written: Any) -> Sequence[Hours]:
    """What cannot be read closes no line."""
    try:
        return tuple(
            Hours(frozenset(map(int, days)), time.fromisoformat(from_), time.fromisoformat(until))
            for days, from_, until in written
        )
    except (TypeError, ValueError) as error:
        log.warning("line_hours_not_understood", line=number, reason=str(error))
        return ()
