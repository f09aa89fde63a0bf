"""The last word of a purpose holds, none is rewritten, and an alarm's profile tells it without asking for it."""

from __future__ import annotations

import pytest

from tests.support.api import trail


@pytest.fixture
async def resident(community):
    home = await community.home()
    return await community.resident(home), home


async def test_the_last_word_holds_and_all_are_kept(editor, operator, resident, owner):
    who, home = resident
    path = f"/api/v1/residents/{who}/consents"
    words = (
        ("granted", "2026-01-02T00:00:00Z"),
        ("withdrawn", "2026-02-02T00:00:00Z"),
        ("refused", "2026-01-01T00:00:00Z"),
    )
    for kind, at in words:
        said = {"purpose": "publicity", "kind": kind, "given_by": "self", "at": at}
        assert (await editor.post(path, json=said)).status_code == 201
    told = (await operator.get(path)).json()
    assert [each["kind"] for each in told] == ["withdrawn", "granted", "refused"]
    profile = (await operator.get(f"/api/v1/homes/{home}/profile")).json()
    (state,) = profile["consents"]
    assert (state["purpose"], state["kind"]) == ("publicity", "withdrawn")
    assert ("consent_recorded", f"resident:{who}") in await trail(owner)


async def test_nothing_is_said_tomorrow_and_nothing_by_who_only_reads(editor, operator, resident):
    path = f"/api/v1/residents/{resident[0]}/consents"
    said = {"purpose": "recording", "kind": "granted", "given_by": "guardian"}
    later = said | {"at": "2999-01-01T00:00:00Z"}
    assert (await editor.post(path, json=later)).status_code == 422
    assert (await operator.post(path, json=said)).status_code == 403
    assert (await operator.get(path)).json() == []
