"""The zone of the site in which the stories run: one where it is about the middle of the morning, whatever the hour of the machine."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import Final

MORNING_H: Final = 10
OVERRIDE: Final = "STORIES_TIMEZONE"
"""The variable that names another zone, to see what a story does at night."""


def zone_of_morning(now: datetime) -> str:
    """Where the clock on the wall is nearest to ten. POSIX names its zones by what is to be added for UTC: east is minus."""
    nearest_hour = (now.astimezone(UTC) + timedelta(minutes=30)).hour
    east = (MORNING_H - nearest_hour + 12) % 24 - 12
    return f"Etc/GMT{-east:+d}"


SITE_TIMEZONE: Final = os.environ.get(OVERRIDE) or zone_of_morning(datetime.now(UTC))
