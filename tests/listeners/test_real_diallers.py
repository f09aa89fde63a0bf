"""Diallers that other people wrote (my-dc09-spt 0.2.2, dc09-spt 0.0.4) against the real listeners.

Both use blocking sockets and threads. my-dc09-spt calls a message failed after a NAK although its second frame was
acknowledged (it trips over the second answer), so those tests look at what was stored, not at its verdict.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator

import dc09_spt.dc09_spt
import my_dc09_spt.dc09_spt
import pytest
from dc09_spt.comm.transpath import TransPath
from dc09_spt.comm.transpathtcp import TransPathTCP

from callcenter.devices.codec import DeviceKey
from callcenter.devices.signals import Kind
from tests.support.receiver import Receiver
from tests.support.waiting import until

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # their sockets, left to the collector
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # their utcnow()
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]

Dialler = my_dc09_spt.dc09_spt.dc09_spt
PersistentDialler = dc09_spt.dc09_spt.dc09_spt

KEY_128 = bytes(range(16))
KEY_256 = bytes(range(32))


@pytest.fixture(autouse=True)
def their_sockets_are_collected_here() -> Iterator[None]:
    """my-dc09-spt leaves its socket to the collector after a NAK; without this it would warn in a later test."""
    yield
    gc.collect()


def dialler(
    receiver: Receiver, *, key: bytes | None = None, udp: bool = False, line: int | None = 0
) -> Dialler:
    made = Dialler("1234", receiver=1, line=line)
    port = receiver.udp_port if udp else receiver.tcp_port
    kind = "UDP" if udp else "TCP"
    made.set_path("main", "primary", "127.0.0.1", port, key=key, type=kind)
    if key is not None:
        receiver.keys["1234"] = DeviceKey(key)
    return made


async def send(made: Dialler, family: str, **message: object) -> None:
    """Raises what the dialler raises when it got no acknowledgement it understands."""
    await asyncio.to_thread(made.send_msg, family, message)


@pytest.mark.parametrize(
    ("key", "udp"),
    [
        (None, False),
        (KEY_128, False),
        (KEY_256, False),
        (None, True),
        (KEY_128, True),
        (KEY_256, True),
    ],
    ids=["tcp", "tcp-aes128", "tcp-aes256", "udp", "udp-aes128", "udp-aes256"],
)
async def test_a_dialler_is_acknowledged(receiver: Receiver, key: bytes | None, udp: bool):
    made = dialler(receiver, key=key, udp=udp)
    await send(made, "ADM-CID", code="101", zone="7")
    await send(made, "SIA-DCS", code="QA", zone="7", text="Pendant", area="1")
    await send(made, "SIA-DCS", code="MA", lon="104.0", lat="40.0", event_ts=1_767_225_600_000)
    assert [s.kind for s in receiver.intake.stored] == [Kind.SOS, Kind.SOS, Kind.MEDICAL]
    assert receiver.intake.stored[1].text == "Pendant"
    position = receiver.intake.stored[2].position
    assert position is not None
    assert (position.lat, position.lng) == (40.0, 104.0)
    assert made.state()["main primary path ok"] == 1
    assert made.notSent() == 0


async def test_a_dialler_without_a_line_number(receiver: Receiver):
    await send(dialler(receiver, line=None), "ADM-CID", code="101", zone="7")
    assert [s.identifier for s in receiver.intake.stored] == ["1234"]


async def test_a_dialler_with_a_wrong_clock_is_corrected_and_its_alarm_kept_once(
    receiver: Receiver,
):
    made = dialler(receiver, key=KEY_128)
    made.tpaths["main"]["primary"]["path"].set_offset(-3600)
    with pytest.raises(TypeError):  # it decodes the second answer as text
        await send(made, "ADM-CID", code="101", zone="7")
    assert ["clock_off" in s.flags for s in receiver.intake.stored] == [True]
    assert ["clock_off" in s.flags for s in receiver.intake.repeats] == [False]


async def test_a_dialler_with_the_wrong_key_is_refused_and_rings_as_unknown(receiver: Receiver):
    made = dialler(receiver, key=KEY_128)
    receiver.keys["1234"] = DeviceKey(KEY_256)
    with pytest.raises(TypeError):
        await send(made, "ADM-CID", code="101", zone="7")
    assert [(s.kind, s.flags) for s in receiver.intake.stored] == [(Kind.UNKNOWN, ("unreadable",))]


@pytest.mark.parametrize("udp", [False, True], ids=["tcp", "udp"])
async def test_polls_are_counted(receiver: Receiver, udp: bool):
    made = dialler(receiver, key=KEY_256, udp=udp)
    made.start_poll(0.05, retry_delay=0.02)
    await until(lambda: made.state()["poll count"] >= 3, "three acknowledged polls")
    await asyncio.to_thread(made.stop_poll)
    assert receiver.intake.alive["1234"] >= 3
    assert receiver.intake.stored == []


class ImpatientPath(TransPath):
    """The dialler's TCP path with a shorter patience than its 5 s."""

    def connect(self) -> TransPathTCP:
        connection = TransPathTCP(self.host, self.port, timeout=0.2)
        connection.connect()
        return connection


async def test_a_dialler_repeats_until_the_store_is_back(receiver: Receiver):
    receiver.intake.store_is_away = True
    made = PersistentDialler("1234", receiver=1, line=0)
    made.tpaths["main"]["primary"]["path"] = ImpatientPath(
        "127.0.0.1", receiver.tcp_port, "1234", receiver=1, line=0
    )
    made.send_msg("SIA-DCS", {"code": "QA", "zone": "7"})
    await until(lambda: receiver.intake.refused >= 2, "the dialler to repeat")
    assert made.notSent() == 1 or made.send.active()
    receiver.intake.store_is_away = False
    await until(lambda: not made.send.is_alive(), "the dialler to be content")
    assert [s.kind for s in receiver.intake.stored] == [Kind.SOS]
    assert made.notSent() == 0


async def test_hexadecimal_sequence_numbers_of_the_older_dialler(receiver: Receiver):
    made = PersistentDialler("1234", receiver=1, line=0)
    made.set_path("main", "primary", "127.0.0.1", receiver.tcp_port)
    made.msg_nr = 10
    made.send_msg("ADM-CID", {"code": "101", "zone": "7"})
    await until(lambda: not made.send.is_alive(), "the dialler to be content")
    assert [s.extra["seq"] for s in receiver.intake.stored] == ["000B"]
