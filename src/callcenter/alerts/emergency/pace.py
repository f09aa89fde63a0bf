"""How long an emergency access lasts, and how many somebody may open. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from callcenter.core.errors import TooManyAttempts

LASTS: Final = timedelta(minutes=15)
KEPT: Final = timedelta(minutes=2)
"""While they work an incident of the subject it ends no earlier than this from now: help is not cut off in the middle."""
WITHIN: Final = timedelta(hours=1)
MOST_PROFILES: Final = 6
MOST_ALARMS: Final = 60
"""Where somebody calls for help it is far more: a district whose seats are all dead."""
MOST_SEARCHES: Final = 30


def check_pace(before: Sequence[datetime], now: datetime, most: int) -> None:
    """Raises TooManyAttempts when that many lie within the last hour, with when the next is free."""
    lately = sorted(at for at in before if at > now - WITHIN)
    if len(lately) >= most:
        free = lately[-most] + WITHIN - now
        raise TooManyAttempts(
            f"No more than {most} within an hour: ask a supervisor.",
            retry_after_s=free.total_seconds(),
        )
