"""Residents are found and corrected, a file is tried and imported, a building is drawn, and a log-in is refused in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PASSWORD, STORY, Demo, OpenPage

SIXTY = re.compile(r"6\d")
"""Whom the demo has, and whom another story has imported."""

pytestmark = STORY

Picture = Callable[[Page, str], None]
Faults = Callable[[Page], list[str]]

# A spreadsheet has turned two numbers of the first row into amounts; the second row is fine.
ROWS = """姓名,性别,出生日期,身份证号,电话,地址,网格,楼栋,单元,楼层,室
甲测试,女,1943-06-12,3.7E+17,1.38E+10,榆荫里1号楼1单元601室,榆荫里第一网格,1号楼,1,6,601
乙测试,女,1939-02-03,,13900007777,榆荫里1号楼1单元602室,榆荫里第一网格,1号楼,1,6,602
"""


@pytest.fixture
def administrator(open_page: OpenPage, demo: Demo) -> Callable[[str, str], Page]:
    """Logs in by one press on the demo's list and opens a page."""

    def enter(path: str, language: str = "zh-CN") -> Page:
        page = open_page(language)
        page.goto(f"{demo.console}/?lang={language}#{path}")
        page.locator(".login__demo .btn", has_text="admin").click()
        return page

    return enter


def test_a_resident_is_found_by_initials_and_corrected(
    administrator: Callable[..., Page], accessibility_faults: Faults, keep_picture: Picture
) -> None:
    page = administrator("/residents")
    search = page.get_by_role("searchbox")
    expect(search).to_be_focused()
    search.fill("syl")
    expect(page.locator(".rows button")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="沈玉兰")).to_be_visible()
    assert accessibility_faults(page) == []
    keep_picture(page, "residents-zh")

    page.get_by_label("方言", exact=True).fill("本地话")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("已保存")).to_be_visible()

    second_phone = page.get_by_label("第二电话")
    second_phone.fill("1.38E+10")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(second_phone).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("被电子表格改成了数值")).to_be_visible()


def test_a_file_is_tried_first_and_only_its_good_rows_go_in(
    administrator: Callable[..., Page],
    accessibility_faults: Faults,
    keep_picture: Picture,
    tmp_path: Path,
) -> None:
    file = tmp_path / "老人.csv"
    file.write_text(ROWS, "gb18030")
    page = administrator("/import", "en")
    page.locator("input[accept*=xlsx]").set_input_files(file)
    bad = page.locator("tbody tr")
    expect(bad).to_have_count(2)
    expect(bad.first).to_contain_text("3.7E+17")
    expect(bad.first).to_contain_text("turned into an amount by a spreadsheet")
    assert accessibility_faults(page) == []
    keep_picture(page, "import-en")

    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Download the bad rows")).click()
    assert download.value.suggested_filename.endswith(".xlsx")
    page.get_by_role("button", name="Import only the good row").click()
    expect(page.get_by_text("1 resident imported.")).to_be_visible()
    page.get_by_role("link", name="Show residents").click()
    page.get_by_role("searchbox").fill("乙测试")
    expect(page.locator(".rows button")).to_have_count(1)


def test_guessing_a_password_is_answered_in_words_and_takes_longer_each_time(
    open_page: OpenPage, demo: Demo, accessibility_faults: Faults
) -> None:
    page = open_page("en")
    page.goto(f"{demo.console}/?lang=en")
    page.get_by_label("Log-in", exact=True).fill("official")
    answer = page.get_by_role("alert")
    enter = page.get_by_role("button", name="Log in", exact=True)
    for _ in range(8):  # the wait doubles with each, so that soon one try comes too early
        page.get_by_label("Password", exact=True).fill("not-the-password")
        enter.click()
        expect(answer).to_have_text(re.compile("wrong|please wait"))
        if "please wait" in answer.inner_text():
            break
    expect(enter).to_be_disabled()
    assert accessibility_faults(page) == []
    expect(answer).to_contain_text("You can try again now")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    enter.click()
    expect(page.get_by_text("Meng Qinghe")).to_be_visible()


