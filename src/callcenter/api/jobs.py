"""Work that is due, of both processes: when each processor last ended well, how often it should, and which is late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from fastapi import APIRouter
from prometheus_client.parser import text_string_to_metric_families
from pydantic import BaseModel

from callcenter.api.health import health_of
from callcenter.auth.guards import CurrentContext, require
from callcenter.auth.permissions import Action
from callcenter.core import metrics

router = APIRouter(prefix="/api/v1", tags=["operations"])

GRACE: Final = timedelta(seconds=60)
"""A cycle may take so long before it is given up (`core/processing.py`)."""
MISSED: Final = 3
"""Turns that did not come until a processor counts as late."""

Process = Literal["alarm", "office"]
Values = Mapping[tuple[str, str], float]
"""By name of the sample and processor."""


class JobView(BaseModel):
    """`worked_at` null: not since this process began."""

    process: Process
    name: str
    every_s: float
    worked_at: datetime | None
    late: bool


class JobsView(BaseModel):
    """`office` false: it did not answer, and what it does is not known."""

    items: list[JobView]
    office: bool


@router.get("/jobs", dependencies=[require(Action.MANAGE_USERS)])
async def list_jobs(context: CurrentContext) -> JobsView:
    """The processors of this server."""
    now = context.clock.now()
    ask = health_of(context.ports).office_metrics
    told = await ask() if ask is not None else None
    own = jobs_of("alarm", counted(metrics.exposition().decode()), now)
    offices = jobs_of("office", counted(told.decode()), now) if told else []
    return JobsView(items=[*own, *offices], office=told is not None)


def counted(exposition: str) -> Values:
    """What the text says of processors. Pure."""
    lines = "\n".join(_of_processors(exposition))
    return {
        (sample.name, sample.labels["processor"]): sample.value
        for family in text_string_to_metric_families(lines)
        for sample in family.samples
    }


def jobs_of(process: Process, values: Values, now: datetime) -> list[JobView]:
    """By name. Pure."""
    names = sorted(processor for name, processor in values if name == _EVERY)
    return [_job(process, name, values, now) for name in names]


def _job(process: Process, name: str, values: Values, now: datetime) -> JobView:
    every = timedelta(seconds=values[_EVERY, name])
    worked = values.get((_WORKED_AT, name))
    worked_at = datetime.fromtimestamp(worked, UTC) if worked else None
    late = worked_at is None or worked_at < now - MISSED * every - GRACE
    return JobView(
        process=process, name=name, every_s=every.total_seconds(), worked_at=worked_at, late=late
    )


_EVERY: Final = "callcenter_processor_every_seconds"
_WORKED_AT: Final = "callcenter_processor_worked_timestamp_seconds"


def _of_processors(exposition: str) -> Iterable[str]:
    """The few lines of hundreds that are read here."""
    wanted = (f"{_EVERY}{{", f"{_WORKED_AT}{{")
    return (line for line in exposition.splitlines() if line.startswith(wanted))
