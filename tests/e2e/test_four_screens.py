"""Two operators, a supervisor and the wall in front of the same alarms: what one does the others see, and all four agree."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import LOUD, SILENT, STORY, OpenPage, Picture, Seat, log_in
from tests.support.show import Api, Demo

pytestmark = STORY

# No step of the ladder within the story, or the supervisors as soon as there may be one.
PATIENT = {"ring": "all", "supervisors_s": 600, "duty_s": 1_800}
HASTY = {**PATIENT, "unproved_s": 3, "supervisors_s": 3}


@dataclass(frozen=True)
class Ladder:
    """Who is called when in the region of the demo."""

    api: Api
    region_id: int

    def is_(self, policy: dict[str, object] | None) -> None:
        """From the next alarm on: what alarms go by has heard of it."""
        self.api.patch(f"/regions/{self.region_id}/escalation", policies={"1": policy})
        deadline = time.monotonic() + 30
        while policy and self._supervisors_after_s() != policy["supervisors_s"]:
            assert time.monotonic() < deadline, f"alarms do not go by {policy}"

    def _supervisors_after_s(self) -> int | None:
        foreseen = self.api.ask("/escalation/foresee", region_id=self.region_id)
        at = [each["after_s"] for each in foreseen["steps"] if each["event"] == "supervisors"]
        return at[0] if at else None


@pytest.fixture
def ladder(demo: Demo) -> Iterator[Ladder]:
    """As it was before, afterwards."""
    api = Api(demo.console, "supervisor")
    [grant, *_] = api.get("/me")["grants"]
    ladder = Ladder(api, grant["region_id"])
    yield ladder
    ladder.is_(None)
    api.close()


@dataclass(frozen=True)
class Screens:
    """Where an alarm is found on each of the four, by its number."""

    here: Page
    there: Page
    boss: Page
    wall: Page

    def rows(self, incident: dict[str, object]) -> tuple[Locator, ...]:
        number = f"#{incident['number']}"
        return (
            self.here.locator(f"[data-incident='{incident['id']}']"),
            self.there.locator(f"[data-incident='{incident['id']}']"),
            self.boss.get_by_test_id("live-row").filter(has_text=number),
            self.wall.get_by_test_id("wall-row").filter(has_text=number),
        )

    def agree(self, incident: dict[str, object], *words: str) -> None:
        """Each has the alarm once, and says so in its words: at the first seat, at the second, live and on the wall."""
        for row, said in zip(self.rows(incident), words, strict=True):
            expect(row).to_have_count(1)
            expect(row).to_contain_text(said)

    def dots(self, waiting: int, taken: int) -> None:
        """Those whom nobody has taken, and those whom somebody has, on every map."""
        for page in (self.here, self.there, self.wall):
            expect(page.locator("button.dot--waiting")).to_have_count(waiting)
            expect(page.locator("button.dot--taken")).to_have_count(taken)

    def figures(self, alarms: int) -> None:
        """Live and on the wall."""
        for figure in (
            self.boss.get_by_test_id("alarms-today"),
            self.wall.get_by_test_id("today-alarms").locator("dd"),
        ):
            expect(figure).to_have_text(str(alarms))


@pytest.fixture
def screens(demo: Demo, seat: Seat, open_page: OpenPage) -> Screens:
    flat = "browser_without_webgl"
    here, there = seat("operator", browser=flat), seat("operator2", "en", browser=flat)
    boss = seat("supervisor", browser=flat)
    boss.get_by_test_id("pause").click()
    boss.get_by_role("menuitem").first.click()
    boss.get_by_role("link", name="统计").click()
    expect(boss.get_by_test_id("seat-row")).to_have_count(3)
    wall = open_page(browser=flat, width=1920, height=1080)
    wall.goto(f"{demo.console}/wall.html?lang=zh-CN")
    log_in(wall, "supervisor")
    expect(wall.get_by_test_id("wall-calm")).to_be_visible()
    expect(wall.locator(".wall__seats")).to_contain_text("3")
    for page in (here, there, boss):
        expect(page.locator(SILENT)).to_be_attached()  # the test tone has ended
    return Screens(here, there, boss, wall)


def test_four_screens_agree_on_who_does_what(
    demo: Demo, screens: Screens, ladder: Ladder, keep_picture: Picture
):
    here, there, boss, wall = screens.here, screens.there, screens.boss, screens.wall
    before = int(boss.get_by_test_id("alarms-today").inner_text())
    ladder.is_(PATIENT)
    first = it_rings_at_both_seats_and_one_takes_it(demo, screens)
    screens.figures(before + 1)

    ladder.is_(HASTY)
    second = it_is_late_and_rings_at_the_supervisor(demo, screens, first)
    screens.figures(before + 2)
    keep_picture(boss, "four-live-zh")
    keep_picture(wall, "four-wall-zh")

    it_is_taken_and_given_to_the_other(screens, second)
    the_wall_is_cut_off_and_says_so(screens, first, second)
    the_first_is_handed_over(screens, first)
    for page, incident in ((there, first), (here, second)):
        is_closed(page, incident)
    for row in (*screens.rows(first)[2:], *screens.rows(second)[2:]):
        expect(row).to_have_count(0)
    screens.dots(waiting=0, taken=0)
    expect(wall.get_by_test_id("wall-calm")).to_be_visible()
    expect(boss.get_by_test_id("live-calm")).to_be_visible()


def it_rings_at_both_seats_and_one_takes_it(demo: Demo, screens: Screens) -> dict[str, object]:
    demo.send(demo.device_of("尹慧芳", "elder_phone"))
    for page in (screens.here, screens.there):
        expect(page.locator(LOUD)).to_be_attached()
    [incident] = demo.operators[0].get("/incidents", state="open")
    screens.dots(waiting=1, taken=0)
    screens.agree(incident, "尹慧芳", "Yin Huifang", "待接警", "待接警")
    expect(screens.boss.locator(SILENT)).to_be_attached()

    screens.here.keyboard.press("t")
    expect(screens.here.get_by_test_id("call-back")).to_be_visible()
    for page in (screens.here, screens.there):
        expect(page.locator(SILENT)).to_be_attached()
    expect(screens.there.get_by_text("Lin Xiaowen is working on it")).to_be_visible()
    screens.agree(incident, "我处理中", "Lin Xiaowen", "林晓雯", "林晓雯")
    screens.dots(waiting=0, taken=1)
    expect(screens.boss.get_by_test_id("seat-row").filter(has_text="林晓雯")).to_contain_text("1")
    return incident


def it_is_late_and_rings_at_the_supervisor(
    demo: Demo, screens: Screens, first: dict[str, object]
) -> dict[str, object]:
    """In a pause they are left alone until nobody has taken it in time."""
    demo.send(demo.device_of("欧阳素琴", "elder_phone"))
    for page in (screens.here, screens.there, screens.boss):
        expect(page.locator(LOUD)).to_be_attached()
    incidents = demo.operators[0].get("/incidents", state="open")
    [incident] = [each for each in incidents if each["id"] != first["id"]]
    screens.dots(waiting=1, taken=1)
    screens.agree(incident, "欧阳素琴", "Ouyang Suqin", "▲", "▲")
    expect(screens.wall.get_by_test_id("wall-waiting")).to_have_text("1")
    return incident


def it_is_taken_and_given_to_the_other(screens: Screens, incident: dict[str, object]) -> None:
    there, boss = screens.there, screens.boss
    screens.rows(incident)[1].click()
    there.keyboard.press("t")
    expect(there.get_by_test_id("call-back")).to_be_visible()
    screens.agree(incident, "赵一鸣", "with me", "赵一鸣", "赵一鸣")
    screens.dots(waiting=0, taken=2)
    expect(boss.locator(SILENT)).to_be_attached()

    screens.rows(incident)[2].get_by_test_id("reassign").click()
    giving = boss.get_by_role("dialog")
    giving.get_by_role("radio", name="林晓雯").check()
    giving.get_by_test_id("reassign-reason").fill("另有一位要救护车")
    giving.get_by_test_id("reassign-give").click()
    expect(giving).to_have_count(0)
    expect(screens.here.locator(LOUD)).to_be_attached()
    screens.agree(incident, "我处理中", "Lin Xiaowen", "林晓雯", "林晓雯")
    screens.rows(incident)[0].click()
    expect(screens.here.locator("#incident")).to_contain_text("改派给您 唐立群：另有一位要救护车")
    screens.here.get_by_test_id("noticed").click()
    expect(screens.here.locator(SILENT)).to_be_attached()


def the_wall_is_cut_off_and_says_so(
    screens: Screens, first: dict[str, object], second: dict[str, object]
) -> None:
    """What it shows meanwhile is marked as old; afterwards it is right by itself."""
    wall = screens.wall
    wall.context.set_offline(True)
    expect(wall.get_by_test_id("wall-stale")).to_contain_text(re.compile(r"数据已过期 \d+ 秒"))
    expect(wall.get_by_test_id("wall-row")).to_have_count(2)
    wall.context.set_offline(False)
    expect(wall.get_by_test_id("wall-stale")).to_be_hidden()
    for incident in (first, second):
        expect(screens.rows(incident)[3]).to_contain_text("林晓雯")


def the_first_is_handed_over(screens: Screens, incident: dict[str, object]) -> None:
    """It stays with whoever has it until the colleague takes it."""
    here, there = screens.here, screens.there
    screens.rows(incident)[0].click()
    expect(here.get_by_role("heading", name="尹慧芳")).to_be_visible()
    here.keyboard.press("h")
    here.get_by_role("dialog").get_by_role("button", name="赵一鸣").click()
    expect(here.get_by_text("已请 赵一鸣 接手")).to_be_visible()
    screens.rows(incident)[1].click()
    expect(there.get_by_role("heading", name="Yin Huifang")).to_be_visible()
    expect(there.get_by_test_id("take")).to_be_visible()
    screens.agree(incident, "我处理中", "offered to you", "林晓雯", "林晓雯")
    there.keyboard.press("t")
    expect(there.get_by_test_id("call-back")).to_be_visible()
    screens.agree(incident, "赵一鸣", "with me", "赵一鸣", "赵一鸣")


def is_closed(page: Page, incident: dict[str, object]) -> None:
    page.locator(f"[data-incident='{incident['id']}']").click()
    expect(page.get_by_test_id("close")).to_be_visible()
    page.keyboard.press("x")
    closing = page.get_by_role("dialog")
    closing.locator("input[value=test]").check()
    closing.locator("button[type=submit]").click()
    expect(page.locator(".closed")).to_be_visible()
