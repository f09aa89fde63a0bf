"""Automatic calls through a real Asterisk, with SIPp as the telephone network: who presses, who is busy, and a mailbox that talks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from uuid import UUID

import pytest

from callcenter.core.clock import SystemClock
from callcenter.core.ids import new_id
from callcenter.core.supervisor import Supervisor
from callcenter.hotline.announcement import Announcement, Attempted, Outcome
from callcenter.hotline.automatic import Automatic
from callcenter.hotline.beginning import Ports
from callcenter.hotline.lines import Lines
from callcenter.hotline.speaking import Sounds
from callcenter.hotline.spoken import RECORDED
from callcenter.hotline.switchboard import Switchboard
from callcenter.telephony import numbers
from callcenter.telephony.line import Line, LineKind
from callcenter.telephony.pbxs.asterisk.exchange import Asterisk
from tests.support.asterisk import Running, lasts, loudest, running, tone

SON = "13800000001"
HOTLINE = Line("95001", LineKind.HOTLINE, 7)


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Every prompt is a short tone of 700 Hz."""
    with running(tmp_path_factory.mktemp("pbx")) as exchange:
        sounds = Sounds(exchange.section.folder / "data" / "sounds")
        for name in RECORDED:
            path = sounds.path(name, "zh")
            path.parent.mkdir(exist_ok=True)
            tone(path, 700, 0.4)
        yield exchange


@dataclass
class Centre:
    exchange: Running
    pbx: Asterisk
    lines: Lines
    automatic: Automatic
    more: asyncio.Event

    async def rings(self, number: str = SON, **changes: object) -> Attempted:
        """To its end."""
        told = Announcement(
            voice_call=new_id(), attempt=1, number=number, shown="95001", language="zh", said=("cc-hello-centre", "cc-contact-keys"),
            thanks={"1": ("cc-contact-going",), "2": ("cc-contact-not-going",)}, **{"times": 1, "rings_for_s": 20} | changes,  # type: ignore[arg-type]
        )  # fmt: skip
        self.lines.follow(self.automatic.announcer.ring(told, SystemClock().now()))
        async with asyncio.timeout(30):
            while told.leg not in self.automatic.announcer.ended:
                self.more.clear()
                await self.more.wait()
        return self.automatic.announcer.ended[told.leg]


@pytest.fixture
async def centre(exchange: Running) -> AsyncIterator[Centre]:
    async with AsyncExitStack() as stack:
        supervisor = await stack.enter_async_context(Supervisor())
        pbx, more = Asterisk("trial", exchange.at), asyncio.Event()
        ports = Ports(
            line_of=lambda _: HOTLINE,
            caller_of=lambda arrived, _: numbers.read(arrived.caller, arrived.withheld, (), ""),
            new_id=lambda: UUID(int=1),
        )
        automatic = Automatic(SystemClock(), more.set)
        board = Switchboard("trial", ports)
        lines = Lines(
            pbx, board, SystemClock(), supervisor.start_short, lambda _: None, [automatic.theirs]
        )
        automatic.follow = lines.follow
        supervisor.start(lines.listen(), name="lines")
        supervisor.start(automatic.tick(), name="automatic")
        async with asyncio.timeout(20):
            while not board.is_connected:
                await asyncio.sleep(0.02)
        yield Centre(exchange, pbx, lines, automatic, more)
        assert not board.calls
    await exchange.hang_up_phones()


async def test_the_son_hears_the_prompts_and_presses_1(exchange: Running, centre: Centre):
    await exchange.answers("answers_and_presses", digit="1")
    one = await centre.rings(times=3)
    assert (one.outcome, one.pressed) == (Outcome.PRESSED, "1")
    assert one.answered_at is not None
    recording = exchange.recordings / f"{one.announcement.leg}.wav"
    await lasts(recording, 1.0)
    assert loudest(recording, whole=True) == 700


async def test_a_mailbox_that_talks_is_not_on_its_way(exchange: Running, centre: Centre):
    """It picks up and speaks (a tone) until it is hung up."""
    await exchange.answers("answers")
    one = await centre.rings()
    assert (one.outcome, one.pressed) == (Outcome.NO_KEY, None)
    assert one.answered_at is not None


async def test_a_key_that_nobody_asked_for_is_no_answer(exchange: Running, centre: Centre):
    await exchange.answers("answers_and_presses", digit="7")
    assert (await centre.rings()).outcome is Outcome.NO_KEY


@pytest.mark.parametrize(
    ("does", "outcome"), [("busy", Outcome.BUSY), ("no_answer", Outcome.NO_ANSWER)]
)
async def test_who_does_not_answer_says_why(
    does: str, outcome: Outcome, exchange: Running, centre: Centre
):
    await exchange.answers(does)
    one = await centre.rings(rings_for_s=2)
    assert (one.outcome, one.answered_at) == (outcome, None)


@pytest.mark.parametrize("number", ["120", "0311120", "86110"])
async def test_no_emergency_number_is_rung_by_itself(number: str, centre: Centre):
    """Whatever a contact has as a number: the exchange refuses."""
    assert (await centre.rings(number)).outcome is Outcome.REFUSED


async def test_the_way_to_the_exchange_is_cut_while_somebody_listens(
    exchange: Running, centre: Centre
):
    """They are told anew, and their key counts."""
    await exchange.answers("answers_and_presses", digit="2")
    ringing = asyncio.create_task(centre.rings(times=3))
    async with asyncio.timeout(15):
        while not any(one.answered_at for one in centre.automatic.announcer.standing.values()):
            await asyncio.sleep(0.02)
    await centre.pbx.close()
    one = await ringing
    assert (one.outcome, one.pressed) == (Outcome.PRESSED, "2")
