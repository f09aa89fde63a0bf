"""Every refusal has one shape, and none tells more than it should."""

from __future__ import annotations

import json

import pytest
import structlog

from callcenter.api.errors import error_body
from callcenter.core.database import Database
from tests.support.api import api_for, browser


async def test_a_refusal_carries_code_message_and_parameters(client):
    answer = await client.post("/api/mishaps/taken")
    assert answer.status_code == 409
    assert answer.json() == {
        "error": {
            "code": "taken_by_other",
            "message": "already taken",
            "params": {"name": "林岚", "at": "2026-03-14"},
        }
    }


@pytest.mark.parametrize("repeated", [2**64, -(10**80), "\ud800", {1: {2: object}}])
def test_a_refusal_may_repeat_whatever_was_sent(repeated):
    """A version of 2^64 was answered as a mistake of ours."""
    said = json.loads(error_body("version_conflict", "yours is another", {"yours": repeated}))
    assert said["error"]["code"] == "version_conflict"


@pytest.mark.parametrize(("route", "status", "seconds"), [("wait", 429, "3"), ("away", 503, "2")])
async def test_who_should_come_back_is_told_when(client, route, status, seconds):
    answer = await client.post(f"/api/mishaps/{route}")
    assert answer.status_code == status
    assert answer.headers["retry-after"] == seconds


async def test_a_bad_body_is_told_by_field_and_reason_without_its_values(client):
    body = {"resident": "diabetes", "since": "2026-02-30"}
    answer = await client.post("/api/mishaps/diagnosis", json=body)
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert error["code"] == "invalid"
    told = {(found["field"], found["reason"]) for found in error["params"]["fields"]}
    assert told == {
        ("body.resident", "uuid_parsing"),
        ("body.since", "date_from_datetime_parsing"),
        ("body.words", "missing"),
    }
    assert "diabetes" not in answer.text


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"\xff\xfe", b'"text"', b"{}" * 2, b"[" * 5_000]
)
async def test_what_is_no_json_object_is_refused(client, body):
    headers = {"content-type": "application/json"}
    answer = await client.post("/api/mishaps/diagnosis", content=body, headers=headers)
    assert answer.status_code in (400, 422)
    assert set(answer.json()["error"]) == {"code", "message", "params"}


async def test_an_unexpected_error_says_nothing_and_stands_in_the_log(client, caplog, capsys):
    answer = await client.post("/api/mishaps/crash")
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "internal"
    assert "4711" not in answer.text
    assert "content-security-policy" in answer.headers
    logged = capsys.readouterr()
    assert "ZeroDivisionError" in logged.out + logged.err + caplog.text


@pytest.mark.parametrize("route", ["receipt", "inbound"])
async def test_the_secret_of_a_call_back_stands_in_no_log(client, route):
    with structlog.testing.capture_logs() as logs:
        await client.post(f"/hooks/kannel/secret-4711/{route}")
    assert [entry["path"] for entry in logs] == ["/hooks/***"]


async def test_a_mistake_in_our_own_sql_is_a_crash_and_no_refusal(client):
    answer = await client.post("/api/mishaps/typo")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal")
    assert "no_such_column" not in answer.text


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/api/mishaps/store/999", 409, "contradiction"),  # no such region
        (f"/api/mishaps/store/{2**63}", 422, "invalid_value"),  # more than a bigint holds
        ("/api/mishaps/store/1?name=a%00b", 422, "invalid_value"),  # text without NUL
        ("/api/mishaps/slow", 503, "database_unavailable"),
        ("/api/mishaps/nowhere", 404, "not_found"),
    ],
)
async def test_what_the_database_refuses_is_the_askers_or_for_later(client, address, status, code):
    answer = await client.post(address)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


async def test_without_its_database_the_server_asks_to_come_back(clock):
    nowhere = Database("postgresql://nobody@127.0.0.1:9/nothing")
    async with browser(api_for(nowhere, clock)) as client:
        body = {"login": "linlan", "password": "correct horse"}
        answer = await client.post("/api/v1/login", json=body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "database_unavailable")
        assert "retry-after" in answer.headers
        client.cookies.set("callcenter_session", "somebody")
        assert (await client.get("/api/v1/me")).status_code == 503
    await nowhere.close()
