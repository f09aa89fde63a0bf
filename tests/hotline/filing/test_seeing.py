"""Lists of calls: what is to be filed, what was missed, and all of them by line, day and person."""

from __future__ import annotations

from pathlib import Path

from callcenter.directory.handing_out import Exports
from tests.support.hotline import CALLER, Hotline, Worker

OTHER = "+8613987654321"


async def test_every_ended_call_that_came_in_is_filed_or_stands_in_one_list(
    hotline: Hotline, wang: Worker
):
    answered = [await hotline.call(by=wang.user_id, number=OTHER) for _ in range(3)]
    await hotline.call(minutes_ago=5)
    await hotline.call(by=wang.user_id, direction="out", number=OTHER)
    await hotline.call(state="waiting", minutes_ago=1)
    await wang.files(answered[0], "praise")
    counts = await wang.get("/counts")
    assert (counts["to_be_filed"], counts["missed"]) == (2, 1)
    whole = await hotline.story.owner.fetchval(
        "SELECT count(*) FROM call WHERE direction = 'in' AND state = 'ended'"
    )
    filed = await hotline.story.owner.fetchval(
        "SELECT count(*) FROM call WHERE direction = 'in' AND disposition IS NOT NULL"
    )
    assert whole == filed + counts["to_be_filed"] + len(await wang.lists("missed"))


async def test_who_rang_five_times_is_one_line_with_its_count(hotline: Hotline, wang: Worker):
    for minutes in (50, 40, 30, 20, 10):
        await hotline.call(minutes_ago=minutes)
    await hotline.call(number=OTHER, minutes_ago=25)
    await hotline.call(number=None, minutes_ago=15)
    await hotline.call(number=None, minutes_ago=14)
    lines = await wang.lists("missed")
    assert [(each["caller_e164"], each["times"]) for each in lines] == [
        (OTHER, 1),
        (None, 1),
        (None, 1),
        (CALLER, 5),
    ]
    assert lines[-1]["first_at"] < lines[-1]["offered_at"]


async def test_a_wish_to_be_rung_back_has_a_list_of_its_own(hotline: Hotline, wang: Worker):
    await hotline.call(call_back_wanted=True)
    await hotline.call(number=OTHER)
    [line] = await wang.lists("call_backs")
    assert line["caller_e164"] == CALLER
    assert (await wang.get("/counts"))["call_backs"] == 1


async def test_by_line_day_direction_person_and_words(hotline: Hotline, wang: Worker):
    resident = await hotline.story.home("", name="沈玉兰")
    home = await hotline.story.owner.fetchval(
        "SELECT home_id FROM resident WHERE id = $1", resident
    )
    mine = await hotline.call(by=wang.user_id, resident_id=resident, home_id=home)
    red = await hotline.call(line="95001", kind="red", number=OTHER)
    old = await hotline.call(minutes_ago=3 * 24 * 60, number=None)
    out = await hotline.call(by=wang.user_id, direction="out", number=OTHER)
    today = hotline.story.clock.now().strftime("%Y-%m-%d")

    async def found(**query: object) -> set[str]:
        return {each["id"] for each in await wang.lists(**query)}

    assert await found(resident_id=resident) == {str(mine)}
    assert await found(line="95001") == {str(red)}
    assert await found(kind="red") == {str(red)}
    assert await found(direction="out") == {str(out)}
    assert await found(q="沈玉") == {str(mine)}
    assert await found(q="shenyu") == {str(mine)}
    assert await found(q="0139 8765 4321") == {str(red), str(out)}
    assert str(old) not in await found(day=today)
    await wang.files(mine, "visit")
    assert await found(disposition="care") == await found(disposition="visit") == {str(mine)}


async def test_a_long_list_comes_in_pages_and_each_call_once(hotline: Hotline, wang: Worker):
    calls = {str(await hotline.call(number=None, minutes_ago=n)) for n in range(7)}
    for part in ("all", "missed"):
        seen: list[str] = []
        after = None
        while after is not None or not seen:
            more = {} if after is None else {"after": after}
            page = await wang.get("/calls", part=part, limit=3, **more)
            seen += [each["id"] for each in page["items"]]
            after = page["after"]
        assert len(seen) == 7
        assert set(seen) == calls
    await wang.get("/calls", 422, after="nonsense")


async def test_one_call_with_its_telephones_its_person_and_what_was_before(
    hotline: Hotline, wang: Worker
):
    resident = await hotline.story.home("", name="沈玉兰")
    await hotline.story.owner.execute(
        "UPDATE resident SET hearing = '右耳听不见', dialect = '胶东话' WHERE id = $1", resident
    )
    before = await hotline.call(minutes_ago=60)
    call = await hotline.call(by=wang.user_id, resident_id=resident)
    await hotline.story.owner.execute(
        "INSERT INTO call_leg (id, call_id, role, user_id, called_at) VALUES ('leg-1', $1, 'operator', $2, now())",
        call,
        wang.user_id,
    )
    shown = await wang.get(f"/calls/{call}")
    assert [(each["role"], each["user_name"]) for each in shown["legs"]] == [
        ("operator", "wang同志")
    ]
    assert set(shown["person"]["traits"]) == {"deaf", "dialect"}
    assert [each["id"] for each in shown["earlier"]] == [str(before)]


async def test_the_file_of_calls_holds_what_the_list_shows(
    hotline: Hotline, wang: Worker, tmp_path: Path
):
    boss = await hotline.worker("boss", "supervisor")
    call = await hotline.call(by=boss.user_id)
    await hotline.call(number=OTHER)
    await boss.files(call, "praise", note="=2+2")
    hotline.story.app.state.context.ports[Exports] = Exports(tmp_path)
    body = {"lang": "en", "columns": ["number", "about", "effective", "note"], "filter": {}}
    answer = await boss.client.post("/api/v1/lists/calls/file", json=body)
    assert answer.status_code == 200, answer.text
    heading, second, first = answer.text.lstrip("\ufeff").splitlines()
    assert heading == "Number,About,Effective,Note"
    assert "Praise,yes,'=2+2" in first + second
    assert (await wang.client.post("/api/v1/lists/calls/file", json=body)).status_code == 403


async def test_a_call_that_the_centre_rang_by_itself_is_work_for_nobody(
    hotline: Hotline, wang: Worker
):
    for by in (wang.user_id, None):
        await hotline.call(by=by, direction="automatic", kind="office", minutes_ago=20)
    answered = await hotline.call(by=wang.user_id, number=OTHER)
    assert [each["id"] for each in await wang.lists("to_be_filed")] == [str(answered)]
    assert await wang.lists("missed") == []
    counts = await wang.get("/counts")
    assert (counts["to_be_filed"], counts["missed"]) == (1, 0)
    assert len(await wang.lists(direction="automatic")) == 2
