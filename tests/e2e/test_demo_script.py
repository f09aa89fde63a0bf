"""The script of the demo page, read and done by somebody who has never seen it; and by the next visitor after that."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import (
    FrameLocator,
    Locator,
    Page,
    Playwright,
    TimeoutError as PlaywrightTimeoutError,
    expect,
)

from tests.e2e.conftest import STORY, OpenPage, Picture
from tests.support.show import Demo, running_demo

pytestmark = STORY


@pytest.fixture
def demo(playwright: Playwright) -> Iterator[Demo]:
    """Just started, as a stranger has it: nobody has logged in yet, not even in another story."""
    with running_demo() as fresh:
        yield fresh


LOOKS = 50


class Visitor:
    """Does what the step in hand says, wherever it says so, and nothing else."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.console: FrameLocator = page.frame_locator("iframe")
        self.script = page.get_by_role("region", name="Two minutes")
        self.rides = 0

    @property
    def step(self) -> str:
        return self.script.locator("[aria-current=step] b").inner_text()

    def follows(self, words: str, act: Callable[[], None]) -> None:
        """The step in hand has these words; once it is done as it says, the next one is in hand."""
        now = self.script.locator("[aria-current=step] b")
        expect(now).to_contain_text(words, timeout=30_000)
        act()
        expect(now.filter(has_text=words)).to_have_count(0, timeout=60_000)

    def plays(self, log_in: bool) -> None:
        console, page = self.console, self.page
        if log_in:
            self.follows("Log in", console.locator(".login__demo button").first.click)
            self.follows("Go on duty", self.goes_on_duty)
        key = page.get_by_role("article", name=re.compile("Shen Yulan")).first.get_by_role("button")
        self.follows("Press the red key", key.click)
        self.follows("Take the call", self.takes_and_calls_back)
        self.follows("Answer 1", self.answers_as_the_daughter)
        self.follows("Open the 120 card", self.calls_the_ambulance)
        self.follows("Press W", self.sends_somebody)
        self.follows("Zhang Zhiqiang answer 1", self.goes_there_with_an_old_phone)
        self.follows("Press O", self.gives_it_to_the_other_centre)
        self.follows("Kill the server", page.get_by_role("button", name="Kill the server").click)
        self.follows("Press the red key again", key.click)
        self.follows("Start the server", page.get_by_role("button", name="Start it again").click)
        self.follows("Confirm safe and close", self.confirms_and_closes)
        self.follows("Print", self.prints_and_ticks)
        self.follows("green key", self.asks_for_service_and_ticks)
        self.follows("Calls", self.calls_somebody_and_ticks)
        # the next visitor works as the dispatcher, whose telephone is off
        call = self.takes_a_call_and_ticks if log_in else self.ticks
        self.follows("Rings the hotline", call)
        self.follows("log in as dispatcher", self.books_a_ride)
        self.follows("Dong Jianping answer 1", self.drives)
        self.follows("Shen Yulan answers 5", self.rates_the_ride)
        self.reads_the_rating()
        # the next visitor passes over the door: that keeps the story short
        door = self.says_that_a_door_stays_shut_and_ticks if log_in else self.ticks
        self.follows("nobody opened", door)
        self.follows("write to all seats", self.ticks)
        self.follows("Drills", self.ticks)
        power = page.get_by_role("button", name="Cut the power", exact=True)
        self.follows("Cut the power", power.click)
        for words in (
            "Communities",
            "Devices",
            "In service?",
            "auditor",
            "--database stop",
            "--drill",
            "Proof",
            "--serve",
        ):
            self.follows(words, self.ticks)
        expect(self.script.locator("[aria-current=step]")).to_have_count(0)

    def goes_on_duty(self) -> None:
        """With a telephone, which is tried; a simulated one needs no trial."""
        self.console.get_by_test_id("start-duty").click()
        simulated = self.page.get_by_test_id("outside-simulated")
        expect(simulated.or_(self.page.get_by_test_id("outside")).first).to_be_visible()
        if not simulated.count():
            self.console.get_by_test_id("device-test-done").click()

    def takes_a_call_and_ticks(self) -> None:
        """By the exchange that is there; what it was about waits on its list."""
        self.page.get_by_test_id("outside-hotline").click()
        call = self.page.get_by_test_id("outside-call")
        self.console.get_by_test_id("call-take").first.click()
        expect(self.console.get_by_test_id("call-hang_up")).to_be_visible()
        expect(call).to_contain_text("speaking")
        self.console.get_by_test_id("call-hang_up").click()
        expect(call).to_have_count(0)
        self.ticks()

    def takes_and_calls_back(self) -> None:
        """Beside what was closed before, the call stands in the strip above the page."""
        take = self.console.get_by_test_id("take")
        take.or_(self.console.get_by_test_id("strip-take")).click()
        self.console.get_by_test_id("call-back").click()
        self.console.get_by_role("menuitem", name=re.compile("No answer")).click()

    def answers_as_the_daughter(self) -> None:
        phone = self.page.locator(".phone").first  # the newest stands first
        expect(phone).to_be_in_viewport()
        with self.page.context.expect_page() as opened:
            phone.get_by_test_id("text-link").last.click()
        expect(opened.value.locator("body")).to_contain_text("沈玉兰")
        opened.value.close()
        self.page.bring_to_front()
        phone.get_by_role("button", name=re.compile("^1")).click()

    def calls_the_ambulance(self) -> None:
        self.console.get_by_test_id("ambulance").click()
        self.console.get_by_test_id("ambulance-card").locator(".btn--primary").click()

    def phone_of(self, owner: str) -> Locator:
        return self.page.get_by_role("article", name=f"Phone of {owner}")

    def says(self, owner: str, digit: str) -> None:
        """With the key of that phone; the answer of the centre comes back as a text."""
        phone = self.phone_of(owner)
        texts = phone.get_by_role("listitem")
        before = texts.count()
        phone.get_by_role("button", name=re.compile(f"^{digit}")).click()
        expect(texts.nth(before + 1)).to_be_attached(timeout=30_000)

    def sends_somebody(self) -> None:
        self.console.locator("body").press("w")
        expect(self.console.get_by_test_id("send-best")).to_be_focused()
        self.console.get_by_test_id("send-best").press("Enter")
        row = self.page.get_by_test_id("phones-staff")
        expect(row).to_contain_text(re.compile(r"\d+ new"))  # the neighbour with the key, and Zhang

    def goes_there_with_an_old_phone(self) -> None:
        self.page.get_by_test_id("phones-staff").click()
        zhang = "Zhang Zhiqiang"
        expect(self.page.locator(".phone").first).to_have_attribute("aria-label", re.compile(zhang))
        self.says(zhang, "1")
        expect(self.console.get_by_test_id("sent-who").last).to_have_text(zhang)
        self.says(zhang, "3")
        expect(self.console.get_by_test_id("sent-state").last).to_contain_text("there")
        self.says(zhang, "4")

    def books_a_ride(self) -> None:
        """She rides free: the card shows it on the page of the rounds, whichever page it was booked on."""
        console = self.console
        console.get_by_role("button", name="Sign out").click()
        log_in = console.locator(".login__demo .btn", has_text="dispatcher")
        expect(log_in.or_(console.get_by_test_id("leave"))).to_be_visible()
        if console.get_by_test_id("leave").count():  # the last at a seat is asked first
            console.get_by_test_id("leave").click()
        log_in.click()
        console.get_by_role("link", name="Dispatch").click()
        expect(console.get_by_test_id("task-row").first).to_be_visible()
        console.locator("body").press("n")
        console.get_by_test_id("book-ride").check()
        console.get_by_test_id("person-search").fill("shen yulan")
        dialog = console.get_by_role("dialog")
        dialog.get_by_role("button", name=re.compile("Shen Yulan")).first.click()
        console.get_by_test_id("book-destination").fill("District hospital")
        console.get_by_test_id("book-what").fill("to the hospital")
        console.get_by_test_id("book-submit").click()

    def drives(self) -> None:
        self.says("Dong Jianping", "1")
        expect(self.phone_of("Ye Wenbin").get_by_role("listitem").last).to_contain_text("已有人")
        self.says("Dong Jianping", "3")
        self.says("Dong Jianping", "4")

    def rates_the_ride(self) -> None:
        self.page.get_by_test_id("phones-family").click()
        phone = self.phone_of("Shen Yulan")
        phone.get_by_role("button", name=re.compile("^5")).click(timeout=30_000)
        self.rides += 1

    def reads_the_rating(self) -> None:
        """At the office: what stands on the phone alone is no rating. The mains of the house are still out for the next visitor."""
        self.console.get_by_role("link", name="Rounds").click()
        expect(self.console.get_by_test_id("rounds-rides")).to_be_visible()  # it hears keys now
        hers = self.console.get_by_test_id("ride").filter(has_text="Shen Yulan")
        rated = hers.get_by_test_id("rating").filter(has_text="5")
        for _ in range(LOOKS):  # the list is read when it is opened
            self.console.locator("body").press("1")
            expect(hers).to_have_count(0)
            self.console.locator("body").press("4")
            expect(hers.first).to_be_visible()
            if rated.count() == self.rides:
                break
        expect(rated).to_have_count(self.rides)
        expect(hers.last).to_contain_text("free")

    def says_that_a_door_stays_shut_and_ticks(self) -> None:
        console = self.console
        console.locator("body").press("1")
        console.locator("[data-test=run] button", has_text="Morning milk").click()
        door = console.locator("[data-test=visit]").filter(has_text="Shan Guizhi")
        door.get_by_role("button").click()
        door.get_by_test_id("say-no_answer").click()
        expect(door).to_contain_text("nobody opened")
        self.ticks()

    def gives_it_to_the_other_centre(self) -> None:
        """Its receiver acknowledges; nobody there has it."""
        self.console.locator("body").press("o")
        dialog = self.console.get_by_role("dialog")
        dialog.get_by_role("textbox").first.fill("a fire next door")
        dialog.locator("button[type=submit]").click()
        expect(self.console.get_by_test_id("forwarded").first).to_contain_text(
            "Demo district centre"
        )
        self.ticks()

    def confirms_and_closes(self) -> None:
        """After the restart the alarm rings again: noticed, or taken anew."""
        answer = self.console.get_by_test_id("noticed").or_(self.console.get_by_test_id("take"))
        answer.click(timeout=30_000)
        close = self.console.get_by_test_id("close")
        try:
            close.click(timeout=10_000)
        except PlaywrightTimeoutError:  # it was given back while the server was away
            self.console.get_by_test_id("take").click()
            close.click()
        closing = self.console.get_by_role("dialog")
        closing.get_by_role("radio", name=re.compile("^Emergency")).check()
        closing.get_by_test_id("safe-by").fill("daughter")
        closing.get_by_test_id("safe-where").fill("hospital")
        closing.get_by_role("button", name="Close incident").click()

    def prints_and_ticks(self) -> None:
        """What happens in another window the page does not see: ticked by hand, as its box offers."""
        with self.page.context.expect_page() as opened:
            self.console.get_by_role("link", name="Print").click()
        expect(opened.value.locator("body")).to_contain_text("Shen Yulan")
        self.page.bring_to_front()
        self.script.locator("[aria-current=step] input").check()

    def asks_for_service_and_ticks(self) -> None:
        """A quiet line below the queue, with its time."""
        phone = self.page.get_by_role("article", name=re.compile("elder phone", re.IGNORECASE))
        phone.first.get_by_role("button", name=re.compile("green key")).click()
        request = self.console.locator("[data-incident]").filter(has_text="call back by")
        expect(request.first).to_be_visible(timeout=15_000)
        self.script.locator("[aria-current=step] input").check()

    def calls_somebody_and_ticks(self) -> None:
        """The first of the morning's calls."""
        self.console.get_by_role("link", name="Calls").click()
        self.console.get_by_test_id("next-call").click()
        expect(self.console.get_by_test_id("call-card")).to_contain_text("Reached, well")
        self.ticks()

    def ticks(self) -> None:
        """What somebody else would do: a drill is for the supervisor, a community for its worker."""
        self.script.locator("[aria-current=step] input").check()


@pytest.mark.timeout(420)
def test_a_stranger_follows_the_script_and_so_does_the_next_one(
    demo: Demo, open_page: OpenPage, keep_picture: Picture
):
    page = open_page("en", width=1900, height=1000)
    page.goto(f"{demo.devices}/?lang=en")
    visitor = Visitor(page)
    visitor.plays(log_in=True)
    keep_picture(page, "script-first-visitor-en")
    page.get_by_role("button", name="Start over").click()
    visitor.plays(log_in=False)
    keep_picture(page, "script-second-visitor-en")
