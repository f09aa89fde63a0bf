"""What somebody of the field does next about their jobs: promptly, late or never, as they are. Pure; the dice are an argument."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Any, Final
from uuid import UUID

from callcenter.dispatch.choosing import Spot

PROMPT_S: Final = (3.0, 25.0)
LATE_S: Final = (150.0, 400.0)
"""Most offers have lapsed by then."""
WORKS_S: Final = (60.0, 240.0)
"""At a job, whatever it was planned for."""
DECLINES: Final = 0.1
"""Of the offers that they answer."""


class Temper(StrEnum):
    PROMPT = "prompt"
    LATE = "late"
    SILENT = "silent"


def temper_of(dice: Random) -> Temper:
    """Seven of ten are prompt, two are late, one never answers."""
    return dice.choices(list(Temper), weights=(7, 2, 1))[0]


@dataclass(frozen=True, slots=True)
class Job:
    """A job as their phone shows it."""

    id: UUID
    state: str
    mine: bool
    minutes: int
    at: Spot | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Job:
        """From `GET /phone/jobs`."""
        lat, lng = row["lat"], row["lng"]
        at = None if lat is None or lng is None else Spot(lat, lng)
        return cls(UUID(row["id"]), row["state"], row["mine"], row["minutes"], at)


class Doing(StrEnum):
    ACCEPT = "accept"
    DECLINE = "decline"
    SET_OUT = "set_out"
    ARRIVE = "arrive"
    DEPART = "depart"


@dataclass(slots=True)
class Mind:
    """What somebody remembers: when they will answer which offer, and what they have done for which job."""

    temper: Temper
    speed: float = 1.0
    answers_at: dict[UUID, datetime] = field(default_factory=dict)
    done: dict[UUID, Doing] = field(default_factory=dict)
    leaves_at: dict[UUID, datetime] = field(default_factory=dict)

    def next(
        self, jobs: Sequence[Job], is_at: bool, now: datetime, dice: Random
    ) -> tuple[Job, Doing] | None:
        """One thing to do now, if any; it is remembered as done."""
        for job in sorted(jobs, key=lambda each: not each.mine):
            doing = self._of(job, is_at, self.at_work(jobs) is not None, now, dice)
            if doing is not None:
                self.done[job.id] = doing
                return job, doing
        return None

    def at_work(self, jobs: Sequence[Job]) -> Job | None:
        """The job that they are at, or on the way to."""
        begun = (Doing.SET_OUT, Doing.ARRIVE)
        return next((job for job in jobs if job.mine and self.done.get(job.id) in begun), None)

    def _of(
        self, job: Job, is_at: bool, is_busy: bool, now: datetime, dice: Random
    ) -> Doing | None:
        last = self.done.get(job.id)
        if not job.mine:
            return self._answer(job, now, dice) if last is None else None
        match last:
            case None | Doing.ACCEPT:
                return Doing.SET_OUT if job.state == "accepted" and not is_busy else None
            case Doing.SET_OUT if is_at:
                works_s = dice.uniform(*WORKS_S) / self.speed
                self.leaves_at[job.id] = now + timedelta(seconds=works_s)
                return Doing.ARRIVE
            case Doing.ARRIVE if now >= self.leaves_at[job.id]:
                return Doing.DEPART
            case _:
                return None

    def _answer(self, job: Job, now: datetime, dice: Random) -> Doing | None:
        if self.temper is Temper.SILENT:
            return None
        within = PROMPT_S if self.temper is Temper.PROMPT else LATE_S
        due = self.answers_at.setdefault(job.id, now + timedelta(seconds=dice.uniform(*within)))
        if now < due:
            return None
        return Doing.DECLINE if dice.random() < DECLINES else Doing.ACCEPT
