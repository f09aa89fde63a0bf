"""A phone is let in by a text or by a link, once; whoever guesses waits; whoever asks with a stranger's number learns nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date

import httpx
import pytest
from fastapi import FastAPI

from callcenter.dispatch.phone.letting_in import CODE_HOLDS, TRIES
from callcenter.dispatch.phone.sessions import COOKIE
from tests.support.api import browser, trail
from tests.support.field import Field
from tests.support.phones import InHand

NewPhone = Callable[[], Awaitable[InHand]]
NUMBER, NOBODY = "+8613800001001", "13800009999"
MONTH_S = 30 * 86_400


@pytest.fixture
async def anna(field: Field) -> int:
    return await field.staff("王敏", ["caregiver"], phone=NUMBER)


@pytest.fixture
async def stranger(field: Field, app: FastAPI):
    """At an address of their own."""
    async with browser(app, "10.0.0.99") as client:
        yield InHand(field, client)


async def test_the_digits_of_a_text_open_one_phone_for_a_month(
    field: Field, hand: NewPhone, anna: int, clock
):
    mine, second = await hand(), await hand()
    assert await mine.post("/login/code", number="138 0000 1001") == (204, "")
    code = await mine.text(NUMBER)
    assert code is not None
    answer = await mine.client.post(
        "/api/v1/phone/login", json={"number": NUMBER, "code": code, "device": "旧手机"}
    )
    said = answer.headers["set-cookie"]
    assert answer.status_code == 204
    assert all(each in said for each in ("HttpOnly", "SameSite=strict", "Path=/api/v1/phone"))
    assert (await mine.get("/jobs"))["who"]["name"] == "王敏"
    assert await second.post("/login", number=NUMBER, code=code) == (401, "code_refused")
    clock.advance(MONTH_S - 60)
    await mine.get("/jobs")
    clock.advance(61)
    assert (await mine.client.get("/api/v1/phone/jobs")).status_code == 401
    assert [each[0] for each in await trail(field.owner)] == [
        "field_code_sent",
        "field_logged_in",
        "field_login_failed",
    ]


async def test_a_number_that_nobody_has_is_answered_as_one_that_somebody_has(
    field: Field, hand: NewPhone, anna: int
):
    stranger = await hand()
    known = [await stranger.post("/login/code", number=NUMBER) for _ in range(5)]
    unknown = [await stranger.post("/login/code", number=NOBODY) for _ in range(5)]
    assert known == unknown == [(204, "")] * 4 + [(429, "too_many_attempts")]
    tries = {
        number: [await stranger.post("/login", number=number, code="000000") for _ in range(4)]
        for number in (NUMBER, NOBODY)
    }
    assert tries[NUMBER] == tries[NOBODY]
    assert tries[NUMBER][0] == (401, "code_refused")
    assert tries[NUMBER][-1] == (429, "too_many_attempts")
    assert await field.owner.fetchval("SELECT count(DISTINCT recipient) FROM sms_message") == 1


async def test_after_too_many_wrong_digits_the_right_ones_open_nothing(
    field: Field, hand: NewPhone, anna: int, clock
):
    mine = await hand()
    await mine.post("/login/code", number=NUMBER)
    code = await mine.text(NUMBER)
    assert code is not None
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for _ in range(TRIES):
        assert await mine.post("/login", number=NUMBER, code=wrong) == (401, "code_refused")
        clock.advance(16 * 60)
        await field.owner.execute("UPDATE field_code SET until_at = $1", clock.now() + CODE_HOLDS)
    assert await mine.post("/login", number=NUMBER, code=code) == (401, "code_refused")


async def test_a_stranger_who_asks_for_texts_keeps_nobody_out(
    hand: NewPhone, stranger: InHand, anna: int, clock
):
    """Ten minutes long: whenever she comes, she gets a text at once, and the digits of the first are as good as those of the last."""
    assert await stranger.post("/login/code", number=NUMBER) == (204, "")
    mine = await hand()
    first = await mine.text(NUMBER)
    for _ in range(8):
        while await stranger.post("/login/code", number=NUMBER) == (204, ""):
            pass
        clock.advance(75)
    assert await mine.post("/login/code", number=NUMBER) == (204, "")
    assert await mine.text(NUMBER) == first
    assert await mine.post("/login", number=NUMBER, code=first) == (204, "")


async def test_a_stranger_who_guesses_digits_keeps_nobody_out(
    hand: NewPhone, stranger: InHand, anna: int, clock
):
    mine = await hand()
    await mine.post("/login/code", number=NUMBER)
    code = await mine.text(NUMBER)
    assert code is not None
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for _ in range(590):
        await stranger.post("/login", number=NUMBER, code=wrong)
        clock.advance(1)
    assert await stranger.post("/login", number=NUMBER, code=code) == (429, "too_many_attempts")
    assert await mine.post("/login", number=NUMBER, code=code) == (204, "")


async def test_many_strangers_who_ask_cost_no_more_than_a_text_in_five_minutes(
    field: Field, app: FastAPI, anna: int, clock
):
    """However many addresses they have; and the text that came last lets her in."""
    code = None
    for nth in range(60):
        async with browser(app, f"10.1.{nth}.1") as client:
            await InHand(field, client).post("/login/code", number=NUMBER)
        clock.advance(60)
    texts = await field.owner.fetchval("SELECT count(*) FROM sms_message")
    assert 12 <= texts <= 24
    async with browser(app) as client:
        mine = InHand(field, client)
        code = await mine.text(NUMBER)
        assert await mine.post("/login", number=NUMBER, code=code) == (204, "")


async def test_who_guesses_links_keeps_no_right_one_shut(
    hand: NewPhone, desk: httpx.AsyncClient, anna: int
):
    mine, refused = await hand(), set()
    for _ in range(30):
        refused.add(await mine.post("/login/link", code="ABCD-EFGH-JKLM-NPQR"))
    assert refused == {(401, "link_refused"), (429, "too_many_attempts")}
    assert await mine.post("/login/link", code=await made_link(desk, anna)) == (204, "")


async def test_digits_are_too_old_after_ten_minutes(hand: NewPhone, anna: int, clock):
    mine = await hand()
    await mine.post("/login/code", number=NUMBER)
    clock.advance(601)
    assert await mine.post("/login", number=NUMBER, code=await mine.text(NUMBER)) == (
        401,
        "code_refused",
    )


async def test_a_number_of_two_people_lets_nobody_in_by_text(
    field: Field, hand: NewPhone, anna: int
):
    await field.staff("王敏的妹妹", phone=NUMBER)
    mine = await hand()
    assert await mine.post("/login/code", number=NUMBER) == (204, "")
    assert await mine.text(NUMBER) is None


async def made_link(desk: httpx.AsyncClient, staff_id: int, hours: int = 24) -> str:
    answer = await desk.post(f"/api/v1/staff/{staff_id}/phones/link", json={"hours": hours})
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert body["picture"].startswith("<svg")
    return str(body["address"].partition("/m.html#in=")[2])


async def test_a_link_opens_the_first_phone_and_no_other(
    field: Field, hand: NewPhone, desk: httpx.AsyncClient, anna: int
):
    mine, passed_on = await hand(), await hand()
    code = await made_link(desk, anna)
    assert await mine.post("/login/link", code=code, device="新手机") == (204, "")
    assert await passed_on.post("/login/link", code=code) == (401, "link_used")
    assert await passed_on.post("/login/link", code="ABCD-EFGH-JKLM-NPQR") == (401, "link_refused")
    refused = await trail(field.owner, "action", "subject", "detail")
    assert ("field_link_refused", f"staff:{anna}", {"why": "link_used"}) in refused
    [shown] = (await desk.get(f"/api/v1/staff/{anna}/phones")).json()
    assert (shown["device"], shown["opened_by"]) == ("新手机", "link")


async def test_a_link_is_too_old_after_its_hours(hand: NewPhone, desk, anna: int, clock):
    code = await made_link(desk, anna, hours=1)
    clock.advance(3_601)
    assert await (await hand()).post("/login/link", code=code) == (401, "link_expired")


async def test_it_ends_when_the_office_says_so_and_with_the_last_day_of_work(
    field: Field, hand: NewPhone, desk: httpx.AsyncClient, anna: int
):
    lost, mine = await hand(), await hand()
    await lost.log_in(anna)
    await mine.log_in(anna)
    ids = [each["id"] for each in (await desk.get(f"/api/v1/staff/{anna}/phones")).json()]
    assert len(ids) == 2
    ended = await desk.delete(f"/api/v1/staff/{anna}/phones", params={"only": ids[1]})
    assert ended.status_code == 204
    statuses = [(await p.client.get("/api/v1/phone/jobs")).status_code for p in (lost, mine)]
    assert sorted(statuses) == [200, 401]
    await field.owner.execute("UPDATE staff SET active_until = $1", date(2026, 11, 12))
    statuses = [(await p.client.get("/api/v1/phone/jobs")).status_code for p in (lost, mine)]
    assert statuses == [401, 401]


async def test_its_cookie_opens_the_phone_and_nothing_else(
    field: Field, hand: NewPhone, desk: httpx.AsyncClient, anna: int
):
    mine = await hand()
    await mine.log_in(anna)
    cookie = {"Cookie": f"{COOKIE}={mine.client.cookies[COOKIE]}"}
    for path in ("/me", "/residents", "/incidents", "/staff", f"/staff/{anna}/phones"):
        answer = await mine.client.get(f"/api/v1{path}", headers=cookie)
        assert answer.status_code == 401, path
    assert (await desk.get("/api/v1/phone/jobs")).status_code == 401, "and a log-in is no phone"
    elsewhere = {"Origin": "http://elsewhere.test"}
    answer = await mine.client.post(
        "/api/v1/phone/commands", json={"commands": []}, headers=elsewhere
    )
    assert answer.status_code == 403
    assert await mine.post("/logout") == (204, "")
    assert (await mine.client.get("/api/v1/phone/jobs", headers=cookie)).status_code == 401
