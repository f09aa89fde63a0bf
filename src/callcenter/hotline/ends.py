"""How the call of a key ended is said on the timeline of its incident: cause, seconds, who has spoken with them. Once, also without the
database, and never before the alarm itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

import structlog

from callcenter.alerts.handling.away import Away
from callcenter.alerts.handling.call_ended import SAY_CALL_ENDED, Ended
from callcenter.alerts.handling.carrying_out import Order, Workbench, carry_out
from callcenter.alerts.handling.decision import SYSTEM
from callcenter.alerts.telephoned import press_id
from callcenter.core.errors import CallCenterError, Unavailable
from callcenter.core.held import LOST, HeldConnections
from callcenter.core.recent import Recent
from callcenter.hotline.call import Call, State
from callcenter.hotline.red_call import calls_for_help

log = structlog.get_logger(__name__)

ENDS: Final = "calls_ended"
WAITS: Final = timedelta(hours=1)
MOST: Final = 5_000


def ended_of(call: Call, names: Mapping[int, str], *, answered: bool = False) -> Ended:
    """`answered`: by whomever, where it was not at a seat."""
    end = call.ended_at or call.offered_at
    spoke_at = call.answered_at
    return Ended(
        call=f"{call.pbx}/{call.pbx_call}",
        call_id=call.id,
        cause=call.cause,
        rang_s=_seconds(call.offered_at, spoke_at or end),
        talked_s=_seconds(spoke_at, end) if spoke_at is not None else None,
        answered_by=call.answered_by,
        answered_by_name=names.get(call.answered_by) if call.answered_by is not None else None,
        answered=answered or spoke_at is not None,
    )


def _seconds(since: datetime, until: datetime) -> int:
    return max(0, round((until - since).total_seconds()))


class Ends:
    """The processor, and one of those who are told of calls."""

    name = ENDS
    interval_s = 2.0

    def __init__(
        self,
        bench: Workbench,
        away: Away,
        connections: HeldConnections,
        incident_of: Callable[[str, str], UUID | None],
        names: Callable[[], Mapping[int, str]],
        moved_to: Mapping[UUID, UUID],
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        """`moved_to`: incidents that were opened without the database and turned out to be part of others."""
        self.connections = connections
        self._bench = bench
        self._away = away
        self._incident_of = incident_of
        self._names = names
        self._moved_to = moved_to
        self._wake = wake
        self._waiting: dict[UUID, tuple[Call, bool]] = {}
        self._said: Recent[UUID, bool] = Recent(MOST)

    def hear(self, calls: Iterable[Call]) -> None:
        """What has changed."""
        for call in calls:
            if call.state is State.ENDED and calls_for_help(call):
                self.say(call)

    def say(self, call: Call, *, answered: bool = False) -> None:
        """It has ended; said twice it stands there once."""
        id_ = press_id(call.pbx, call.pbx_call)
        if id_ not in self._said and len(self._waiting) < MOST:
            self._waiting.setdefault(id_, (call, answered))
            self._wake()

    @property
    def waiting(self) -> int:
        """How many are not said yet."""
        return len(self._waiting)

    async def run_once(self, now: datetime) -> int:
        """Say what can be said now."""
        for id_, (call, answered) in list(self._waiting.items()):
            incident = self._incident_of(call.pbx, call.pbx_call)
            if incident is None and now - call.offered_at < WAITS:
                continue  # the alarm first
            if incident is not None:
                await self._say(id_, incident, ended_of(call, self._names(), answered=answered))
            self._said.put(id_, True)
            self._waiting.pop(id_, None)
        return 0

    async def _say(self, id_: UUID, incident: UUID, ended: Ended) -> None:
        """Raises Unavailable, and is tried again. Whatever else is wrong is wrong with it alone."""
        order = Order(SAY_CALL_ENDED, ended, uuid5(id_, "ended"), lambda _: SYSTEM)
        incident = self._moved_to.get(incident, incident)
        try:
            if self._away.remembers(incident):
                await self._away.do_by_itself(incident, order)
                return
            async with self.connections.use() as connection:
                if not await connection.fetchval(_STANDS, incident, ended.call):
                    await carry_out(connection, self._bench, incident, order)
        except (*LOST, Unavailable):
            raise
        except CallCenterError as error:
            log.warning("call_end_not_said", incident_id=str(incident), code=error.code)
        except Exception:  # see above
            log.exception("call_end_not_said", incident_id=str(incident))


_STANDS: Final = """
SELECT EXISTS (SELECT FROM timeline_entry WHERE incident_id = $1 AND kind = 'call_ended' AND data->>'call' = $2)
"""
"""Said by a process that has died since."""
