"""A real Asterisk with the configuration that the product writes, and SIPp as the telephone network around it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import wave
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from math import cos, pi, sin
from pathlib import Path
from socket import AF_INET, SOCK_DGRAM, SOCK_STREAM, socket
from struct import pack, unpack
from typing import Any

import httpx
import pytest

from callcenter.telephony.pbxs.asterisk.configuring import FOLDERS, files
from callcenter.telephony.pbxs.asterisk.exchange import At
from callcenter.telephony.pbxs.asterisk.section import AsteriskSection, Trunk

NETWORK = "127.0.0.2"
"""Where the telephone network stands."""
DESK = "127.0.0.3"
"""Where desk telephones stand."""
PASSWORD = "only-in-tests"
BOOTS_WITHIN_S = 20.0
SCENARIOS = Path(__file__).parent / "sipp"


INSTALLED = Path(
    os.environ.get("CALLCENTER_ASTERISK", Path(__file__).parents[2] / ".tools" / "asterisk")
)
"""The folder it is put into."""


def installed() -> Path:
    """That folder. Where nothing is in it, whoever asks is skipped, and fails where CI is set."""
    if (INSTALLED / "asterisk").exists():
        return INSTALLED
    missing = f"no Asterisk in {INSTALLED}: `make system-deps` puts it there"
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)


def free_port(kind: int = SOCK_STREAM, host: str = "127.0.0.1") -> int:
    with socket(AF_INET, kind) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Running:
    """One exchange, which can be killed and started again."""

    section: AsteriskSection
    installed: Path
    network_port: int
    process: subprocess.Popen[bytes] | None = None
    phones: list[asyncio.subprocess.Process] = field(default_factory=list)

    @property
    def at(self) -> At:
        return At(self.section.http, self.section.user, self.section.password.get_secret_value())

    @property
    def settings(self) -> dict[str, str]:
        """Of a server beside it, as its environment says them, without their common beginning."""
        phones = [{"name": each.name, "password": PASSWORD} for each in self.section.desk_phones]
        said = self.section.model_dump(mode="json")
        said |= {"password": PASSWORD, "desk_phones": phones}
        return {
            f"TELEPHONY__{name.upper()}": value if isinstance(value, str) else json.dumps(value)
            for name, value in said.items()
            if value is not None and name not in ("stands_for", "in_service", "kind")
        }

    @property
    def recordings(self) -> Path:
        return self.section.folder / "spool" / "recording"

    @property
    def log(self) -> Path:
        return self.section.folder / "log" / "cel-custom" / "calls.csv"

    def start(self) -> None:
        command = [
            str(self.installed / "asterisk"),
            "-C",
            str(self.section.folder / "etc" / "asterisk.conf"),
            "-f",
            "-n",
        ]
        with (self.section.folder / "out.txt").open("ab") as out:
            self.process = subprocess.Popen(
                command, stdout=out, stderr=out, stdin=subprocess.DEVNULL
            )

    def kill(self, how: int = signal.SIGKILL) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            if how in (signal.SIGKILL, signal.SIGTERM):
                self.process.wait()
                self.process = None

    async def boots(self) -> None:
        """Until it takes calls."""
        host, port = self.section.http.rsplit(":", 1)
        async with asyncio.timeout(BOOTS_WITHIN_S):
            while True:
                with suppress(OSError):
                    _, writer = await asyncio.open_connection(host, int(port))
                    writer.close()
                    return
                await asyncio.sleep(0.05)

    async def counts_as_gone(self) -> None:
        """Until a trunk has not answered whether it is there. Only where it `is_asked`."""
        told = (
            "-C",
            str(self.section.folder / "etc" / "asterisk.conf"),
            "-rx",
            "pjsip show contacts",
        )
        async with asyncio.timeout(15):
            while True:
                asked = await asyncio.create_subprocess_exec(
                    str(self.installed / "asterisk"), *told, stdout=asyncio.subprocess.PIPE
                )
                said, _ = await asked.communicate()
                if b"Unavail" in said:
                    return
                await asyncio.sleep(0.2)

    async def hang_up_all(self) -> None:
        """Callers who were killed have said nothing of it."""
        password = self.section.password.get_secret_value()
        where = f"http://{self.section.http}/ari/channels"
        async with httpx.AsyncClient(auth=(self.section.user, password), trust_env=False) as client:
            while (listed := await client.get(where)).status_code != httpx.codes.OK:
                await asyncio.sleep(0.05)  # it is not booted to its end
            for each in listed.json():
                if each["name"].startswith("PJSIP/"):  # music is a channel as well
                    await client.delete(f"{where}/{each['id']}")

    async def only_recording(self) -> Path:
        """The mix of the only call, as soon as it is begun."""
        async with asyncio.timeout(20):
            while not (
                found := [
                    each
                    for each in _listed(self.recordings)
                    if each.stem[-3:] not in ("-rx", "-tx")
                ]
            ):
                await asyncio.sleep(0.05)
        [mix] = found
        return mix

    async def rings_us(
        self, line: str, caller: str, scenario: str = "caller", calls: int = 1, **keys: str
    ) -> asyncio.subprocess.Process:
        """The network places a call, or so many, 20 a second; the scenario says what the caller does."""
        return await self._sipp(
            f"127.0.0.1:{self.section.sip_port}", "-sf", str(SCENARIOS / f"{scenario}.xml"), "-s", line, "-key", "caller", caller,
            "-p", str(free_port(SOCK_DGRAM, NETWORK)), *(part for k, v in keys.items() for part in ("-key", k, v)),
            "-r", "20", "-l", str(calls), calls=calls,
        )  # fmt: skip

    async def answers(
        self, scenario: str, calls: int = 1, **keys: str
    ) -> asyncio.subprocess.Process:
        """What the network does with the next call that goes out."""
        return await self._sipp(
            "-sf", str(SCENARIOS / f"{scenario}.xml"), "-p", str(self.network_port),
            *(part for k, v in keys.items() for part in ("-key", k, v)), calls=calls,
        )  # fmt: skip

    def speaking(self, hertz: int) -> str:
        """The scenario of somebody who answers with this tone."""
        sound = self.section.folder / "tones" / f"tone{hertz}.al"
        a_law(sound, hertz, 8)
        text = (SCENARIOS / "answers.xml").read_text("utf-8").replace("tone1000.al", sound.name)
        scenario = self.section.folder / f"answers{hertz}"
        scenario.with_suffix(".xml").write_text(text, "utf-8")
        return str(scenario)

    async def desk_phone(
        self, name: str, calls: int = 20, says: int | None = None
    ) -> asyncio.subprocess.Process:
        """One that registers and picks up; it says a tone, or gives back what it hears. SIPp counts the questions whether it is there as calls."""
        port, sound = str(free_port(SOCK_DGRAM, DESK)), str(free_port(SOCK_DGRAM, DESK))
        registers = await self._sipp(
            f"127.0.0.1:{self.section.sip_port}", "-sf", str(SCENARIOS / "register.xml"), "-p", port, "-key", "phone", name,
            "-au", name, "-ap", PASSWORD, at=DESK,
        )  # fmt: skip
        assert await registers.wait() == 0, f"{name} could not register"
        picks_up = str(SCENARIOS / "desk.xml") if says is None else f"{self.speaking(says)}.xml"
        echo = ("-mp", sound, "-rtp_echo") if says is None else ()
        return await self._sipp("-sf", picks_up, "-p", port, *echo, "-aa", at=DESK, calls=calls)

    async def desk_phone_leaves(self, name: str) -> None:
        """It is registered no more: nobody is rung there."""
        text = (SCENARIOS / "register.xml").read_text("utf-8").replace("Expires: 300", "Expires: 0")
        text = text.replace("Contact: <sip:[phone]@[local_ip]:[local_port]>", "Contact: *")
        scenario = self.section.folder / "tones" / "leaves.xml"
        scenario.write_text(text, "utf-8")
        port = str(free_port(SOCK_DGRAM, DESK))
        leaves = await self._sipp(
            f"127.0.0.1:{self.section.sip_port}", "-sf", str(scenario), "-p", port, "-key", "phone", name,
            "-au", name, "-ap", PASSWORD, at=DESK,
        )  # fmt: skip
        assert await leaves.wait() == 0, f"{name} could not leave"

    async def desks(self, names: Sequence[str]) -> asyncio.subprocess.Process:
        """Many desk telephones at one address: all register, and each picks up once."""
        port, sound = str(free_port(SOCK_DGRAM, DESK)), str(free_port(SOCK_DGRAM, DESK))
        folder = self.section.folder / "tones"
        rows = (f"{each};[authentication username={each} password={PASSWORD}]" for each in names)
        (folder / "desks.csv").write_text("\n".join(["SEQUENTIAL", *rows]) + "\n")
        text = (SCENARIOS / "register.xml").read_text()
        text = text.replace("[phone]", "[field0]").replace("[authentication]", "[field1]")
        (folder / "desks.xml").write_text(text)
        registers = await self._sipp(
            f"127.0.0.1:{self.section.sip_port}", "-sf", "desks.xml", "-inf", "desks.csv", "-p", port, at=DESK, calls=len(names)
        )  # fmt: skip
        assert await registers.wait() == 0, "desk telephones could not register"
        return await self._sipp(
            "-sf", str(SCENARIOS / "desk.xml"), "-p", port, "-mp", sound, "-rtp_echo", "-aa", at=DESK, calls=len(names)
        )  # fmt: skip

    async def _sipp(
        self, *arguments: str, at: str = NETWORK, calls: int = 1
    ) -> asyncio.subprocess.Process:
        command = (
            "sipp",
            *arguments,
            "-i",
            at,
            "-mi",
            at,
            "-m",
            str(calls),
            "-nostdin",
            "-timeout",
            "60s",
        )
        phone = await asyncio.create_subprocess_exec(
            *command,
            cwd=self.section.folder / "tones",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        self.phones.append(phone)
        return phone

    async def hang_up_phones(self) -> None:
        for phone in self.phones:
            if phone.returncode is None:
                phone.kill()
            await phone.wait()
        self.phones.clear()


@contextmanager
def running(folder: Path, *, is_asked: bool = False, **changes: Any) -> Iterator[Running]:
    """With a trunk to NETWORK, which may be asked whether it is there; `changes` of its section."""
    where = installed()
    network_port = free_port(SOCK_DGRAM, NETWORK)
    section = AsteriskSection.model_validate(
        {
            "name": "trial",
            "folder": folder,
            "modules": where / "usr/lib/x86_64-linux-gnu/asterisk/modules",
            "http": f"127.0.0.1:{free_port()}",
            "password": PASSWORD,
            "sip_address": "127.0.0.1",
            "sip_port": free_port(SOCK_DGRAM),
            "trunks": [
                Trunk(name="network", host=NETWORK, port=network_port, addresses=(NETWORK,))
            ],
        }
        | changes
    )
    prepare(section, where, is_asked=is_asked)
    exchange = Running(section, where, network_port)
    exchange.start()
    try:
        yield exchange
    finally:
        exchange.kill()


NOT_ASKED = (("qualify_frequency = 30", "qualify_frequency = 0"),)
ASKED_AT_ONCE = (
    ("type = global", "type = global\nmax_initial_qualify_time = 1"),
    ("qualify_frequency = 30", "qualify_frequency = 30\nqualify_timeout = 1.0"),
)
"""And not again for half a minute."""


def prepare(section: AsteriskSection, where: Path, *, is_asked: bool = False) -> None:
    """The folders, the configuration and some sounds. Nobody `is_asked` whether they are there: SIPp counts that as a call, and a desk
    telephone that did not answer between registering and picking up would not be rung for half a minute.
    """
    for each in (*FOLDERS, "tones"):
        (section.folder / each).mkdir(parents=True, exist_ok=True)
    for name, text in files(section).items():
        changed = text
        for was, is_now in ASKED_AT_ONCE if is_asked else NOT_ASKED:
            changed = changed.replace(was, is_now)
        (section.folder / "etc" / name).write_text(changed, "utf-8")
    for each in ("documentation", "rest-api", "static-http"):
        (section.folder / "data" / each).symlink_to(where / "usr/share/asterisk" / each)
    sounds = section.folder / "data" / "sounds" / "en"
    sounds.mkdir()
    tone(sounds / "cc-one-moment.wav", 700, 0.3)
    tone(sounds / "cc-leave-message.wav", 800, 0.3)
    tone(section.folder / "data" / "moh" / "waiting.wav", 500, 5)
    a_law(section.folder / "tones" / "tone1000.al", 1000, 8)


def tone(path: Path, hertz: float, seconds: float) -> None:
    """A sine of -6 dB at 8 kHz."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"".join(pack("<h", each) for each in _sine(hertz, seconds)))


