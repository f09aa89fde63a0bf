"""Texts that leave before the database has their rows: while it is away the alarm process hands them over by itself (G5).

Each goes to a gateway once, and again only where the outbox would send it again (`flown_again.py`). When its row appears in the outbox it
is claimed as every text is, and gets the attempt and the answer that there were already. What has left, and what the gateway said, stands on
the disk, so that the next process knows it too; where the disk takes nothing, what is forgotten by dying may go out a second time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Any
from uuid import UUID

import structlog

from callcenter.core.recent import Recent
from callcenter.sms import lifetime
from callcenter.sms.breaker import Route
from callcenter.sms.catalogue import RULES
from callcenter.sms.claiming import Attempt, attempt_of
from callcenter.sms.flights import Answer, Flights
from callcenter.sms.gateway import OutgoingText, SendResult
from callcenter.sms.kept import KeptInMind, LeftText, LeftTexts

log = structlog.get_logger(__name__)

IsDue = Callable[[SendResult | None, int, float, int], bool]


class Flown:
    """Those of one sender that no row has claimed yet."""

    def __init__(self, flights: Flights, zone: tzinfo, left: LeftTexts | None = None) -> None:
        self._flights = flights
        self._left = left or KeptInMind()
        self._zone = zone
        self._attempts: dict[UUID, Attempt] = {}
        self._answers: dict[UUID, Answer] = {}
        self._claimed: Recent[UUID, bool] = Recent()
        self._results: dict[UUID, SendResult] = {}
        self._since: dict[UUID, float] = {}
        """When the result came, or when this process began to wait for one (monotonic s)."""
        self._tries: Counter[UUID] = Counter()
        self._arrived: set[UUID] = set()
        """A gateway has told of them since: they are with the network."""
        self._leaving: set[UUID] = set()
        flights.on_landing = self._landed

    def remember(self, left: Iterable[LeftText], at: float) -> None:
        """Texts of an earlier process of this office, at this moment (monotonic s). What it knew of them is known here."""
        for each in left:
            self._attempts[each.attempt.id] = each.attempt
            self._tries[each.attempt.id] = each.tries
            self._since[each.attempt.id] = at
            if each.result is not None:
                self._results[each.attempt.id] = each.result
                self._answers[each.attempt.id] = Answer(each.attempt, each.result)

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
            self._tries.update(attempt.id for attempt in fresh)
            with self._on_the_way(fresh):
                await self._left.leave(fresh)
                await self._flights.start(fresh)
        return [r["id"] for r in rows if r["id"] in self._attempts or self._claimed.find(r["id"])]

    def heard(self, ids: Iterable[UUID]) -> None:
        """A gateway has told of these."""
        self._arrived |= self._attempts.keys() & set(ids)

    async def send_again(self, is_due: IsDue, now: datetime) -> int:
        """Hand those over once more that are due; how many. `is_due` is asked with the result, tries, time and priority of each."""
        choose = self._flights.chooser()
        flying = self._leaving | {attempt.id for attempt in self._flights.flying}
        again = []
        for attempt in list(self._attempts.values()):
            if attempt.id in flying or attempt.id in self._arrived or attempt.expires_at <= now:
                continue
            result = self._results.get(attempt.id)
            said = result, self._tries[attempt.id], self._since.get(attempt.id, 0.0)
            if attempt.message is None or not is_due(*said, attempt.priority):
                continue
            if (route := choose(attempt.gateway, attempt.priority)) is not None:
                again.append(next_of(attempt, attempt.message, route, now))
        await self._start_again(again)
        return len(again)

    async def _start_again(self, attempts: Sequence[Attempt]) -> None:
        if not attempts:
            return
        for attempt in attempts:
            self._attempts[attempt.id] = attempt
            self._tries[attempt.id] += 1
            self._results.pop(attempt.id, None)
            self._answers.pop(attempt.id, None)
        log.warning("sms_sent_again_without_row", texts=len(attempts))
        with self._on_the_way(attempts):
            await self._left.again(attempts)
            # One that its row has claimed meanwhile is the outbox's to send again.
            await self._flights.start([each for each in attempts if each.id in self._attempts])

    @contextmanager
    def _on_the_way(self, attempts: Sequence[Attempt]) -> Iterator[None]:
        """While the disk takes them they neither fly nor have an answer."""
        ids = {attempt.id for attempt in attempts}
        self._leaving |= ids
        try:
            yield
        finally:
            self._leaving -= ids

    def _landed(self, answer: Answer) -> None:
        attempt = answer.attempt
        if attempt.id in self._attempts:
            self._results[attempt.id] = answer.result
            self._since[attempt.id] = self._flights.now()
            self._left.landed(attempt.id, answer.result)

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
            self._forget(attempt.id)
            if self._attempts.pop(attempt.id, None) is None:
                to_send.append(attempt)
            elif (answer := self._answers.pop(attempt.id, None)) is not None:
                known.append(answer)
        self._left.claimed(attempt.id for attempt in attempts)
        self._flights.put_back(known)
        return to_send

    def _forget(self, text_id: UUID) -> None:
        self._results.pop(text_id, None)
        self._since.pop(text_id, None)
        self._tries.pop(text_id, None)
        self._arrived.discard(text_id)


def next_of(attempt: Attempt, message: OutgoingText, route: Route, now: datetime) -> Attempt:
    """The same text by this gateway. Its number stays: its row will know of one attempt, and receipts of either count for it."""
    valid_for_s = lifetime.left_s(attempt.expires_at, now, RULES[message.kind].valid_for)
    probe = route.breaker if route.breaker.probing else None
    return replace(
        attempt,
        gateway=route.name,
        probe=probe,
        message=replace(message, valid_for_s=valid_for_s),
    )
