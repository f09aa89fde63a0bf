"""The addresses: bounds of what is sent, and whom they tell."""

from __future__ import annotations

from typing import Any

import pytest

from callcenter.calls.raising import RAISED
from callcenter.core.changes import Changes
from callcenter.core.ids import new_id
from tests.support.hotline import Hotline, Worker


class Heard(Changes):
    """Keeps what it was told."""

    def __init__(self) -> None:
        self.channels: list[str] = []

    async def notify(self, channel: str, payload: str = "") -> None:
        self.channels.append(channel)


@pytest.fixture
def heard(hotline: Hotline) -> Heard:
    changes = Heard()
    hotline.story.app.state.context.ports[Changes] = changes
    return changes


async def test_the_alarm_side_hears_at_once_of_a_call_for_help(
    hotline: Hotline, wang: Worker, heard: Heard
):
    call = await hotline.call(by=wang.user_id)
    await wang.files(call, "alarm_help")
    assert heard.channels == [RAISED]


async def test_a_refused_word_tells_nobody(hotline: Hotline, wang: Worker, heard: Heard):
    call = await hotline.call(state="ringing")
    await wang.files(call, "alarm_help", 409)
    assert heard.channels == []


async def test_a_change_of_words_or_cards_is_told(hotline: Hotline, heard: Heard):
    admin = await hotline.worker("admin", "administrator")
    await admin.put(
        "/dispositions/own", {"version": 0, "zh": "自定", "en": "Own", "effective": True}
    )
    card = {
        "n": 0,
        "title_zh": "停水",
        "title_en": "No water",
        "text_zh": "问。",
        "text_en": "Ask.",
    }
    await admin.put("/cards/no_water", card)
    assert heard.channels == ["lines", "lines"]


@pytest.mark.parametrize(
    "more",
    [
        {"note": "n" * 2_001},
        {"call_again_minutes": 0},
        {"due_minutes": 60 * 24 * 90 + 1},
        {"filings": -1},
        {"disposition": "No Code"},
        {"task": {"minutes": 1}},
        {"id": "no id"},
    ],
)
async def test_a_word_out_of_bounds_is_refused(
    hotline: Hotline, wang: Worker, more: dict[str, Any]
):
    call = await hotline.call(by=wang.user_id)
    word = {"id": str(new_id()), "filings": 0, "disposition": "praise"}
    await wang.post(f"/calls/{call}/file", word | more, 422)


@pytest.mark.parametrize(
    "query",
    [{"part": "none"}, {"limit": 0}, {"limit": 201}, {"day": "2026-13-01"}, {"kind": "blue"}],
)
async def test_a_question_out_of_bounds_is_refused(wang: Worker, query: dict[str, Any]):
    await wang.get("/calls", 422, **query)


async def test_markup_stays_words_and_what_nobody_sees_is_left_out(hotline: Hotline, wang: Worker):
    call = await hotline.call(by=wang.user_id)
    shown = await wang.files(call, "praise", note="<b>好</b>\0\u202e")
    assert shown["line"]["note"] == "<b>好</b>"


async def test_a_call_that_is_not_there(wang: Worker):
    nobody = new_id()
    await wang.get(f"/calls/{nobody}", 404)
    await wang.files(nobody, "praise", 404)
    await wang.post(f"/calls/{nobody}/worked-off", {"how": "rung_back"}, 404)
    await wang.get(f"/cases/{nobody}", 404)