def _sine(hertz: float, seconds: float) -> list[int]:
    return [round(16384 * sin(2 * pi * hertz * n / 8000)) for n in range(round(8000 * seconds))]


def a_law(path: Path, hertz: float, seconds: float) -> None:
    """The same as a telephone sends it (ITU-T G.711)."""
    path.write_bytes(bytes(_a_law(each) for each in _sine(hertz, seconds)))


def _a_law(sample: int) -> int:
    sign, size = (0x80, sample) if sample >= 0 else (0, -sample - 1)
    size >>= 4
    segment = max(0, size.bit_length() - 5)
    low = (size >> max(1, segment)) & 0x0F if segment else (size >> 1) & 0x0F
    return (sign | segment << 4 | low) ^ 0x55


async def lasts(recording: Path, seconds: float) -> None:
    """Until so much of it is on the disk (16 bits at 8 kHz), where it comes in portions of two seconds."""
    async with asyncio.timeout(20):
        while _size(recording) < 16_000 * seconds:
            await asyncio.sleep(0.05)


def tones(recording: Path, among: Sequence[int] = (350, 500, 700, 800, 1000, 1400)) -> list[int]:
    """The loudest of these in each half second that is not still, in turn."""
    raw = recording.read_bytes()[44:]
    parts = [raw[each : each + 8_000] for each in range(0, len(raw) - 7_999, 8_000)]
    heard = [unpack("<4000h", part) for part in parts]
    return [
        max(among, key=lambda hertz: power_of(each, hertz)) for each in heard if max(each) > 1_000
    ]


