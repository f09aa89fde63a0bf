"""What routes of rounds get from the request."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends

from callcenter.auth.guards import CurrentContext


def site_zone(context: CurrentContext) -> ZoneInfo:
    """In whose calendar days begin."""
    return ZoneInfo(context.site_timezone)


Zone = Annotated[ZoneInfo, Depends(site_zone)]
