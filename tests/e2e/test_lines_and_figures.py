"""A number is entered, callers of an odd exchange are read aright, a recording is heard, and a month of its calls stands in figures: by keyboard, in
both languages, as somebody sees it who needs the contrast.
"""

from __future__ import annotations

import asyncio
import io
import wave
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from math import pi, sin
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from callcenter.cli.options import reached_database, read_settings
from callcenter.core.database import Database
from tests.e2e.conftest import STORY, Faults, OpenPage, Picture, log_in
from tests.support.show import Api, Demo
from tests.support.site_zone import SITE_TIMEZONE

pytestmark = STORY

LANGUAGES = ("zh-CN", "en")
DAYS = {"from": "2013-01-01", "until": "2013-01-10"}
CALLS = """
INSERT INTO call (id, pbx, pbx_call, source, direction, kind, line, region_id, caller_raw, presentation, state, offered_at, answered_at, answered_by, ended_at)
SELECT gen_random_uuid(), 'story', $1 || n, 'simulated', 'in', 'hotline', $1, (SELECT id FROM region WHERE parent_id IS NULL), '0139', 'shown', 'ended', at,
       CASE WHEN n % 5 > 0 THEN at + interval '12 s' END,
       CASE WHEN n % 5 > 0 THEN (SELECT min(id) FROM app_user) END,
       at + interval '70 s'
FROM (SELECT n, timestamp '2013-01-01 09:00' AT TIME ZONE $2 + n % 10 * interval '1 day' + n % 4 * interval '30 min' AS at FROM generate_series(1, 200) AS n) AS came
"""
"""Two hundred in ten days between nine and eleven; every fifth gave up."""


@pytest.fixture
def page_of(open_page: OpenPage, demo: Demo) -> Callable[[str, str, str], Page]:
    def open_it(login: str, place: str, language: str) -> Page:
        page = open_page(language)
        page.goto(f"{demo.console}/?lang={language}")
        log_in(page, login)
        expect(page.locator(".bar")).to_be_visible()
        page.goto(f"{demo.console}/?lang={language}#/{place}")
        return page

    return open_it


@pytest.fixture
def admin(demo: Demo) -> Iterator[Api]:
    api = Api(demo.console, "admin")
    yield api
    api.close()


def number() -> str:
    return f"96{uuid4().int % 10**6:06}"


def recording() -> bytes:
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setparams((1, 2, 44_100, 0, "NONE", ""))
        samples = (round(8000 * sin(2 * pi * 500 * n / 44_100)) for n in range(44_100))
        file.writeframes(b"".join(each.to_bytes(2, "little", signed=True) for each in samples))
    return written.getvalue()


def write_calls(demo: Demo, line: str) -> None:
    async def write(dsn: str) -> None:
        database = Database(dsn, role=None)
        connection = await database.connect("story")
        await connection.execute(CALLS, line, SITE_TIMEZONE)
        await connection.close()
        await database.close()

    settings = read_settings(None, data_dir=demo.data_dir)
    # In a loop of its own: Playwright's stands in this thread.
    with reached_database(settings) as place, ThreadPoolExecutor(1) as beside:
        beside.submit(asyncio.run, write(place.dsn)).result()