async def sounds(recording: Path, hertz: int) -> None:
    """Until its last half second holds this tone, whatever else is in it."""
    async with asyncio.timeout(20):
        while _power(recording, hertz) <= 100 * max(_power(recording, 600), 1e6):
            await asyncio.sleep(0.05)


async def plays(recording: Path, *hertz: int) -> None:
    """Until the loudest of its last half second is one of these notes."""
    async with asyncio.timeout(20):
        while (
            max(_last(recording), default=0) < 500
            or loudest(recording, (*hertz, 1000, 700)) not in hertz
        ):
            await asyncio.sleep(0.05)


async def is_silent(recording: Path) -> None:
    """Until its last half second holds nothing: it goes on, and nobody plays or speaks."""
    async with asyncio.timeout(20):
        while any(abs(each) > 64 for each in _last(recording)):
            await asyncio.sleep(0.05)


def _last(recording: Path) -> Sequence[int]:
    raw = recording.read_bytes()[44:][-8_000:] if recording.exists() else b""
    return unpack(f"<{len(raw) // 2}h", raw[: len(raw) // 2 * 2])


def _power(recording: Path, hertz: int) -> float:
    return power_of(_last(recording), hertz)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _listed(folder: Path) -> list[Path]:
    return list(folder.glob("*.wav"))


def loudest(
    recording: Path,
    among: Sequence[int] = (350, 500, 700, 800, 1000, 1400),
    *,
    whole: bool = False,
) -> int:
    """Of these frequencies (Hz), by the algorithm of Goertzel over the last half second, or all of it."""
    raw = recording.read_bytes()[44:][0 if whole else -8_000 :]
    samples = unpack(f"<{len(raw) // 2}h", raw[: len(raw) // 2 * 2])
    return max(among, key=lambda hertz: power_of(samples, hertz))


def power_of(samples: Sequence[int], hertz: int) -> float:
    """Of samples at 8 kHz, by the algorithm of Goertzel."""
    twice = 2 * cos(2 * pi * hertz / 8000)
    before, last = 0.0, 0.0
    for each in samples:
        before, last = last, each + twice * last - before
    return before * before + last * last - twice * before * last
