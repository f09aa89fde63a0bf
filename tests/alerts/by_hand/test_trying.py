"""The test alarm of a site over HTTP: it rings, nobody is told, nothing real comes of it, and what is real goes first."""

from __future__ import annotations

import pytest

from callcenter.alerts.models import JournalOutcome
from callcenter.core.ids import new_id
from tests.alerts.conftest import Centre
from tests.support.api import browser, person, sign_in, trail


@pytest.fixture
async def send(centre: Centre):
    """The administrator presses the button of the checklist; what came of it, else why not."""
    owner, root = centre.desk.owner, centre.desk.community.root
    await person(owner, "wei", ("administrator", root))
    async with browser(centre.app) as client:
        await sign_in(client, "wei")

        async def send(**body: object) -> str:
            sent = {"command_id": str(new_id()), **body}
            answer = await client.post("/api/v1/incidents/trial", json=sent)
            return answer.json()["error"]["code"] if answer.is_error else ""

        yield send


async def test_it_rings_as_a_test_in_the_first_community_and_nobody_is_told(centre: Centre, send):
    desk = centre.desk
    await desk.owner.execute("UPDATE region SET duty_numbers = '{+8613901000009}'")
    await desk.reload()
    desk.board.seats = False  # of a real one the duty phone would be told
    assert await send() == ""
    [row] = await desk.owner.fetch("SELECT * FROM incident")
    assert (row["mode"], row["state"], row["class"]) == ("test", "waiting", "alarm")
    assert (row["region_id"], row["home_id"]) == (desk.community.street, None)
    assert row["card"]["called"]["user"] == "wei同志"
    assert (await desk.texts(), desk.board.changes[-1].incident.id) == ([], row["id"])
    assert await desk.owner.fetchval("SELECT outcome FROM journal") == JournalOutcome.OPENED
    assert ("trial_alarm_sent", f"region:{desk.community.street}") in await trail(desk.owner)


async def test_the_same_command_rings_once_and_a_second_waits_for_the_first(centre: Centre, send):
    command = str(new_id())
    assert [await send(command_id=command) for _ in range(2)] == ["", ""]
    assert await send() == "trial_open"
    [row] = await centre.desk.owner.fetch("SELECT id FROM incident")
    await centre.wang.done(row["id"], "take")
    await centre.wang.done(row["id"], "close", outcome="test")
    assert await send() == ""


async def test_nothing_real_is_made_of_it(centre: Centre, send):
    await send()
    incident = await centre.desk.owner.fetchval("SELECT id FROM incident")
    await centre.wang.done(incident, "take")
    assert await centre.wang.refused(incident, "make-real") == (409, "is_a_trial")


async def test_what_is_real_goes_first_and_meets_nothing_of_it(centre: Centre, send):
    await send()
    real = await centre.desk.press("1234")
    row = await centre.desk.owner.fetchrow(
        "SELECT mode FROM incident WHERE id = $1", real.incident_id
    )
    assert (real.outcome, row["mode"]) == ("opened", "real")
    assert await send() == "real_waits"


async def test_it_is_for_the_administrators_of_the_place(centre: Centre, send):
    assert await send(region_id=999) == "not_found"
    answer = await centre.wang.client.post(
        "/api/v1/incidents/trial", json={"command_id": str(new_id())}
    )
    assert answer.status_code == 403
