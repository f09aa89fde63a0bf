"""A morning at the hotline, as its supervisor, an official and the accountant of another street see it in figures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from callcenter.core.ids import new_id
from callcenter.hotline.announcement import PREFIX

FIGURES = "/api/v1/hotline/figures"
DAY = {"from": "2026-03-14", "until": "2026-03-14"}


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    """By the clock of the site: Shanghai is eight hours ahead."""
    return datetime(2026, 3, 14, hour, minute, second, tzinfo=UTC) - timedelta(hours=8)


@pytest.fixture
async def morning(calls, owner):
    """Four come in between nine and eleven, one of them at the last second of the day before."""
    li = await calls.operator("li")
    await owner.execute(
        "INSERT INTO line (number, name, name_en, kind, region_id) VALUES ('95001', '热线', 'Hotline', 'hotline', $1)",
        calls.community.street,
    )
    await calls.disposition("asked", effective=True)
    await calls.disposition("wrong_number", effective=False)
    await calls.call(
        at(9, 10), answered_s=10, talked_s=120, wrapped_s=30, answered_by=li, disposition="asked"
    )
    await calls.call(
        at(9, 59, 59), answered_s=15.5, talked_s=60, answered_by=li, disposition="wrong_number"
    )
    await calls.call(at(10), rang_s=45)
    await calls.call(at(10, 30))
    await calls.call(at(10, 31), direction="out", answered_s=8, talked_s=40, answered_by=li)
    await calls.call(at(0) - timedelta(seconds=1), answered_s=3, talked_s=5, answered_by=li)


async def test_a_morning_in_figures(signed_in, morning, clock):
    clock.set_wall(at(10, 40))
    supervisor = await signed_in("supervisor")
    figures = (await supervisor.get(FIGURES, params=DAY)).json()
    total = figures["total"]
    assert (total["offered"], total["answered"], total["abandoned"], total["waiting"]) == (
        4,
        2,
        1,
        1,
    )
    assert [(each["seconds"], each["calls"]) for each in total["within"]] == [
        (10, 1), (15, 1), (20, 2), (60, 2), (180, 2),
    ]  # fmt: skip
    assert total["talk_s"] == 180
    assert total["talked"] == 2
    assert total["wrap_up_s"] == 30
    assert total["longest_wait_s"] == 600, "who rings since half past ten still waits"
    assert (total["effective"], total["filed"]) == (1, 2)
    assert (total["to_be_filed"], total["missed_open"]) == (0, 1)
    assert (total["placed"], total["placed_answered"], total["placed_talk_s"]) == (1, 1, 40)
    hours = {row["key"]: row["offered"] for row in figures["rows"]}
    assert len(hours) == 24
    assert {key: n for key, n in hours.items() if n} == {"9": 2, "10": 2}


async def test_what_is_left_to_do_is_the_same_in_figures_and_lists(
    signed_in, morning, calls, clock
):
    clock.set_wall(at(10, 40))
    supervisor = await signed_in("supervisor")
    wu = await calls.operator("wu")
    await calls.call(at(10, 5), answered_s=4, talked_s=60, answered_by=wu)
    total = (await supervisor.get(FIGURES, params=DAY)).json()["total"]
    for name, part in (("to_be_filed", "to_be_filed"), ("missed_open", "missed")):
        asked = {"part": part, "day": DAY["from"]}
        listed = (await supervisor.get("/api/v1/hotline/calls", params=asked)).json()
        assert total[name] == sum(each["times"] for each in listed["items"]) > 0, part


async def test_days_are_those_of_the_site(signed_in, morning):
    supervisor = await signed_in("supervisor")
    days = {"from": "2026-03-13", "until": "2026-03-15", "by": "day"}
    rows = (await supervisor.get(FIGURES, params=days)).json()["rows"]
    assert [(row["key"], row["offered"]) for row in rows] == [
        ("2026-03-13", 1), ("2026-03-14", 4), ("2026-03-15", 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        ("line", [("95001", "热线", 4)]),
        ("kind", [("hotline", "", 4)]),
        (
            "disposition",
            [("asked", "asked", 1), ("wrong_number", "wrong_number", 1), (None, "", 2)],
        ),
    ],
)
async def test_by_what_it_is_asked_for(signed_in, morning, by, rows):
    supervisor = await signed_in("supervisor")
    answer = (await supervisor.get(FIGURES, params=DAY | {"by": by})).json()
    assert [(row["key"], row["name"], row["offered"]) for row in answer["rows"]] == rows


async def test_seats_are_seen_by_who_leads_them_and_by_no_official(signed_in, morning):
    supervisor, official = await signed_in("supervisor"), await signed_in("official")
    asked = DAY | {"by": "seat"}
    rows = (await supervisor.get(FIGURES, params=asked)).json()["rows"]
    assert [(row["name"], row["answered"], row["placed_answered"]) for row in rows] == [
        ("li同志", 2, 1), ("", 0, 0),
    ]  # fmt: skip
    assert (await official.get(FIGURES, params=asked)).status_code == 403
    assert (await official.get(FIGURES, params=DAY)).json()["total"]["offered"] == 4


async def test_another_street_counts_nothing_of_it(signed_in, morning, elsewhere):
    there = await signed_in("supervisor", elsewhere)
    for by in ("hour", "seat", "line"):
        answer = (await there.get(FIGURES, params=DAY | {"by": by})).json()
        assert answer["total"]["offered"] == 0
        assert answer["total"]["placed"] == 0
    exported = await there.get(FIGURES + "/table", params=DAY)
    assert exported.text.splitlines()[-1].startswith("合计,0,0")


async def test_one_line_or_one_kind_alone(signed_in, morning, calls):
    await calls.call(at(11), kind="red", line="95002", rang_s=4)
    supervisor = await signed_in("supervisor")
    for asked in ({"line": "95002"}, {"kind": "red"}):
        total = (await supervisor.get(FIGURES, params=DAY | asked)).json()["total"]
        assert (total["offered"], total["abandoned"]) == (1, 1)


async def test_more_than_a_year_is_refused_and_so_is_a_day_before_the_first(signed_in):
    supervisor = await signed_in("supervisor")
    for days in (
        {"from": "2025-01-01", "until": "2026-03-14"},
        {"from": "2026-03-15", "until": "2026-03-14"},
    ):
        answer = await supervisor.get(FIGURES, params=days)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "span_out_of_bounds")


async def test_a_spreadsheet_says_the_same(signed_in, morning):
    supervisor = await signed_in("supervisor")
    answer = await supervisor.get(FIGURES + "/table", params=DAY | {"by": "line", "lang": "en"})
    assert (
        answer.headers["content-disposition"]
        == 'attachment; filename="calls-line-2026-03-14-2026-03-14.csv"'
    )
    heading, line, total = answer.content.decode("utf-8-sig").splitlines()
    assert heading.startswith("Line,Offered,Answered,Abandoned,Waiting,Within 10 s")
    assert line.startswith("95001 Hotline,4,2,1,1,1,1,2,2,2,12.8,")
    assert total.startswith("Total,4,2,1,1")
    assert ",25.0," in total, "one of four was effective"


async def test_first_calls_that_failed_by_model(signed_in, calls, community, owner):
    """Four alarms of two models. Of model A one call came through, one was repeated and answered, one was rung back; B's was never reached."""
    await community.source("phone")
    devices = {name: await community.device(name, None, source="phone") for name in "abcd"}
    for name, model in (("a", "A"), ("b", "A"), ("c", "A"), ("d", "B")):
        await owner.execute("UPDATE device SET model = $2 WHERE id = $1", devices[name], model)
    li = await calls.operator("li")

    async def red(name: str, minute: float, **columns: object) -> None:
        when = at(9) + timedelta(minutes=minute)
        await calls.call(when, kind="red", device_id=devices[name], **columns)

    await red("a", 0, answered_s=5, talked_s=60, answered_by=li)
    await red("b", 0, rang_s=3)
    await red("b", 9, answered_s=5, talked_s=60, answered_by=li)
    incident = await _incident(owner, community)
    await red("c", 0, rang_s=3, incident_id=incident)
    await calls.call(
        at(9, 2),
        kind="red",
        direction="out",
        answered_s=9,
        talked_s=60,
        answered_by=li,
        incident_id=incident,
    )
    await red("d", 0, rang_s=3)
    await red("d", 4, rang_s=3)
    await red("d", 14.5, answered_s=5, talked_s=60, answered_by=li)
    supervisor = await signed_in("supervisor")
    rows = (await supervisor.get(FIGURES + "/first-calls", params=DAY)).json()["rows"]
    found = {
        row["model"]: [
            row[name]
            for name in ("first_calls", "failed", "reached_by_repeat", "reached_by_call_back")
        ]
        for row in rows
    }
    assert found == {"A": [3, 2, 1, 1], "B": [2, 1, 0, 0]}, (
        "after ten quiet minutes it is another alarm"
    )


