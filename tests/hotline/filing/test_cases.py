"""Complaints, questions, wishes and calls to be made are worked off in a list."""

from __future__ import annotations

from typing import Any

from callcenter.core.ids import new_id
from tests.support.hotline import Hotline, Worker


async def opened(hotline: Hotline, wang: Worker, key: str = "complaint") -> dict[str, Any]:
    call = await hotline.call(by=wang.user_id)
    shown = await wang.files(call, key, note="送餐晚了")
    case: dict[str, Any] = shown["cases"][0]
    return case


async def step(
    wang: Worker, case: dict[str, Any], kind: str, status: int | None = None, **more: Any
) -> Any:
    body = {"id": str(new_id()), "version": case["version"], "kind": kind} | more
    return await wang.post(f"/cases/{case['id']}/steps", body, status)


async def test_noted_postponed_done_and_open_again(hotline: Hotline, wang: Worker):
    case = await opened(hotline, wang)
    case = (await step(wang, case, "noted", words="已联系餐厅"))["line"]
    case = (await step(wang, case, "postponed", minutes=60))["line"]
    case = (await step(wang, case, "done", words="已道歉并退款"))["line"]
    assert (case["state"], case["result"], case["done_by_name"]) == (
        "done",
        "已道歉并退款",
        "wang同志",
    )
    assert (await wang.get("/cases"))["items"] == []
    shown = await step(wang, case, "reopened", words="老人还没收到")
    assert [each["kind"] for each in shown["steps"]] == [
        "opened",
        "noted",
        "postponed",
        "done",
        "reopened",
    ]
    assert shown["line"]["done_at"] is None


async def test_what_is_due_first_stands_first_and_what_is_late_says_so(
    hotline: Hotline, wang: Worker
):
    await opened(hotline, wang, "complaint")
    await opened(hotline, wang, "call_again")
    kinds = [each["kind"] for each in (await wang.get("/cases"))["items"]]
    assert kinds == ["follow_up", "complaint"]
    hotline.story.clock.advance(11 * 60)
    [late, _] = (await wang.get("/cases"))["items"]
    assert late["is_overdue"]
    assert (await wang.get("/counts"))["cases_overdue"] == 1
    [only] = (await wang.get("/cases", kind="complaint"))["items"]
    assert only["kind"] == "complaint"


async def test_a_done_case_wants_its_words_and_the_version_that_was_seen(
    hotline: Hotline, wang: Worker
):
    case = await opened(hotline, wang)
    assert (await step(wang, case, "done", 422))["error"]["code"] == "needs_words"
    assert (await step(wang, case, "reopened", 409, words="x"))["error"]["code"] == "wrong_state"
    await step(wang, case, "noted", words="一")
    refused = await step(wang, case, "done", 409, words="二")
    assert refused["error"]["code"] == "changed_meanwhile"


async def test_the_same_step_sent_twice_is_one(hotline: Hotline, wang: Worker):
    case = await opened(hotline, wang)
    word = str(new_id())
    for _ in range(2):
        shown = await step(wang, case, "noted", words="一", id=word)
    assert len(shown["steps"]) == 2
    other = await opened(hotline, wang)
    assert (await step(wang, other, "noted", 409, words="一", id=word))["error"][
        "code"
    ] == "id_used"


async def test_pages_of_cases(hotline: Hotline, wang: Worker):
    for _ in range(3):
        await opened(hotline, wang)
    first = await wang.get("/cases", limit=2)
    rest = await wang.get("/cases", limit=2, after=first["after"])
    ids = {each["id"] for each in first["items"] + rest["items"]}
    assert len(ids) == 3
    assert rest["after"] is None


async def test_a_case_of_another_region_is_nobodys_here(hotline: Hotline, wang: Worker):
    case = await opened(hotline, wang)
    root = hotline.story.community.root
    west = await hotline.story.community.region(root, "district", "西柳区")
    li = await hotline.worker("li", region=west)
    assert (await li.get("/cases"))["items"] == []
    await li.get(f"/cases/{case['id']}", 404)
    await step(li, case, "noted", 404, words="x")
    assert (await wang.get("/cases", region_id=west))["items"] == []
