"""The field at four in the morning: given by mouse and by keyboard, loud when nobody comes, and an alarm is above all of it."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID

from playwright.sync_api import Page, expect

from tests.e2e.conftest import HEARD, STORY, Demo, Faults, OpenPage, Picture, Seat
from tests.e2e.test_dispatch_desk import enter
from tests.e2e.test_phone_without_a_line import PHONE, let_in, link_for
from tests.support.demo_field import DemoField
from tests.support.photos import photo

pytestmark = STORY

HAN = re.compile(r"[\u4e00-\u9fff]")
HOLDER = "SELECT staff_id, state FROM task WHERE id = :task"
COVERED = """(strip) => { const box = strip.getBoundingClientRect()
  return ![0.1, 0.5, 0.9].every((part) => strip.contains(document.elementFromPoint(box.left + box.width * part, box.top + box.height / 2))) }"""


def choose(page: Page, task: UUID) -> None:
    page.locator(f"[data-task='{task}']").click()
    expect(page.get_by_test_id("task-state")).to_have_text("offered")


def call_off(page: Page, task: UUID) -> None:
    """What a story has entered is nothing for the next one."""
    page.locator(f"[data-task='{task}']").click()
    expect(page.get_by_test_id("task-state")).to_have_text("accepted")
    page.keyboard.press("x")
    page.get_by_test_id("ask-words").fill("no longer wanted")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("task-state")).to_have_text("called off")


def test_a_task_is_given_with_the_mouse_and_the_same_with_the_keys(
    open_page: OpenPage, demo: Demo
) -> None:
    field = DemoField(demo)
    asked, _ = field.staff("caregiver")
    dragged = field.visit_to("尹慧芳", asked, what="carried with the mouse")
    keyed = field.visit_to("尹慧芳", asked, what="given by the keys")
    page = enter(open_page, demo, "en")

    choose(page, dragged)
    somebody = page.get_by_test_id("suggested").first
    # whoever reads English reads it in Latin letters
    expect(somebody.locator("b")).not_to_contain_text(HAN)
    name = somebody.locator("b").inner_text()
    page.locator(f"[data-task='{dragged}']").drag_to(somebody)
    expect(page.get_by_test_id("task-state")).to_have_text("accepted")
    expect(page.get_by_test_id("desk-said")).to_have_text(f"✓ Given to {name}.")
    expect(page.locator(f"[data-task='{dragged}']")).to_contain_text(name)

    choose(page, keyed)
    expect(page.get_by_test_id("suggested").first).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("task-state")).to_have_text("accepted")
    states = [field.rows(HOLDER, task=each)[0] for each in (dragged, keyed)]
    assert [state for _, state in states] == ["accepted", "accepted"]
    assert all(holder is not None for holder, _ in states)
    for task in (keyed, dragged):
        call_off(page, task)


def test_an_alarm_rings_above_the_desk_its_forms_and_the_roster(
    seat: Seat, demo: Demo, keep_picture: Picture, accessibility_faults: Faults
) -> None:
    page = seat("dispatcher", "en")
    page.wait_for_url(re.compile("#/desk"))
    expect(page.get_by_test_id("task-row").first).to_be_visible()
    page.keyboard.press("n")
    expect(page.get_by_test_id("person-search")).to_be_focused()
    page.evaluate("delete document.documentElement.dataset.heard")  # the test tone
    demo.send(demo.device_of("尹慧芳", "elder_phone"))
    line = page.get_by_role("dialog").get_by_test_id("waiting-line")
    expect(line).to_contain_text("Yin Huifang")
    expect(line).to_be_in_viewport(ratio=1)
    expect(page.locator(HEARD)).to_be_attached()
    page.get_by_test_id("book-what").press("End")  # typed on: nobody has to answer it here
    expect(line).to_be_in_viewport(ratio=1)
    keep_picture(page, "alarm-over-booking-en")
    page.keyboard.press("Escape")

    for place in ("desk", "roster", "rounds", "phones"):
        page.goto(f"{demo.console}/?lang=en#/{place}")
        strip = page.get_by_test_id("alarm-strip")
        expect(strip).to_contain_text("Yin Huifang")
        expect(strip).to_be_in_viewport(ratio=1)
        assert not strip.evaluate(COVERED), place
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), place
    assert accessibility_faults(page) == []


def test_a_rescue_that_nobody_takes_is_loud_at_the_seat_and_at_the_desk(
    seat: Seat, open_page: OpenPage, demo: Demo, keep_picture: Picture, accessibility_faults: Faults
) -> None:
    desk = enter(open_page, demo, "zh-CN")
    here = seat("operator", "en")
    demo.send(demo.device_of("尹慧芳", "elder_phone"))
    expect(here.locator(".head")).to_contain_text("Yin Huifang")
    here.keyboard.press("t")
    expect(here.get_by_test_id("call-back")).to_be_visible()
    here.keyboard.press("w")
    expect(here.get_by_test_id("send-suggestion").first).to_be_visible()
    expect(here.get_by_test_id("send-suggestion").first.locator("b")).not_to_contain_text(HAN)
    here.keyboard.press("Enter")
    expect(here.get_by_test_id("sent-state")).to_contain_text("waiting for an answer")
    [incident] = demo.operators[0].get("/incidents", state="taken", limit=1)
    [task] = demo.operators[0].get(f"/incidents/{incident['id']}/field")["tasks"]
    here.evaluate("delete document.documentElement.dataset.heard")

    DemoField(demo).give_up(UUID(task["id"]))
    loud = here.get_by_test_id("sent-loud")
    expect(loud).to_be_in_viewport(ratio=1)
    expect(loud.get_by_test_id("sent-find")).to_be_visible()
    expect(here.locator(HEARD)).to_be_attached()
    keep_picture(here, "send-nobody-en")
    assert accessibility_faults(here) == []

    expect(desk.get_by_test_id("desk-alarm")).to_be_in_viewport(ratio=1)
    expect(desk.get_by_test_id("task-row").first).to_contain_text("救助无人接")
    keep_picture(desk, "desk-nobody-zh")
    assert accessibility_faults(desk) == []


def test_a_photograph_of_forty_megapixels_is_shrunk_before_it_leaves_the_phone(
    demo: Demo, open_page: OpenPage, keep_picture: Picture, tmp_path: Path
) -> None:
    field = DemoField(demo)
    staff_id, name = field.staff("caregiver")
    task = field.visit_to("尹慧芳", staff_id, what="forty megapixels")
    page = open_page("en", **PHONE)
    let_in(page, link_for(name, demo, open_page, keep_picture))
    page.get_by_test_id("job").filter(has_text="forty megapixels").click()
    page.get_by_test_id("accept").click()
    expect(page.get_by_test_id("all-sent")).to_be_visible()
    huge = tmp_path / "door.jpg"
    huge.write_bytes(photo(7, size=(8000, 5000)))
    page.get_by_test_id("arrive").click()
    page.get_by_test_id("photo").set_input_files(huge)
    page.get_by_test_id("say").click()
    expect(page.get_by_test_id("state")).to_have_text("arrived")
    expect(page.get_by_test_id("all-sent")).to_be_visible()
    arrived = "SELECT refused, width, height FROM photo WHERE task_id = :task"
    assert field.rows(arrived, task=task) == [("", 1600, 1000)]
    page.get_by_test_id("depart").click()
    page.get_by_test_id("say").click()
    expect(page.get_by_test_id("state")).to_have_text("done")
    expect(page.get_by_test_id("all-sent")).to_be_visible()
