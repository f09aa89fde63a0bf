"""An alarm that nobody takes, while servers are killed between one step of the escalation and the next: each is made once."""

from __future__ import annotations

import signal

import pytest

from callcenter.regions.policies import EscalationPolicy, stored_policies
from tests.support.place import Place
from tests.support.waiting import until_told
from tests.support.wire import insist, sos

DUTY, NIGHT = "+8613900000009", "+8613900000008"
QUICK = EscalationPolicy(again_s=3)
"""Shorter than anybody may set it."""
TELLINGS = 3

TOLD = "SELECT recipient FROM sms_message WHERE kind = 'duty_alarm' ORDER BY created_at, id"


@pytest.mark.parametrize("servers", [1, 2])
async def test_g7_each_step_is_made_once_however_often_a_server_dies_between(
    place: Place, servers: int
):
    owner = place.site.owner
    await owner.execute(
        "UPDATE region SET duty_numbers = $1, escalation = $2",
        [DUTY, NIGHT],
        stored_policies({0: QUICK}),
    )
    first, *_ = [await place.serve() for _ in range(servers)]
    answer = await insist(first.http_port, sos(place.site.phone(0)))
    incident = answer.document["incident_id"]
    for telling in range(1, TELLINGS + 1):

        async def is_made(telling: int = telling) -> bool:
            made: int = await owner.fetchval(
                "SELECT escalated FROM incident WHERE id = $1::uuid", incident
            )
            return made >= 3 + telling

        await until_told(is_made, f"telling {telling}", 60)
        first.signal("alarm", signal.SIGKILL)
    told = [row["recipient"] for row in await owner.fetch(TOLD)]
    steps: int = await owner.fetchval("SELECT escalated FROM incident")
    entries = await owner.fetchval(
        "SELECT count(*) FROM timeline_entry WHERE incident_id = $1::uuid AND kind = 'duty_told'",
        incident,
    )
    assert sorted(told[:2]) == [NIGHT, DUTY]  # at once, all of the list
    assert told[2:] == [NIGHT, DUTY, NIGHT, DUTY, NIGHT, DUTY][: steps - 3]
    assert entries == steps - 3
