"""Organisations: a code that cannot be is refused by name, a chain does not lead back to itself, regions keep theirs."""

from __future__ import annotations

import pytest

from tests.records.test_uscc import EXAMPLE
from tests.support.api import trail

PATH = "/api/v1/organisations"


@pytest.fixture
async def administrator(signed_in):
    return await signed_in("administrator")


def error_of(answer):
    return answer.status_code, answer.json()["error"]["code"]


async def test_a_provider_is_entered_changed_and_listed(administrator, operator, community, owner):
    body = {"kind": "provider", "name": "康乐家政", "region_id": community.street}
    made = await administrator.post(PATH, json=body | {"uscc": EXAMPLE.lower()})
    assert (made.status_code, made.json()["uscc"]) == (201, EXAMPLE)
    path = f"{PATH}/{made.json()['id']}"
    changed = await administrator.put(path, json=body | {"name": "康乐", "uscc": EXAMPLE})
    assert changed.json()["name"] == "康乐"
    assert [each["name"] for each in (await operator.get(PATH)).json()] == ["康乐"]
    assert [action for action, _ in await trail(owner)][-2:] == [
        "organisation_added",
        "organisation_changed",
    ]


async def test_a_number_is_read_as_people_write_it_and_what_is_none_is_refused(
    administrator, community
):
    body = {"kind": "department", "name": "社区卫生院", "region_id": community.street}
    made = await administrator.post(PATH, json=body | {"phone": "0311-8888 6666"})
    assert made.json()["phone"] == "+8631188886666"
    wrong = await administrator.post(PATH, json=body | {"phone": "卫生院"})
    assert wrong.status_code == 422
    assert [each["column"] for each in wrong.json()["error"]["params"]["problems"]] == ["phone"]
    path = f"{PATH}/{made.json()['id']}"
    assert (await administrator.put(path, json=body | {"phone": " "})).json()["phone"] is None


@pytest.mark.parametrize(
    ("uscc", "code"), [("91350100M000100Y34", "uscc_check"), ("110108", "uscc_form")]
)
async def test_a_code_that_cannot_be_is_refused(administrator, community, uscc, code):
    body = {"kind": "shop", "name": "超市", "region_id": community.street, "uscc": uscc}
    assert error_of(await administrator.post(PATH, json=body)) == (422, code)


async def test_a_code_belongs_to_one_and_no_chain_leads_back(administrator, community):
    body = {"kind": "enterprise", "name": "总部", "region_id": community.street}
    head = (await administrator.post(PATH, json=body | {"uscc": EXAMPLE})).json()["id"]
    again = await administrator.post(PATH, json=body | {"uscc": EXAMPLE})
    assert error_of(again) == (409, "uscc_taken")
    branch = await administrator.post(PATH, json=body | {"parent_id": head})
    ring = {"parent_id": branch.json()["id"]}
    assert error_of(await administrator.put(f"{PATH}/{head}", json=body | ring)) == (
        422,
        "own_parent",
    )


async def test_nobody_enters_an_organisation_elsewhere(
    administrator, operator, elsewhere, community
):
    body = {"kind": "shop", "name": "超市", "region_id": elsewhere}
    assert (await administrator.post(PATH, json=body)).status_code == 404
    own = body | {"region_id": community.street}
    assert (await operator.post(PATH, json=own)).status_code == 403
