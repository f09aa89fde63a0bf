"""Consoles with a telephone: Chromium whose microphone is a tone, and what comes out of its headset, measured."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Page, Playwright, expect

from callcenter.auth.guards import COOKIE
from tests.support.asterisk import tone
from tests.support.server import Operator, Server
from tests.support.show import CHROMIUM

FLAGS = (
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--disable-3d-apis",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
)
HEARD_WITHIN_S = 20.0
LOUD_DB = -45.0
"""What is heard is louder, what is not heard far below: noise and echo are not taken out here."""

# What is given to the headset is kept, to be measured; nothing of what is played is changed.
KEEP = """
window.__headset = new Set();
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () { if (this.srcObject) window.__headset.add(this); return play.call(this); };
"""
# Power of each frequency (Goertzel), in dB of full scale, over a third of a second of all that is heard; null: nothing plays.
MEASURE = """async (all) => {
  const playing = [...window.__headset].filter((each) => each.srcObject && !each.paused && each.srcObject.getAudioTracks().length);
  if (!playing.length) return null;
  window.__ear ??= new AudioContext();
  await window.__ear.resume();
  const analyser = window.__ear.createAnalyser();
  analyser.fftSize = 16384;
  const sources = playing.map((each) => window.__ear.createMediaStreamSource(each.srcObject));
  for (const source of sources) source.connect(analyser);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const samples = new Float32Array(analyser.fftSize);
  analyser.getFloatTimeDomainData(samples);
  for (const source of sources) source.disconnect();
  const powerOf = (hertz) => {
    const twice = 2 * Math.cos(2 * Math.PI * hertz / window.__ear.sampleRate);
    let before = 0, last = 0;
    for (const each of samples) [before, last] = [last, each + twice * last - before];
    return 10 * Math.log10(4 * (before * before + last * last - twice * before * last) / samples.length ** 2 + 1e-12);
  };
  return Object.fromEntries(all.map((hertz) => [hertz, powerOf(hertz)]));
}"""


@dataclass
class Seat:
    """One console; `hertz` is what its operator says."""

    page: Page
    operator: Operator
    hertz: int

    async def hears(self, *wanted: int, among: Sequence[int]) -> Mapping[int, float]:
        """Waits until exactly these of the tones are heard. In dB."""
        found: Mapping[int, float] = {}
        async with asyncio.timeout(HEARD_WITHIN_S) as limit:
            try:
                while {each for each, db in found.items() if db > LOUD_DB} != set(wanted):
                    said = await self.page.evaluate(MEASURE, list(among))
                    found = {int(each): db for each, db in (said or {}).items()}
                    await asyncio.sleep(0.1)
            except asyncio.CancelledError:
                if limit.expired():
                    raise AssertionError(
                        f"{self.operator.login} hears {found} dB, not {wanted}"
                    ) from None
                raise
        return found

    async def press(self, key: str) -> None:
        await self.page.keyboard.press(key)


@dataclass
class Seats:
    """Opens consoles; all are shut at the end."""

    playwright: Playwright
    folder: Path
    complaints: list[str] = field(default_factory=list)
    _open: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def seat(
        self, server: Server, operator: Operator, hertz: int, language: str = "zh-CN"
    ) -> Seat:
        """On duty, its telephone registered. A browser of its own: a microphone is one of a browser."""
        voice = self.folder / f"voice-{hertz}.wav"
        tone(voice, hertz, 10)
        browser = await self.playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*FLAGS, f"--use-file-for-fake-audio-capture={voice}"]
        )
        self._open.push_async_callback(browser.close)
        page = await (await self._context(browser, server, operator, language)).new_page()
        page.on("console", lambda said: self._complain(said.type, said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        await page.goto(f"{server.url}/?lang={language}")
        await page.get_by_test_id("duty").click()
        await expect(page.get_by_test_id("phone-state")).to_have_attribute(
            "data-state", "registered", timeout=20_000
        )
        return Seat(page, operator, hertz)

    async def close(self) -> None:
        await self._open.aclose()

    async def _context(
        self, browser: Browser, server: Server, operator: Operator, language: str
    ) -> BrowserContext:
        context = await browser.new_context(
            locale=language,
            viewport={"width": 1366, "height": 768},
            reduced_motion="reduce",
            permissions=["microphone"],
        )
        await context.add_cookies([{"name": COOKIE, "value": operator.cookie, "url": server.url}])
        await context.add_init_script(KEEP)
        chosen = json.dumps({"cleaned": False, "tested": True})
        await context.add_init_script(
            f"localStorage.setItem('callcenter.telephone', {json.dumps(chosen)})"
        )
        return context

    def _complain(self, kind: str, text: str) -> None:
        if kind == "error" and "Failed to load resource" not in text and "WebSocket" not in text:
            self.complaints.append(text)
