"""An operator's hands: the next call under a lease, given back, kept, and what was reported of it.

The lease goes by the database's clock and belongs to one operator; whoever has one gets the same call again, so that nobody holds
two and no resident is called by two.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import uuid5

from sqlalchemy import TextClause
from sqlalchemy.exc import IntegrityError

from callcenter.calls.item import (
    ENDED,
    CallResult,
    CallState,
    Decision,
    Event,
    ListKind,
    apply,
    report,
)
from callcenter.calls.region_policies import policies_along
from callcenter.calls.schemas import CallReport, CallView
from callcenter.calls.seeing import call_of, regions_of
from callcenter.calls.statement import statement
from callcenter.core.errors import Conflict, NotFound
from callcenter.core.ids import new_id
from callcenter.dispatch.wishes.keeping import Said, write_wish
from callcenter.residents.access import Asking

LEASE_S: Final = 300
"""A call in which nobody touches the console for this long is offered to somebody else."""


async def take_next(asking: Asking, list_id: int | None) -> CallView | None:
    """The call in hand, else the next one that is due. None when nothing is."""
    mine = await _mine(asking)
    if mine is None:
        parts = _who(asking) | {"list_id": list_id, "now": asking.now}
        mine = await _leased(asking, _NEXT, parts)
        if mine is None:
            return None
    return await _in_hand(asking, mine)


async def take(asking: Asking, item_id: int) -> CallView:
    """This one, from the list to tick off; also one that was missed. Raises Conflict `call_taken`, `holds_another`."""
    item = await _locked(asking, item_id)
    _free(asking, item)
    apply(CallState(item["state"]), Event.LEASE)
    mine = await _mine(asking)
    if mine is not None and mine != item_id:
        raise Conflict("You have another call in hand.", code="holds_another", item_id=mine)
    await _leased(asking, _LEASE, _who(asking) | {"item_id": item_id})
    return await _in_hand(asking, item_id)


async def renew(asking: Asking, item_id: int) -> CallView:
    """Still calling. Raises NotFound, Conflict `lease_lapsed` where the call is no longer in the asker's hands."""
    await _locked(asking, item_id)
    if await _mine(asking) != item_id:
        raise Conflict("This call is no longer yours.", code="lease_lapsed")
    return await call_of(asking, item_id)


async def give_back(asking: Asking, item_id: int) -> None:
    """Unmade; somebody else may take it at once. What is not in the asker's hands stays as it is."""
    await _locked(asking, item_id)
    await asking.session.execute(_GIVE_BACK, _who(asking) | {"item_id": item_id})


async def record(asking: Asking, item_id: int, body: CallReport) -> None:
    """What was said. Raises Conflict `call_taken`, `wrong_state`; Invalid `postponed_until_when`, and as `write_wish`."""
    item = await _locked(asking, item_id)
    if await asking.session.scalar(_REPORTED, {"id": body.id, "item_id": item_id}):
        return
    _free(asking, item)
    postponed = timedelta(minutes=body.minutes) if body.minutes else None
    kind = ListKind(item["kind"])
    policies = await policies_along(asking.session, item["path"])
    decision = report(
        kind,
        CallState(item["state"]),
        item["attempts"],
        body.result,
        pace=policies.of(kind, item["path"]).pace,
        postponed=postponed,
        now=asking.now,
    )
    await _write(asking, item, body, decision)
    wished = Said(id=uuid5(body.id, "wish"), words=body.wish, call_item_id=item_id)
    await write_wish(asking, item["resident_id"], wished)
    detail = {"result": body.result.value, "state": decision.state.value, "item_id": item_id}
    await asking.note("call_reported", f"home:{item['home_id']}", item["path"], detail)


async def _write(
    asking: Asking, item: Mapping[str, Any], body: CallReport, decision: Decision
) -> None:
    """The item, the report, and the row that the alarm process turns into a signal: all or nothing."""
    who = _who(asking) | {"item_id": item["id"], "time": asking.now, "note": body.note}
    ended = asking.now if decision.state in ENDED else None
    changes = {
        "state": decision.state.value,
        "attempts": decision.attempts,
        "next_try_at": decision.next_try_at,
        "stale_at": decision.stale_at,
        "result": body.result.value,
        "score": body.score if item["kind"] == ListKind.SATISFACTION else None,
        "ended_at": ended,
        "ended_by": asking.principal.user_id if ended else None,
    }
    await asking.session.execute(_REPORT, who | changes)
    attempt = {"id": body.id, "result": body.result.value, "name": asking.principal.name}
    try:
        await asking.session.execute(_ATTEMPT, who | attempt)
    except IntegrityError as error:
        raise Conflict("This id belongs to another report.", code="id_used") from error
    if decision.raises is not None:
        raised = {
            "id": new_id(),
            "kind": decision.raises.value,
            "text": _words(item, body),
            "searched": item["kind"] == ListKind.DOOR,
        }
        await asking.session.execute(_SIGNAL, {**item, **who, **raised})


def _words(item: Mapping[str, Any], body: CallReport) -> str:
    """Of the signal, as its incident shows them."""
    return " · ".join(
        part for part in (item["list_name"], _RESULTS[body.result], body.note) if part
    )


_RESULTS: Mapping[CallResult, str] = {
    CallResult.NEEDS_HELP: "需要帮助 needs help",
    CallResult.NEEDS_SERVICE: "需要服务 needs a service",
    CallResult.NO_ANSWER: "多次无人接听 no answer",
    CallResult.WRONG_NUMBER: "号码不对 wrong number",
}


