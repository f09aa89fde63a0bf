"""Proofs: the first `seen` and `sounding` of a ring, by a seat that may say so, and nobody else's."""

from __future__ import annotations

import asyncpg
import pytest

from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.core.ids import new_id
from callcenter.core.processing import Wakeups
from callcenter.seats.answers import Answer
from callcenter.seats.proofs import Proofs
from callcenter.seats.tables import PROOFS
from callcenter.seats.talk import TalkBounds
from tests.seats.conftest import Board
from tests.support.flaky_proxy import FlakyProxy

MOST = TalkBounds().claims_at_once


@pytest.fixture
def proofs(board: Board) -> Proofs:
    return board.seats.desk.proofs


def seen(*incidents: str, ring: int = 1) -> Answer:
    return Answer("seen", [(incident, ring) for incident in incidents])


async def stored(board: Board) -> list[tuple[str, int, str, int]]:
    rows = await board.owner.fetch("SELECT * FROM incident_proof ORDER BY incident_id, ring, proof")
    return [(str(r["incident_id"]), r["ring"], r["proof"], r["user_id"]) for r in rows]


async def write(board: Board, proofs: Proofs) -> None:
    while await proofs.run_once(board.clock.now()):
        pass


async def test_g4_the_first_of_each_ring_is_kept_whoever_answers(board: Board, proofs: Proofs):
    (one, link), (two, _) = board.seat(7), board.seat(8)
    incident = await board.incident()
    proofs.take(one, seen(incident))
    assert board.wakeups.event("proofs").is_set()
    proofs.take(two, seen(incident))
    proofs.take(two, Answer("sounding", [(incident, 1)]))
    await write(board, proofs)
    proofs.take(two, seen(incident))
    assert await proofs.run_once(board.clock.now()) == 0
    assert await stored(board) == [(incident, 1, "seen", 7), (incident, 1, "sounding", 8)]
    shown = [p for message in link.messages("proofs") for p in message["proofs"]]
    assert sorted((p["proof"], p["user_id"]) for p in shown) == [("seen", 7), ("sounding", 8)]
    assert await board.sweep(PROOFS) == 0  # they were pushed already


async def test_g8_a_seat_that_does_not_see_the_incident_silences_no_other(
    board: Board, proofs: Proofs
):
    east = await board.community.region(board.community.root, "district", "东榆区")
    west = await board.community.region(board.community.root, "district", "西柳区")
    (foreign, _), (own, _) = board.seat(7, west), board.seat(8, east)
    incident = await board.incident(region=east)
    proofs.take(foreign, seen(incident))
    proofs.take(own, seen(incident))  # in the same moment
    await write(board, proofs)
    assert await stored(board) == [(incident, 1, "seen", 8)]
    other = await board.incident("caller:dc09:2", region=east)
    proofs.take(foreign, seen(other))
    await write(board, proofs)
    assert len(await stored(board)) == 1
    proofs.take(own, seen(other))
    await write(board, proofs)
    assert len(await stored(board)) == 2


async def test_g4_a_claim_for_a_ring_that_has_not_come_proves_nothing(
    board: Board, proofs: Proofs, owner: asyncpg.Connection
):
    (early, _), (real, _) = board.seat(7), board.seat(8)
    incident = await board.incident()
    for ring in (2, 3, 1000):
        proofs.take(early, seen(incident, ring=ring))
    await write(board, proofs)
    assert await stored(board) == []
    await owner.execute("UPDATE incident SET ring = 2")
    proofs.take(real, seen(incident, ring=2))
    proofs.take(early, seen(incident, ring=1))
    await write(board, proofs)
    assert await stored(board) == [(incident, 2, "seen", 8)]


async def test_one_seat_that_claims_without_end_is_dropped_and_the_others_count(
    board: Board, proofs: Proofs
):
    (flooding, _), (real, _) = board.seat(7), board.seat(8)
    incident = await board.incident()
    for _ in range(3):
        proofs.take(flooding, seen(*(str(new_id()) for _ in range(MOST // 2))))
    assert len(proofs) == MOST
    proofs.take(real, seen(incident))
    await write(board, proofs)
    assert await stored(board) == [(incident, 1, "seen", 8)]
    assert len(proofs) == 0


async def test_a_claim_that_cannot_be_written_holds_up_no_other(board: Board, proofs: Proofs):
    seat, link = board.seat(7)
    incident = await board.incident()
    proofs.take(seat, seen(incident, ring=10**30))
    with pytest.raises(asyncpg.DataError):
        await proofs.run_once(board.clock.now())
    proofs.take(seat, seen(incident))
    await write(board, proofs)
    assert len(link.messages("proofs")) == 1


async def test_claims_wait_while_the_database_is_away(board: Board, dsn: str):
    seat, _ = board.seat(7)
    incident = await board.incident()
    async with FlakyProxy.to_postgres(dsn) as proxy:
        away = Database(proxy.dsn)
        proofs = Proofs(board.hub, board.clock, away, Wakeups())
        proofs.take(seat, seen(incident))
        proxy.cut()
        with pytest.raises(Unavailable):
            await proofs.run_once(board.clock.now())
        proxy.restore()
        await write(board, proofs)
        assert await stored(board) == [(incident, 1, "seen", 7)]
        await proofs.connections.close()
        await away.close()
