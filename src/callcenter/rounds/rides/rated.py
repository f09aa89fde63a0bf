"""How a ride, an errand or a visit was, by one digit of whoever it was for. Pure.

The same digit may answer for an alarm, or be a neighbour's word: a rating is the last that a text can mean.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from datetime import datetime, time, timedelta
from typing import Final

from callcenter.dispatch.task import TaskKind

RATED: Final = frozenset({TaskKind.RIDE, TaskKind.ERRAND, TaskKind.VISIT})
"""Asked for by somebody, and over when it is done. Whoever goes from door to door asks at the door."""
RESTS: Final = timedelta(days=7)
"""Who has been asked is left alone so long, but for a ride: one who is visited every day is not asked every day."""
BY_DAY: Final = (time(8), time(21))
ANSWERED_WITHIN: Final = timedelta(days=1)
_RATING: Final = re.compile(r"(?:回复|打|reply)?\s*([1-5])\s*(?:分|星|stars?|points?)?[\s。.!！]*")


def rating_of(text: str) -> int | None:
    """1 to 5; None: it is none. Reads "5", "５分", "回复4", "5 stars"."""
    match = _RATING.fullmatch(unicodedata.normalize("NFKC", text[:40]).strip().lower())
    return None if match is None else int(match[1])


def in_time(asked_at: datetime, now: datetime) -> bool:
    """A digit that comes later means something else."""
    return asked_at <= now <= asked_at + ANSWERED_WITHIN


def asked_now(local: datetime) -> Set[TaskKind]:
    """About what people are asked at this hour of the site: a ride while they remember it, everything else by day."""
    return RATED if BY_DAY[0] <= local.time() < BY_DAY[1] else frozenset({TaskKind.RIDE})


def may_ask(kind: TaskKind, last_asked_at: datetime | None, now: datetime) -> bool:
    """Whether a telephone may get another question; `last_asked_at`: about whatever it was."""
    return kind is TaskKind.RIDE or last_asked_at is None or now - last_asked_at >= RESTS
