"""A daughter opens the link of the text on her phone: no script, large type, an answer that the operator sees."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from callcenter.core.secrets import load_secrets
from tests.e2e.conftest import STORY, Faults, Picture
from tests.support.show import WITHOUT_EXCHANGE, Demo, running_demo
from tests.support.site_zone import SITE_TIMEZONE
from tests.support.waiting import DEADLINE_S

pytestmark = STORY

RESIDENT = "尹慧芳"
NARROW, USUAL = 320, 390


@pytest.fixture(scope="module")
def outside() -> Iterator[tuple[Demo, str]]:
    """A demo with a second listener, and its public address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    given = {
        "CALLCENTER_FIELD__LISTEN": f"127.0.0.1:{port}",
        "CALLCENTER_FIELD__PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    with running_demo({**given, **WITHOUT_EXCHANGE}) as demo:
        yield demo, f"http://127.0.0.1:{port}"


def link_of(demo: Demo, public_url: str) -> str:
    """As the virtual phone of a contact shows it."""
    headers = {"X-Demo-Token": load_secrets(demo.data_dir).demo_token}
    found: list[str] = []
    with httpx.Client(base_url=demo.console, headers=headers, trust_env=False) as client:
        for _ in range(200):
            phones: list[dict[str, Any]] = client.get("/api/demo/phones").json()
            texts = (m["text"] for phone in phones for m in phone["messages"])
            found = [m for text in texts for m in re.findall(rf"{public_url}/f/\w+", text)]
            if found:
                return found[0]
    raise AssertionError(f"no link within {DEADLINE_S} s")


def a_phone(browser: Browser, language: str, width: int, *, script: bool) -> Page:
    context = browser.new_context(
        locale=language,
        timezone_id=SITE_TIMEZONE,
        viewport={"width": width, "height": 800},
        java_script_enabled=script,
    )
    return context.new_page()


def fits(page: Page) -> bool:
    """Nothing stands out at the side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_daughter_answers_on_her_phone_without_script(
    outside: tuple[Demo, str],
    browser: Browser,
    keep_picture: Picture,
    accessibility_faults: Faults,
):
    demo, public_url = outside
    demo.send(demo.device_of(RESIDENT, "elder_phone"))
    link = link_of(demo, public_url)
    page = a_phone(browser, "zh-CN", NARROW, script=False)
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{RESIDENT}的求助")
    expect(page.get_by_test_id("state")).to_contain_text("中心已收到求助")
    keep_picture(page, "family-page-320-zh")
    [incident] = demo.operators[0].get("/incidents", state="open")
    demo.operators[0].command(incident["id"], "take")
    page.get_by_test_id("reload").click()
    expect(page.get_by_test_id("state")).to_contain_text("接警员正在处理")
    page.get_by_role("button", name="我正在赶去").click()
    expect(page.get_by_test_id("said")).to_contain_text("我正在赶去")
    page.get_by_label("给接警员留言").fill("钥匙在门卫那里")
    page.get_by_role("button", name="发送留言").click()
    expect(page.get_by_test_id("note")).to_have_text("钥匙在门卫那里")
    told = demo.operators[0].get(f"/incidents/{incident['id']}")["entries"]
    said = [e for e in told if e["kind"] == "reply"]
    assert [(e["data"]["meaning"], e["data"]["text"]) for e in said] == [
        ("yes", "我正在赶去"),
        ("other", "钥匙在门卫那里"),
    ]

    seen = a_phone(browser, "zh-CN", NARROW, script=True)
    for language, width in (("zh-CN", NARROW), ("en", NARROW), ("zh-CN", USUAL), ("en", USUAL)):
        seen.set_viewport_size({"width": width, "height": 800})
        seen.goto(f"{link}?lang={language}")
        assert fits(seen)
        assert accessibility_faults(seen) == []
        seen.set_viewport_size({"width": width, "height": 1500})
        keep_picture(seen, f"family-page-answered-{width}-{language}")
    wrong = seen.goto(f"{link}x?lang=en")
    assert wrong is not None
    assert wrong.status == 404
    assert accessibility_faults(seen) == []
    keep_picture(seen, "family-page-wrong-en")
    demo.operators[0].command(
        incident["id"], "close", outcome="mistaken_press", note="坐到按钮上了"
    )
    seen.goto(link)
    expect(seen.get_by_test_id("state")).to_contain_text("已确认平安")
    assert accessibility_faults(seen) == []
    keep_picture(seen, "family-page-safe-zh")
