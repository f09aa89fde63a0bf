"""A phone at a door: its rounds, what it sends when it has a line again, and what it may not."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from callcenter.core.ids import new_id
from callcenter.dispatch.phone.letting_in import make_link
from tests.support.api import api_for, browser, person, sign_in
from tests.support.outbox import SHANGHAI
from tests.support.rounds import Rounds


@pytest.fixture
async def phone(rounds: Rounds) -> AsyncIterator[httpx.AsyncClient]:
    """Of the volunteer who walks, let in by a link of the office."""
    async with rounds.database.transaction() as session:
        now = rounds.clock.now()
        link = await make_link(session, rounds.walkers[0], 1, now, SHANGHAI, 1)
    async with browser(api_for(rounds.database, rounds.clock)) as client:
        answer = await client.post("/api/v1/phone/login/link", json={"code": link.code})
        assert answer.status_code == 204, answer.text
        yield client


def _command(rounds: Rounds, name: str, **body: Any) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "name": name,
        "said_at": rounds.clock.now().isoformat(),
        "body": body,
    }


async def _send(phone: httpx.AsyncClient, *commands: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await phone.post("/api/v1/phone/rounds/commands", json={"commands": list(commands)})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["answers"]
    return found


async def test_it_has_its_rounds_and_nothing_of_what_is_known_of_the_people(
    rounds: Rounds, phone: httpx.AsyncClient
):
    milk = await rounds.round()
    await rounds.stops(milk, 2)
    await rounds.owner.execute(
        "UPDATE resident SET health_note = '糖尿病', welfare = '{no_family}'"
    )
    await rounds.round(staff_ids=[])
    await rounds.look()
    answer = await phone.get("/api/v1/phone/rounds")
    shown = answer.json()
    assert [run["name"] for run in shown["runs"]] == ["早间送奶", "早间送奶"]  # today, tomorrow
    assert [stop["n"] for stop in shown["runs"][0]["stops"]] == [1, 2]
    assert shown["runs"][0]["stops"][0]["name"] == "沈玉兰"
    for secret in ("糖尿病", "no_family", "抗凝药"):
        assert secret not in answer.text
    await phone.get("/api/v1/phone/rounds")
    looks = await rounds.owner.fetch("SELECT subject FROM audit_entry WHERE action = 'round_seen'")
    walker = rounds.walkers[0]
    seen = [f"round_run:{run['id']}:staff:{walker}" for run in shown["runs"]]
    assert sorted(row["subject"] for row in looks) == sorted(seen)


async def test_what_was_done_without_a_line_is_carried_out_once_each(
    rounds: Rounds, phone: httpx.AsyncClient
):
    milk = await rounds.round()
    await rounds.stops(milk, 3)
    await rounds.look()
    first, second, third = [row["id"] for row in (await rounds.visits(milk)).values()]
    here = {"lat": 40.0, "lng": 104.0, "accuracy_m": 12}
    commands = [
        _command(rounds, "round_visit", visit_id=first, said="done", fix=here, offline=True),
        _command(rounds, "round_visit", visit_id=second, said="no_answer", fix=here, offline=True),
        _command(rounds, "round_visit", visit_id=third, said="sings"),
        _command(rounds, "round_visit", visit_id=999_999, said="done"),
        _command(rounds, "round_visit", visit_id=10**30, said="done"),
        _command(rounds, "pair_tick", pair_id=[1], said=["well"]),
        _command(rounds, "dances"),
    ]
    rounds.clock.advance(3_600)
    for _ in range(2):
        answers = await _send(phone, *commands)
        assert [(each["answer"], each["code"]) for each in answers] == [
            ("done", ""),
            ("done", ""),
            ("refused", "not_understood"),
            ("refused", "not_found"),
            ("refused", "not_understood"),
            ("refused", "not_understood"),
            ("refused", "unknown_command"),
        ]
    assert await rounds.states(milk) == ["done", "no_answer", "pending"]
    assert await rounds.calls() == [("open", ["nobody_opened"])]


async def test_a_position_on_no_earth_costs_the_position(rounds: Rounds, phone: httpx.AsyncClient):
    milk = await rounds.round()
    [home] = await rounds.stops(milk, 1)
    await rounds.look()
    visit = (await rounds.visits(milk))[home]["id"]
    nowhere = {"lat": 91.0, "lng": 104.0}
    [told] = await _send(
        phone, _command(rounds, "round_visit", visit_id=visit, said="done", fix=nowhere)
    )
    assert (told["answer"], told["params"]["flags"]) == ("done", ["no_fix"])


@pytest.mark.parametrize(
    "said",
    [
        f'"fix": {{"lat": {10**400}, "lng": 1}}',
        '"fix": {"lat": NaN, "lng": -Infinity}',
        '"fix": {"lat": 40.0, "lng": 104.0, "accuracy_m": -1e300}',
        '"fix": {"lat": -40.0, "lng": -76.0, "accuracy_m": NaN}',
        '"note": "\\u0000\\ud800\\u202e"',
        f'"note": {{"a": {"[" * 40}{"]" * 40}}}',
        f'"photo_id": {10**400}',
        '"clock_error_s": 1e300',
        '"said_at": "9999-12-31T23:59:59Z", "clock_error_s": -1e9',
        '"answers": [[[]]]',
        f'"visit_id": {10**400}',
        '"visit_id": true',
        '"proof": "photo\\u0000"',
    ],
)
async def test_a_word_that_makes_no_sense_is_answered_and_keeps_no_other(
    rounds: Rounds, phone: httpx.AsyncClient, said: str
):
    milk = await rounds.round()
    await rounds.stops(milk, 2)
    await rounds.look()
    first, second = [row["id"] for row in (await rounds.visits(milk)).values()]
    wrong = _command(rounds, "round_visit", visit_id=first, said="done")
    wrong["body"]["more"] = 1
    right = _command(rounds, "round_visit", visit_id=second, said="done")
    content = json.dumps({"commands": [wrong, right]}).replace('"more": 1', said)
    answer = await phone.post(
        "/api/v1/phone/rounds/commands",
        content=content,
        headers={"content-type": "application/json"},
    )
    if answer.status_code == 200:
        told = [each["answer"] for each in answer.json()["answers"]]
        assert told in (["done", "done"], ["refused", "done"]), answer.text
    else:
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")


async def test_what_somebody_said_later_is_shown(rounds: Rounds, phone: httpx.AsyncClient):
    milk = await rounds.round()
    [home] = await rounds.stops(milk, 1)
    await rounds.look()
    visit = (await rounds.visits(milk))[home]["id"]
    early = _command(rounds, "round_visit", visit_id=visit, said="no_answer")
    rounds.clock.advance(600)
    late = _command(rounds, "round_visit", visit_id=visit, said="done")
    await _send(phone, late)
    [told] = await _send(phone, early)
    assert (told["answer"], told["code"], told["params"]["state"]) == (
        "otherwise",
        "said_later",
        "done",
    )


async def test_somebody_elses_stop_and_pair_are_refused(rounds: Rounds, phone: httpx.AsyncClient):
    other = await rounds.walker("小李")
    milk = await rounds.round(staff_ids=[other])
    [home] = await rounds.stops(milk, 1)
    await rounds.look()
    visit = (await rounds.visits(milk))[home]["id"]
    answers = await _send(
        phone,
        _command(rounds, "round_visit", visit_id=visit, said="done"),
        _command(rounds, "pair_tick", pair_id=1, said="well"),
    )
    assert [each["code"] for each in answers] == ["not_your_round", "not_understood"]
    assert await rounds.states(milk) == ["pending"]


async def test_without_the_log_in_of_a_phone_nobody_gets_in(rounds: Rounds):
    await person(rounds.owner, "sun", ("dispatcher", rounds.community.root))
    async with browser(api_for(rounds.database, rounds.clock)) as client:
        await sign_in(client, "sun")
        shown = await client.get("/api/v1/phone/rounds")
        assert (shown.status_code, shown.json()["error"]["code"]) == (401, "no_phone")
        sent = await client.post("/api/v1/phone/rounds/commands", json={"commands": []})
        assert sent.status_code == 401


@pytest.mark.parametrize(
    "said_at", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00", "gestern"]
)
async def test_a_time_that_cannot_be_costs_that_door_alone(
    rounds: Rounds, phone: httpx.AsyncClient, said_at: str
):
    milk = await rounds.round()
    await rounds.stops(milk, 2)
    await rounds.look()
    first, second = (
        _command(rounds, "round_visit", visit_id=row["id"], said="done")
        for row in (await rounds.visits(milk)).values()
    )
    answers = await _send(phone, first | {"said_at": said_at}, second)
    assert [(each["answer"], each["code"]) for each in answers] == [
        ("refused", "said_at_impossible"),
        ("done", ""),
    ]
