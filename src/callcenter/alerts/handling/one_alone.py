"""What is wrong with one incident is wrong with it alone: a processor that goes through many leaves it and does the others."""

from __future__ import annotations

from collections.abc import Awaitable
from enum import StrEnum
from uuid import UUID

import structlog

from callcenter.core.errors import CallCenterError
from callcenter.core.held import LOST

log = structlog.get_logger(__name__)


class Became(StrEnum):
    """What became of it."""

    DONE = "done"
    LEFT = "left"
    """Somebody holds it, or it is not as it was: the next cycle looks again."""
    FAILED = "failed"


async def one_alone(incident_id: UUID, work: Awaitable[object]) -> Became:
    """Do it, unless it cannot be done now, or at all. Raises what says that the database is away: the others wait as well."""
    try:
        await work
    except CallCenterError as error:
        log.warning("incident_left_for_later", incident_id=str(incident_id), code=error.code)
        return Became.LEFT
    except LOST:
        raise
    except Exception:  # see above
        log.exception("incident_failed", incident_id=str(incident_id))
        return Became.FAILED
    return Became.DONE
