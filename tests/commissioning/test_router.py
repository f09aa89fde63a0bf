"""From an empty site to one that is in service."""

from __future__ import annotations

import asyncio
from datetime import datetime

import asyncpg
import httpx
import pytest

from callcenter.commissioning.facts import SiteSettings
from callcenter.commissioning.first_start import FirstCode
from tests.support.api import browser, sign_in, trail
from tests.support.community import Community

FIRST = {
    "region": "榆荫里社区",
    "region_en": "Yuyinli",
    "hotline": "0999-8012349",
    "duty_number": "139 0100 0009",
    "administrator": {"login": "wei", "name": "魏来", "password": "seven brown kettles sing"},
    "operator": {"login": "lin", "name": "林晓雯", "password": "four green ladders lean"},
}


FURNISHED = """
UPDATE region SET hotline = '0999-8012349' WHERE parent_id IS NULL;
INSERT INTO shift (user_id, region_ids, began_at, seen_at) SELECT user_id, ARRAY[region_id], '{now}', '{now}' FROM role_grant WHERE role = 'operator';
INSERT INTO sms_message (id, dedup, region_id, recipient, kind, params, language, priority, created_at, due_at, expires_at, state, settled_at)
SELECT gen_random_uuid(), 'a', id, '+8613900000001', 'alarm_raised', '{{}}', 'zh-CN', 1, '{now}', '{now}', '{now}', 'delivered', '{now}'
FROM region WHERE parent_id IS NULL;
INSERT INTO incident (id, subject, class, kind, priority, region_id, region_path, source, card, opened_at, last_signal_at, state, taken_by, taken_by_name, taken_at)
SELECT '01890000-0000-7000-8000-000000000003', 'home:1', 'alarm', 'sos', 1, id, path, 'dc09', '{{}}', '{now}', '{now}', 'taken', 1, 'lin', '{now}'
FROM region WHERE parent_id IS NULL;
INSERT INTO incident_proof (incident_id, ring, proof, user_id, seat_id, at)
SELECT '01890000-0000-7000-8000-000000000003', 1, proof, 1, gen_random_uuid(), '{now}' FROM unnest(ARRAY['seen', 'sounding']) AS proof;
"""


async def furnish(owner: asyncpg.Connection, community: Community, now: datetime) -> None:
    """A home whose key rings, two operators on duty, a text that arrived, an alarm that was taken."""
    await community.source()
    await community.device("3301-0042", await community.home())
    for login in ("lin", "zhao"):
        await community.user(login)
    await owner.execute(FURNISHED.format(now=now.isoformat()))


async def begin(client: httpx.AsyncClient, first: FirstCode, **changes: object) -> httpx.Response:
    body = FIRST | {"code": first.path.read_text()} | changes
    return await client.post("/api/v1/first-start", json=body)


@pytest.fixture
async def newcomer(commissioned, owner, code):
    code.offer()
    async with browser(commissioned) as client:
        yield client


async def test_the_first_accounts_work_and_nobody_makes_a_second_first(newcomer, code, owner):
    assert (await newcomer.get("/api/v1/first-start")).json() == {"first": True}
    assert (await begin(newcomer, code)).status_code == 201
    assert not code.path.exists()
    assert (await newcomer.get("/api/v1/first-start")).json() == {"first": False}
    code.offer()  # as an attacker would like to have it
    answer = await begin(newcomer, code)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "not_first")
    await sign_in(newcomer, "wei", "seven brown kettles sing")
    grants = (await newcomer.get("/api/v1/me")).json()["grants"]
    assert [grant["role"] for grant in grants] == ["administrator"]
    assert await owner.fetch(
        "SELECT hotline, duty_numbers FROM region WHERE parent_id IS NULL"
    ) == [("0999-8012349", ["+8613901000009"])]
    assert ("site_founded",) in await trail(owner, "action")


@pytest.mark.parametrize(
    ("changes", "status", "code_of"),
    [
        ({"code": "AAAA"}, 403, "first_code_wrong"),
        ({"duty_number": "0999-8012349"}, 422, "duty_not_mobile"),
        ({"hotline": "call us"}, 422, "policy_hole"),
        ({"operator": FIRST["administrator"]}, 409, "login_taken"),
        ({"operator": {"login": "lin", "name": "林", "password": "short"}}, 422, "password_length"),
    ],
)
async def test_what_is_refused_leaves_nothing_behind(
    newcomer, code, owner, changes, status, code_of
):
    answer = await begin(newcomer, code, **changes)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code_of)
    assert await owner.fetchval("SELECT count(*) FROM app_user") == 0
    assert await owner.fetchval("SELECT count(*) FROM region WHERE parent_id IS NOT NULL") == 0
    assert code.path.exists()


async def test_of_two_who_begin_at_once_one_does(newcomer, code, owner):
    answers = await asyncio.gather(begin(newcomer, code), begin(newcomer, code))
    assert sorted(answer.status_code for answer in answers) in ([201, 403], [201, 409])
    assert await owner.fetchval("SELECT count(*) FROM app_user") == 2


async def test_the_list_is_the_administrators_of_everything(commissioned, signed_in, community):
    of_a_street = await signed_in("administrator")
    assert (await of_a_street.get("/api/v1/checklist")).status_code == 403
    of_all = await signed_in("administrator", community.root)
    found = (await of_all.get("/api/v1/checklist")).json()
    assert {item["name"]: item["done"] for item in found["items"]} == {
        "region": True, "hotline": False, "operators": False, "duty_list": True, "gateway": False, "text": False,
        "devices": False, "seats": False, "trial": False, "alarm": False, "certificate": False, "backup": False,
    }  # fmt: skip
    assert found["in_service"] is None


async def test_a_site_is_in_service_when_nothing_is_missing_and_somebody_says_so(
    commissioned, signed_in, community, owner, certificate, clock
):
    admin = await signed_in("administrator", community.root)
    said = await admin.post("/api/v1/checklist", json={"what": "in_service", "note": "now"})
    assert (said.status_code, said.json()["error"]["code"]) == (409, "not_ready")
    assert "gateway" in said.json()["error"]["params"]["missing"]

    await furnish(owner, community, clock.now())
    commissioned.state.context.ports[SiteSettings] = SiteSettings(("mobile",), certificate)
    await admin.post("/api/v1/checklist", json={"what": "backup", "note": "restored on the old PC"})
    said = await admin.post("/api/v1/checklist", json={"what": "in_service", "note": "all tried"})
    assert said.status_code == 201, said.text
    assert said.json()["in_service"]["note"] == "all tried"
    assert (await trail(owner, "action")).count(("site_confirmed",)) == 2


async def test_what_was_said_is_not_unsaid(owner, database):
    async with database.transaction() as session:
        with pytest.raises(Exception, match="permission denied"):
            await (await session.connection()).exec_driver_sql("DELETE FROM site_confirmation")
