"""The sweep: what other processes have written reaches every seat of this one, once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

import asyncpg
import pytest
from structlog.testing import capture_logs

from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.core.ids import new_id
from callcenter.core.processing import Wakeups
from callcenter.seats.assembly import Seats
from callcenter.seats.board import Shown, encode
from callcenter.seats.feeds import Row
from callcenter.seats.sweep import PAGE, SLICE, Sweep
from callcenter.seats.tables import INCIDENTS, PROOFS, TEXTS
from tests.seats.conftest import Board
from tests.support.flaky_proxy import FlakyProxy
from tests.support.waiting import until

MANY = 10_000


async def come(condition: Callable[[], object], what: str) -> None:
    await until(condition, what, 20)


async def test_an_incident_of_another_process_comes_once(board: Board):
    _, link = board.seat(7)
    incident = await board.incident()
    assert await board.sweep(INCIDENTS) == 1
    assert link.versions() == [(incident, 1)]
    assert [e["number"] for m in link.messages("incidents") for e in m["entries"]] == [1]
    assert await board.sweep(INCIDENTS) == 0


async def test_a_transaction_that_was_still_running_is_found_by_a_later_sweep(board: Board):
    """Its commit comes after rows of a younger transaction were read."""
    _, link = board.seat(7)
    async with board.owner.transaction():
        slow = await board.incident("caller:dc09:slow")
        other = await board.database.connect("younger")
        await other.execute("UPDATE region SET name = name")
        await other.close()
        for _ in range(2):
            assert await board.sweep(INCIDENTS) == 0
    assert await board.sweep(INCIDENTS) == 1
    assert link.versions() == [(slow, 1)]
    assert await board.sweep(INCIDENTS) == 0


async def ten_thousand(board: Board) -> None:
    """As an import of another process leaves them, one entry each."""
    await board.owner.execute(
        "WITH opened AS ("
        " INSERT INTO incident (id, subject, class, kind, priority, region_id, region_path, source, card, opened_at,"
        " last_signal_at) SELECT gen_random_uuid(), 'caller:dc09:' || n, 'alarm', 'sos', 1, $1::bigint, ARRAY[$1::bigint],"
        " 'dc09', '{}', $2, $2 FROM generate_series(1, $3::int) AS n RETURNING id)"
        " INSERT INTO timeline_entry (incident_id, number, at, kind) SELECT id, 1, $2, 'opened' FROM opened",
        board.community.root,
        board.clock.now(),
        MANY,
    )


class Turns:
    """Counts how often the loop gets a turn."""

    def __init__(self) -> None:
        self.count = 0

    async def take(self) -> None:
        while True:
            self.count += 1
            await asyncio.sleep(0)


async def test_ten_thousand_changed_rows_are_pushed_once_in_slices_that_let_others_run(
    board: Board,
):
    assert MANY > 2 * PAGE
    _, link = board.seat(7)
    await ten_thousand(board)
    turns = Turns()
    taking = asyncio.create_task(turns.take())
    assert await board.sweep(INCIDENTS) == MANY
    taking.cancel()
    versions = link.versions()
    assert len(versions) == len(set(versions)) == MANY
    assert sum(len(m["entries"]) for m in link.messages("incidents")) == MANY
    assert max(len(m["incidents"]) for m in link.messages("incidents")) <= SLICE
    assert turns.count > MANY / SLICE
    assert await board.sweep(INCIDENTS) == 0


async def test_a_transaction_that_stays_open_makes_nothing_be_pushed_again(board: Board, dsn: str):
    """An open transaction anywhere in the cluster holds xmin back for as long as it likes."""
    _, link = board.seat(7)
    open_one = await asyncpg.connect(dsn)
    async with open_one.transaction():
        await open_one.execute("SELECT pg_current_xact_id()")
        await ten_thousand(board)
        assert await board.sweep(INCIDENTS) == MANY
        frames = len(link.frames)
        board.hub.pushed.clear()  # it is not memory that keeps it from pushing again
        for _ in range(3):
            assert await board.sweep(INCIDENTS) == 0
        late = await board.incident("caller:dc09:late")
        assert await board.sweep(INCIDENTS) == 1
    await open_one.close()
    assert await board.sweep(INCIDENTS) == 0
    assert len(link.frames) == frames + 1
    assert link.versions()[-1] == (late, 1)


async def test_what_this_process_pushed_itself_is_not_pushed_again(board: Board):
    _, link = board.seat(7)
    incident = await board.incident()
    board.hub.publish([await board.change(incident)])
    await come(lambda: link.versions() == [(incident, 1)], "the push")
    assert await board.sweep(INCIDENTS) == 0


async def test_a_sweep_that_was_cut_off_is_made_again(board: Board, dsn: str):
    _, link = board.seat(7)
    async with FlakyProxy.to_postgres(dsn) as proxy:
        away = Database(proxy.dsn)
        seats = Seats(away, board.clock, Wakeups(), new_id(), sweep_every_s=2.0)
        seats.hub.seats = board.hub.seats
        sweep = seats.sweeps[INCIDENTS.name]
        await sweep.run_once(board.clock.now())
        incident = await board.incident()
        proxy.hold("up", lambda data: b"timeline_entry" in data)
        turn = asyncio.create_task(sweep.run_once(board.clock.now()))
        await proxy.held("up")
        proxy.cut()
        with pytest.raises(Unavailable):
            await turn
        assert link.versions() == []
        proxy.restore()
        await sweep.run_once(board.clock.now())
        assert link.versions() == [(incident, 1)]
        await seats.close()
        await away.close()


async def test_one_row_that_cannot_be_shown_keeps_no_other_from_the_seats(board: Board):
    bad, good = await board.incident("caller:dc09:bad"), await board.incident("caller:dc09:good")

    def picky(row: Row, entries: Sequence[Row]) -> Shown:
        shown = INCIDENTS.show(row, entries)
        return (
            replace(shown, body=encode({"beyond 64 bits": 2**64}))
            if str(row["id"]) == bad
            else shown
        )

    feed = replace(INCIDENTS, show=picky)
    sweep = Sweep(feed, board.hub, board.database, board.clock, interval_s=2.0)
    connection = await board.database.connect("sweep")
    await sweep.sweep(connection)
    await board.owner.execute("UPDATE incident SET version = 2")
    _, link = board.seat(7)
    with capture_logs() as said:
        assert await sweep.sweep(connection) == 1
    await connection.close()
    assert link.versions() == [(good, 2)]
    assert [line["key"] for line in said if line["event"] == "row_not_shown"] == [[bad]]


# ---- texts


async def text_of(board: Board, incident: str, region: int) -> None:
    await board.owner.execute(
        "INSERT INTO sms_message (id, dedup, reference, region_id, recipient, kind, params, language, priority,"
        " created_at, due_at, expires_at) VALUES ($1, 'd', $2, $3, '+8613900000001', 'alarm_raised', '{}', 'zh-CN', 1,"
        " $4, $4, $4)",
        new_id(),
        incident,
        region,
        board.clock.now(),
    )


async def test_each_state_of_a_text_comes_once(board: Board):
    """The sender works in another process."""
    _, link = board.seat(7)
    incident = await board.incident()
    await text_of(board, incident, board.community.root)
    assert await board.sweep(TEXTS) == 1
    await board.owner.execute("UPDATE sms_message SET state = 'submitted', version = 2")
    assert await board.sweep(TEXTS) == 1
    assert await board.sweep(TEXTS) == 0
    shown = [text for message in link.messages("sms") for text in message["messages"]]
    assert [(t["incident_id"], t["version"], t["state"]) for t in shown] == [
        (incident, 1, "queued"),
        (incident, 2, "submitted"),
    ]
    assert {t["recipient"] for t in shown} == {"139****0001"}


async def test_g8_a_text_goes_to_seats_that_see_its_incident_alone(board: Board):
    """Also after the home has moved to another region."""
    east = await board.community.region(board.community.root, "district", "东榆区")
    west = await board.community.region(board.community.root, "district", "西柳区")
    _, at_east = board.seat(7, east)
    _, at_west = board.seat(8, west)
    incident = await board.incident(region=east)
    await text_of(board, incident, west)
    assert await board.sweep(TEXTS) == 1
    assert at_east.messages("sms")
    assert at_west.frames == []


# ---- proofs


async def test_g4_a_proof_of_another_process_is_shown(board: Board):
    _, link = board.seat(7)
    incident = await board.incident()
    await board.owner.execute(
        "INSERT INTO incident_proof (incident_id, ring, proof, user_id, seat_id, at) VALUES ($1, 1, 'seen', 8, $1, $2)",
        incident,
        board.clock.now(),
    )
    assert await board.sweep(PROOFS) == 1
    [proof] = [proof for message in link.messages("proofs") for proof in message["proofs"]]
    assert (proof["incident_id"], proof["ring"], proof["proof"], proof["user_id"]) == (
        incident,
        1,
        "seen",
        8,
    )
    assert await board.sweep(PROOFS) == 0
