"""How long emergency texts have waited to leave, by their rows: told also while the office, which sends them, is away."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import structlog

from callcenter.core import metrics
from callcenter.core.database import Database
from callcenter.core.held import HeldConnections
from callcenter.sms import lifetime
from callcenter.sms.catalogue import EMERGENCY
from callcenter.sms.lifetime import OF_ROWS

log = structlog.get_logger(__name__)

LATE_S: Final = 60.0
"""A family that has not been told for this long should be phoned: every gateway refuses, or nobody sends."""


class WaitingTexts:
    """The processor `waiting_texts`."""

    name = "waiting_texts"
    interval_s = 5.0

    def __init__(self, database: Database) -> None:
        self.connections = HeldConnections(database, self.name, 1)
        self._waited_s = 0.0

    async def run_once(self, now: datetime) -> int:
        """Look at the oldest. Raises Unavailable: the answer stays as it was."""
        async with self.connections.use() as connection:
            since: datetime | None = await connection.fetchval(
                _OLDEST, now, EMERGENCY, OF_ROWS.steady, OF_ROWS.lived
            )
        self._note((now - since) / timedelta(seconds=1) if since else 0.0)
        return 0

    async def leave_in_time(self) -> bool:
        """Whether no emergency text waits for longer than `LATE_S`."""
        return self._waited_s <= LATE_S

    def _note(self, waited_s: float) -> None:
        was_late, is_late = self._waited_s > LATE_S, waited_s > LATE_S
        self._waited_s = max(0.0, waited_s)
        metrics.SMS_WAITING_SECONDS.set(self._waited_s)
        if is_late and not was_late:
            log.error("texts_wait", seconds=round(waited_s))
        elif was_late and not is_late:
            log.warning("texts_leave_again")


# A repeat is due ever later: it has waited since it was written. A text for later has waited since it was due.
_OLDEST = f"""
SELECT min(CASE WHEN attempt = 0 THEN due_at ELSE created_at END) FROM sms_message
WHERE state = 'queued' AND priority <= $2 AND (attempt > 0 OR due_at <= $1)
  AND NOT {lifetime.over("$1", "$3", "$4")}
"""  # noqa: S608 names of parameters
