"""The states of a forwarding: for any order of answers, lost senders and times there is one end, and the database agrees."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import asyncpg
import pytest
from hypothesis import given, strategies as st

from callcenter.core.ids import new_id
from callcenter.forwarding.course import (
    ATTEMPTS,
    MOVES,
    VALID_FOR,
    ForwardState,
    Next,
    Outcome,
    after_attempt,
    after_lost_sender,
)
from tests.support.community import Community

AT = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
ENDS = {ForwardState.DELIVERED, ForwardState.REFUSED, ForwardState.UNKNOWN, ForwardState.EXPIRED}
HAPPENS = st.one_of(st.sampled_from(Outcome), st.just("lost"))


@given(st.lists(st.tuples(HAPPENS, st.integers(0, 60)), min_size=80, max_size=80))
def test_any_order_of_answers_and_lost_senders_comes_to_one_end(course):
    now, expires_at = AT, AT + VALID_FOR
    state, maybe_sent, ended = ForwardState.WAITING, 0, False
    for attempt, (came, late_s) in enumerate(course, start=1):
        assert ForwardState.SENDING in MOVES[state]
        found = _after(came, maybe_sent, attempt, now, expires_at)
        assert found.state in MOVES[ForwardState.SENDING]
        maybe_sent += came in (Outcome.UNKNOWN, "lost")
        assert maybe_sent <= ATTEMPTS, "no further attempt may be a repeat that nobody asked for"
        state, ended = found.state, found.is_end
        if found.is_end:
            break
        assert found.due_at is not None
        assert now < found.due_at < expires_at
        now = found.due_at + timedelta(seconds=late_s)
        if now >= expires_at:  # what the clock decides
            state, ended = _too_late(state), True
            break
    assert ended
    assert state in ENDS
    assert maybe_sent == 0 or state is not ForwardState.EXPIRED, "it may have arrived"


def _after(came: object, maybe: int, attempt: int, now: datetime, expires_at: datetime) -> Next:
    if came == "lost":
        return after_lost_sender(maybe_sent=maybe + 1, now=now, expires_at=expires_at)
    assert isinstance(came, Outcome)
    return after_attempt(
        came,
        sent_before=maybe > 0,
        maybe_sent=maybe + (came is Outcome.UNKNOWN),
        attempt=attempt,
        now=now,
        expires_at=expires_at,
    )


def _too_late(state: ForwardState) -> ForwardState:
    return ForwardState.EXPIRED if state is ForwardState.WAITING else state


@pytest.fixture
async def forwarding(owner: asyncpg.Connection) -> object:
    community = await Community.found(owner)
    centre = await owner.fetchval(
        "INSERT INTO other_centre (name, region_id, way, address, account) VALUES ('区', $1, 'dc09', 'a:1', '4321') RETURNING id",
        community.root,
    )
    return await owner.fetchval(
        "INSERT INTO forwarding (id, dedup, what, incident_id, centre_id, why, region_path, content, created_at, due_at, expires_at)"
        " VALUES ($1, 'd', 'alarm', $1, $2, 'always', '{1}', '{}', $3, $3, $3) RETURNING id",
        new_id(),
        centre,
        AT,
    )


_WAY = {
    ForwardState.WAITING: (),
    ForwardState.SENDING: (ForwardState.SENDING,),
    ForwardState.DELIVERED: (ForwardState.SENDING, ForwardState.DELIVERED),
    ForwardState.REFUSED: (ForwardState.SENDING, ForwardState.REFUSED),
    ForwardState.UNKNOWN: (ForwardState.SENDING, ForwardState.UNKNOWN),
    ForwardState.EXPIRED: (ForwardState.EXPIRED,),
}
_SETTLED = {ForwardState.DELIVERED, ForwardState.REFUSED, ForwardState.EXPIRED}


async def _put(owner: asyncpg.Connection, one: object, state: ForwardState) -> None:
    settled = AT if state in _SETTLED else None
    await owner.execute(
        "UPDATE forwarding SET state = $2, settled_at = $3 WHERE id = $1", one, state, settled
    )


@pytest.mark.parametrize(("before", "after"), list(product(ForwardState, ForwardState)))
async def test_the_database_lets_it_move_as_the_table_says(
    owner: asyncpg.Connection, forwarding: object, before: ForwardState, after: ForwardState
):
    for state in _WAY[before]:
        await _put(owner, forwarding, state)
    if before is after or after in MOVES[before]:
        await _put(owner, forwarding, after)
    else:
        with pytest.raises(asyncpg.CheckViolationError):
            await _put(owner, forwarding, after)


async def test_an_unknown_one_that_is_settled_stays_so_and_who_has_it_is_said_once(
    owner: asyncpg.Connection, forwarding: object
):
    await _put(owner, forwarding, ForwardState.SENDING)
    await owner.execute("UPDATE forwarding SET state = 'unknown', settled_at = $1", AT)
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute("UPDATE forwarding SET state = 'sending', settled_at = NULL")
    said = "UPDATE forwarding SET accepted_by = $1, accepted_how = 'phone', accepted_at = $2"
    await owner.execute(said, "赵班长", AT)
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute(said, "钱班长", AT)
