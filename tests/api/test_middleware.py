"""Caps on bodies, and headers that keep a browser to this server."""

from __future__ import annotations

import pytest

from callcenter.api.application import create_api
from callcenter.api.body_bounds import USUAL
from callcenter.api.middleware import security_headers
from tests.support.api import browser, context_for

LARGEST_BODY = USUAL.most
LARGE = b"x" * (LARGEST_BODY + 1)


async def test_a_body_of_a_megabyte_is_read_and_one_byte_more_is_not(client):
    whole = await client.post("/api/mishaps/read", content=LARGE[:-1])
    assert (whole.status_code, whole.json()) == (200, LARGEST_BODY)
    refused = await client.post("/api/mishaps/read", content=LARGE)
    assert (refused.status_code, refused.json()["error"]["code"]) == (413, "too_large")


@pytest.mark.parametrize("route", ["read", "diagnosis"])
async def test_a_body_that_does_not_announce_its_length_is_cut_as_well(client, route):
    async def pour():
        for _ in range(LARGEST_BODY // 65_536 + 1):
            yield b"x" * 65_536

    headers = {"content-type": "application/json"}
    refused = await client.post(f"/api/mishaps/{route}", content=pour(), headers=headers)
    assert (refused.status_code, refused.json()["error"]["code"]) == (413, "too_large")


async def test_an_import_may_be_larger(client):
    refused = await client.post("/api/v1/residents/import", content=LARGE)
    assert refused.status_code != 413
    too_large = {"content-length": str(32 * 1024 * 1024 + 1)}
    refused = await client.post("/api/v1/residents/import", content=b"", headers=too_large)
    assert refused.status_code == 413


def policy_of(answer) -> dict[str, str]:
    parts = answer.headers["content-security-policy"].split("; ")
    return dict(part.split(" ", 1) for part in parts)


@pytest.mark.parametrize("address", ["/", "/docs", "/healthz", "/api/v1/me", "/api/nothing"])
async def test_every_answer_keeps_the_browser_to_this_server(client, address):
    answer = await client.get(address)
    policy = policy_of(answer)
    assert policy["default-src"] == policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["connect-src"] == policy["frame-ancestors"] == "'self'"
    assert "unsafe" not in str(policy)
    assert "http" not in str(policy)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"


async def test_the_demo_page_alone_may_show_the_console_in_a_frame(database, clock):
    demo_page = ["http://127.0.0.1:8001"]
    async with browser(create_api(context_for(database, clock), framed_by=demo_page)) as client:
        policy = policy_of(await client.get("/docs"))
    assert policy["frame-ancestors"] == "'self' http://127.0.0.1:8001"
    assert "8001" not in str(security_headers())


@pytest.mark.parametrize("address", ["/api/v1/users/", "/api/v1/me/", "/docs/"])
async def test_nobody_is_sent_on_to_another_address(client, address):
    answer = await client.get(address)
    assert (answer.status_code, answer.headers.get("location")) == (404, None)


async def test_what_the_api_answers_stays_in_no_cache(client):
    assert (await client.get("/api/v1/me")).headers["cache-control"] == "no-store"


async def test_over_tls_a_browser_is_told_to_stay_there(app_client_over):
    for scheme, told in (("https", True), ("http", False)):
        answer = await app_client_over(scheme)
        assert ("strict-transport-security" in answer.headers) is told


@pytest.fixture
def app_client_over(database, clock):
    async def ask(scheme: str):
        async with browser(create_api(context_for(database, clock))) as client:
            return await client.get(f"{scheme}://centre.test/healthz")

    return ask


@pytest.mark.parametrize("path", ["/ingestx", "/ingest", "/ingest/v2/signals"])
async def test_near_the_alarm_path_it_is_an_ordinary_404(client, path: str):
    answer = await client.post(path, content=b"{}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
    assert "content-security-policy" in answer.headers
