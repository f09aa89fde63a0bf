"""Consoles with a telephone: Chromium whose microphone is a tone, and what comes out of its headset, measured."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from math import log10
from pathlib import Path
from socket import AF_PACKET, PACKET_OUTGOING, SOCK_RAW, htons, socket
from time import monotonic
from typing import Final

from playwright.async_api import Browser, BrowserContext, Page, Playwright, expect

from callcenter.auth.guards import COOKIE
from tests.support.asterisk import power_of, tone
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
HEARD_WITHIN_S = 40.0
expect.set_options(timeout=40_000)
STILL_S = 0.3
"""A telephone that was sent nothing for so long hears nothing: sound goes in portions of 20 ms."""
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


class Ear:
    """What telephones of the network hear: sound in A-law (ITU-T G.711) that is sent to an address, as it goes over the wire. Needs root."""

    KEPT = 4_000
    """Samples: half a second."""

    def __init__(self, address: str) -> None:
        self._to = IPv4Address(address).packed
        self._heard: dict[int, deque[int]] = {}
        self._at: dict[int, float] = {}
        self._socket = socket(AF_PACKET, SOCK_RAW, htons(0x0800))
        self._socket.setblocking(False)

    def ports(self) -> Sequence[int]:
        """At which something is heard, the oldest first."""
        self.listen()
        return list(self._heard)

    def listen(self) -> None:
        """Takes what has come meanwhile."""
        with suppress(BlockingIOError):
            while True:
                frame, (_, _, kind, *_) = self._socket.recvfrom(2_048)
                if kind != PACKET_OUTGOING:  # loopback shows each twice
                    self._take(frame)

    def powers(self, port: int, among: Sequence[int]) -> Mapping[int, float]:
        """In dB of full scale, over the last half second; nothing where nothing is sent any more."""
        if monotonic() - self._at[port] > STILL_S:
            return {}
        samples = [_SAMPLES[each] for each in self._heard[port]]
        return {
            hertz: 10 * log10(4 * power_of(samples, hertz) / len(samples) ** 2 / 32_768**2 + 1e-12)
            for hertz in among
        }

    def close(self) -> None:
        self._socket.close()

    def _take(self, frame: bytes) -> None:
        """Ethernet, IP without options, UDP, RTP of A-law without extensions."""
        packet = frame[14:]
        if packet[9:10] != b"\x11" or packet[16:20] != self._to or packet[0] != 0x45:
            return
        port, sound = int.from_bytes(packet[22:24]), packet[28:]
        if len(sound) == 12 + 160 and sound[1] & 0x7F == 8:
            self._heard.setdefault(port, deque(maxlen=self.KEPT)).extend(sound[12:])
            self._at[port] = monotonic()


def _linear(byte: int) -> int:
    """One byte of A-law as a sample of 16 bits."""
    turned = byte ^ 0x55
    size, segment = (turned & 0x0F) << 4, turned >> 4 & 7
    size = size + 8 if segment == 0 else (size + 0x108) << (segment - 1)
    return size if turned & 0x80 else -size


_SAMPLES: Final = [_linear(byte) for byte in range(256)]
