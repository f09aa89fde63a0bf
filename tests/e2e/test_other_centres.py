"""The pages of other centres and of what must be alive, as somebody sees them at four in the morning: by keyboard, in both languages, at their worst."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import STORY, Faults, OpenPage, Picture, log_in
from tests.support.show import Api, Demo

pytestmark = STORY

LANGUAGES = ("zh-CN", "en")
LONG = "一二三四五六七八九十" * 4
NOTHING_LISTENS = "127.0.0.1:9"
WIDE = """() => [...document.querySelectorAll('main *')].filter((each) => {
  const style = getComputedStyle(each)
  return each.checkVisibility() && each.scrollWidth > each.clientWidth + 1 && style.overflowX === 'visible' && each.children.length === 0 && each.clientWidth > 0
}).map((each) => each.textContent)"""
"""What is written over its neighbour."""


@pytest.fixture
def page_of(open_page: OpenPage, demo: Demo) -> Callable[[str, str], Page]:
    """Of an administrator."""

    def open_it(place: str, language: str) -> Page:
        page = open_page(language)
        page.goto(f"{demo.console}/?lang={language}")
        log_in(page, "admin")
        expect(page.locator(".bar")).to_be_visible()
        page.goto(f"{demo.console}/?lang={language}#/{place}")
        return page

    return open_it


@pytest.fixture
def admin(demo: Demo) -> Any:
    api = Api(demo.console, "admin")
    yield api
    api.close()


def centre(admin: Api, name: str, **fields: object) -> int:
    root = next(one["id"] for one in admin.get("/regions") if len(one["path"]) == 1)
    body = {
        "name": name,
        "region_id": root,
        "way": "dc09",
        "address": NOTHING_LISTENS,
        "account": "4321",
        "poll_s": 10,
        **fields,
    }
    admin.post("/centres", **body)
    return int(next(one["id"] for one in admin.get("/centres") if one["name"] == name))


def check(page: Page, faults: Faults) -> None:
    assert faults(page) == []
    assert page.evaluate(WIDE) == []


def test_a_rule_is_made_changed_and_removed_by_keyboard_and_the_trail_says_by_whom(
    demo: Demo, admin: Api, page_of: Callable[[str, str], Page], accessibility_faults: Faults
):
    name = f"市中心-{uuid4().hex[:6]}"
    number = centre(admin, name)
    page = page_of("centres", "zh-CN")
    expect(page.get_by_test_id("rule-new")).to_be_enabled()
    page.get_by_test_id("rule-new").press("Enter")
    page.get_by_test_id("rule-centre").select_option(str(number))
    page.get_by_test_id("rule-mode").select_option("untaken")
    page.get_by_test_id("rule-after").fill("45")
    page.get_by_test_id("rule-kind-smoke").press("Space")
    assert accessibility_faults(page) == []
    page.get_by_test_id("rule-after").press("Enter")
    row = page.get_by_test_id("rule").filter(has_text=name)
    expect(row).to_contain_text("45 秒")
    made = next(one for one in admin.get("/centres/rules") if one["centre"] == name)
    assert (made["mode"], made["after_s"], made["kinds"]) == ("untaken", 45, ["smoke"])

    page.get_by_test_id(f"rule-change-{made['id']}").press("Enter")
    page.get_by_test_id("rule-after").fill("90")
    page.get_by_test_id("rule-active").press("Space")
    page.get_by_test_id("rule-save").press("Enter")
    expect(row).to_contain_text("90 秒")
    expect(row.get_by_test_id("rule-off")).to_be_visible()

    page.get_by_test_id(f"rule-remove-{made['id']}").press("Enter")
    page.get_by_test_id(f"rule-remove-{made['id']}-sure").press("Enter")
    expect(row).to_have_count(0)
    auditor = Api(demo.console, "auditor")
    entries = auditor.get("/audit", limit=100)
    auditor.close()
    said = {
        entry["action"]: entry
        for entry in entries["entries"]
        if entry["subject"] == f"forward_rule:{made['id']}"
    }
    assert set(said) == {"forward_rule_added", "forward_rule_changed", "forward_rule_removed"}
    assert said["forward_rule_changed"]["detail"]["changed"] == {
        "after_s": [45, 90],
        "active": [True, False],
    }
    assert {entry["user_id"] for entry in said.values()} == {admin.user_id}


def test_what_the_server_refuses_stands_at_its_field(
    demo: Demo, admin: Api, page_of: Callable[[str, str], Page], accessibility_faults: Faults, keep_picture: Picture
):  # fmt: skip
    """A value that no browser would have let through."""
    number = centre(admin, f"市中心-{uuid4().hex[:6]}")
    page = page_of("centres", "en")
    page.get_by_test_id("rule-new").click()
    page.get_by_test_id("rule-centre").select_option(str(number))
    page.get_by_test_id("rule-after").evaluate("(each) => each.removeAttribute('max')")
    page.get_by_test_id("rule-after").fill("4000")
    page.get_by_test_id("rule-save").click()
    expect(page.get_by_test_id("rule-after")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_test_id("rule-after")).to_be_focused()
    expect(page.get_by_test_id("rule-problem")).to_contain_text("After")
    check(page, accessibility_faults)
    keep_picture(page, "centres-refused-en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_centres_at_their_worst(
    demo: Demo, admin: Api, page_of: Callable[[str, str], Page], accessibility_faults: Faults, keep_picture: Picture, language: str
):  # fmt: skip
    """A name of forty letters, a path that is dead, thirty rules."""
    known = {one["name"]: one["id"] for one in admin.get("/centres")}
    number = known.get(LONG) or centre(
        admin, LONG, second_address="a-host-with-a-very-long-name-indeed.alarms.example.org:65535"
    )
    rules = [one for one in admin.get("/centres/rules") if one["centre_id"] == number]
    root = next(one["id"] for one in admin.get("/regions") if len(one["path"]) == 1)
    kinds = ["sos", "medical", "fall", "smoke", "gas", "water"]
    for place in range(len(rules), 30):
        admin.post("/centres/rules", centre_id=number, region_id=root, mode=("always", "unmanned", "untaken")[place % 3], after_s=3600, kinds=kinds[: place % 7], begins=1320, ends=360, active=False)  # fmt: skip
    page = page_of("centres", language)
    expect(page.get_by_test_id("centre-down").first).to_be_visible()
    check(page, accessibility_faults)
    keep_picture(page, f"centres-{language}")
    page.get_by_test_id("rule-new").scroll_into_view_if_needed()
    keep_picture(page, f"centres-rules-{language}")
    page.get_by_test_id("rule-new").click()
    check(page, accessibility_faults)
    keep_picture(page, f"centres-rule-form-{language}")
    page.keyboard.press("Escape")
    page.get_by_test_id(f"centre-change-{number}").click()
    check(page, accessibility_faults)
    keep_picture(page, f"centres-form-{language}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_must_be_alive_at_its_worst(
    demo: Demo, page_of: Callable[[str, str], Page], accessibility_faults: Faults, keep_picture: Picture, language: str
):  # fmt: skip
    """As it is; then with everything bad, a watchdog with a long name that is silent, and an answer of an hour ago."""
    page = page_of("alive", language)
    expect(page.get_by_test_id("alive-check").first).to_be_visible()
    check(page, accessibility_faults)
    keep_picture(page, f"alive-{language}")

    def worst(route: Route) -> None:
        answer = route.fetch().json()
        answer["looked_at"] = "2026-01-01T03:00:00Z"
        for item in answer["items"]:
            item["state"] = "bad"
        long = {"check": "watchdog", "subject": "attic-of-the-district-house-no12", "state": "bad", "value": 86_400.0, "unit": "seconds", "said": "", "since": "2026-01-01T03:00:00Z", "warn": 120.0, "bad": 180.0}  # fmt: skip
        answer["items"] += [
            long,
            {
                **long,
                "check": "circle",
                "unit": "holds",
                "value": 0.0,
                "said": "device",
                "warn": None,
                "bad": 0.0,
            },
        ]
        route.fulfill(body=json.dumps(answer), content_type="application/json")

    page.route("**/api/v1/alive", worst)
    page.get_by_test_id("alive-again").click()
    expect(page.get_by_test_id("alive-stale")).to_be_visible()
    check(page, accessibility_faults)
    keep_picture(page, f"alive-worst-{language}")
    page.get_by_test_id("enroll").click()
    page.get_by_test_id("enroll-by").select_option("dc09")
    check(page, accessibility_faults)
    keep_picture(page, f"alive-enroll-{language}")


def test_a_watchdog_is_enrolled_on_the_page_and_closes_its_circle_over_the_device_port(
    demo: Demo, page_of: Callable[[str, str], Page], accessibility_faults: Faults, keep_picture: Picture, tmp_path: Path
):  # fmt: skip
    """By DC-09, as a real program with the file that the page showed once."""
    page = page_of("alive", "zh-CN")
    page.get_by_test_id("enroll").press("Enter")
    page.get_by_test_id("enroll-name").fill("attic")
    page.get_by_test_id("enroll-server").fill(demo.console)
    expect(page.get_by_test_id("enroll-save")).to_be_enabled()
    page.get_by_test_id("enroll-by").select_option("dc09")
    page.get_by_test_id("enroll-account").fill("EEEE")
    page.get_by_test_id("enroll-place").fill(f"127.0.0.1:{demo.dc09_port}")
    page.get_by_test_id("enroll-save").press("Enter")
    text = page.get_by_test_id("enroll-file").inner_text()
    check(page, accessibility_faults)
    keep_picture(page, "alive-enrolled-zh-CN")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("enroll-file")).to_be_visible()
    page.get_by_test_id("enroll-copied").press("Enter")
    expect(page.get_by_test_id("enroll-file")).to_have_count(0)

    file, log = tmp_path / "watchdog.toml", tmp_path / "watchdog.log"
    file.write_text(text.replace("every_s = 60", "every_s = 1"))
    with log.open("wb") as out:
        command = [sys.executable, "-m", "callcenter", "watchdog", "-w", str(file)]
        process = subprocess.Popen(command, stdout=out, stderr=out, cwd=tmp_path)
    try:
        closed = (
            page.get_by_test_id("alive-check")
            .filter(has_text="attic")
            .filter(has=page.locator("[data-state=well]"))
        )
        expect(closed).to_have_count(3, timeout=60_000)  # heard, its circle, its clock
    finally:
        process.terminate()
        process.wait(20)
    said = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    circles = [line for line in said if line["event"] == "circle_closed"]
    assert circles, log.read_text()[-2000:]
    assert not any(line["event"] == "circle_not_closed" for line in said), log.read_text()[-2000:]

    page.get_by_test_id("enroll").press("Enter")
    page.get_by_test_id("enroll-name").fill("attic")
    expect(page.get_by_test_id("enroll-save")).to_be_enabled()
    page.get_by_test_id("enroll-save").press("Enter")
    expect(page.get_by_test_id("enroll-name")).to_have_attribute("aria-invalid", "true")
