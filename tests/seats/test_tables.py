"""The tables of the board as they go out: the shapes that the wire documents, and nothing of a home to those who left it."""

from __future__ import annotations

import orjson
import pytest
from pydantic import TypeAdapter

from callcenter.alerts.change import Change
from callcenter.alerts.entries import Assigned, Opened, Recognised, Relocated, TimelineView
from callcenter.alerts.incident import Incident
from callcenter.alerts.shown import ProofView
from callcenter.devices.trying import EndsOfTests
from callcenter.seats.messages import TestOver as Over
from callcenter.seats.sweep import read_rows
from callcenter.seats.tables import INCIDENTS, PROOFS, TESTS, identity_of, shown_incident
from tests.seats.conftest import Board

INCIDENT: TypeAdapter[Incident] = TypeAdapter(Incident)
ENTRY: TypeAdapter[TimelineView] = TypeAdapter(TimelineView)


@pytest.fixture
async def change(board: Board) -> Change:
    incident = await board.incident()
    home = await board.community.home()
    await board.owner.execute(
        "UPDATE incident SET home_id = $2, lat = 40, lng = 104, card = $3 WHERE id = $1",
        incident,
        home,
        {"people": [], "address": "榆荫里7号楼"},
    )
    return await board.change(incident, board.entry(incident, 1, Opened(kind="sos")))


async def test_an_incident_has_the_documented_shape(change: Change):
    shown = shown_incident(change)
    assert (shown.key, shown.version) == identity_of(change)
    assert INCIDENT.validate_json(shown.body).id == shown.key
    assert [ENTRY.validate_json(made).number for made in shown.entries] == [1]
    assert shown.look == {"home_id": change.incident.home_id}
    assert shown.farewell == b""


async def test_g8_whoever_sees_it_no_more_is_told_that_it_is_over_and_nothing_of_the_home(
    board: Board, change: Change
):
    moves = (
        board.entry(change.incident.id, 2, Assigned(from_path=[1, 2])),
        board.entry(change.incident.id, 3, Relocated(from_path=[1, 3])),
        board.entry(change.incident.id, 4, Recognised(from_path=[1])),
    )
    shown = shown_incident(Change(change.incident, moves))
    assert list(shown.left) == [1, 2, 1, 3, 1]
    farewell = orjson.loads(shown.farewell)
    assert INCIDENT.validate_python(farewell).state == "closed"
    assert (farewell["home_id"], farewell["lat"], farewell["card"]) == (None, None, {"people": []})
    assert "榆荫里".encode() not in shown.farewell


async def test_a_row_that_was_read_is_what_was_published(board: Board, change: Change):
    connection = await board.database.connect("reader")
    [read] = await read_rows(connection, INCIDENTS, [(change.incident.id,)])
    published = shown_incident(change)
    assert orjson.loads(read.body) == orjson.loads(published.body)
    assert (read.key, read.version, list(read.path)) == (
        published.key,
        published.version,
        list(published.path),
    )
    await connection.close()


async def test_a_proof_has_the_documented_shape(board: Board, change: Change):
    key = (change.incident.id, 1, "seen")
    await board.owner.execute(
        "INSERT INTO incident_proof (incident_id, ring, proof, user_id, seat_id, at) VALUES ($1, $2, $3, 7, $1, $4)",
        *key,
        board.clock.now(),
    )
    connection = await board.database.connect("reader")
    [shown] = await read_rows(connection, PROOFS, [key])
    assert ProofView.model_validate_json(shown.body).user_id == 7
    assert shown.key == key
    await connection.close()


async def test_the_end_of_a_test_is_pushed_once_where_it_was_and_shown_for_a_while(board: Board):
    """With a change of the row that is none of its end before it."""
    street = board.community.street
    (_, there), (_, elsewhere) = board.seat(7, street), board.seat(8, 999)
    period = await board.owner.fetchval(
        "INSERT INTO test_period (subject, subject_id, label, region_id, region_path, from_at, until_at, reason, by_id, by_name)"
        " VALUES ('home', 1, '榆荫里7号楼', $1, $2, $3::timestamptz, $3::timestamptz + interval '1 hour', '测试', 1, 'w')"
        " RETURNING id",
        street,
        [board.community.root, street],
        board.clock.now(),
    )
    await board.sweep(TESTS)
    ended = EndsOfTests(board.database)
    await ended.run_once(board.clock.now())
    await board.sweep(TESTS)
    assert there.messages("tests_over") == []
    for _ in range(2):
        await ended.run_once(board.clock.advance(3_600))
        await board.sweep(TESTS)
    [message] = there.messages("tests_over")
    [shown] = [Over.model_validate(each) for each in message["tests_over"]]
    assert (shown.id, shown.subject, shown.label, shown.by_hand) == (
        period, "home", "榆荫里7号楼", False,
    )  # fmt: skip
    assert elsewhere.messages("tests_over") == []
    await ended.connections.close()
