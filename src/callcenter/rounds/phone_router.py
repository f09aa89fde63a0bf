"""The page of a phone at a door: its rounds of today and tomorrow, its pairs, and what its owner said of each."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends

from callcenter.auth.guards import CurrentContext, DatabaseSession, Zone, site_time
from callcenter.dispatch.phone.guards import CurrentPhone
from callcenter.dispatch.phone.one_by_one import PhoneBatchView, batch_view
from callcenter.rounds.phone_said import AtDoors, RoundCommands
from callcenter.rounds.phone_shown import PhoneRounds, rounds_of

router = APIRouter(prefix="/api/v1/phone/rounds", tags=["phones"])

Now = Annotated[datetime, Depends(site_time)]


@router.get("")
async def show_my_rounds(phone: CurrentPhone, session: DatabaseSession, now: Now) -> PhoneRounds:
    """Runs of today and tomorrow that the asker walks, with their stops in their order, and whom they look in on."""
    return await rounds_of(session, phone.staff_id, now)


@router.post("/commands")
async def carry_out_round_commands(
    body: RoundCommands, phone: CurrentPhone, context: CurrentContext, now: Now, zone: Zone
) -> PhoneBatchView:
    """In the order in which they were done. Each is answered for itself, now and whenever it comes again; `otherwise`: somebody has
    said something later, and `state` is what stands.
    """
    doors = AtDoors(context.database, phone.staff_id, now, zone)
    return batch_view(now, body.commands, await doors.all_of(body.commands))
