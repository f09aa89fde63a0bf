"""Lists that the centre rings by itself: a score by key, a wish to speak with somebody, help, and whom nobody has reached."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest

from callcenter.calls.item import ListKind
from callcenter.hotline.list_answers import RUNG_AS, ForPeople, Report, Settled, follows
from callcenter.hotline.spoken import clip_of, script_of
from tests.support.calls import Caller, Calls
from tests.support.outbox import SHANGHAI
from tests.support.voice import Voice

LISTS = "/api/v1/hotline/lists"


async def resident(calls: Calls, phone: str | None, name: str = "沈玉兰") -> int:
    made = await calls.story.home("", name=name)
    await calls.story.owner.execute("UPDATE resident SET phone = $2 WHERE id = $1", made, phone)
    return made


async def call_out(calls: Calls, kind: str = "satisfaction", **more: Any) -> Any:
    body = {"kind": kind, "name": "十一月回访", "region_id": calls.story.community.root} | more
    answer = await calls.supervisor.client.post(LISTS, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def shown(who: Caller, list_id: int) -> Any:
    [found] = [each for each in (await who.client.get(LISTS)).json() if each["id"] == list_id]
    return found


async def items(who: Caller, list_id: int) -> Any:
    return (await who.client.get(f"{LISTS}/{list_id}/items")).json()


async def passes(calls: Calls, seconds: float) -> None:
    for _ in range(round(seconds / 2)):
        calls.story.clock.advance(2)
        await calls.look()


async def test_a_score_by_key_stands_in_the_list(calls: Calls, voice: Voice, wang: Caller):
    await resident(calls, "+8613900000021")
    await resident(calls, None)
    made = await call_out(calls)
    assert made["items"] == {"open": 1}
    await passes(calls, 4)
    assert voice.rung[-1].to.number == "13900000021"
    assert (await shown(wang, made["id"]))["voice"] == {"ringing": 1}
    voice.picks_up()
    voice.presses("4")
    await passes(calls, 4)
    done = await shown(wang, made["id"])
    assert (done["items"], done["voice"], done["scores"]) == ({"done": 1}, {"pressed": 1}, {"4": 1})
    [line] = await items(wang, made["id"])
    assert (line["result"], line["score"], line["pressed"]) == ("rated", 4, "4")


async def test_who_wants_to_speak_with_somebody_is_the_next_call_of_a_person(
    calls: Calls, voice: Voice, wang: Caller
):
    await resident(calls, "+8613900000021")
    made = await call_out(calls)
    await passes(calls, 4)
    assert await wang.next(made["id"]) is None
    voice.picks_up()
    voice.presses("9")
    await passes(calls, 4)
    assert (await shown(wang, made["id"]))["wishes"] == 1
    call = await wang.next(made["id"])
    assert call["item"]["resident_id"]
    assert (await items(wang, made["id"]))[0]["wish"] == "speak"


async def test_help_by_key_is_an_alarm_at_once_whatever_the_list_does(
    calls: Calls, voice: Voice, wang: Caller
):
    """The office does not even run."""
    someone = await resident(calls, "+8613900000021")
    list_id = await calls.list("well_being")
    await calls.plan(list_id, someone)
    await calls.supervisor.client.patch(f"{LISTS}/{list_id}", json={"by_voice": True})
    calls.story.clock.set_wall(datetime(2026, 3, 15, 1, 30, 30, tzinfo=UTC))
    await passes(calls, 6)
    voice.picks_up()
    calls.story.processors = [each for each in calls.story.processors if each.name != "list_calls"]
    calls.story.phones.expect("+8613900000009", "紧急求助")
    voice.presses("2")
    await passes(calls, 4)
    assert await calls.incidents() == [("office", "sos")]


async def test_all_is_well_by_key_ends_the_call(calls: Calls, voice: Voice, wang: Caller):
    someone = await resident(calls, "+8613900000021")
    list_id = await calls.list("well_being")
    await calls.plan(list_id, someone)
    await calls.supervisor.client.patch(f"{LISTS}/{list_id}", json={"by_voice": True})
    calls.story.clock.set_wall(datetime(2026, 3, 15, 1, 30, 30, tzinfo=UTC))
    await passes(calls, 6)
    voice.picks_up()
    voice.presses("1")
    await passes(calls, 4)
    assert await calls.states(list_id) == ["done"]
    assert await calls.incidents() == []


async def test_whom_no_machine_reaches_a_person_calls(calls: Calls, voice: Voice, wang: Caller):
    """A mailbox, twice: nobody says that they did not answer, and nobody goes there for it."""
    await resident(calls, "+8613900000021")
    made = await call_out(calls, "notice", notice="明天上午停水。")
    await passes(calls, 4)
    for again_s in (1_210, 4):
        voice.picks_up()
        voice.hears_all_and_says_nothing()
        await passes(calls, again_s)
    assert len(voice.rung) == 2
    assert (await shown(wang, made["id"]))["voice"] == {"unanswered": 1}
    assert await wang.next(made["id"]) is not None


async def test_nobody_is_rung_at_night(calls: Calls, voice: Voice, wang: Caller):
    await resident(calls, "+8613900000021")
    calls.story.clock.set_wall(datetime(2026, 3, 14, 14, 0, tzinfo=UTC))  # 22:00 there
    made = await call_out(calls)
    await passes(calls, 60)
    assert not voice.rung
    [line] = await items(wang, made["id"])
    assert line["due_at"] == "2026-03-15T00:00:00Z"


async def test_who_is_called_by_a_person_meanwhile_is_not_rung(
    calls: Calls, voice: Voice, wang: Caller
):
    await resident(calls, "+8613900000021")
    voice.is_there = False
    made = await call_out(calls)
    await passes(calls, 4)
    [line] = await items(wang, made["id"])
    await wang.post(f"/items/{line['id']}/take")
    await passes(calls, 4)
    voice.is_there = True
    await passes(calls, 4)
    assert not voice.rung
    assert (await shown(wang, made["id"]))["voice"] == {"withdrawn": 1}


async def test_a_call_out_waits_for_the_machine_and_is_no_persons_until_then(
    calls: Calls, voice: Voice, wang: Caller
):
    """Of eighty people two are rung at once: nobody is offered the others."""
    for n in range(10, 90):
        await resident(calls, f"+8613900000{n:03d}")
    made = await call_out(calls)
    await passes(calls, 8)
    assert len(voice.rung) == 2
    assert await wang.next(made["id"]) is None
    [listed] = [each for each in await wang.get("/lists") if each["id"] == made["id"]]
    assert listed["due"] == 0


async def test_lists_wait_for_the_morning_also_where_they_are_late(
    calls: Calls, voice: Voice, wang: Caller
):
    await resident(calls, "+8613900000021")
    voice.is_there = False
    await call_out(calls)
    await passes(calls, 4)
    calls.story.clock.set_wall(datetime(2026, 3, 14, 14, 0, tzinfo=UTC))
    voice.is_there = True
    await passes(calls, 6)
    assert not voice.rung


async def test_who_does_not_hear_well_is_called_by_a_person(
    calls: Calls, voice: Voice, wang: Caller
):
    someone = await resident(calls, "+8613900000021")
    await calls.story.owner.execute(
        "UPDATE resident SET hearing = '右耳失聪' WHERE id = $1", someone
    )
    made = await call_out(calls)
    for by_voice in (False, True):
        await calls.supervisor.client.patch(f"{LISTS}/{made['id']}", json={"by_voice": by_voice})
    await passes(calls, 4)
    assert not voice.rung
    assert (await wang.next(made["id"]))["item"]["resident_id"] == someone


async def test_a_person_writes_the_score_down(calls: Calls, voice: Voice, wang: Caller):
    voice.is_there = False
    await resident(calls, "+8613900000021")
    made = await call_out(calls)
    await calls.supervisor.client.patch(f"{LISTS}/{made['id']}", json={"by_voice": False})
    await wang.report(await wang.next(made["id"]), "well", score=5)
    assert (await shown(wang, made["id"]))["scores"] == {"5": 1}


async def test_who_speaks_english_is_rung_in_english(calls: Calls, voice: Voice, wang: Caller):
    someone = await resident(calls, "+8613900000021")
    await calls.story.owner.execute("UPDATE resident SET language = 'en' WHERE id = $1", someone)
    await call_out(calls, "notice", notice="明天停水。", notice_en="No water tomorrow.")
    await passes(calls, 4)
    voice.picks_up()
    assert voice.said[-1].language == "en"
    assert clip_of("No water tomorrow.", "en") in voice.said[-1].prompts


async def test_lists_leave_lines_to_contacts(calls: Calls, voice: Voice, wang: Caller):
    """Two of four lines are theirs, whoever waits."""
    for n in range(5):
        await resident(calls, f"+861390000003{n}")
    await call_out(calls)
    await passes(calls, 6)
    assert len(voice.rung) == 2
    voice.ends(17)
    await passes(calls, 4)
    assert len(voice.rung) == 3


async def test_a_list_that_is_stopped_goes_to_people(calls: Calls, voice: Voice, wang: Caller):
    voice.is_there = False
    await resident(calls, "+8613900000021")
    made = await call_out(calls)
    await passes(calls, 4)
    assert await wang.next(made["id"]) is None
    stopped = await calls.supervisor.client.patch(f"{LISTS}/{made['id']}", json={"by_voice": False})
    assert stopped.json()["by_voice"] is False
    assert await wang.next(made["id"]) is not None


async def test_what_cannot_be_made_says_why(calls: Calls, voice: Voice, wang: Caller):
    client, root = calls.supervisor.client, calls.story.community.root
    for body, code in (
        ({"kind": "notice"}, "needs_notice"),
        ({"kind": "satisfaction"}, "nobody_there"),
    ):
        answer = await client.post(LISTS, json={"name": "x", "region_id": root} | body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
    device = await calls.list("silent_device", rule={"every": "daily", "at": "09:30"})
    answer = await client.patch(f"{LISTS}/{device}", json={"by_voice": True})
    assert answer.json()["error"]["code"] == "not_by_voice"
    refused = await wang.client.post(
        LISTS, json={"kind": "satisfaction", "name": "x", "region_id": root}
    )
    assert refused.status_code == 403


@pytest.mark.parametrize("kind", RUNG_AS)
def test_every_key_that_is_offered_means_something(kind: ListKind):
    keys = script_of(RUNG_AS[kind], {}, "zh", SHANGHAI).thanks
    for key in keys:
        assert isinstance(follows(kind, key), Report | Settled | ForPeople)
    assert follows(kind, "9") == ForPeople("speak")


@pytest.mark.parametrize(("kind", "key"), list(product(RUNG_AS, ["9", "0"])))
def test_a_wish_is_never_a_score(kind: ListKind, key: str):
    assert follows(kind, key) == ForPeople("speak")
