"""Missed calls are a list that is worked off."""

from __future__ import annotations

from tests.support.hotline import CALLER, Hotline, Worker


async def test_needs_nothing_wants_its_reason_and_takes_all_calls_of_that_caller(
    hotline: Hotline, wang: Worker
):
    first = await hotline.call(minutes_ago=30)
    last = await hotline.call(minutes_ago=10)
    refused = await wang.post(f"/calls/{last}/worked-off", {"how": "needs_nothing"}, 422)
    assert refused["error"]["code"] == "needs_reason"
    body = {"how": "needs_nothing", "reason": "推销电话"}
    assert await wang.post(f"/calls/{last}/worked-off", body) == {"calls": 2}
    assert await wang.lists("missed") == []
    for call in (first, last):
        row = await hotline.row(call)
        assert (row["disposition"], row["worked_off_how"]) == ("missed", "needs_nothing")
        [word] = (await wang.get(f"/calls/{call}"))["filings"]
        assert (word["user_name"], word["note"]) == ("wang同志", "推销电话")
    assert await wang.post(f"/calls/{last}/worked-off", body) == {"calls": 0}


async def test_a_call_that_came_meanwhile_stays(hotline: Hotline, wang: Worker):
    seen = await hotline.call(minutes_ago=30)
    later = await hotline.call(minutes_ago=1)
    await wang.post(f"/calls/{seen}/worked-off", {"how": "rung_back"})
    assert [each["id"] for each in await wang.lists("missed")] == [str(later)]


async def test_rung_back_and_reached_is_worked_off_by_itself(hotline: Hotline, wang: Worker):
    missed = await hotline.call(minutes_ago=30, call_back_wanted=True)
    in_vain = await hotline.call(direction="out", minutes_ago=20)
    await hotline.look()
    assert len(await wang.lists("missed")) == 1
    reached = await hotline.call(by=wang.user_id, direction="out", minutes_ago=10)
    await hotline.look()
    row = await hotline.row(missed)
    assert (row["worked_off_how"], row["worked_off_call"]) == ("reached", reached)
    assert row["disposition"] == "missed"
    assert await wang.lists("missed") == await wang.lists("call_backs") == []
    assert (await hotline.row(in_vain))["disposition"] is None


async def test_who_rings_again_and_is_answered_is_not_missed_either(hotline: Hotline, wang: Worker):
    await hotline.call(minutes_ago=30)
    await hotline.call(by=wang.user_id, minutes_ago=10)
    await hotline.look()
    assert await wang.lists("missed") == []
    assert len(await wang.lists("to_be_filed")) == 1


async def test_what_a_machine_says_reaches_nobody(hotline: Hotline, wang: Worker):
    await hotline.call(minutes_ago=30)
    await hotline.call(by=wang.user_id, direction="automatic", minutes_ago=10)
    await hotline.look()
    assert [each["caller_e164"] for each in await wang.lists("missed")] == [CALLER]


async def test_a_call_that_was_answered_was_not_missed(hotline: Hotline, wang: Worker):
    call = await hotline.call(by=wang.user_id)
    refused = await wang.post(f"/calls/{call}/worked-off", {"how": "rung_back"}, 409)
    assert refused["error"]["code"] == "was_answered"


async def test_a_missed_call_that_is_filed_is_worked_off(hotline: Hotline, wang: Worker):
    call = await hotline.call()
    await wang.files(call, "wrong_number", note="回拨后说打错了")
    assert await wang.lists("missed") == []
    assert (await hotline.row(call))["worked_off_how"] == "rung_back"


async def test_whoever_withheld_their_number_is_worked_off_alone(hotline: Hotline, wang: Worker):
    calls = [await hotline.call(number=None) for _ in range(2)]
    await wang.post(f"/calls/{calls[0]}/worked-off", {"how": "needs_nothing", "reason": "无号码"})
    assert [each["id"] for each in await wang.lists("missed")] == [str(calls[1])]
