"""Telephones of an exchange in which nothing is heard: a console on duty has one, and there is no other kind; a real one has none of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from callcenter.auth.permissions import HeldGrant, Role
from callcenter.auth.sessions import Principal, Sessions
from callcenter.core.clock import SystemClock
from callcenter.core.database import Database
from callcenter.core.errors import NotFound
from callcenter.core.sealed import Seal
from callcenter.hotline.models import Source, source_of
from callcenter.hotline.telephone.telephones import TelephoneKind, Telephones
from callcenter.telephony.pbx import Pbx
from callcenter.telephony.pbxs.asterisk.exchange import Asterisk, At
from callcenter.telephony.pbxs.simulated.exchange import Simulated

REGION = 1
REAL = Asterisk("trial", At("127.0.0.1:9", "callcenter", "only-in-tests"))

Makes = Callable[[Pbx, Sequence[Principal]], Telephones]


def logged_in(user_id: int) -> Principal:
    until = datetime.now(UTC) + timedelta(hours=1)
    grants = (HeldGrant(Role.OPERATOR, REGION),)
    return Principal(user_id, f"u{user_id}", "", "", "en", grants, uuid4().bytes, "", until)


LI, ZHANG = logged_in(1), logged_in(2)


@pytest.fixture
async def telephones(database: Database, tmp_path: Path) -> AsyncIterator[Makes]:
    async with AsyncExitStack() as stack:
        sessions, seal = Sessions(database, SystemClock()), Seal.load(tmp_path)

        def make(pbx: Pbx, on_duty: Sequence[Principal]) -> Telephones:
            def log_ins(user_id: int) -> Sequence[Principal]:
                return [each for each in on_duty if each.user_id == user_id]

            made = Telephones(pbx, (), database, sessions, seal, log_ins)
            stack.push_async_callback(made.connections.close)
            return made

        yield make


async def test_whoever_is_on_duty_can_be_rung_also_by_a_server_that_knows_of_no_page(
    telephones: Makes,
):
    found = telephones(Simulated("simulated", {}), [LI])
    assert found.has_one(LI.user_id)
    assert found.seat_of_colleague(LI.user_id, [REGION]) == found.seat_of(LI)
    assert not found.has_one(ZHANG.user_id)
    with pytest.raises(NotFound, match="has a telephone"):
        found.seat_of_colleague(ZHANG.user_id, [REGION])
    assert (await found.admit(ZHANG)).kind is TelephoneKind.SIMULATED
    assert found.seat_of(ZHANG)  # who takes a call by hand is there, on duty or not


def test_there_is_no_other_kind_and_none_of_it_at_a_real_exchange(telephones: Makes):
    simulated, real = telephones(Simulated("simulated", {}), [LI]), telephones(REAL, [LI])
    for kind in (TelephoneKind.PAGE, TelephoneKind.DESK, TelephoneKind.NONE):
        with pytest.raises(NotFound):
            simulated.choose(LI, kind, "")
    with pytest.raises(NotFound):
        real.choose(LI, TelephoneKind.SIMULATED, "")
    assert not real.has_one(LI.user_id)


def test_rows_say_whether_somebody_real_rang():
    assert source_of(REAL) is Source.LIVE
    assert source_of(Simulated("simulated", {})) is Source.SIMULATED
