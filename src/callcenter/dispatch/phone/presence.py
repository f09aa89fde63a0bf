"""On and off duty, as their own phone says."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.dispatch.duty import keeping
from callcenter.dispatch.models import DutyBy
from callcenter.dispatch.phone.commands import DONE, Answer, CommandName, Told

STAYS_ON: Final = Told(Answer.OTHERWISE, "stays_on_duty")
"""Until the task is over: then the duty ends by itself."""


async def turn(session: AsyncSession, staff_id: int, name: CommandName, now: datetime) -> Told:
    """Once is enough. Raises what `begin` raises."""
    if name is CommandName.ON_DUTY:
        await keeping.begin(session, staff_id, DutyBy.PAGE, now)
        return DONE
    ended = await keeping.end(session, staff_id, DutyBy.PAGE, now)
    is_on = not ended and await keeping.of_staff(session, staff_id) is not None
    return STAYS_ON if is_on else DONE
