"""An alarm from log-in to closing by somebody without a mouse: every key does what its label says, in both languages."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from callcenter.demo.community.users import PASSWORD
from tests.e2e.conftest import HEARD, LOUD, SILENT, STORY, OpenPage
from tests.support.show import Demo

pytestmark = STORY

# Nothing of a mouse may be needed, nor be made up by the test.
NO_POINTER = """() => addEventListener('pointerdown', () => document.documentElement.dataset.pointer = 'used', true)"""
MOST_TABS = 80


@dataclass(frozen=True)
class Words:
    """What the page says in a language."""

    name: str
    call_back: str
    ask: str
    contact: str
    wait: str
    there: str
    following: str
    closed: str
    daughter: str
    hospital: str


WORDS = {
    "zh-CN": Words("欧阳素琴", "无人接", "老人现在怎样", "请第一联系人前往", "等待到场", "有人到场并确认老人平安吗", "跟踪中", "已办结 · 真实紧急", "女儿", "市第一医院"),
    "en": Words("Ouyang Suqin", "no answer", "How is the person", "Ask the first contact", "Wait for help", "Is somebody there", "Following", "Closed · Emergency", "daughter", "city hospital"),
}  # fmt: skip


class Keys:
    """A page with nothing but a keyboard."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)

    def tab_to(self, wanted: Locator) -> None:
        """By the Tab key, which must get there and show that it has."""
        expect(wanted).to_be_enabled()
        for _ in range(MOST_TABS):
            if wanted.evaluate("each => each === document.activeElement"):
                break
            self.press("Tab")
        expect(wanted).to_be_focused()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_an_alarm_is_worked_from_log_in_to_closing_without_a_mouse(
    demo: Demo, open_page: OpenPage, language: str
):
    words = WORDS[language]
    page = open_page(language, browser="browser_without_webgl")
    page.add_init_script(f"({NO_POINTER})()")
    page.goto(f"{demo.console}/?lang={language}")
    keys = Keys(page)
    she_goes_on_duty(keys)
    demo.send(demo.device_of("欧阳素琴", "elder_phone"))
    expect(page.get_by_role("heading", name=words.name)).to_be_visible()
    expect(page.locator(LOUD)).to_be_attached()
    [incident] = demo.operators[0].get("/incidents", state="open")

    keys.press("t")
    expect(page.locator(SILENT)).to_be_attached()
    she_is_called_back_as_the_plan_says(keys, words)
    the_contacts_are_called(keys)
    she_is_followed_and_taken_up_again(keys, words)
    the_plan_is_followed_to_its_end(keys, words)
    it_is_closed_with_who_and_where(keys, words)
    expect(page.locator("[data-pointer]")).to_have_count(0)

    closed = demo.operators[0].get(f"/incidents/{incident['id']}")
    told = [each["kind"] for each in closed["entries"]]
    assert (closed["incident"]["safe_by"], closed["incident"]["safe_where"]) == (
        words.daughter,
        words.hospital,
    )
    assert {"taken", "step", "plan_step", "note", "following", "resumed", "closed"} <= set(told)


def she_goes_on_duty(keys: Keys) -> None:
    """The sound is allowed by a key as well."""
    page = keys.page
    keys.tab_to(page.locator("#login-name"))
    keys.write("operator")
    keys.tab_to(page.locator("#login-password"))
    keys.write(PASSWORD)
    keys.press("Enter")
    keys.tab_to(page.get_by_test_id("start-duty"))
    keys.press("Enter")
    expect(page.locator(HEARD)).to_be_attached()
    expect(page.locator(SILENT)).to_be_attached()


def she_is_called_back_as_the_plan_says(keys: Keys, words: Words) -> None:
    """Once without an answer, by the key of the step; then from the plan, which has noticed the first."""
    page, now = keys.page, keys.page.get_by_test_id("plan-text")
    expect(page.get_by_test_id("call-back")).to_be_visible()
    keys.press("c", "2")
    expect(page.get_by_test_id("call-back")).to_contain_text(words.call_back)
    keys.press("5")
    expect(page.get_by_test_id("plan-done")).to_have_count(1)
    keys.press("1")
    expect(now).to_contain_text(words.ask)
    keys.press("2")
    expect(now).to_contain_text(words.contact)


def the_contacts_are_called(keys: Keys) -> None:
    page = keys.page
    keys.press("l")
    reached = page.locator(".contact__calls").first.get_by_role("button").first
    keys.tab_to(reached)
    keys.press("Enter")
    expect(page.get_by_test_id("contacts")).to_have_class("step step--done")
    keys.press("n")
    expect(page.get_by_test_id("note-field")).to_be_focused()
    keys.write("door 302")
    keys.press("Enter")
    expect(page.get_by_text("door 302")).to_be_visible()
    keys.press("Escape")


def she_is_followed_and_taken_up_again(keys: Keys, words: Words) -> None:
    """In five minutes; and before they are over by the last line of the same menu."""
    page = keys.page
    keys.press("f")
    expect(page.get_by_role("menuitem").first).to_be_focused()
    keys.press("1")
    expect(page.locator(".head")).to_contain_text(words.following)
    keys.press("f")
    again = page.get_by_role("menuitem")
    expect(again).to_have_count(6)
    keys.press("ArrowUp", "Enter")
    expect(page.locator(".head")).not_to_contain_text(words.following)


def the_plan_is_followed_to_its_end(keys: Keys, words: Words) -> None:
    page, now = keys.page, keys.page.get_by_test_id("plan-text")
    keys.press("5")
    expect(now).to_contain_text(words.wait)
    keys.press("1")
    expect(now).to_contain_text(words.there)
    keys.press("1")
    expect(page.get_by_test_id("plan-done")).to_have_count(6)
    keys.press("1")
    expect(page.get_by_test_id("plan-now")).to_have_count(0)
    keys.press("s")
    keys.tab_to(page.get_by_role("dialog").locator("input").first)
    keys.write(words.daughter)
    keys.press("Tab")
    keys.write(words.hospital)
    keys.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)


def it_is_closed_with_who_and_where(keys: Keys, words: Words) -> None:
    """What was confirmed before stands in the form; the outcome is chosen, never given."""
    page = keys.page
    keys.press("x")
    closing = page.get_by_role("dialog")
    emergency = closing.locator("input[value=emergency]")
    keys.press("Enter")
    expect(closing.get_by_role("alert")).to_be_visible()
    keys.tab_to(emergency)
    keys.press("Space")
    expect(emergency).to_be_checked()
    keys.tab_to(closing.get_by_test_id("safe-by"))
    expect(closing.get_by_test_id("safe-by")).to_have_value(words.daughter)
    expect(closing.get_by_test_id("safe-where")).to_have_value(words.hospital)
    expect(closing.get_by_test_id("close-undone")).to_have_count(0)
    keys.press("Enter")
    expect(closing).to_have_count(0)
    expect(page.get_by_text(words.closed)).to_be_visible()
    keys.press("Escape")
    expect(page.locator("#incident")).to_have_count(0)
