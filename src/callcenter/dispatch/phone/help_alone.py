"""Whoever is on duty and needs help without a job: an alarm about them, as a lone worker's.

It stands on a task that is called off with the same breath, so that nobody is asked to do it: who goes is for whoever takes the alarm.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.dispatch import moving
from callcenter.dispatch.choosing import Spot
from callcenter.dispatch.doing import Doer, StepBy
from callcenter.dispatch.duty.keeping import of_staff
from callcenter.dispatch.entering import MOST_URGENT, Entered, enter
from callcenter.dispatch.models import StaffPosition
from callcenter.dispatch.phone.commands import DONE, Answer, Told
from callcenter.dispatch.phone.sessions import Phone
from callcenter.dispatch.task import TaskKind

OFF_DUTY_NOW: Final = Told(Answer.REFUSED, "off_duty_now")
"""Nobody knows where they are, and nobody is paid to look: they are told to ring."""
_WHAT: Final = "求助 Help"
_REASON: Final = "转为报警 Passed on as an alarm"


async def ask(session: AsyncSession, phone: Phone, fix: Spot | None, now: datetime) -> Told:
    """Once a word; `fix` is where they say that they are, else where they were seen last."""
    if await of_staff(session, phone.staff_id) is None:
        return OFF_DUTY_NOW
    doer = Doer(StepBy.PHONE, name=phone.name)
    about = Entered(
        kind=TaskKind.ERRAND,
        region_id=phone.region_id,
        begins_at=now,
        what=_WHAT,
        at=fix or await _seen_at(session, phone.staff_id),
        priority=MOST_URGENT,
    )
    task = await enter(session, about, doer, now)
    await moving.ask_help(session, task, phone.staff_id, doer, now)
    await moving.cancel(session, task, doer, now, _REASON)
    return DONE


async def _seen_at(session: AsyncSession, staff_id: int) -> Spot | None:
    seen = await session.get(StaffPosition, staff_id)
    return None if seen is None else Spot(seen.lat, seen.lng)