async def _incident(owner, community) -> UUID:
    incident = new_id()
    await owner.execute(
        "INSERT INTO incident (id, subject, class, kind, priority, region_id, region_path, source, card, opened_at, last_signal_at)"
        " VALUES ($1, 'home:1', 'alarm', 'sos', 1, $2, ARRAY[$2::bigint], 'phone', '{}', $3, $3)",
        incident,
        community.street,
        at(9),
    )
    return incident


async def test_what_the_centre_rings_by_itself_has_its_own_figures_and_is_in_no_share(
    signed_in, morning, calls, owner
):
    voice_call = new_id()
    await owner.execute(
        "INSERT INTO voice_call (id, kind, number, region_id, params, asked_at, state, due_at)"
        " VALUES ($1, 'contact_alarm', '+8613900000001', $2, '{}', $3, 'unanswered', $3)",
        voice_call,
        calls.community.street,
        at(11),
    )
    supervisor = await signed_in("supervisor")
    before = (await supervisor.get(FIGURES, params=DAY)).json()["total"]
    for n, answered_at, outcome in ((1, None, "no_answer"), (2, at(11, 2), "no_key")):
        await owner.execute(
            "INSERT INTO voice_attempt (voice_call_id, n, rang_at, answered_at, ended_at, outcome) VALUES ($1, $2, $3, $4, $5, $6)",
            voice_call, n, at(11, n), answered_at, at(11, n + 1), outcome,
        )  # fmt: skip
        leg = f"{PREFIX}{voice_call}-{n}"
        await calls.call(at(11, n), direction="automatic", kind="office", pbx_call=leg, rang_s=45)
    after = (await supervisor.get(FIGURES, params=DAY)).json()["total"]
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"automatic", "automatic_answered"}
    assert (after["automatic"], after["automatic_answered"]) == (2, 1)
