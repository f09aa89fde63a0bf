"""What the device process asks of the server, and what the log-in page of the demo knows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from callcenter.api.errors import handle_errors
from callcenter.core.clock import SystemClock
from callcenter.core.database import Database
from callcenter.core.errors import Unauthenticated
from callcenter.core.sealed import Seal
from callcenter.core.secrets import load_secrets
from callcenter.demo.community.load import load
from callcenter.demo.feed import demo_routers
from callcenter.dispatch.phone.letting_in import Door
from callcenter.records.models import Staff
from tests.support.clock import HandClock
from tests.support.outbox import SHANGHAI

SEEN_AFTER = timedelta(milliseconds=40)


@pytest.fixture
async def client(
    database: Database, clock: HandClock, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    """The demo's addresses alone, of a server where the community lives."""
    await load(database, Seal.load(tmp_path), clock, tmp_path, SHANGHAI)
    app = FastAPI()
    handle_errors(app)
    for router in demo_routers(tmp_path, UTC, "http://127.0.0.1:8000")(database):
        app.include_router(router)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://server") as made:
        yield made


@pytest.fixture
def token(tmp_path: Path) -> dict[str, str]:
    return {"X-Demo-Token": load_secrets(tmp_path).demo_token}


@pytest.mark.parametrize("headers", [{}, {"X-Demo-Token": "a guess"}])
async def test_the_feed_is_for_the_device_process_alone(client, headers):
    assert (await client.get("/api/demo/feed", headers=headers)).status_code == 401


async def test_every_contact_has_a_virtual_phone(client, token):
    feed = (await client.get("/api/demo/feed", headers=token)).json()

    owners = {phone["owner"] for phone in feed["phones"]}
    assert {"周晓梅", "邓桂香"} <= owners


async def test_whoever_is_sent_has_a_phone_as_well(client, token):
    feed = (await client.get("/api/demo/feed", headers=token)).json()

    [helper] = [phone for phone in feed["phones"] if phone["number"] == "+8613900300004"]
    assert (helper["kinds"], helper["owner_latin"]) == (["caregiver"], "Bian Xiaolan")


async def test_whom_the_script_is_about_is_marked_in_its_order_and_a_resident_has_a_phone(
    client, token
):
    phones = (await client.get("/api/demo/feed", headers=token)).json()["phones"]

    marked = {phone["place"]: phone["owner"] for phone in phones if phone["place"]}
    assert marked == {1: "张志强", 2: "何秀芬", 3: "卞小兰", 4: "董建平"}
    assert len({phone["number"] for phone in phones}) == len(phones)
    passenger = next(phone for phone in phones if phone["owner"] == "沈玉兰")
    assert (passenger["kinds"], passenger["place"], passenger["relation"]) == ([], None, "本人")


async def test_the_invented_past_is_no_news(client, token):
    feed = (await client.get("/api/demo/feed", headers=token)).json()

    assert feed["incidents"] == []


async def test_what_became_of_a_press_is_told_in_milliseconds(client, token, owner):
    incident, opened = await owner.fetchrow(
        "SELECT id, opened_at FROM incident WHERE identifier = 'A101' ORDER BY number LIMIT 1"
    )
    user = await owner.fetchval("SELECT id FROM app_user WHERE login = 'operator'")
    await owner.execute(_SEEN, incident, user, opened + SEEN_AFTER)

    (told,) = (await client.get("/api/demo/feed", headers=token)).json()["incidents"]

    assert (told["source"], told["identifier"], told["state"]) == ("dc09", "A101", "closed")
    assert (told["stored_ms"], told["seen_ms"], told["sounding_ms"]) == (0, 40, None)
    assert told["taken_ms"] == 5000


async def test_the_page_of_somebody_who_is_sent_opens_once(client, token, database):
    """By a link as the office makes one."""
    address = "/api/demo/phones/+8613900300004/page"
    assert (await client.post(address)).status_code == 401
    nobody = await client.post("/api/demo/phones/+8613900000001/page", headers=token)
    assert nobody.status_code == 404

    path = (await client.post(address, headers=token)).json()["path"]

    door = Door(database, SystemClock(), UTC, "127.0.0.1")
    opened, code = path.split("#in=")
    fresh = await door.log_in_by_link(code)
    async with database.transaction() as session:
        staff = await session.get_one(Staff, fresh.staff_id)
    assert (opened, staff.phone) == ("/m.html", "+8613900300004")
    with pytest.raises(Unauthenticated):
        await door.log_in_by_link(code)


async def test_the_log_in_page_offers_the_invented_people(client):
    told = (await client.get("/api/v1/login-info")).json()

    assert told["demo"] is True
    assert [login["login"] for login in told["logins"]] == [
        "operator", "operator2", "supervisor", "dispatcher", "admin", "official", "community", "auditor",
    ]  # fmt: skip


async def test_without_its_file_the_log_in_page_offers_nobody(client, tmp_path):
    (tmp_path / "demo-logins.json").unlink()

    assert (await client.get("/api/v1/login-info")).json() == {"demo": True, "logins": []}


_SEEN = """
INSERT INTO incident_proof (incident_id, ring, proof, user_id, seat_id, at)
VALUES ($1, 1, 'seen', $2, '01890000-0000-7000-8000-000000000001', $3)
"""