def test_a_line_is_entered_its_callers_are_read_and_the_trail_says_by_whom(
    demo: Demo, admin: Api, page_of: Any, accessibility_faults: Faults, keep_picture: Picture
):
    line = number()
    page = page_of("admin", "lines", "zh-CN")
    expect(page.get_by_test_id("line-new")).to_be_enabled()
    page.get_by_test_id("line-new").press("Enter")
    page.get_by_test_id("line-number").fill(line)
    page.get_by_test_id("line-name").fill("便民热线")
    page.get_by_test_id("line-area-code").fill("0311")
    page.get_by_test_id("line-hours-add").press("Enter")
    assert accessibility_faults(page) == []
    keep_picture(page, "line-form-zh")
    page.get_by_test_id("line-save").press("Enter")
    row = page.get_by_test_id("line").filter(has_text=line)
    expect(row).to_contain_text("一–五 08:00–18:00")

    page.get_by_test_id("try-area-code").fill("0311")
    page.get_by_test_id("try-number").fill("7-87654321")
    page.get_by_test_id("try-number").press("Enter")
    expect(page.get_by_test_id("tried")).to_contain_text("不是号码")
    before = page.get_by_test_id("rule").count()
    page.get_by_test_id("rule-add").press("Enter")
    page.get_by_test_id("rule-begins").nth(before).fill("78")
    page.get_by_test_id("rule-digits").nth(before).fill("9")
    page.get_by_test_id("rule-drops").nth(before).fill("1")
    page.get_by_test_id("rule-put").nth(before).fill("0311")
    page.get_by_test_id("try-go").press("Enter")
    expect(page.get_by_test_id("tried")).to_contain_text("+8631187654321")
    expect(page.get_by_test_id("rules-changed")).to_be_visible()
    page.get_by_test_id("rules-save").press("Enter")
    expect(page.get_by_test_id("rules-saved")).to_be_visible()
    kept = admin.get("/hotline/number-rules")["rules"]
    assert (kept[-1]["begins"], kept[-1]["digits"], kept[-1]["put"]) == ("78", 9, "0311")

    page.get_by_test_id("prompt-name").fill(f"closed-{line}")
    page.get_by_test_id("prompt-said").fill("现在休息")
    page.get_by_test_id("prompt-file").set_input_files(
        {"name": "休息.wav", "mimeType": "audio/wav", "buffer": recording()}
    )
    page.get_by_test_id("prompt-send").press("Enter")
    prompt = page.get_by_test_id("prompt").filter(has_text=line)
    expect(prompt).to_contain_text("44100 Hz")
    heard = prompt.locator("audio").evaluate(
        "(audio) => new Promise((done) => { audio.onloadedmetadata = () => done(audio.duration); audio.load() })"
    )
    assert heard == pytest.approx(1.0, abs=0.05), "the browser reads what a telephone carries"
    assert accessibility_faults(page) == []
    keep_picture(page, "lines-zh")

    page.get_by_test_id(f"line-change-{line}").press("Enter")
    page.get_by_test_id("line-open").press("Space")
    page.get_by_test_id("line-save").press("Enter")
    expect(row.get_by_test_id("line-closed")).to_be_visible()
    auditor = Api(demo.console, "auditor")
    actions = {entry["action"] for entry in auditor.get("/audit", limit=100)["entries"]}
    auditor.close()
    assert actions >= {"line_added", "line_changed", "number_rules_changed", "prompt_changed"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_ten_days_of_calls_stand_in_figures(
    demo: Demo, admin: Api, page_of: Any, accessibility_faults: Faults, keep_picture: Picture, language: str
):  # fmt: skip
    line = number()
    write_calls(demo, line)
    page = page_of("supervisor", "call-figures", language)
    page.get_by_test_id("figures-from").fill(DAYS["from"])
    page.get_by_test_id("figures-until").fill(DAYS["until"])
    page.get_by_test_id("figures-show").press("Enter")
    expect(page.get_by_test_id("figures-at")).to_contain_text(DAYS["from"])
    expect(page.get_by_test_id("figures-simulated")).to_be_visible()
    hours = page.get_by_test_id("figures-row")
    expect(hours).to_have_count(24)
    expect(page.get_by_test_id("peak")).to_contain_text("9")
    check(page, accessibility_faults)
    keep_picture(page, f"call-figures-{language}")

    page.get_by_test_id("figures-by").select_option("line")
    page.get_by_test_id("figures-show").press("Enter")
    row = page.get_by_test_id("figures-row").filter(has_text=line)
    expect(row).to_contain_text("200")
    cells = row.locator("td").all_text_contents()
    assert cells[:4] == ["200", "160", "40", "80.0 %"], (
        "all that were answered were within twenty seconds"
    )
    with page.expect_download() as loading:
        page.get_by_test_id("call-figures-csv").click()
    table = loading.value.path().read_text("utf-8-sig")
    assert any(each.startswith(f"{line},200,160,40,0,0,160,160") for each in table.splitlines())

    page.get_by_test_id("span-today").press("Enter")
    expect(page.get_by_test_id("figures-at")).not_to_contain_text("2013")
    check(page, accessibility_faults)


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_now_says_what_it_knows(
    demo: Demo, page_of: Any, accessibility_faults: Faults, keep_picture: Picture, language: str
):
    """Where no exchange is set up: seats, and a word that nothing is known of calls."""
    page = page_of("supervisor", "lines/now", language)
    expect(page.get_by_test_id("now-seat").first).to_be_visible()
    expect(
        page.get_by_test_id("now-untold").or_(page.get_by_test_id("now-line")).first
    ).to_be_visible()
    check(page, accessibility_faults)
    keep_picture(page, f"lines-now-{language}")


def check(page: Page, faults: Faults) -> None:
    assert faults(page) == []
