"""Other centres and rules as a supervisor keeps them: secrets never come back, what does not fit is refused, who changed what is kept."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.api import trail
from tests.support.office import app, assembled, community, elsewhere, hints, signed_in

__all__ = ["app", "assembled", "community", "elsewhere", "hints", "signed_in"]

CENTRES = "/api/v1/centres"
RULES = "/api/v1/centres/rules"


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


@pytest.fixture
async def supervisor(signed_in):
    return await signed_in("supervisor")


@pytest.fixture
async def centre(supervisor, community):
    body = {
        "name": "市中心",
        "region_id": community.street,
        "way": "dc09",
        "address": "10.0.0.9:7000",
        "account": "4321",
        "key": "ab" * 16,
    }
    answer = await supervisor.post(CENTRES, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture
async def rule(supervisor, centre, community):
    body = {
        "centre_id": centre["id"],
        "region_id": community.street,
        "mode": "untaken",
        "after_s": 45,
    }
    answer = await supervisor.post(RULES, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_key_is_kept_and_never_shown(supervisor, centre):
    assert centre["has_key"]
    listed = (await supervisor.get(CENTRES)).text
    assert "ab" * 16 not in listed
    changes = {name: centre[name] for name in ("name", "address", "account", "version")}
    changed = await supervisor.put(f"{CENTRES}/{centre['id']}", json={**changes, "phone": "12349"})
    assert changed.json()["has_key"], "what is not given stays"
    gone = await supervisor.put(
        f"{CENTRES}/{centre['id']}", json={**changes, "version": 2, "key": ""}
    )
    assert not gone.json()["has_key"]


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"key": "short"}, (422, "key_refused")),
        ({"address": "https://x"}, (422, "invalid")),
        ({"account": "no"}, (422, "invalid")),
        ({"name": "市中心"}, (409, "name_taken")),
    ],
)
async def test_what_does_not_fit_is_refused(supervisor, centre, community, change, refusal):
    body = {
        "name": "another",
        "region_id": community.street,
        "way": "dc09",
        "address": "10.0.0.9:7000",
        "account": "4321",
    }
    assert code(await supervisor.post(CENTRES, json=body | change)) == refusal


async def test_a_rule_is_changed_from_what_was_read_and_the_trail_says_what(
    supervisor, rule, owner
):
    kept = ("centre_id", "region_id", "mode", "kinds", "version")
    body = {name: rule[name] for name in kept} | {"after_s": 90, "active": False}
    changed = await supervisor.put(f"{RULES}/{rule['id']}", json=body)
    assert (changed.json()["after_s"], changed.json()["version"]) == (90, 2)
    assert code(await supervisor.put(f"{RULES}/{rule['id']}", json=body)) == (
        409,
        "changed_meanwhile",
    )
    entries = await trail(owner, "action", "detail")
    [detail] = [said for action, said in entries if action == "forward_rule_changed"]
    assert detail["changed"] == {"after_s": [45, 90], "active": [True, False]}


async def test_a_rule_reaches_no_further_than_its_centre(
    supervisor, centre, rule, elsewhere, signed_in, community
):
    widely = await signed_in("administrator", community.root)
    body = {"centre_id": centre["id"], "region_id": elsewhere, "mode": "always"}
    assert code(await widely.post(RULES, json=body)) == (422, "centre_elsewhere")
    assert (await supervisor.post(RULES, json=body)).status_code == 404, "not theirs to see"


async def test_only_alarms_go_by_rule(supervisor, centre, community):
    body = {
        "centre_id": centre["id"],
        "region_id": community.street,
        "mode": "always",
        "kinds": ["low_battery"],
    }
    assert code(await supervisor.post(RULES, json=body)) == (422, "invalid")


async def test_a_rule_that_is_removed_is_gone(supervisor, rule):
    assert (await supervisor.delete(f"{RULES}/{rule['id']}")).status_code == 204
    assert (await supervisor.get(RULES)).json() == []
    assert (await supervisor.delete(f"{RULES}/{rule['id']}")).status_code == 404
