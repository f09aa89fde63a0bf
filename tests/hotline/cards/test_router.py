"""Cards by their addresses: beside a call, found by words, written anew with the old version kept."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.hotline import Hotline, Worker

OWN = {"n": 0, "title_zh": "停水", "title_en": "No water", "text_zh": "问哪栋楼。", "text_en": "Ask which building."}  # fmt: skip


@pytest.fixture
async def admin(hotline: Hotline) -> Worker:
    return await hotline.worker("admin", "administrator")


async def codes(worker: Worker, **query: Any) -> list[str]:
    return [each["code"] for each in await worker.get("/cards", **query) if each["for_this"]]


async def test_beside_a_call_stands_what_its_person_and_its_word_want(
    hotline: Hotline, wang: Worker
):
    resident = await hotline.story.home("")
    await hotline.story.owner.execute(
        "UPDATE resident SET dialect = '胶东话' WHERE id = $1", resident
    )
    call = await hotline.call(by=wang.user_id, resident_id=resident)
    assert await codes(wang, call_id=str(call)) == ["dialect"]
    await wang.files(call, "silent")
    assert await codes(wang, call_id=str(call)) == ["dialect", "knock_code", "silent_call"]


async def test_an_unknown_caller_is_asked_who_they_are(hotline: Hotline, wang: Worker):
    call = await hotline.call(by=wang.user_id)
    assert await codes(wang, call_id=str(call)) == ["first_words"]
    assert await codes(wang, disposition="gas_smell") == ["gas"]


async def test_a_card_written_anew_keeps_what_it_said(admin: Worker, wang: Worker):
    [gas] = [each for each in await admin.get("/cards/all") if each["code"] == "gas"]
    sent = {name: gas[name] for name in gas if name not in {"code", "for_this"}}
    await admin.put("/cards/gas", sent | {"text_zh": "先开窗。"})
    [shown] = [each for each in await wang.get("/cards", q="开窗") if each["code"] == "gas"]
    assert (shown["n"], shown["text_zh"]) == (1, "先开窗。")
    versions = await admin.get("/cards/gas/versions")
    assert [(each["n"], each["written_by_name"]) for each in versions] == [
        (1, "admin同志"),
        (0, ""),
    ]
    refused = await admin.put("/cards/gas", sent, 409)
    assert refused["error"]["code"] == "changed_meanwhile"


async def test_an_own_card_and_one_that_is_no_longer_offered(admin: Worker, wang: Worker):
    await admin.put("/cards/no_water", OWN)
    assert [each["code"] for each in await wang.get("/cards", q="停水")] == ["no_water"]
    await admin.put("/cards/no_water", OWN | {"n": 1, "is_offered": False})
    assert await wang.get("/cards", q="停水") == []
    assert "no_water" in [each["code"] for each in await admin.get("/cards/all")]
    await admin.put("/cards/never_was", OWN | {"n": 4}, 404)
    await admin.get("/cards/never_was/versions", 404)


async def test_who_answers_reads_and_who_writes_sees_no_call(
    hotline: Hotline, admin: Worker, wang: Worker
):
    await wang.put("/cards/gas", OWN, 403)
    call = await hotline.call()
    await admin.get("/cards", 403, call_id=str(call))
    assert await admin.get("/cards")
