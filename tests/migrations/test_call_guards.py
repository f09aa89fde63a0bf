"""What the database refuses of a call, whoever asks."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import asyncpg
import pytest

from callcenter.calls.item import TRANSITIONS, CallState, ListKind
from callcenter.calls.policy import STANDARD, stored_policies
from callcenter.core.database import Database
from tests.support.community import Community

AT = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
ALLOWED = {(state, after) for state, events in TRANSITIONS.items() for after in events.values()}


@pytest.fixture
async def item(owner: asyncpg.Connection) -> int:
    community = await Community.found(owner)
    made = "INSERT INTO call_list (kind, name, region_id, created_at) VALUES ('well_being', '', $1, $2) RETURNING id"
    list_id = await owner.fetchval(made, community.root, AT)
    return int(
        await owner.fetchval(
            "INSERT INTO call_item (list_id, subject, home_id, occurrence, due_at, rank, next_try_at)"
            " VALUES ($1, 'home:1', 1, '2026-03-14', $2, 0, $2) RETURNING id",
            list_id,
            AT,
        )
    )


async def _put(owner: asyncpg.Connection, item: int, state: CallState) -> str:
    held = state is CallState.LEASED
    return await owner.execute(
        "UPDATE call_item SET state = $2, leased_by = $3, lease_until = $4, result = 'well', ended_at = $5 WHERE id = $1",
        item,
        state,
        7 if held else None,
        AT if held else None,
        AT,
    )


@pytest.mark.parametrize(("before", "after"), list(product(CallState, CallState)))
async def test_a_call_moves_as_the_state_machine_says(
    owner: asyncpg.Connection, item: int, before: CallState, after: CallState
):
    await _put(owner, item, before)
    if before is after or (before, after) in ALLOWED:
        assert await _put(owner, item, after) == "UPDATE 1"
    else:
        with pytest.raises(asyncpg.CheckViolationError) as refused:
            await _put(owner, item, after)
        assert refused.value.constraint_name == "call_transition"


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("state = 'leased'", "ck_call_item_leased_to_somebody"),
        ("leased_by = 7, lease_until = due_at", "ck_call_item_leased_to_somebody"),
        ("state = 'done'", "ck_call_item_ended_with_result"),
        ("state = 'escalated', ended_at = due_at", "ck_call_item_ended_with_result"),
    ],
)
async def test_a_call_is_held_by_somebody_and_ends_with_a_result(
    owner: asyncpg.Connection, item: int, change: str, constraint: str
):
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await owner.execute(f"UPDATE call_item SET {change} WHERE id = $1", item)  # noqa: S608
    assert refused.value.constraint_name == constraint


async def test_the_server_changes_no_report(database: Database):
    connection = await database.connect("server")
    for statement in ("UPDATE call_attempt SET note = ''", "DELETE FROM call_attempt"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    await connection.close()


@pytest.mark.parametrize("kind", ListKind)
async def test_the_standard_of_every_kind_is_whole(owner: asyncpg.Connection, kind: ListKind):
    said = stored_policies({kind: STANDARD[kind]})
    assert await owner.fetchval("SELECT call_policies_hold($1)", said)


@pytest.mark.parametrize(
    "said",
    [
        [],
        {"serenade": {"pauses_min": [15], "horizon_min": 60, "after": None}},
        {"well_being": {}},
        {"well_being": {"pauses_min": [], "horizon_min": 60, "after": None}},
        {"well_being": {"pauses_min": 15, "horizon_min": 60, "after": None}},
        {"well_being": {"pauses_min": [15, "x"], "horizon_min": 60, "after": None}},
        {"well_being": {"pauses_min": [15, 4], "horizon_min": 60, "after": None}},
        {"well_being": {"pauses_min": [15] * 6, "horizon_min": 60, "after": None}},
        {"well_being": {"pauses_min": [15], "horizon_min": None, "after": None}},
        {"well_being": {"pauses_min": [15], "horizon_min": 60}},
        {"roll_call": {"pauses_min": [15], "horizon_min": 60, "after": None}},
        {"silent_device": {"pauses_min": [60], "horizon_min": 1_440, "after": None}},
    ],
)
async def test_what_a_region_says_of_its_calls_has_no_holes(
    owner: asyncpg.Connection, said: object
):
    community = await Community.found(owner)
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await owner.execute(
            "UPDATE region SET call_policies = $1 WHERE id = $2", said, community.root
        )
    assert refused.value.constraint_name == "ck_region_call_policies_whole"
