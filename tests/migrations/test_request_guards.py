"""What the database refuses of a request for service, whoever asks."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from uuid import UUID

import asyncpg
import pytest

from callcenter.alerts.incident import RAISED, State
from callcenter.core.ids import new_id

AT = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
CLASSES = ("alarm", "technical", "service")


async def _incident(
    owner: asyncpg.Connection, signal_class: str, state: State = State.TAKEN
) -> UUID:
    incident = new_id()
    await owner.execute(
        """
        INSERT INTO incident (id, subject, class, kind, state, priority, region_id, region_path, source, card,
                              opened_at, last_signal_at, taken_by, outcome, closed_at, follow_due_at)
        VALUES ($1, $2, $3, 'help', $4, 3, 1, '{1}', 'dc09', '{}', $5, $5, 7, 'test', $5, $5)
        """,
        incident,
        f"home:{incident}",
        signal_class,
        state,
        AT,
    )
    return incident


async def test_a_class_changes_only_as_the_table_says(owner: asyncpg.Connection):
    for state, before, after in product(State, CLASSES, CLASSES):
        incident = await _incident(owner, before, state)
        change = owner.execute("UPDATE incident SET class = $2 WHERE id = $1", incident, after)
        raises = RAISED.get(before) == after and state is not State.CLOSED  # type: ignore[call-overload]
        if before == after or raises:
            assert await change == "UPDATE 1"
            continue
        with pytest.raises(asyncpg.CheckViolationError) as refused:
            await change
        assert refused.value.constraint_name == "incident_class"


@pytest.mark.parametrize(
    ("signal_class", "change", "constraint"),
    [
        ("service", "escalated = 1", "ck_incident_request_calls_nobody"),
        ("alarm", "call_back_by = opened_at", "ck_incident_request_has_its_time"),
        ("service", "outcome = 'service_done'", "ck_incident_served_as_wanted"),
        ("alarm", "outcome = 'service_done', wanted = 'meal'", "ck_incident_served_as_wanted"),
        ("service", "wanted = 'a car'", "ck_incident_wanted_known"),
    ],
)
async def test_what_a_request_is_not(
    owner: asyncpg.Connection, signal_class: str, change: str, constraint: str
):
    await _incident(owner, signal_class)
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await owner.execute(f"UPDATE incident SET {change}")  # noqa: S608 a constant
    assert refused.value.constraint_name == constraint


async def test_a_request_is_served_as_wanted(owner: asyncpg.Connection):
    incident = await _incident(owner, "service")
    done = "UPDATE incident SET outcome = 'service_done', wanted = 'meal' WHERE id = $1"
    assert await owner.execute(done, incident) == "UPDATE 1"
