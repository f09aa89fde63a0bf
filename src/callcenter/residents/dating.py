"""From when a change of a resident holds and who makes it: told to the database, which keeps the past (migration 0030b)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.errors import Conflict
from callcenter.residents.fields import Reading

FIRST_DAY: Final = date(1900, 1, 1)
"""Nothing that is kept of a resident began before."""

_SAY: Final = text(
    """
    SELECT set_config('callcenter.' || said.name, said.value, true)
    FROM unnest(CAST(:names AS text[]), CAST(:values AS text[])) AS said (name, value)
    """
)

_REFUSALS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "residence_overlaps": (
            "past_overlaps",
            "Another residence is known for that time: correct the past first.",
        ),
        "resident_fact_overlaps": (
            "past_overlaps",
            "Another fact of this kind is known for that time: correct the past first.",
        ),
        "resident_event_in_order": (
            "later_is_known",
            "Something later is known of them already: give a later day, or correct the past.",
        ),
        "uq_resident_event_died": (
            "died_already",
            "A death is known already: withdraw it with the same correction.",
        ),
        "residence_agrees": (
            "home_disagrees",
            "The residence without an end must be the home of a resident who lives here, and of nobody else.",
        ),
    }
)
"""Guards of the database: code and what to do."""


async def write_as(
    session: AsyncSession,
    *,
    now: datetime,
    by: int | None,
    source: str,
    day: date | None = None,
    why: str = "",
) -> None:
    """Say of what this transaction writes who writes it and from which day it holds. `now` is by the site's calendar; without a
    `day` it holds from today, or from the last day known where that is later.
    """
    said = {
        "today": now.date().isoformat(),
        "day": "" if day is None else day.isoformat(),
        "at": now.isoformat(),
        "by": "" if by is None else str(by),
        "source": source,
        "why": why,
    }
    await session.execute(_SAY, {"names": list(said), "values": list(said.values())})


def read_day(reading: Reading, column: str, day: date | None) -> None:
    """Blame a day that cannot be one of the past."""
    if day is not None and day > reading.today:
        reading.blame(column, "after_today", day)
    elif day is not None and day < FIRST_DAY:
        reading.blame(column, "unlikely_day", day)


@contextmanager
def fitting_the_past() -> Iterator[None]:
    """What the database refuses because of the past becomes Conflict: `past_overlaps`, `later_is_known`, `died_already`,
    `home_disagrees`.
    """
    try:
        yield
    except IntegrityError as error:
        name = getattr(getattr(error.orig, "__cause__", None), "constraint_name", None)
        refusal = _REFUSALS.get(str(name))
        if refusal is None:
            raise
        code, message = refusal
        raise Conflict(message, code=code) from error
