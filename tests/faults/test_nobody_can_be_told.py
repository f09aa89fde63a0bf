"""No seat is manned and no region has a duty number: the server says so as loudly as it can, until one is entered."""

from __future__ import annotations

import httpx

from tests.support.place import Place
from tests.support.waiting import until_told
from tests.support.wire import insist, sos

DUTY = "+8613900000009"
ALARMS_UNTOLD = 'callcenter_alarms_untold{process="alarm"}'


async def untold(client: httpx.AsyncClient) -> str:
    """The sample of `/metrics`."""
    lines = (await client.get("/metrics")).text.splitlines()
    [sample] = [line for line in lines if line.startswith(ALARMS_UNTOLD)]
    return sample.split()[-1]


async def until_said(client: httpx.AsyncClient, told: bool) -> httpx.Response:
    """The first answer of `/readyz` that says so."""
    answers: list[httpx.Response] = []

    async def says_so() -> bool:
        answers.append(await client.get("/readyz"))
        return answers[-1].json()["checks"].get("alarms_told") is told

    await until_told(says_so, f"alarms_told {told}", 30)
    return answers[-1]


async def test_an_alarm_nobody_can_be_told_of_is_named_and_told_once_there_is_a_number(
    place: Place,
):
    owner = place.site.owner
    await owner.execute("UPDATE region SET duty_numbers = '{}'")
    server = await place.serve()
    async with httpx.AsyncClient(base_url=server.url, trust_env=False, timeout=30) as client:
        await until_said(client, told=True)
        await insist(server.http_port, sos(place.site.phone(1)))
        answer = await until_said(client, told=False)
        assert (answer.status_code, answer.json()["ready"]) == (200, True)
        assert await untold(client) == "1.0"
        assert server.events("alarms_untold")
        assert await owner.fetchval("SELECT marks FROM incident") == ["nobody_told"]
        await owner.execute("UPDATE region SET duty_numbers = $1", [DUTY])
        await owner.execute("NOTIFY directory")
        await until_said(client, told=True)
    told = await owner.fetch("SELECT recipient, kind FROM sms_message WHERE kind = 'duty_alarm'")
    assert [tuple(row) for row in told] == [(DUTY, "duty_alarm")]
