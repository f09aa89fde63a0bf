"""Enrolling a watchdog over REST: its file once, by whoever administers the whole site, and nobody's device with it."""

from __future__ import annotations

import tomllib
from datetime import timedelta

import pytest

from callcenter.watchdog.configuration import Configuration, Dc09Press, HttpPress
from tests.support.api import trail
from tests.support.office import app, assembled, community, elsewhere, hints, signed_in

__all__ = ["app", "assembled", "community", "elsewhere", "hints", "signed_in"]

PATH = "/api/v1/watchdogs"
BODY = {"name": "attic", "servers": ["https://alarms.example"]}
LINE = {"source": "dc09", "account": "eeee", "place": "10.0.0.1:8002"}


@pytest.fixture
async def administrator(signed_in, community):
    return await signed_in("administrator", community.root)


async def test_its_file_is_one_that_a_watchdog_reads(administrator, owner):
    answer = await administrator.post(PATH, json=BODY)
    assert answer.status_code == 201, answer.text
    read = Configuration.model_validate(tomllib.loads(answer.json()["file"]))
    assert isinstance(read.press, HttpPress)
    assert (read.name, read.servers) == ("attic", ["https://alarms.example"])
    assert ("watchdog_enrolled", "watchdog:attic") in await trail(owner, "action", "subject")
    again = await administrator.post(PATH, json=BODY)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "watchdog_exists")


async def test_through_a_listener_it_has_an_account_that_nobody_has(
    administrator, owner, community
):
    answer = await administrator.post(PATH, json={**BODY, "dc09": LINE})
    read = Configuration.model_validate(tomllib.loads(answer.json()["file"]))
    assert isinstance(read.press, Dc09Press)
    assert (read.press.device, read.press.host, read.press.port) == ("EEEE", "10.0.0.1", 8002)
    await owner.execute(
        "INSERT INTO device (region_id, source, identifier, kind) VALUES ($1, 'dc09', 'AAAA', 'pendant')",
        community.root,
    )
    taken = {**BODY, "name": "cellar", "dc09": {**LINE, "account": "AAAA"}}
    refused = await administrator.post(PATH, json=taken)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "account_of_somebody")
    assert await owner.fetchval("SELECT count(*) FROM watchdog") == 1


@pytest.mark.parametrize(
    "change",
    [{"name": "No Name"}, {"servers": ["alarms.example"]}, {"dc09": {**LINE, "place": "8002"}}],
)
async def test_what_no_watchdog_could_use_is_refused(administrator, change):
    answer = await administrator.post(PATH, json={**BODY, **change})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")


async def test_who_administers_a_street_alone_may_not(signed_in):
    of_a_street = await signed_in("administrator")
    assert (await of_a_street.post(PATH, json=BODY)).status_code == 404


async def test_the_password_is_asked_again_after_a_while(administrator, clock):
    clock.advance(timedelta(minutes=11).total_seconds())
    answer = await administrator.post(PATH, json=BODY)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "password_again")
