"""Work that is due, of both processes, for administrators."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from callcenter.api.application import create_api
from callcenter.api.health import Health
from callcenter.api.jobs import counted, jobs_of
from callcenter.core import metrics
from tests.support.api import browser, context_for, person, sign_in
from tests.support.community import Community

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)


def exposition(name: str, every_s: float, ago: timedelta) -> str:
    worked_at = (NOW - ago).timestamp()
    return (
        "# TYPE callcenter_processor_every_seconds gauge\n"
        f'callcenter_processor_every_seconds{{processor="{name}"}} {every_s}\n'
        "# TYPE callcenter_sms_total counter\n"
        'callcenter_sms_total{state="delivered"} 3.0\n'
        f'callcenter_processor_worked_timestamp_seconds{{processor="{name}"}} {worked_at!r}\n'
    )


@pytest.mark.parametrize(
    ("every_s", "ago_s", "late"), [(5, 75, False), (5, 76, True), (60, 240, False), (60, 241, True)]
)
def test_a_processor_is_late_after_three_turns_and_the_longest_cycle(every_s, ago_s, late):
    text = exposition("timers", every_s, timedelta(seconds=ago_s))
    [job] = jobs_of("office", counted(text), NOW)
    assert (job.name, job.every_s, job.late) == ("timers", every_s, late)
    assert job.worked_at == NOW - timedelta(seconds=ago_s)


def test_one_that_never_came_to_an_end_is_late():
    text = 'callcenter_processor_every_seconds{processor="timers"} 5.0\n'
    [job] = jobs_of("alarm", counted(text), NOW)
    assert (job.worked_at, job.late) == (None, True)


@pytest.mark.parametrize("office", [exposition("sms_sender", 1, timedelta()), None])
async def test_an_administrator_sees_both_processes_or_that_one_is_away(
    database, clock, owner, office
):
    async def told() -> bytes | None:
        return office.encode() if office else None

    metrics.PROCESSOR_EVERY_SECONDS.labels("tried_here").set(5)
    community = await Community.found(owner)
    await person(owner, "guanli", ("administrator", community.root))
    ports = {Health: Health(office_metrics=told)}
    async with browser(create_api(context_for(database, clock, ports=ports))) as client:
        await sign_in(client, "guanli")
        answer = (await client.get("/api/v1/jobs")).json()
    found = {(job["process"], job["name"]) for job in answer["items"]}
    assert answer["office"] is (office is not None)
    assert ("alarm", "tried_here") in found
    assert (("office", "sms_sender") in found) is (office is not None)
