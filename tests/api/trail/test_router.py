"""An auditor reads the trail by names, finds whom to ask about, takes it away as a file, and checks its chain."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

from callcenter.api.trail import router
from callcenter.audit.chained import AUDIT
from callcenter.audit.linking import Links, New
from callcenter.audit.trail import record
from tests.support.api import person, sign_in, trail


async def write(database, clock, community, user: int, *subjects: str) -> None:
    async with database.transaction() as session:
        for subject in subjects:
            await record(
                session,
                at=clock.advance(60),
                principal_id=user,
                action="profile_seen",
                subject=subject,
                region_ids=(community.root, community.street),
                address="10.0.0.9",
                detail={"note": "=1+1"},
            )


async def test_entries_say_who_and_whom_by_name(auditor, database, clock, community):
    home = await community.home()
    resident = await community.resident(home)
    await write(
        database,
        clock,
        community,
        await community.user("linlan"),
        f"home:{home}",
        f"resident:{resident}",
        "home:999",
        "user:unknown",
        "incidents",
    )
    entries = (await auditor.get("/api/v1/audit", params={"action": "profile_seen"})).json()
    assert [each["subject_name"] for each in reversed(entries["entries"])] == [
        "榆荫里7号楼2单元501",
        "沈玉兰",
        "",
        "",
        "",
    ]
    (newest, *_) = entries["entries"]
    assert (newest["user_name"], newest["what"], newest["what_en"]) == (
        "linlan",
        "查看住户档案",
        "profile seen",
    )


async def test_whom_was_asked_about_is_named_to_auditors_of_their_regions_only(
    auditor, owner, community
):
    resident = await community.resident(await community.home())
    elsewhere = await community.region(community.root, "street", "槐荫街道")

    async def named() -> str:
        answer = await auditor.get("/api/v1/audit", params={"resident_id": resident})
        return answer.json()["resident_name"]

    assert await named() == "沈玉兰"
    await person(owner, "local", ("auditor", elsewhere))
    await sign_in(auditor, "local")
    assert await named() == ""


async def test_days_are_the_sites_and_both_included(auditor, database, clock, community):
    clock.set_wall(datetime(2026, 3, 14, 15, 58, tzinfo=UTC))  # 23:58 there
    await write(database, clock, community, 7, "home:1", "home:2")

    async def on(first: str, last: str) -> list[str]:
        days = {"user_id": 7, "from_day": first, "to_day": last}
        answer = await auditor.get("/api/v1/audit", params=days)
        return [each["subject"] for each in answer.json()["entries"]]

    assert await on("2026-03-14", "2026-03-14") == ["home:1"]
    assert await on("2026-03-15", "2026-03-15") == ["home:2"]
    assert await on("2026-03-14", "2026-03-15") == ["home:2", "home:1"]


async def test_reading_is_in_the_trail_with_what_was_asked(auditor, owner, community):
    await auditor.get("/api/v1/audit", params={"user_id": 7})
    action, subject, regions, detail = (
        await trail(owner, "action", "subject", "region_ids", "detail")
    )[-1]
    assert (action, subject, regions, detail) == (
        "trail_read",
        "trail",
        [community.root],
        {"user_id": 7},
    )


async def test_colleagues_and_residents_are_found_by_name_in_the_audited_regions_only(
    auditor, owner, community
):
    other = await community.region(community.root, "street", "槐荫街道")
    here = await community.resident(await community.home())
    there = await community.resident(await community.home(region=other))
    await community.user("shen-here", region=community.street)
    await community.user("shen-there", region=other)
    found = (await auditor.post("/api/v1/audit/people/search", json={"q": "shen"})).json()
    assert {each["login"] for each in found["users"]} == {"shenji", "shen-here", "shen-there"}
    assert {each["id"] for each in found["residents"]} == {here, there}

    await person(owner, "local", ("auditor", community.street))
    await sign_in(auditor, "local")
    found = (await auditor.post("/api/v1/audit/people/search", json={"q": "shen"})).json()
    assert {each["login"] for each in found["users"]} == {"shenji", "shen-here"}
    assert [each["id"] for each in found["residents"]] == [here]
    assert (await trail(owner))[-1] == ("trail_searched", "residents")


async def test_what_stands_for_any_letter_elsewhere_is_a_letter_here(auditor, community):
    await community.user("zhou")
    assert (await auditor.post("/api/v1/audit/people/search", json={"q": "z%u"})).json()[
        "users"
    ] == []


async def test_a_file_has_the_same_entries_in_words_and_nothing_that_calculates(
    auditor, database, clock, community, owner
):
    user = await community.user("linlan")
    await write(database, clock, community, user, f"home:{await community.home()}")
    answer = await auditor.get("/api/v1/audit/export", params={"user_id": user, "lang": "zh-CN"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit.csv"'
    headings, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert headings[:4] == ["序号", "时间", "人员", "操作"]
    assert row[1:6] == [
        "2026-03-14 17:27:53",
        "linlan",
        "查看住户档案",
        "profile_seen",
        "榆荫里7号楼2单元501",
    ]
    action, detail = (await trail(owner, "action", "detail"))[-1]
    assert (action, detail) == ("trail_exported", {"user_id": user, "count": 1})


async def test_a_file_that_would_be_too_large_is_refused_with_how_much_it_may_hold(
    auditor, database, clock, community, monkeypatch
):
    monkeypatch.setattr(router, "MOST_EXPORTED", 1)
    await write(database, clock, community, 7, "home:1", "home:2")
    answer = await auditor.get("/api/v1/audit/export", params={"user_id": 7})
    assert answer.status_code == 422
    assert answer.json()["error"] == {
        "code": "too_many_found",
        "message": "Too many entries: ask for less time.",
        "params": {"most": 1},
    }


async def test_the_chain_is_checked_and_its_numbers_stand_beside_the_entries(
    auditor, database, clock, community, owner
):
    await write(database, clock, community, 7, "home:1", "home:2")
    links = Links(database, [New(AUDIT)], by="host 1")
    await links.run_once(clock.now())
    await links.connections.close()
    entries = (await auditor.get("/api/v1/audit", params={"user_id": 7})).json()["entries"]
    newest, older = (each["number"] for each in entries)
    assert newest == older + 1
    found = (await auditor.get("/api/v1/audit/chain")).json()
    assert (found["last"], found["broken"], len(found["head_hash"])) == (newest, None, 64)

    await owner.execute("UPDATE audit_entry SET user_id = 8 WHERE subject = 'home:1'")
    found = (await auditor.get("/api/v1/audit/chain", params={"first": older})).json()
    assert found["broken"] == {"number": older, "fault": "changed"}


async def test_every_kind_has_words_in_both_languages(auditor):
    kinds = {each["action"]: each for each in (await auditor.get("/api/v1/audit/kinds")).json()}
    assert kinds["login_failed"] == {
        "action": "login_failed",
        "what": "登录失败",
        "what_en": "log-in failed",
    }