def test_a_community_worker_finds_a_person_goes_to_the_map_and_back_and_asks_about_a_day(
    open_page: OpenPage, demo: Demo, accessibility_faults: Faults, keep_picture: Picture
) -> None:
    page = open_page()
    page.goto(f"{demo.console}/?lang=zh-CN#/places?region=demo-yuyinli")
    page.locator(".login__demo .btn", has_text="community").click()
    expect(page.get_by_role("heading", name="榆荫里社区")).to_be_visible()
    everybody = page.get_by_test_id("people-count")
    expect(everybody).to_contain_text(SIXTY)
    page.locator("summary", has_text="筛选").click()
    page.get_by_test_id("of-no_family").click()
    expect(everybody).to_contain_text("3")
    expect(page).to_have_url(re.compile("of=no_family"))
    page.get_by_role("button", name="闻秀珍").click()
    home = page.get_by_test_id("home-sheet")
    expect(home).to_contain_text("闻秀珍")
    expect(home.get_by_role("listitem").filter(has_text="米").first).to_be_visible()
    expect(page.locator(".elevation__door")).to_contain_text("402")
    assert accessibility_faults(page) == []
    keep_picture(page, "community-zh")

    home.get_by_role("link", name="档案").click()
    expect(page.get_by_role("heading", name="闻秀珍")).to_be_visible()
    page.get_by_test_id("tab-past").click()
    expect(page.get_by_test_id("past-events").get_by_role("listitem")).to_have_count(2)
    assert accessibility_faults(page) == []
    keep_picture(page, "past-zh")
    page.get_by_test_id("add-events").click()
    page.get_by_label("内容", exact=True).select_option("back")
    page.get_by_label("依据").fill("护理员来电")
    page.get_by_role("button", name="保存", exact=True).last.click()
    expect(page.get_by_test_id("past-events").get_by_role("listitem")).to_have_count(3)
    page.get_by_test_id("on-map").click()
    expect(page.get_by_test_id("home-sheet")).to_contain_text("闻秀珍")

    page.get_by_test_id("tab-day").click()
    year = page.get_by_label("日期").input_value()[:4]
    page.get_by_label("日期").fill(f"{year}-03-31")
    count = page.get_by_test_id("on-day-count")
    expect(count).to_contain_text(f"{year}-03-31")
    expect(count).to_contain_text(SIXTY)
    page.get_by_role("button", name="个工作日之后是").click()
    expect(page.get_by_test_id("due")).not_to_be_empty()
    page.get_by_label("日期").fill("1999-06-01")
    expect(count).to_contain_text("没有登记有人")
    page.get_by_role("button", name="个工作日之后是").click()
    expect(page.get_by_test_id("due")).to_contain_text("1999")


def test_the_district_is_read_in_english_by_tiles_and_by_dots(
    administrator: Callable[..., Page], accessibility_faults: Faults, keep_picture: Picture
) -> None:
    page = administrator("/places?all=1", "en")
    tile = page.get_by_role("link", name=re.compile("Yuyinli Community"))
    expect(tile).to_contain_text(SIXTY)
    expect(page.locator(".district > svg circle").first).to_be_visible()
    assert accessibility_faults(page) == []
    keep_picture(page, "district-en")
    tile.click()
    expect(page.get_by_test_id("people-count")).to_contain_text(SIXTY)


def test_a_building_is_drawn_with_its_doors_by_the_keyboard_and_undone(
    administrator: Callable[..., Page], accessibility_faults: Faults, keep_picture: Picture
) -> None:
    page = administrator("/drawing")
    buildings, homes = page.get_by_test_id("building-row"), "2 户"
    expect(buildings).to_have_count(20)
    expect(page.get_by_test_id("road-row").first).to_be_visible()
    assert accessibility_faults(page) == []

    page.get_by_test_id("tool-building").click()
    expect(page.get_by_test_id("tool-building")).to_have_attribute("aria-pressed", "true")
    canvas = page.get_by_role("application")
    for corner, key in enumerate(("ArrowRight", "ArrowDown", "ArrowLeft")):
        canvas.press(key)
        canvas.press(" ")
        expect(page.get_by_test_id(f"corner-{corner}-0")).to_be_visible()
    page.get_by_test_id("thing-name").fill("21号楼")
    page.get_by_test_id("thing-save").click()
    expect(buildings).to_have_count(21)
    page.get_by_test_id("doors-floors").fill("1")
    page.get_by_test_id("doors-look").click()
    expect(page.get_by_test_id("doors-preview")).to_contain_text("共 2 户，101 至 102：新建 2 户")
    assert accessibility_faults(page) == []
    keep_picture(page, "drawing-zh")
    page.get_by_test_id("doors-make").click()
    expect(buildings.filter(has_text="21号楼")).to_contain_text(homes)

    undo = page.get_by_test_id("drawing-undo")
    expect(undo).to_contain_text("21号楼的门牌")
    undo.click()
    expect(undo).to_contain_text("绘制21号楼")
    undo.click()
    expect(buildings).to_have_count(20)
    expect(undo).to_be_disabled()
    page.get_by_test_id("open-file").click()
    with page.expect_download() as download:
        page.get_by_test_id("geojson-out").click()
    assert '"LineString"' in download.value.path().read_text("utf-8")
