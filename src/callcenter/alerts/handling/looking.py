"""What a look at a timer leads to, with who is there at this moment. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from callcenter.alerts import timers
from callcenter.alerts.board import Board, Manning
from callcenter.alerts.bodies import Climbed, Gone, RequestWaits, Silence, TimeToCall, WaitOver
from callcenter.alerts.escalation import DUTY_MADE, RETRY, Step, World, climb, is_over
from callcenter.alerts.handling.carrying_out import Order, of_system
from callcenter.alerts.handling.telling_next import TELL_ON
from callcenter.alerts.handling.unattended import (
    END_WAIT,
    ESCALATE,
    LOSE_TAKER,
    REMIND,
    REMIND_REQUEST,
)
from callcenter.alerts.incident import NOBODY_TOLD, REQUEST_DUE, IncidentMode
from callcenter.alerts.timers import TimerKind
from callcenter.alerts.timers_in_memory import order_id
from callcenter.regions.policies import EscalationPolicy
from callcenter.regions.tree import RegionSettings

MISSED_WITHIN = timedelta(seconds=10)
"""From the last word of a console until a look finds nobody: three beats, and the pause between two looks."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A timer, and what is asked about its incident."""

    incident_id: UUID
    kind: TimerKind
    since: datetime
    due_at: datetime | None
    missing_since: datetime | None
    now: datetime
    """By the database's clock, as are the three before."""
    region_id: int
    region_path: Sequence[int]
    priority: int
    ring: int
    ring_to: Sequence[int]
    escalated: int
    marks: Sequence[str]
    taken_by: int | None
    follow_due_at: datetime | None
    last_signal_at: datetime
    proofs: int
    """Of this ring: 2 when a seat has shown it and one has sounded it."""
    mode: str = IncidentMode.REAL
    call_back_by: datetime | None = None
    """Of a request for service."""
    missed: timedelta = timedelta()
    """How long no server has looked on since its cause began."""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Watched:
        """From a row of the watch."""
        return cls(**{**row, "kind": TimerKind(row["kind"])})

    def own(self, order: Order) -> Order:
        """The order as it is recognised, whoever comes to it."""
        name = order.command.name
        own = order_id(self.incident_id, name, self.ring, self.escalated, self.marks)
        return replace(order, id=own)

    @property
    def is_due(self) -> bool:
        return self.due_at is not None and self.due_at <= self.now


@dataclass(frozen=True, slots=True)
class Look:
    """The timer as it is to be, and what is ordered. `untold`: there is nobody who could be told of the alarm."""

    due_at: datetime | None
    missing_since: datetime | None = None
    order: Order | None = None
    untold: bool = False


class Round:
    """One look at everything, at `now` of the site's clock."""

    def __init__(
        self,
        board: Board,
        settings_of: Callable[[int], RegionSettings],
        taker_gone: timedelta,
        now: datetime,
    ) -> None:
        self._board = board
        self._settings_of = settings_of
        self._gone = taker_gone
        self._now = now
        self._manning: dict[tuple[int, ...], Manning] = {}

    def look(self, one: Watched) -> Look:
        """By what it is watched for."""
        if one.kind is TimerKind.TAKER_GONE:
            return self._at_taker(one)
        if one.kind is TimerKind.FOLLOW_UP:
            return self._at_followed(one)
        if one.kind is TimerKind.CONTACT_SILENT:
            return self._at_silent(one)
        if one.kind is TimerKind.REQUEST:
            return self._at_request(one)
        if one.kind is TimerKind.PLAN_WAIT:
            return self._at_wait(one)
        return self._at_waiting(one)

    def _at_taker(self, one: Watched) -> Look:
        if one.taken_by is None:
            raise AssertionError("nobody is missing who never took it")
        found = timers.absence(
            one.missing_since,
            last_there=self._last_there(one.taken_by, one.now),
            delay=self._gone,
            now=one.now,
        )
        order = of_system(LOSE_TAKER, Gone(one.taken_by)) if found.acts else None
        return Look(one.now + RETRY if order else None, found.missing_since, order)

    def _last_there(self, taker: int, now: datetime) -> datetime | None:
        """The time in which a taker may come back began when their console was last heard, not when it was missed."""
        if self._board.present(taker):
            return None
        return now - min(self._board.absent_for(taker), MISSED_WITHIN)

    def _at_followed(self, one: Watched) -> Look:
        if not one.is_due or one.follow_due_at is None:
            return Look(one.due_at)
        there = one.taken_by is not None and self._board.present(one.taken_by)
        return Look(one.now + RETRY, order=of_system(REMIND, TimeToCall(one.follow_due_at, there)))

    def _at_request(self, one: Watched) -> Look:
        if not one.is_due or one.call_back_by is None:
            return Look(one.due_at)
        waits = RequestWaits(one.call_back_by, late=REQUEST_DUE in one.marks)
        return Look(one.now + RETRY, order=of_system(REMIND_REQUEST, waits))

    def _at_wait(self, one: Watched) -> Look:
        if not one.is_due:
            return Look(one.due_at)
        there = one.taken_by is not None and self._board.present(one.taken_by)
        return Look(one.now + RETRY, order=of_system(END_WAIT, WaitOver(there)))

    def _at_silent(self, one: Watched) -> Look:
        if not one.is_due:
            return Look(one.due_at)
        policy = self._settings_of(one.region_id).policy(one.priority)
        silence = Silence(one.since, over=self._is_over(policy, one))
        return Look(one.now + RETRY, order=of_system(TELL_ON, silence))

    def _at_waiting(self, one: Watched) -> Look:
        policy = self._settings_of(one.region_id).policy(one.priority)
        if self._is_over(policy, one):
            over = Climbed(one.ring, one.escalated, one.escalated, over=True)
            return Look(one.now + RETRY, order=of_system(ESCALATE, over))
        world = self._world(one)
        missing_since = None if world.seats else one.missing_since or one.now
        found = climb(policy, one.escalated, one.now - one.since, world, due=one.is_due)
        if not found.made:
            due_at = one.due_at if one.escalated >= DUTY_MADE else one.now + found.due_in
            untold = NOBODY_TOLD in one.marks and world.duty == 0 and one.escalated >= DUTY_MADE
            return Look(due_at, missing_since, untold=untold)
        last = found.made[-1]
        untold = last.step is Step.DUTY and last.reached == 0
        if untold and NOBODY_TOLD in one.marks:
            return Look(one.now + RETRY, missing_since, untold=True)
        due_in = RETRY if untold else found.due_in
        body = Climbed(
            one.ring, one.escalated, found.escalated, found.made, world.seats > 0, due_in
        )
        return Look(one.now + RETRY, missing_since, of_system(ESCALATE, body), untold)

    def _is_over(self, policy: EscalationPolicy, one: Watched) -> bool:
        return is_over(policy, min(one.missed, self._now - one.last_signal_at))

    def _world(self, one: Watched) -> World:
        manning = self._manned(tuple(one.region_path))
        seats = len(manning.users)
        return World(
            seats=seats,
            rings_at=len(manning.attentive.intersection(one.ring_to)) if one.ring_to else seats,
            supervisors=len(manning.supervisors),
            duty=len(self._settings_of(one.region_id).duty_at(self._now)),
            shown=one.proofs > 0,
            proved=one.proofs > 1,
            missing_for=one.now - (one.missing_since or one.now),
        )

    def _manned(self, path: tuple[int, ...]) -> Manning:
        if path not in self._manning:
            self._manning[path] = self._board.manning(path)
        return self._manning[path]
