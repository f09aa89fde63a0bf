"""What must be alive, looked at twice a minute and kept in memory: the page, the metrics and the log say the same."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Final

import structlog
from fastapi import APIRouter
from prometheus_client.parser import text_string_to_metric_families
from pydantic import BaseModel, ConfigDict

from callcenter.api.health import Health
from callcenter.api.jobs import Process, counted, jobs_of
from callcenter.auth.guards import port, require
from callcenter.auth.permissions import Action
from callcenter.core import metrics
from callcenter.core.clock import Clock
from callcenter.core.held import HeldConnections
from callcenter.liveness.checks import (
    WEIGHT,
    Check,
    CheckState,
    Fact,
    Finding,
    Measure,
    Thresholds,
    changed,
    judged,
)
from callcenter.liveness.machine import Places, machine_facts
from callcenter.liveness.stored import stored_facts
from callcenter.liveness.watching import Watchdogs, Watched
from callcenter.proving.counting import Counts, heard

log = structlog.get_logger(__name__)

router = APIRouter(prefix="/api/v1", tags=["operations"])

EVERY_S: Final = 15.0
SHOWN: Final = {
    "office": Check.OFFICE,
    "alarms_told": Check.ALARMS_TOLD,
    "texts_leave": Check.TEXTS_LEAVE,
    "disk_reserve": Check.RESERVE,
    "database": Check.DATABASE,
}
"""What health knows already, and the check it is here."""


@dataclass(slots=True)
class Liveness:
    """Port of the API and the processor `liveness` of the alarm process. It needs neither the office nor the database to say which
    of them is away.
    """

    places: Places
    thresholds: Thresholds
    watchdogs: Watchdogs
    connections: HeldConnections
    clock: Clock
    health: Health = field(default_factory=Health)
    findings: Sequence[Finding] = ()
    looked_at: datetime | None = None
    counted: dict[str, tuple[int, float]] = field(default_factory=dict)
    """Of each source, and when that became more (monotonic s)."""
    name: str = "liveness"
    interval_s: float = EVERY_S

    async def run_once(self, now: datetime) -> int:
        """Look at everything once."""
        facts = [
            *watchdog_facts(self.watchdogs.all(), now),
            *await self._shown(),
            *await self._processors(now),
            *self._listeners(),
            *self._sources(heard()),
            *await asyncio.to_thread(machine_facts, self.places, now),
            *await stored_facts(self.connections, self.clock.now),
        ]
        self._take(judged(facts, self.thresholds, self.findings, now), now)
        return 0

    async def watched(self) -> bool:
        """Whether no watchdog that was enrolled is silent, or could not close its circle."""
        about = (Check.WATCHDOG, Check.CIRCLE)
        return not any(one.check in about and one.state is CheckState.BAD for one in self.findings)

    def _take(self, found: Sequence[Finding], now: datetime) -> None:
        for one in changed(self.findings, found):
            told = {"check": one.check, "subject": one.subject, "state": one.state}
            if one.state is CheckState.BAD:
                log.error("check_changed", **told, value=one.value, said=one.said)
            else:
                log.warning("check_changed", **told, value=one.value, said=one.said)
        metrics.CHECK_STATE.clear()
        metrics.CHECK_VALUE.clear()
        for one in found:
            metrics.CHECK_STATE.labels(one.check, one.subject).set(WEIGHT[one.state])
            if one.value is not None:
                metrics.CHECK_VALUE.labels(one.check, one.subject).set(one.value)
        self.findings, self.looked_at = found, now

    async def _shown(self) -> list[Fact]:
        both = {**self.health.checks, **self.health.shown}
        return [
            Fact(check, float(await both[name]())) for name, check in SHOWN.items() if name in both
        ]

    async def _processors(self, now: datetime) -> list[Fact]:
        told = await self.health.office_metrics() if self.health.office_metrics else None
        facts = [_late("alarm", metrics.exposition().decode(), now)]
        if told is None:
            return [*facts, Fact(Check.PROCESSORS, None, "office", "office_away")]
        text = told.decode()
        return [*facts, _late("office", text, now), *gateway_facts(text)]

    def _sources(self, counts: Counts) -> list[Fact]:
        """How long ago each was heard of; what was never heard since the start is not known here."""
        monotonic = self.clock.monotonic()
        total: Counter[str] = Counter()
        for (source, what), count in counts.items():
            total[source] += count if what in ("settled", "liveness") else 0
        for source, count in total.items():
            if count and self.counted.get(source, (0, 0.0))[0] != count:
                self.counted[source] = count, monotonic
        return [Fact(Check.SOURCE, monotonic - at, name) for name, (_, at) in self.counted.items()]

    def _listeners(self) -> list[Fact]:
        ages = self.health.listeners(self.clock.monotonic())
        return [
            Fact(Check.LISTENER, age.read_s, name)
            if age.open
            else Fact(Check.LISTENER, None, name, "closed_listener", CheckState.BAD)
            for name, age in ages.items()
        ]


def _late(process: Process, exposition: str, now: datetime) -> Fact:
    late = [job.name for job in jobs_of(process, counted(exposition), now) if job.late]
    return Fact(Check.PROCESSORS, float(len(late)), process, ", ".join(late))


def gateway_facts(exposition: str) -> list[Fact]:
    """Whether each gateway of texts is one that is used, as the office counts it. Pure."""
    wanted = "callcenter_sms_gateway_works{"
    lines = "\n".join(line for line in exposition.splitlines() if line.startswith(wanted))
    return [
        Fact(Check.GATEWAY, sample.value, sample.labels["gateway"])
        for family in text_string_to_metric_families(lines)
        for sample in family.samples
    ]


def watchdog_facts(watchdogs: Sequence[Watched], now: datetime) -> list[Fact]:
    """When each was heard last, what it said of its circle, and its clock against ours. Pure."""
    if not watchdogs:
        return [Fact(Check.WATCHDOG, None, said="none_enrolled", at_least=CheckState.WARN)]
    return [fact for one in watchdogs for fact in _of_watchdog(one, now)]


def _of_watchdog(one: Watched, now: datetime) -> list[Fact]:
    heard = one.seen_at or one.enrolled_at
    silent = Fact(
        Check.WATCHDOG,
        max(0.0, (now - heard).total_seconds()),
        one.name,
        "" if one.seen_at else "not_heard_yet",
    )
    if one.circle is None:
        return [silent]
    failed = one.circle.failed
    kept = CheckState.WARN if one.circle.kept else CheckState.WELL
    said = failed.leg.value if failed else "kept" if one.circle.kept else ""
    circle = Fact(Check.CIRCLE, float(failed is None), one.name, said, kept)
    if one.ahead_s is None:
        return [silent, circle]
    return [silent, circle, Fact(Check.CLOCK_WATCHDOG, abs(one.ahead_s), one.name)]


class FindingView(BaseModel):
    """One check. `said`: a code that says more than the value does, or names of processors that are late."""

    model_config = ConfigDict(from_attributes=True)

    check: Check
    subject: str
    state: CheckState
    value: float | None
    unit: Measure
    warn: float | None
    bad: float | None
    said: str
    since: datetime


class LivenessView(BaseModel):
    """`looked_at` null: not since this process began; what is older than a minute is no word about now."""

    now: datetime
    looked_at: datetime | None
    items: list[FindingView]


@router.get("/alive", dependencies=[require(Action.SEE_LIVENESS)])
async def show_liveness(liveness: Annotated[Liveness, port(Liveness)]) -> LivenessView:
    """Everything that must be alive, with thresholds; from memory, also while the office or the database is away."""
    return LivenessView(
        now=liveness.clock.now(),
        looked_at=liveness.looked_at,
        items=[FindingView.model_validate(one) for one in liveness.findings],
    )
