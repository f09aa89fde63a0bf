"""What keeps the seats true, when something comes in between."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest
from pydantic import ValidationError

from callcenter.core.database import Database
from callcenter.core.held import keep_doing
from callcenter.core.ids import new_id
from callcenter.core.supervisor import Supervisor
from callcenter.seats.messages import Rung
from callcenter.seats.presence import Presence
from callcenter.seats.proofs import Proofs
from tests.seats.conftest import Board
from tests.support.flaky_proxy import FlakyProxy
from tests.support.waiting import until


async def test_a_seat_that_comes_while_presence_is_written_is_written_at_once(
    board: Board, dsn: str
):
    """Another server would take an armed seat for absent until the next turn, and tell the duty number."""
    presence = Presence(board.hub, new_id())
    board.seat(await board.community.user("early"))
    late = await board.community.user("late")
    async with FlakyProxy.to_postgres(dsn) as proxy:
        database = Database(proxy.dsn)
        connection = await database.connect("presence")
        proxy.hold("up", lambda data: b"lease_until > clock_timestamp()" in data)
        turn = asyncio.create_task(presence.cycle(connection))
        await proxy.held("up")
        board.seat(late)
        proxy.release()
        await turn
        assert board.hub.presence_changed.is_set()
        await presence.cycle(connection)
        assert not board.hub.presence_changed.is_set()
        await connection.close()
        await database.close()
    assert await board.owner.fetchval("SELECT count(*) FROM seat_presence") == 2


async def test_a_proof_that_cannot_be_written_holds_up_no_other(board: Board):
    seat, link = board.seat(await board.community.user("wang"))
    incident = await board.incident()
    proofs = Proofs(board.hub, board.clock)
    nonsense = Rung.model_construct(incident_id=new_id(), ring=10**30)
    proofs.take(seat, "seen", [nonsense])
    with pytest.raises(asyncpg.PostgresError):
        await board.step(proofs.cycle)
    proofs.take(seat, "seen", [Rung(incident_id=incident, ring=1)])
    await board.step(proofs.cycle)
    assert len(link.messages("proofs")) == 1


def test_a_ring_that_no_incident_can_have_is_not_understood():
    with pytest.raises(ValidationError):
        Rung(incident_id=new_id(), ring=10**30)


async def test_a_loop_goes_on_after_a_fault_that_nobody_foresaw(database: Database):
    done: list[int] = []

    async def step(connection: asyncpg.Connection) -> None:
        done.append(await connection.fetchval("SELECT 1"))
        if len(done) == 1:
            raise KeyError("nobody foresaw this")

    async with Supervisor() as supervisor:
        doing = keep_doing(database, "loop", lambda: asyncio.sleep(0.01), step)
        supervisor.start(doing, name="loop")
        await until(lambda: len(done) > 1, "a second turn")
