"""SQL in words with its parameters by name."""

from __future__ import annotations

import re
from typing import Final

from sqlalchemy import DateTime, TextClause, bindparam, text

_TIMES: Final = frozenset(
    {"now", "time", "since", "until", "next_try_at", "next_at", "stale_at", "ended_at"}
)
_NAMES: Final = re.compile(r"(?<!:):(\w+)")


def statement(sql: str) -> TextClause:
    """The parameters that are times are sent with their zone; SQLAlchemy would leave it out."""
    named = sorted(_TIMES & set(_NAMES.findall(sql)))
    return text(sql).bindparams(*(bindparam(each, type_=DateTime(timezone=True)) for each in named))
