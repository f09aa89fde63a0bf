"""What the database itself refuses, whoever asks."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from uuid import UUID

import asyncpg
import pytest

from callcenter.alerts.incident import (
    JOINS,
    TRANSITIONS,
    Event,
    IncidentMode,
    Outcome,
    State,
)
from callcenter.core.database import Database
from callcenter.core.ids import new_id

AT = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)

ALLOWED = {
    (state, after)
    for state, events in TRANSITIONS.items()
    for event, after in events.items()
    if event not in (Event.CALL_OFF, Event.MERGE)
} | {(state, rule.state) for (state, _), rule in JOINS.items()}
"""Of what is neither a drill nor part of another."""


async def _incident(owner: asyncpg.Connection, state: State, mode: str = "real") -> UUID:
    incident = new_id()
    subject = f"drill:1:home:{incident}" if mode == "drill" else f"home:{incident}"
    await owner.execute(
        """
        INSERT INTO incident (id, subject, class, kind, state, priority, region_id, region_path, source, card,
                              opened_at, last_signal_at, taken_by, outcome, closed_at, follow_due_at, mode)
        VALUES ($1, $2, 'alarm', 'sos', $3, 1, 1, '{1}', 'dc09', '{}', $4, $4, 7, 'test', $4, $4, $5)
        """,
        incident,
        subject,
        state,
        AT,
        mode,
    )
    return incident


@pytest.mark.parametrize(("before", "after"), list(product(State, State)))
async def test_the_incident_moves_as_the_state_machine_says(
    owner: asyncpg.Connection, before: State, after: State
):
    incident = await _incident(owner, before)
    move = owner.execute("UPDATE incident SET state = $2 WHERE id = $1", incident, after)

    if before is after or (before, after) in ALLOWED:
        assert await move == "UPDATE 1"
    else:
        with pytest.raises(asyncpg.CheckViolationError) as refused:
            await move
        assert refused.value.constraint_name == "incident_transition"


async def test_g9_no_close_without_an_outcome(owner: asyncpg.Connection):
    incident = await _incident(owner, State.TAKEN)

    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await owner.execute(
            "UPDATE incident SET state = 'closed', outcome = NULL WHERE id = $1", incident
        )

    assert refused.value.constraint_name == "ck_incident_closed_with_outcome"


@pytest.mark.parametrize(
    ("safe_by", "safe_where", "closes"),
    [
        (None, None, False),
        ("林晓", None, False),
        (None, "县医院急诊", False),
        ("", "县医院急诊", False),
        ("林晓", "县医院急诊", True),
    ],
)
async def test_g9_no_emergency_closed_without_a_confirmed_safe(
    owner: asyncpg.Connection, safe_by: str | None, safe_where: str | None, closes: bool
):
    incident = await _incident(owner, State.FOLLOWING)
    close = owner.execute(
        "UPDATE incident SET state = 'closed', outcome = $2, safe_by = $3, safe_where = $4 WHERE id = $1",
        incident,
        Outcome.EMERGENCY,
        safe_by,
        safe_where,
    )

    if closes:
        assert await close == "UPDATE 1"
    else:
        with pytest.raises(asyncpg.CheckViolationError) as refused:
            await close
        assert refused.value.constraint_name == "ck_incident_emergency_closed_safe"


async def test_a_change_is_marked_with_its_transaction(owner: asyncpg.Connection):
    """So that a sweep finds what a lost hint missed."""
    incident = await _incident(owner, State.WAITING)
    async with owner.transaction():
        current = await owner.fetchval("SELECT pg_current_xact_id()")
        await owner.execute("UPDATE incident SET press_count = 2 WHERE id = $1", incident)

    assert await owner.fetchval("SELECT changed_xid FROM incident") == current


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("journal", "id"),
        ("audit_entry", "id"),
        ("audit_link", "hash"),
        ("journal_link", "hash"),
        ("timeline_link", "hash"),
        ("number_gap", "reason"),
        ("database_start", "started_at"),
        ("timeline_entry", "at"),
        ("incident_proof", "at"),
        ("action_plan_version", "steps"),
        ("incident_plan", "version"),
    ],
)
@pytest.mark.parametrize(
    "verb", ["UPDATE {} SET {column} = {column}", "DELETE FROM {}", "TRUNCATE {}"]
)
async def test_the_server_cannot_rewrite_history(
    database: Database, table: str, column: str, verb: str
):
    connection = await database.connect("test")
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(verb.format(table, column=column))
    finally:
        await connection.close()


async def test_the_server_can_append_to_history_and_read_it(database: Database):
    connection = await database.connect("test")
    try:
        await connection.execute(
            "INSERT INTO journal (id, source, outcome, received_at, stored_at, raw)"
            " VALUES ($1, 'dc09', 'undecodable', $2, $2, $3)",
            new_id(),
            AT,
            b"\x00\xff",
        )
        assert await connection.fetchval("SELECT raw FROM journal") == b"\x00\xff"
    finally:
        await connection.close()


async def test_names_of_three_characters_are_found_inside_longer_ones(owner: asyncpg.Connection):
    """Trigrams of Chinese need a character type that knows them as letters."""
    assert await owner.fetchval("SELECT cardinality(show_trgm('沈玉兰'))") > 0
    assert await owner.fetchval("SELECT word_similarity('阿卜杜', '买买提阿卜杜拉')") > 0


def test_taking_is_the_only_way_out_of_waiting():
    """The guard in SQL is written for this; a new way out needs a migration."""
    assert {after for before, after in ALLOWED if before is State.WAITING} == {
        State.WAITING,
        State.TAKEN,
    }
    assert set(TRANSITIONS[State.WAITING]) == {
        Event.TAKE,
        Event.RECORD,
        Event.CALL_OFF,
        Event.RAISE,
        Event.MERGE,
    }


@pytest.mark.parametrize(
    ("state", "home_id", "mode", "closes"),
    [
        (State.WAITING, None, "real", True),
        (State.WAITING, None, "test", True),
        (State.WAITING, 5, "real", False),
        (State.TAKEN, None, "real", False),
        (State.FOLLOWING, None, "real", False),
    ],
)
async def test_g9_only_an_unknown_caller_whom_nobody_has_taken_ends_as_part_of_another(
    owner: asyncpg.Connection, state: State, home_id: int | None, mode: str, closes: bool
):
    incident = await _incident(owner, state, mode)
    await owner.execute("UPDATE incident SET home_id = $2 WHERE id = $1", incident, home_id)
    close = owner.execute(
        "UPDATE incident SET state = 'closed', outcome = 'part_of_other' WHERE id = $1", incident
    )
    if closes:
        assert await close == "UPDATE 1"
    else:
        with pytest.raises(asyncpg.CheckViolationError):
            await close


async def test_only_a_drill_is_closed_while_it_waits(owner: asyncpg.Connection):
    drill = await _incident(owner, State.WAITING, "drill")
    close = "UPDATE incident SET state = 'closed' WHERE id = $1"
    assert await owner.execute(close, drill) == "UPDATE 1"
    test = await _incident(owner, State.WAITING, "test")
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute(close, test)


@pytest.mark.parametrize(("before", "after"), list(product(IncidentMode, IncidentMode)))
async def test_a_test_may_become_real_and_nothing_else_becomes_another(
    owner: asyncpg.Connection, before: IncidentMode, after: IncidentMode
):
    incident = await _incident(owner, State.TAKEN, before)
    move = owner.execute("UPDATE incident SET mode = $2 WHERE id = $1", incident, after)
    if before is after or (before, after) == (IncidentMode.TEST, IncidentMode.REAL):
        assert await move == "UPDATE 1"
    else:
        with pytest.raises(asyncpg.CheckViolationError) as refused:
            await move
        assert refused.value.constraint_name == "incident_mode"


async def test_a_drill_has_a_subject_that_nothing_real_can_have(owner: asyncpg.Connection):
    for mode, subject in (("drill", "home:1"), ("real", "drill:1:home:1")):
        incident = await _incident(owner, State.WAITING, mode)
        with pytest.raises(asyncpg.CheckViolationError) as refused:
            await owner.execute("UPDATE incident SET subject = $2 WHERE id = $1", incident, subject)
        assert refused.value.constraint_name == "ck_incident_drill_apart"


async def test_what_is_followed_has_a_time_to_call_again(owner: asyncpg.Connection):
    incident = await _incident(owner, State.FOLLOWING)
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await owner.execute("UPDATE incident SET follow_due_at = NULL WHERE id = $1", incident)
    assert refused.value.constraint_name == "ck_incident_followed_until"


async def test_what_is_taken_is_taken_by_a_user_or_by_a_duty_phone(owner: asyncpg.Connection):
    incident = await _incident(owner, State.TAKEN)
    take = "UPDATE incident SET taken_by = NULL, taken_by_name = $2 WHERE id = $1"
    await owner.execute(take, incident, "+8613900000009")
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await owner.execute(take, incident, None)
    assert refused.value.constraint_name == "ck_incident_taken_by_somebody"
