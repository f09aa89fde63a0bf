"""An administrator builds a community from nothing, on the pages alone, and the first press rings there."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Page, Playwright, expect

from callcenter.commissioning.first_start import FILE
from tests.e2e.conftest import HEARD, LOUD, SILENT, STORY, Faults, OpenPage, Picture, log_in
from tests.support.sheets import book
from tests.support.show import Site, running_site

pytestmark = STORY

PASSWORD = "four quiet willows stand"
REGION, GRID = "柳荫里社区", "柳荫里第一网格"
LNG, LAT = 120.1672, 30.2741
PHONE = "861700000000011"
PEOPLE = [
    ["姓名", "性别", "出生日期", "电话", "地址", "网格", "楼栋", "单元", "楼层", "室"],
    ["柳月英", "女", "1941-03-08", "13900007701", "柳荫里1号楼2单元301室", GRID, "1号楼", "2", "3", "301"],
    ["邵福生", "男", "1938-11-20", "13900007702", "柳荫里1号楼1单元102室", GRID, "1号楼", "1", "1", "102"],
    ["章桂兰", "女", "1945-07-01", "13900007703", "柳荫里1号楼3单元602室", GRID, "1号楼", "3", "6", "602"],
]  # fmt: skip

MISSING = {
    "gateway": "none but a sandbox: no text leaves this server",
    "text": "None reached a telephone",
    "seats": "1 of at least 2 were on duty",
    "certificate": "no sound without one",
    "backup": "Let the server try one",
}
"""What no page of this story brings, and what its administrator reads about it."""


@pytest.fixture
def site(playwright: Playwright) -> Iterator[Site]:
    with running_site() as site:
        yield site


def test_a_community_is_built_on_the_pages_and_its_first_press_rings(
    site: Site,
    open_any: OpenPage,
    accessibility_faults: Faults,
    keep_picture: Picture,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    began = time.monotonic()
    admin = open_any("zh-CN")
    admin.goto(f"{site.console}/?lang=zh-CN")
    expect(admin.get_by_test_id("first-begin")).to_be_visible()
    assert accessibility_faults(admin) == []
    make_the_first_accounts(admin, (site.data_dir / FILE).read_text().strip())
    keep_picture(admin, "nothing-1-log-in-zh")
    log_in(admin, "zhou.min", PASSWORD)
    expect(admin.get_by_test_id("checklist-state")).to_contain_text("尚无人确认投运")
    add_a_grid_and_a_duty_phone(admin)
    keep_picture(admin, "nothing-2-region-zh")
    draw_a_building_with_doors(admin)
    keep_picture(admin, "nothing-3-map-zh")
    bring_in_three_people(admin, tmp_path)
    keep_picture(admin, "nothing-4-people-zh")
    token = add_a_source(admin)
    attach_a_phone(admin)
    keep_picture(admin, "nothing-5-device-zh")
    slip = add_a_second_operator(admin)

    seat = open_any("zh-CN")
    seat.goto(f"{site.console}/?lang=zh-CN#/slip?{slip}")
    choose_a_password(seat)
    seat.get_by_test_id("start-duty").click()
    expect(seat.get_by_test_id("duty")).to_have_attribute("aria-pressed", "true")
    expect(seat.locator(HEARD)).to_be_attached()  # the test tone
    expect(seat.locator(SILENT)).to_be_attached()
    press(site, token)
    it_rings(seat)
    keep_picture(seat, "nothing-6-rings-zh")
    seat.keyboard.press("t")
    expect(seat.locator("button.dot--taken")).to_be_visible()
    seat.get_by_role("tab", name=re.compile("处置记录")).click()
    expect(seat.locator(".proofs__stage--done")).to_have_count(4)  # stored, shown, sounded, taken
    took_s = time.monotonic() - began

    what_is_missing_is_said(admin, site, accessibility_faults)
    keep_picture(admin, "nothing-7-checklist-en")
    with capsys.disabled():
        sys.stdout.write(f"\nfrom the first accounts to the first alarm taken: {took_s:.1f} s\n")


def go_to(page: Page, area: str, name: str) -> None:
    """By the menu, as somebody does who has never been there."""
    page.get_by_role("link", name=area, exact=True).click()
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("link", name=name, exact=True)).to_have_attribute(
        "aria-current", "page"
    )


def make_the_first_accounts(page: Page, code: str) -> None:
    typed = {
        "code": code,
        "region": REGION,
        "hotline": "0571-88880000",
        "duty_number": "13900000001",
        "administrator-name": "周敏",
        "administrator-login": "zhou.min",
        "administrator-password": PASSWORD,
        "operator-name": "林晓雯",
        "operator-login": "lin.xiaowen",
        "operator-password": PASSWORD,
    }
    for field, text in typed.items():
        page.get_by_test_id(f"first-{field}").fill(text)
    page.get_by_test_id("first-begin").click()
    expect(page.locator("#login-password")).to_be_focused()


def add_a_grid_and_a_duty_phone(page: Page) -> None:
    """The community has its own duty phone, before that of the root."""
    go_to(page, "管理", "区域")
    page.get_by_test_id("region-row").filter(has_text=REGION).click()
    expect(page.get_by_role("heading", name=REGION)).to_be_visible()
    page.get_by_test_id("duty-add").click()
    number = page.locator(".duty input[type=tel]")
    expect(number).to_be_focused()
    number.fill("139 0000 0321")
    page.get_by_test_id("calling-save").click()
    expect(page.get_by_test_id("calling-saved")).to_be_visible()
    expect(page.get_by_test_id("duty-now")).to_contain_text("+8613900000321")
    page.get_by_test_id("region-new").click()
    page.locator("#new-region-name").fill(GRID)
    page.get_by_test_id("region-add").click()
    expect(page.get_by_role("heading", name=GRID)).to_be_visible()


def draw_a_building_with_doors(page: Page) -> None:
    """Four clicks at a place whose coordinates are known, then 36 doors by one rule."""
    go_to(page, "档案", "绘制地图")
    expect(page.get_by_test_id("drawing-region").locator("option:checked")).to_have_text(REGION)
    page.get_by_test_id("go-lng").fill(str(LNG))
    page.get_by_test_id("go-lat").fill(str(LAT))
    page.get_by_test_id("go-lat").press("Enter")
    page.get_by_test_id("tool-building").click()
    canvas = page.get_by_test_id("drawing-canvas")
    box = canvas.bounding_box()
    assert box is not None
    x, y = box["width"] / 2, box["height"] / 2
    corners = [(x - 50, y + 10), (x + 50, y + 10), (x + 50, y - 10), (x - 50, y - 10)]
    for n, (at_x, at_y) in enumerate(corners):
        canvas.click(position={"x": at_x, "y": at_y})
        expect(page.get_by_test_id(f"corner-{n}-0")).to_be_visible()
    page.get_by_test_id("thing-name").fill("1号楼")
    page.get_by_test_id("thing-estate").fill("柳荫里")
    page.get_by_test_id("thing-save").click()
    page.get_by_test_id("doors-entrances").fill("3")
    page.get_by_test_id("doors-look").click()
    expect(page.get_by_test_id("doors-preview")).to_contain_text("36")
    page.get_by_test_id("doors-make").click()
    expect(page.get_by_test_id("building-row")).to_contain_text("36 户，0 人")


def bring_in_three_people(page: Page, folder: Path) -> None:
    """The sheet finds the doors that were drawn."""
    sheet = folder / "柳荫里.xlsx"
    sheet.write_bytes(book(PEOPLE))
    go_to(page, "档案", "导入导出")
    page.locator("input[accept*=xlsx]").set_input_files(sheet)
    page.get_by_role("button", name=re.compile("导入.*3")).click()
    expect(page.locator(".finished")).to_contain_text("3")
    go_to(page, "档案", "绘制地图")
    expect(page.get_by_test_id("building-row")).to_contain_text("36 户，3 人")


def add_a_source(page: Page) -> str:
    """Its token, which is shown this once."""
    go_to(page, "管理", "来源")
    page.get_by_test_id("source-name").fill("elder-phones")
    page.get_by_test_id("source-add").click()
    token = page.get_by_test_id("secret-token").inner_text()
    page.get_by_test_id("secret-copied").click()
    expect(page.get_by_test_id("secret-token")).to_have_count(0)
    expect(page.get_by_test_id("source")).to_contain_text("elder-phones")
    return token


def attach_a_phone(page: Page) -> None:
    go_to(page, "管理", "设备")
    page.get_by_test_id("device-new").click()
    page.get_by_test_id("new-identifier").fill(PHONE)
    page.get_by_test_id("new-kind").select_option("elder_phone")
    page.get_by_test_id("new-source").fill("elder-phones")
    page.get_by_test_id("new-save").click()
    page.get_by_test_id("do-attach").click()
    page.get_by_test_id("home-search").fill("lyy")
    page.get_by_test_id("home-found").filter(has_text="柳月英").click()
    expect(page.get_by_test_id("device-serves")).to_contain_text("柳月英")
    expect(page.get_by_test_id("devices-count")).to_have_text("共 1 台")


def add_a_second_operator(page: Page) -> str:
    """What stands behind the address of the page for their slip."""
    go_to(page, "管理", "用户")
    page.get_by_test_id("user-new").click()
    page.locator("#new-login").fill("xu.jie")
    page.locator("#new-name").fill("徐洁")
    page.get_by_test_id("user-add").click()
    link = page.get_by_test_id("slip-link").inner_text()
    page.get_by_test_id("slip-done").click()
    expect(page.get_by_test_id("slip")).to_have_count(0)
    return link.partition("#/slip?")[2]


def choose_a_password(page: Page) -> None:
    page.locator("#slip-password").fill(PASSWORD)
    page.locator("#slip-again").fill(PASSWORD)
    page.get_by_test_id("slip-enter").click()


def press(site: Site, token: str) -> None:
    """As the elder phone does, with what it was given."""
    answer = httpx.post(
        f"{site.console}/ingest/v1/signals",
        json={"id": str(uuid4()), "device": PHONE, "kind": "sos"},
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
    )
    answer.raise_for_status()


def it_rings(seat: Page) -> None:
    expect(seat.get_by_role("heading", name="柳月英")).to_be_visible()
    expect(seat.locator("button.dot--waiting")).to_have_attribute(
        "aria-label", re.compile("301.*待接警")
    )
    expect(seat.locator(LOUD)).to_be_attached()


def what_is_missing_is_said(page: Page, site: Site, accessibility_faults: Faults) -> None:
    page.goto(f"{site.console}/?lang=en#/checklist")
    for done in ("region", "hotline", "operators", "duty_list", "devices", "alarm"):
        expect(page.get_by_test_id(f"item-{done}")).not_to_have_class(re.compile("is-missing"))
    for missing, words in MISSING.items():
        item = page.get_by_test_id(f"item-{missing}")
        expect(item).to_have_class(re.compile("is-missing"))
        expect(item).to_contain_text(words)
    assert accessibility_faults(page) == []
