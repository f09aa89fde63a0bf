"""A caller gives up at each instant of taking, holding, asking a colleague and adding a contact: no call stands at a seat afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from callcenter.hotline.call import State
from callcenter.telephony.pbx import SeatKey
from tests.hotline.giving_up import ACTS, SEATS, Act, at_each_instant, open_office
from tests.support.fake_ari import FakeAri, fake_ari


class Rung:
    """A caller of the faked exchange."""

    def __init__(self, ari: FakeAri) -> None:
        self._ari = ari
        self._channel = ari.rings_us("95001", "13912345678")

    def gives_up(self) -> None:
        self._ari.hangs_up(self._channel.id)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
async def test_whoever_gives_up_is_gone_whatever_was_being_said(act: Act):
    async with fake_ari() as ari:

        async def channels() -> Sequence[str]:
            return list(ari.channels)

        @asynccontextmanager
        async def rings() -> AsyncIterator[Rung]:
            yield Rung(ari)

        async with open_office(ari.at, channels) as office:
            for seat in SEATS.values():
                await office.lines.pbx.admit(SeatKey(seat, "once"))
            assert await at_each_instant(office, act, rings) > 5
            assert {each.state for each in office.ended} == {State.ENDED}
            assert not any(each.startswith(("talk-", "aside-")) for each in ari.rooms)
