"""Whatever a signal says is on the spool, and whatever cannot be read there is named and left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from hypothesis import given, strategies as st

from callcenter.alerts.arriving.arrival import Arrival, Found, Rang
from callcenter.alerts.arriving.spooling import (
    Read,
    SpooledCommand,
    SpooledSignal,
    SpooledText,
    of_command,
    of_left,
    of_ring,
    of_signal,
    read,
)
from callcenter.devices.callers import SourceRef
from callcenter.devices.signals import CLASS_OF, Kind, Position, Signal
from tests.support.callers import CALLER

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
TIMES = st.datetimes(timezones=st.just(UTC))
SIGNALS = st.builds(
    Signal,
    identifier=TEXT,
    kind=st.sampled_from(Kind),
    dedup_key=st.binary(min_size=1, max_size=32),
    raw=st.binary(max_size=60),
    occurred_at=st.none() | TIMES,
    position=st.none() | st.builds(Position, st.floats(-90, 90), st.floats(-180, 180)),
    text=st.none() | TEXT,
    extra=st.dictionaries(
        TEXT, st.integers(-(2**53), 2**53) | TEXT | st.none() | st.booleans(), max_size=3
    ),
    flags=st.lists(TEXT, max_size=3).map(tuple),
    peer=st.none() | TEXT,
    also=st.lists(TEXT, max_size=2).map(tuple),
)
COMMAND = SpooledCommand(
    UUID(int=3), UUID(int=1), "home:1", "alarm", "note", {"text": "听见"}, NOON, 5, "王敏", True, (1, 2)
)  # fmt: skip


def arrival(signal: Signal, at: datetime = NOON) -> Arrival:
    return Arrival(
        source=SourceRef("dc09", "tcp", 1, 60),
        signal=signal,
        caller=CALLER,
        signal_class=CLASS_OF[signal.kind],
        priority=1,
        received_at=at,
        journal_id=UUID(int=1),
        incident_id=UUID(int=2),
        card={},
        texts=[],
        flags=(),
        extra=orjson.dumps(signal.extra).decode(),
    )


def only(said: Read) -> list[Any]:
    """What was found, where all is of use."""
    assert (said.unreadable, said.over) == ({}, [])
    return said.found


@given(SIGNALS, TIMES)
def test_every_field_of_a_signal_is_read_back(signal: Signal, at: datetime):
    made = arrival(signal, at)
    [found] = only(read([of_signal(made, signal, told=False)]))
    assert (found.signal, found.received_at, found.source) == (signal, at, made.source)
    assert (found.journal_id, found.incident_id) == (made.journal_id, made.incident_id)
    assert (found.home_id, found.rang) == (None, None)


@given(SIGNALS)
def test_that_it_rang_is_read_with_it(signal: Signal):
    made = replace(arrival(signal), rang=Rang(NOON, 7))
    [found] = only(read([of_signal(made, signal, told=True), of_ring(made)]))
    assert (found.rang, found.home_id) == (made.rang, made.caller.home_id)


def test_a_ring_whose_signal_was_written_and_let_go_before_it_is_over():
    made = replace(arrival(Signal("1", Kind.SOS, b"k", b"r")), rang=Rang(NOON, 7))
    said = read([of_ring(made), of_command(COMMAND)])
    assert (said.found, said.unreadable, said.over) == ([COMMAND], {}, [0])


def test_a_signal_of_a_release_that_knew_no_further_names_has_none():
    made = arrival(Signal("1", Kind.SOS, b"k", b"r", also=("2",)))
    record = orjson.loads(of_signal(made, made.signal, told=False))
    del record["also"]
    [found] = only(read([orjson.dumps(record)]))
    assert found.signal == replace(made.signal, also=())


def test_a_command_is_read_back():
    assert only(read([of_command(COMMAND)])) == [COMMAND]


def test_what_another_release_wrote_or_nobody_can_read_is_named_and_the_others_are_read():
    newer = orjson.dumps({**orjson.loads(of_command(COMMAND)), "v": 2})
    other = orjson.dumps({**orjson.loads(of_command(COMMAND)), "what": "photograph"})
    said = read([newer, other, b"no document", b"[]", of_command(COMMAND)])
    assert said.found == [COMMAND]
    assert list(said.unreadable) == [0, 1, 2, 3]
    assert "form 2 is not known" in said.unreadable[0]
    assert "'photograph' is not known" in said.unreadable[1]


def test_an_incident_that_was_read_from_the_database_is_commanded_as_well():
    """Its id is of the driver's own type."""
    id_ = asyncpg.pgproto.pgproto.UUID(str(COMMAND.incident_id))
    assert only(read([of_command(replace(COMMAND, incident_id=id_))])) == [COMMAND]


def test_what_a_decision_went_by_is_said_and_a_record_of_an_older_release_has_none_of_it() -> None:
    signal = Signal("1", Kind.SOS, b"k", b"r")
    came = replace(
        arrival(signal), ring_to=(5, 6), manned=False, rang=Rang(NOON, 4, 9, taker_there=True)
    )
    records = [of_signal(came, came.signal, told=False), of_ring(came)]
    [said] = read(records).found
    assert isinstance(said, SpooledSignal)
    assert (said.found, said.rang) == (Found((5, 6), manned=False), came.rang)
    older = [without(records[0], "found"), without(records[1], "taker", "there")]
    [said] = read(older).found
    assert isinstance(said, SpooledSignal)
    assert (said.found, said.rang) == (None, Rang(NOON, 4))
    [command] = read([without(of_command(COMMAND), "version")]).found
    assert command == COMMAND


def without(record: bytes, *names: str) -> bytes:
    said = orjson.loads(record)
    for name in names:
        del said[name]
    return orjson.dumps(said)


def test_a_text_that_has_left_is_read_as_its_row_would_be() -> None:
    row = {"id": UUID(int=7), "cause": UUID(int=8), "params": {"ref": 3}, "expires_at": NOON}
    [said] = read([of_left(row)]).found
    assert isinstance(said, SpooledText)
    assert (said.id, said.row["cause"], said.row["params"]) == (row["id"], row["cause"], {"ref": 3})