def _who(asking: Asking) -> dict[str, Any]:
    return {
        "user_id": asking.principal.user_id,
        "regions": regions_of(asking),
        "lease_s": LEASE_S,
    }


async def _leased(asking: Asking, taking: TextClause, parts: Mapping[str, Any]) -> int | None:
    """The call that was taken. Raises Conflict `holds_another`: the same operator has taken one at this very moment."""
    try:
        found: int | None = await asking.session.scalar(taking, parts)
    except IntegrityError as error:
        raise Conflict("You have another call in hand.", code="holds_another") from error
    return found


async def _in_hand(asking: Asking, item_id: int) -> CallView:
    """Shown, and the look written down."""
    call = await call_of(asking, item_id)
    path = await asking.session.scalar(_PATH, {"home_id": call.item.home_id})
    detail = {"item_id": item_id, "list_id": call.item.list_id}
    await asking.note("call_taken", f"home:{call.item.home_id}", path or [], detail)
    return call


async def _mine(asking: Asking) -> int | None:
    """The call in the asker's hands, with a new lease; as long as nobody else took it, it is theirs."""
    found: int | None = await asking.session.scalar(_RENEW, _who(asking))
    return found


async def _locked(asking: Asking, item_id: int) -> Mapping[str, Any]:
    """The row, held until the end of the transaction. Raises NotFound."""
    parts = _who(asking) | {"item_id": item_id}
    found = (await asking.session.execute(_LOCKED, parts)).mappings().one_or_none()
    if found is None:
        raise NotFound("no such call", what="call")
    return dict(found)


def _free(asking: Asking, item: Mapping[str, Any]) -> None:
    """Raises Conflict `call_taken` while somebody else has it in hand."""
    if item["held"] and item["leased_by"] != asking.principal.user_id:
        name = item["holder"] or ""
        raise Conflict(f"{name} is calling them now.", code="call_taken", name=name)


_RENEW = statement(
    """
UPDATE call_item SET lease_until = clock_timestamp() + :lease_s * interval '1 second'
FROM home JOIN region ON region.id = home.region_id
WHERE leased_by = :user_id AND state = 'leased' AND home.id = call_item.home_id
    AND region.path && CAST(:regions AS bigint[])
RETURNING call_item.id
"""
)

# Whoever else asks at the same moment gets the one after it.
_NEXT = statement(
    """
UPDATE call_item SET state = 'leased', leased_by = :user_id,
    lease_until = clock_timestamp() + :lease_s * interval '1 second'
WHERE id = (
    SELECT item.id FROM call_item AS item
    JOIN call_list AS list ON list.id = item.list_id AND list.active
    JOIN home ON home.id = item.home_id
    JOIN region ON region.id = home.region_id
    LEFT JOIN resident ON resident.id = item.resident_id
    WHERE item.state IN ('open', 'leased') AND (item.state = 'open' OR item.lease_until < clock_timestamp())
        AND item.next_try_at <= :now AND (item.voice_until IS NULL OR item.voice_until < :now) AND (item.stale_at IS NULL OR item.stale_at > :now)
        AND region.path && CAST(:regions AS bigint[])
        AND (CAST(:list_id AS bigint) IS NULL OR item.list_id = :list_id)
        AND coalesce(resident.status, 'home') NOT IN ('deceased', 'moved', 'hospital')
    ORDER BY item.rank, item.next_try_at, item.id LIMIT 1
    FOR UPDATE OF item SKIP LOCKED
)
RETURNING id
"""
)

_LEASE = statement(
    """
UPDATE call_item SET state = 'leased', leased_by = :user_id,
    lease_until = clock_timestamp() + :lease_s * interval '1 second'
WHERE id = :item_id
RETURNING id
"""
)

_GIVE_BACK = statement(
    """
UPDATE call_item SET state = 'open', leased_by = NULL, lease_until = NULL
WHERE id = :item_id AND state = 'leased' AND leased_by = :user_id
"""
)

_LOCKED = statement(
    """
SELECT item.*, list.kind, list.name AS list_name, home.region_id, region.path, holder.name AS holder,
       item.state = 'leased' AND item.lease_until >= clock_timestamp() AS held
FROM call_item AS item
JOIN call_list AS list ON list.id = item.list_id
JOIN home ON home.id = item.home_id
JOIN region ON region.id = home.region_id
LEFT JOIN app_user AS holder ON holder.id = item.leased_by
WHERE item.id = :item_id AND region.path && CAST(:regions AS bigint[])
FOR UPDATE OF item
"""
)

_REPORTED = statement("SELECT true FROM call_attempt WHERE id = :id AND item_id = :item_id")

_REPORT = statement(
    """
UPDATE call_item SET state = :state, attempts = :attempts, next_try_at = :next_try_at, stale_at = :stale_at,
    leased_by = NULL, lease_until = NULL, result = :result, score = coalesce(:score, score), note = :note, ended_at = :ended_at, ended_by = :ended_by
WHERE id = :item_id
"""
)

_ATTEMPT = statement(
    """
INSERT INTO call_attempt (id, item_id, at, user_id, user_name, result, note)
VALUES (:id, :item_id, :time, :user_id, :name, :result, :note)
"""
)

_SIGNAL = statement(
    """
INSERT INTO call_signal (id, item_id, home_id, resident_id, region_id, kind, text, searched, created_at)
VALUES (:id, :item_id, :home_id, :resident_id, :region_id, :kind, :text, :searched, :time)
"""
)

_PATH = statement(
    "SELECT path FROM region JOIN home ON home.region_id = region.id WHERE home.id = :home_id"
)
