"""A caregiver with a phone: let in by a link, she takes a visit, loses the line, arrives with a photograph, her browser is closed, and
when the line is back all of it is told once. What the office decided meanwhile she reads.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import STORY, Faults, OpenPage, Picture, log_in
from tests.support.demo_field import DemoField
from tests.support.photos import with_place
from tests.support.show import Demo

pytestmark = STORY
PHONE = {"width": 390, "height": 844}


def link_for(name: str, demo: Demo, open_page: OpenPage, keep_picture: Picture) -> str:
    """As the dispatcher makes it at the desk."""
    desk = open_page()
    desk.goto(f"{demo.console}/?lang=zh-CN")
    log_in(desk, "dispatcher")
    expect(desk.locator(".bar")).to_be_visible()
    desk.goto(f"{demo.console}/?lang=zh-CN#/phones")
    desk.get_by_test_id("phones-staff").filter(has_text=name).click()
    desk.get_by_test_id("phone-link").click()
    address = desk.get_by_test_id("phone-address").input_value()
    keep_picture(desk, "phone-link-zh")
    return address


def faults_of_whole(page: Page, accessibility_faults: Faults) -> list[str]:
    """Of all that one can scroll to: what lies half below the tabs at this moment is no small target."""
    page.set_viewport_size({**PHONE, "height": 6000})
    faults = accessibility_faults(page)
    page.set_viewport_size(PHONE)
    return faults


WHAT = "打扫，量血压"


def let_in(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_test_id("enter-by-link").click()
    expect(page.get_by_test_id("all-sent")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def test_a_visit_is_told_once_when_the_line_is_back(
    demo: Demo,
    open_page: OpenPage,
    keep_picture: Picture,
    accessibility_faults: Faults,
    tmp_path: Path,
):
    field = DemoField(demo)
    staff_id, name = field.staff("caregiver")
    other_id, other = field.staff("grid_worker")
    task_id = field.visit_to(
        "沈玉兰",
        staff_id,
        what=WHAT,
        check_list=["量血压并记录", "收拾厨房"],
        hazards="家里有狗",
    )
    page = open_page(**PHONE)
    context = page.context
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": 39.5, "longitude": 104.0, "accuracy": 15})
    let_in(page, link_for(name, demo, open_page, keep_picture))
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    if page.get_by_test_id("duty").inner_text() == "上班":
        page.get_by_test_id("duty").click()
    job = page.get_by_test_id("job").filter(has_text="打扫，量血压")
    keep_picture(page, "phone-jobs-zh")
    assert faults_of_whole(page, accessibility_faults) == []
    job.click()
    page.get_by_test_id("accept").click()
    expect(page.get_by_test_id("state")).to_have_text("已接受")
    expect(page.get_by_test_id("all-sent")).to_be_visible()
    expect(page.get_by_test_id("hazards")).to_have_text("家里有狗")
    expect(page.get_by_test_id("call")).to_be_visible()
    keep_picture(page, "phone-job-zh")
    assert faults_of_whole(page, accessibility_faults) == []

    context.set_offline(True)
    page.get_by_test_id("set-out").click()
    page.get_by_test_id("minutes-10").click()
    expect(page.get_by_test_id("state")).to_have_text("在路上")
    picture = tmp_path / "door.jpg"
    picture.write_bytes(with_place(9))
    page.get_by_test_id("arrive").click()
    page.get_by_test_id("photo").set_input_files(picture)
    page.get_by_test_id("say").click()
    expect(page.get_by_test_id("state")).to_have_text("已到达")
    expect(page.get_by_test_id("unsent")).to_contain_text("2 条待发送")
    expect(page.get_by_test_id("unsent-photos")).to_contain_text("1 张照片待发送")
    expect(page.get_by_test_id("line-off")).to_be_visible()
    keep_picture(page, "phone-offline-zh")
    assert faults_of_whole(page, accessibility_faults) == []

    page.close()
    page = context.new_page()
    page.goto(f"{demo.console}/m.html")
    expect(page.get_by_test_id("unsent")).to_contain_text("2 条待发送")
    job = page.get_by_test_id("job").filter(has_text="打扫，量血压")
    expect(job.get_by_test_id("job-state")).to_have_text("已到达")
    arrived = "SELECT kind, proof, offline, lat FROM check_in WHERE task_id = :task"
    assert field.rows(arrived, task=task_id) == []

    context.set_offline(False)
    expect(page.get_by_test_id("all-sent")).to_be_visible()
    assert field.rows(arrived, task=task_id) == [("arrive", "photo", True, 39.5)]
    [(refused, width, nonce_at)] = field.rows(
        "SELECT refused, width, nonce_at FROM photo WHERE task_id = :task", task=task_id
    )
    assert (refused, width) == ("", 480), "drawn upright by the phone"
    assert nonce_at is not None
    told = field.rows(
        "SELECT name FROM field_command WHERE task_id = :task ORDER BY received_at", task=task_id
    )
    assert [each for (each,) in told] == ["accept", "set_out", "arrive"]

    field.give(task_id, other_id)
    job.click()
    page.get_by_test_id("depart").click()
    page.get_by_test_id("say").click()
    expect(page.get_by_test_id("outcomes")).to_contain_text(other)
    page.get_by_test_id("tab-more").click()
    page.get_by_test_id("language").click()
    expect(page.get_by_test_id("outcomes")).to_contain_text(f"{other} has this job now")
    keep_picture(page, "phone-outcome-en")
    assert faults_of_whole(page, accessibility_faults) == []
    page.get_by_test_id("read").click()
    expect(page.get_by_test_id("outcomes")).to_have_count(0)
    page.get_by_test_id("tab-hours").click()
    expect(page.get_by_test_id("on-duty-total")).to_be_visible()
    keep_picture(page, "phone-hours-en")
