"""Texts that leave before the database has their rows: while it is away the alarm process hands them over by itself (G5).

Each goes to a gateway once. When its row appears in the outbox it is claimed as every text is, and gets the attempt and the answer
that there were already, instead of being sent again. What has left stands on the disk, so that the next process knows it too; where the
disk takes nothing, what is forgotten by dying may go out a second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any
from uuid import UUID

import structlog

from callcenter.core.recent import Recent
from callcenter.sms.claiming import Attempt, attempt_of
from callcenter.sms.flights import Answer, Flights
from callcenter.sms.kept import KeptInMind, LeftTexts

log = structlog.get_logger(__name__)


class Flown:
    """Those of one sender that no row has claimed yet."""

    def __init__(self, flights: Flights, zone: tzinfo, left: LeftTexts | None = None) -> None:
        self._flights = flights
        self._left = left or KeptInMind()
        self._zone = zone
        self._attempts: dict[UUID, Attempt] = {}
        self._answers: dict[UUID, Answer] = {}
        self._claimed: Recent[UUID, bool] = Recent()

    def remember(self, attempts: Iterable[Attempt]) -> None:
        """Texts of an earlier process of this office: what became of them nobody knows, and they are not sent blindly again."""
        self._attempts |= {attempt.id: attempt for attempt in attempts}

    @property
    def attempts(self) -> Mapping[UUID, Attempt]:
        """By id of the text."""
        return self._attempts

    async def send(self, rows: Sequence[Mapping[str, Any]], now: datetime) -> list[UUID]:
        """Hand these to gateways, each once; which of them are on their way now, or were. The others wait for their rows."""
        choose = self._flights.chooser()
        fresh = []
        for row in rows:
            if row["id"] in self._attempts or self._claimed.find(row["id"]):
                continue
            route = choose(None, row["priority"])
            if route is not None:
                attempt = attempt_of({**row, "attempt": 0, "gateway": None}, route, self._zone, now)
                self._attempts[attempt.id] = attempt
                fresh.append(attempt)
        if fresh:
            log.warning("sms_sent_without_row", texts=len(fresh))
            await self._left.leave(fresh)
            await self._flights.start(fresh)
        return [r["id"] for r in rows if r["id"] in self._attempts or self._claimed.find(r["id"])]

    def keep(self, answers: Iterable[Answer]) -> list[Answer]:
        """Those that can be stored now; an answer to a text without a row is kept for it."""
        ready = []
        for answer in answers:
            if answer.attempt.id in self._attempts:
                self._answers[answer.attempt.id] = answer
            else:
                ready.append(answer)
        return ready

    def claimed(self, attempts: Sequence[Attempt]) -> list[Attempt]:
        """After the commit: which of these are to be sent; the answers to the others may be stored."""
        to_send, known = [], []
        for attempt in attempts:
            self._claimed.put(attempt.id, True)
            if self._attempts.pop(attempt.id, None) is None:
                to_send.append(attempt)
            elif (answer := self._answers.pop(attempt.id, None)) is not None:
                known.append(answer)
        self._left.claimed(attempt.id for attempt in attempts)
        self._flights.put_back(known)
        return to_send
