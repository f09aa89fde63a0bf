"""The addresses: their bounds, and the hint to the alarm process."""

from __future__ import annotations

import pytest

from callcenter.core.ids import new_id
from tests.support.calls import Caller, Calls


async def due(calls: Calls) -> None:
    list_id = await calls.list()
    await calls.plan(list_id, await calls.story.home(""))
    await calls.passes(16 * 60 + 5)


async def test_nothing_due_is_no_error(wang: Caller):
    assert await wang.next() is None


async def test_a_list_that_is_not_there(wang: Caller):
    await wang.post("/next", {"list_id": 7}, 404)
    await wang.post("/items/7/take", status=404)
    await wang.post("/items/7/report", {"id": str(new_id()), "result": "well"}, 404)


@pytest.mark.parametrize(
    "body",
    [
        {"result": "asleep"},
        {"result": "postponed", "minutes": 0},
        {"result": "postponed", "minutes": 10_081},
        {"result": "well", "note": "n" * 1_001},
        {"result": "postponed"},
    ],
)
async def test_a_report_that_says_nothing_is_refused(
    calls: Calls, wang: Caller, body: dict[str, object]
):
    await due(calls)
    call = await wang.next()
    sent = {"id": str(new_id())} | body
    await wang.post(f"/items/{call['item']['id']}/report", sent, 422)


async def test_a_postponed_call_comes_back_when_it_was_said(calls: Calls, wang: Caller):
    await due(calls)
    await wang.report(await wang.next(), "postponed", minutes=30)
    await calls.passes(29)
    assert await wang.next() is None
    await calls.passes(1)
    call = await wang.next()
    assert [tried["result"] for tried in call["attempts"]] == ["postponed"]


async def test_what_nobody_sees_of_a_note_is_left_out(calls: Calls, wang: Caller):
    await due(calls)
    call = await wang.next()
    sent = {"id": str(new_id()), "result": "well", "note": "a\0b"}
    answer = await wang.client.post(f"/api/v1/calls/items/{call['item']['id']}/report", json=sent)
    assert answer.status_code == 204
    notes = await calls.story.owner.fetch("SELECT note FROM call_attempt")
    assert [row["note"] for row in notes] == ["ab"]


async def test_each_state_of_a_list_is_looked_at_alone(calls: Calls, wang: Caller):
    await due(calls)
    call = await wang.next()
    list_id = call["item"]["list_id"]
    assert await wang.get(f"/lists/{list_id}/items", state="open") == []
    [line] = await wang.get(f"/lists/{list_id}/items", state=["open", "leased"])
    assert line["leased_by_name"] == "wang同志"
