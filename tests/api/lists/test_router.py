"""The file of a list holds what its own route shows for the same filter, by right, and is in the audit trail."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

import httpx
import pytest

from callcenter.api.application import openapi_document
from callcenter.auth.permissions import ACTIONS_OF, Action
from tests.support.api import browser, person, sign_in

RIGHTS = {
    "residents": (Action.EXPORT_RESIDENTS, Action.SEE_PROFILES),
    "devices": (Action.EXPORT_RESIDENTS, Action.MANAGE_DEVICES),
    "incidents": (Action.EXPORT_INCIDENTS, Action.SEE_INCIDENTS),
    "users": (Action.MANAGE_USERS, Action.MANAGE_USERS),
    "audit": (Action.READ_AUDIT, Action.READ_AUDIT),
    "calls": (Action.EXPORT_INCIDENTS, Action.ANSWER_CALLS),
}
"""What the file of a list needs, and what the list itself needs."""


async def lines(client: httpx.AsyncClient, name: str, **body: Any) -> list[list[str]]:
    answer = await client.post(f"/api/v1/lists/{name}/file", json={"lang": "en", **body})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}.csv"'
    assert answer.headers["cache-control"] == "no-store"
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


async def last_entry(owner, action: str) -> dict[str, Any]:
    row = await owner.fetchrow(
        "SELECT * FROM audit_entry WHERE action = $1 ORDER BY id DESC LIMIT 1", action
    )
    return dict(row)


def test_whoever_may_have_the_file_of_a_list_may_also_see_the_list():
    paths = [path for path in openapi_document()["paths"] if path.startswith("/api/v1/lists/")]
    assert {path.split("/")[4] for path in paths} == set(RIGHTS)
    for file, seeing in RIGHTS.values():
        assert [
            role for role, held in ACTIONS_OF.items() if file in held and seeing not in held
        ] == []


async def test_residents_come_as_the_list_finds_them_and_the_trail_tells_which(
    signed_in, owner, community, elsewhere
):
    home, other = await community.home(), await community.home(region=elsewhere)
    for name in ("=1+1", "沈玉兰"):
        await community.resident(home, name, latin=name)
    await community.resident(other, "沈玉梅")
    administrator = await signed_in("administrator")
    wanted = {"q": "syl", "region_id": community.street}
    listed = (await administrator.get("/api/v1/residents", params=wanted)).json()["items"]
    found = await lines(administrator, "residents", columns=["name", "sex"], filter=wanted)
    assert found[0] == ["Name", "Sex"]
    assert [row[0].removeprefix("'") for row in found[1:]] == [row["name"] for row in listed]
    assert sorted(row[0] for row in found[1:]) == ["'=1+1", "沈玉兰"]
    looked = await last_entry(owner, "residents_searched")
    assert looked["detail"]["ids"] == [row["id"] for row in listed]
    exported = await last_entry(owner, "list_exported")
    assert exported["detail"] == {
        "list": "residents", "filter": {"region_id": community.street, "q": True}, "rows": 2,
        "columns": ["name", "sex"], "format": "csv",
    }  # fmt: skip
    assert (exported["address"], exported["region_ids"]) == ("10.0.0.7", [community.street])


@pytest.mark.parametrize("role", ["supervisor", "community_worker", "operator"])
async def test_who_sees_residents_may_still_not_carry_them_away(signed_in, owner, role):
    client = await signed_in(role)
    refused = await client.post("/api/v1/lists/residents/file", json={"columns": ["name"]})
    assert refused.status_code == 403
    assert await owner.fetchval("SELECT count(*) FROM audit_entry WHERE action = 'list_exported'") == 0  # fmt: skip


async def test_the_right_of_one_region_carries_nothing_out_of_another(
    app, owner, community, elsewhere
):
    await community.resident(await community.home(), "沈玉兰")
    await community.resident(await community.home(region=elsewhere), "沈玉梅", latin="Shen Yumei")
    grants = (("administrator", community.street), ("supervisor", elsewhere))
    await person(owner, "both", *grants)
    async with browser(app) as client:
        await sign_in(client, "both")
        assert (await client.get("/api/v1/residents")).json()["total"] == 2
        found = await lines(client, "residents", columns=["name"], lang="zh-CN")
    assert found == [["姓名"], ["沈玉兰"]]


async def test_incidents_are_their_supervisors_and_follow_the_filter(signed_in, owner, east):
    supervisor = await signed_in("supervisor", east.region_id)
    columns = ["number", "who", "outcome"]
    found = await lines(supervisor, "incidents", columns=columns, filter={"state": "open"})
    listed = (await supervisor.get("/api/v1/history", params={"state": "open"})).json()["items"]
    assert [row[0] for row in found] == ["No.", *(str(one["number"]) for one in listed)]
    assert len(listed) == 1
    assert await lines(supervisor, "incidents", columns=columns, filter={"state": "closed"}) == [
        ["No.", "Who", "Outcome"]
    ]
    exported = await last_entry(owner, "list_exported")
    assert exported["detail"]["filter"] == {"state": "closed"}
    administrator = await signed_in("administrator", east.region_id)
    refused = await administrator.post("/api/v1/lists/incidents/file", json={"columns": ["number"]})
    assert refused.status_code == 403


async def test_devices_and_users_of_ones_regions(signed_in, east):
    administrator = await signed_in("administrator", east.region_id)
    devices = await lines(administrator, "devices", columns=["identifier", "serves"])
    assert devices == [["Number", "Serves"], ["\tpendant-东榆", "Shen 东榆"]]
    users = await lines(
        administrator, "users", columns=["login", "roles"], filter={"role": "operator"}
    )
    assert users == [["Log-in", "Roles"], ["operator-东榆", "Operator"]]


async def test_the_file_of_what_was_seen_of_one_resident_is_told_to_them(
    signed_in, owner, east, community
):
    supervisor = await signed_in("supervisor", east.region_id)
    resident = east.ids["resident_id"]
    await supervisor.get(f"/api/v1/residents/{resident}")
    auditor = await signed_in("auditor", community.root)
    found = await lines(
        auditor, "audit", columns=["what", "about"], filter={"resident_id": resident}
    )
    assert ["resident's record seen", "Shen 东榆"] in found
    exported = await last_entry(owner, "list_exported")
    assert exported["subject"] == f"resident:{resident}"


async def test_a_workbook_holds_the_same_and_an_unknown_column_is_refused(signed_in, community):
    await community.resident(await community.home(), "=1+1", latin="")
    administrator = await signed_in("administrator")
    body = {"columns": ["name"], "format": "xlsx"}
    answer = await administrator.post("/api/v1/lists/residents/file", json=body)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "=1+1" in sheet
    assert "<f>" not in sheet  # a text, no formula
    refused = await administrator.post(
        "/api/v1/lists/residents/file", json={"columns": ["identity_number"]}
    )
    assert refused.status_code == 422
