"""After an outage: every seat gets the board as the database has it, in place of what was shown from memory."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from callcenter.audit.trail import Entry
from callcenter.core.clock import Clock
from callcenter.core.errors import Unavailable
from callcenter.seats.hub import Hub
from callcenter.seats.seat import Seat
from callcenter.seats.snapshots import Snapshots
from callcenter.seats.tables import INCIDENTS

log = structlog.get_logger(__name__)


async def show_anew(hub: Hub, snapshots: Snapshots, clock: Clock) -> None:
    """What changes meanwhile follows the snapshot, as when a seat connects. Seats that ask for the same share one reading."""
    hub.pushed.pop(INCIDENTS.name, None)  # versions of the outage are no longer what counts
    await asyncio.gather(*(_show(seat, snapshots, clock) for seat in list(hub.seats.values())))


async def _show(seat: Seat, snapshots: Snapshots, clock: Clock) -> None:
    look = Entry(
        at=clock.now(),
        principal_id=seat.user_id,
        action="board_shown_anew",
        subject=f"seat:{seat.seat_id}",
        region_ids=sorted(seat.scope),
    )
    seat.link.hold()
    frames: Sequence[bytes] = ()
    try:
        frames = await snapshots.of(seat, look)
    except Unavailable as error:
        log.warning("board_not_shown_anew", user_id=seat.user_id, reason=error.message)
    finally:  # whatever went wrong, a seat goes on hearing what rings
        seat.link.begin(frames)
