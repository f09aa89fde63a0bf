"""What a real Asterisk cannot be made to do at will: a socket that is cut or silent, an answer that does not come, documents that are none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from callcenter.telephony.pbx import (
    Answered,
    Connected,
    Digit,
    Ended,
    Lost,
    PbxAway,
    PbxRefused,
    SeatKey,
    Shown,
    To,
)
from callcenter.telephony.pbxs.asterisk import exchange as adapter
from callcenter.telephony.pbxs.asterisk.exchange import WAITING, Asterisk
from tests.support.fake_ari import FakeAri, fake_ari
from tests.telephony.ear import Ear, listening


@pytest.fixture
async def ari() -> AsyncIterator[FakeAri]:
    async with fake_ari() as ari:
        yield ari


@pytest.fixture
async def pbx(ari: FakeAri) -> AsyncIterator[tuple[Asterisk, Ear]]:
    pbx = Asterisk("trial", ari.at)
    async with listening(pbx) as heard:
        yield pbx, heard


async def test_a_seat_is_admitted_with_a_key_and_rung(ari: FakeAri, pbx: tuple[Asterisk, Ear]):
    asterisk, heard = pbx
    with pytest.raises(PbxRefused):
        await asterisk.ring("leg-0", To(seat="seat-7"), Shown("13912345678"), 10, "call-1")
    await asterisk.admit(SeatKey("seat-7", "once"))
    assert ari.admitted["auth", "seat-7"]["password"] == "once"
    await asterisk.ring("leg-1", To(seat="seat-7"), Shown("13912345678", "王秀英"), 10, "call-1")
    assert await heard.of(Answered) == Answered("leg-1")
    await asterisk.dismiss("seat-7")
    await asterisk.dismiss("seat-7")
    assert ari.admitted == {}


async def test_a_socket_that_is_cut_is_opened_again_and_what_stands_is_found(
    ari: FakeAri, pbx: tuple[Asterisk, Ear]
):
    asterisk, heard = pbx
    channel = ari.rings_us("95001", "13912345678", "王秀英")
    arrived = await heard.arrived()
    await asterisk.answer(channel.id)
    await asterisk.talk("talk-1", [channel.id])
    await ari.hangs_its_sockets_up()
    await heard.of(Lost)
    missed = ari.rings_us("95001", "13800000001")
    again = (await heard.every(Connected, 2))[-1]
    assert isinstance(again, Connected)
    assert again.legs[channel.id].arrived == arrived
    assert again.legs[missed.id].arrived is not None
    assert again.talks == {"talk-1": {channel.id}}


async def test_whoever_waits_has_music_whether_or_not_somebody_waited_before(
    ari: FakeAri, pbx: tuple[Asterisk, Ear]
):
    """A real exchange ends it with the last who leaves: from then on everybody waited in silence."""
    asterisk, _ = pbx
    first, second = (ari.rings_us("95001", number).id for number in ("1", "2"))
    for leg in (first, second):
        await asterisk.wait(leg)
        assert ari.music == {WAITING}
        await asterisk.talk("talk-1", [leg])
        assert not ari.music
    await asterisk.wait(first, music=False)
    assert not ari.music


async def test_what_listens_in_is_joined_when_the_exchange_has_handed_it_over(
    ari: FakeAri, pbx: tuple[Asterisk, Ear]
):
    """Before that no room takes it (422): a real Asterisk shows it on a loaded machine alone."""
    asterisk, _ = pbx
    operator, supervisor = (ari.rings_us("95001", number).id for number in ("1", "2"))
    await asterisk.listen_in("spy-1", operator, supervisor, whisper=False)
    assert ari.rooms["spy-1-room"] == {"spy-1", supervisor}


async def test_whoever_is_gone_before_anybody_listens_in_is_said_to_be(
    ari: FakeAri, pbx: tuple[Asterisk, Ear]
):
    asterisk, _ = pbx
    supervisor = ari.rings_us("95001", "1").id
    with pytest.raises(PbxRefused):
        await asterisk.listen_in("spy-1", "nobody", supervisor, whisper=False)
    operator = ari.rings_us("95001", "2").id
    listening = asyncio.create_task(asterisk.listen_in("spy-2", operator, supervisor, whisper=True))
    while "spy-2" not in ari.channels:
        await asyncio.sleep(0)
    ari.hangs_up("spy-2")
    with pytest.raises(PbxRefused):
        await listening


async def test_an_exchange_that_stands_still_refuses_orders_soon(
    ari: FakeAri, pbx: tuple[Asterisk, Ear], monkeypatch: pytest.MonkeyPatch
):
    asterisk, _ = pbx
    monkeypatch.setattr(adapter, "ANSWERS_WITHIN_S", 0.2)
    ari.stands_still = True
    with pytest.raises(PbxAway):
        await asterisk.answer("leg-1")
    ari.stands_still = False


async def test_documents_that_are_none_hurt_nobody(ari: FakeAri, pbx: tuple[Asterisk, Ear]):
    _, heard = pbx
    ari.says({"type": "StasisStart"})
    ari.says({"type": "ChannelDestroyed", "cause": "x", "channel": {"id": "a"}})
    ari.says({"type": "StasisStart", "args": ["line"], "channel": {"id": "b"}})
    ari.says({"type": "Unheard of", "channel": 7})
    ari.says({"type": "RESTResponse", "request_id": "99999", "status_code": 200})
    channel = ari.rings_us("95001", "1" * 60, "<script>alert(1)</script>")
    arrived = await heard.arrived()
    assert (arrived.leg, arrived.caller) == (channel.id, "1" * 60)
    for digit in "0123456789" * 20:
        ari.presses(channel.id, digit)
    await heard.until(lambda each: each == Digit(channel.id, "9"))
    ari.hangs_up(channel.id)
    assert await heard.end_of(channel.id) == Ended(channel.id, 16)
