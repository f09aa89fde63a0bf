"""The dispositions are the site's to change; what is built in is never deleted."""

from __future__ import annotations

from typing import Any

import pytest

from callcenter.hotline.disposition import BUILT_IN
from callcenter.hotline.filing.offered import put_built_in
from tests.support.hotline import Hotline, Worker


@pytest.fixture
async def admin(hotline: Hotline) -> Worker:
    return await hotline.worker("admin", "administrator")


def body(view: dict[str, Any], **more: Any) -> dict[str, Any]:
    kept = ("version", "parent", "zh", "en", "key", "effective", "opens", "of_kind", "due_minutes", "position", "is_offered")  # fmt: skip
    return {name: view[name] for name in kept} | more


async def view(worker: Worker, code: str) -> dict[str, Any]:
    found = await worker.get("/dispositions")
    return next(each for each in found if each["code"] == code)


async def test_they_are_put_there_once_and_changes_outlive_a_start(hotline: Hotline, admin: Worker):
    praise = await view(admin, "praise")
    await admin.put("/dispositions/praise", body(praise, zh="感谢", key="o"))
    await put_built_in(hotline.story.owner)
    found = await admin.get("/dispositions")
    assert [each["code"] for each in found] == [each.code for each in BUILT_IN]
    assert ((now := await view(admin, "praise"))["zh"], now["key"]) == ("感谢", "o")


async def test_a_built_in_one_whose_key_is_in_use_comes_without(hotline: Hotline, admin: Worker):
    owner = hotline.story.owner
    await owner.execute("DELETE FROM disposition WHERE code = 'praise'")
    own = {"version": 0, "zh": "自定", "en": "Own", "key": "p", "effective": True}
    await admin.put("/dispositions/own", own)
    await put_built_in(owner)
    assert (await view(admin, "praise"))["key"] is None


async def test_one_that_is_no_longer_offered_stays_with_its_calls(
    hotline: Hotline, admin: Worker, wang: Worker
):
    call = await hotline.call(by=wang.user_id)
    await wang.files(call, "praise")
    await admin.put("/dispositions/praise", body(await view(admin, "praise"), is_offered=False))
    assert (await wang.get(f"/calls/{call}"))["line"]["disposition"] == "praise"
    other = await hotline.call(by=wang.user_id)
    assert (await wang.files(other, "praise", 422))["error"]["code"] == "not_offered"


async def test_an_own_one_works_at_once(hotline: Hotline, admin: Worker, wang: Worker):
    own = {"version": 0, "parent": "feedback", "zh": "锦旗", "en": "A banner", "key": "o", "effective": True, "opens": "follow_up", "due_minutes": 30}  # fmt: skip
    await admin.put("/dispositions/banner", own)
    call = await hotline.call(by=wang.user_id)
    shown = await wang.files(call, "banner")
    assert shown["cases"][0]["kind"] == "follow_up"


@pytest.mark.parametrize(
    ("code", "change", "status", "refusal"),
    [
        ("praise", {"key": "w"}, 409, "key_used"),
        ("praise", {"key": "t"}, 422, "key_taken"),
        ("praise", {"of_kind": "sos"}, 422, "wrong_kind"),
        ("praise", {"parent": "complaint"}, 422, "no_such_group"),
        ("feedback", {"parent": "care"}, 422, "no_such_group"),
        ("praise", {"version": 7}, 409, "changed_meanwhile"),
    ],
)
async def test_a_change_that_cannot_be(
    admin: Worker, code: str, change: dict[str, Any], status: int, refusal: str
):
    sent = body(await view(admin, code), **change)
    refused = await admin.put(f"/dispositions/{code}", sent, status)
    assert refused["error"]["code"] == refusal


async def test_a_new_one_says_that_it_is_new(admin: Worker):
    await admin.put(
        "/dispositions/own", {"version": 3, "zh": "自", "en": "Own", "effective": True}, 404
    )
    await admin.put(
        "/dispositions/Own!", {"version": 0, "zh": "自", "en": "Own", "effective": True}, 422
    )


async def test_whoever_files_reads_them_and_changes_none(wang: Worker):
    praise = await view(wang, "praise")
    await wang.put("/dispositions/praise", body(praise), 403)


async def test_who_manages_the_lines_of_a_part_changes_nothing_for_all(
    hotline: Hotline, wang: Worker
):
    root = hotline.story.community.root
    west = await hotline.story.community.region(root, "district", "西柳区")
    some = await hotline.worker("some", "administrator", west)
    await some.put("/dispositions/praise", body(await view(some, "praise")), 403)
