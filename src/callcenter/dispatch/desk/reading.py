"""Tasks as the desk lists them: by what they want of the dispatcher, a page at a time, and what has changed since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final
from uuid import UUID

from sqlalchemy import DateTime, TextClause, bindparam, text

from callcenter.auth.permissions import Action
from callcenter.core.errors import NotFound
from callcenter.dispatch.desk.asked_for import Filter, Start, read_mark, read_start, write_start
from callcenter.dispatch.desk.looks import Looks
from callcenter.dispatch.desk.ordering import NAMES, moments, rank_by
from callcenter.dispatch.desk.schemas import TaskChanges, TaskCounts, TaskLine, TaskPage
from callcenter.dispatch.lateness import Rank, Standing
from callcenter.dispatch.task import TaskKind, TaskState
from callcenter.residents.access import Asking

MOST_CHANGES: Final = 500
"""Of more than this a page loads its list again."""


def regions_of(asking: Asking, action: Action = Action.SEE_FIELD) -> list[int]:
    """Where the asker may do this, for `region_path && :regions`."""
    return sorted(asking.principal.regions(action))


@dataclass(frozen=True, slots=True)
class Listing:
    """Which tasks, as of when, by which calendar."""

    asked: Filter
    now: datetime
    zone: tzinfo

    def parts(self) -> tuple[str, dict[str, Any]]:
        """The condition, and its parameters."""
        conditions, values = self.asked.conditions(self.now, self.zone)
        return " AND ".join(conditions), values | {"now": self.now}


async def page_of(
    asking: Asking, asked: Filter, zone: tzinfo, limit: int, after: str | None
) -> TaskPage:
    """Those that want most come first. Raises Invalid `bad_cursor`."""
    start = None if after is None else read_start(after)
    now = asking.now if start is None else start.as_of
    mark = await _mark(asking)  # before the rows: what is missed by nobody may be met twice
    where, values = Listing(asked, now, zone).parts()
    if start is not None:
        where += " AND (rank, due_at, task.id) > (:rank, :behind, CAST(:task_id AS uuid))"
        values |= {"rank": start.rank, "behind": start.due_at, "task_id": str(start.task_id)}
    rows = await _rows(asking, _page(where), values | {"limit": limit + 1})
    page = [line_of(each, now) for each in rows[:limit]]
    last = page[-1] if len(rows) > limit else None
    following = last and write_start(Start(now, last.rank, last.due_at, last.id))
    await note_look(asking, page)
    return TaskPage(items=page, after=following, mark=mark, as_of=now)


async def counts_of(asking: Asking, asked: Filter, zone: tzinfo) -> TaskCounts:
    """How many of each rank and state."""
    where, values = Listing(asked, asking.now, zone).parts()
    rows = await _rows(asking, _counts(where), values)
    ranks = dict.fromkeys(NAMES.values(), 0)
    states: dict[TaskState, int] = {}
    for row in rows:
        state = TaskState(row["state"])
        states[state] = states.get(state, 0) + row["n"]
        if not row["ended"]:
            ranks[NAMES[Rank(row["rank"])]] += row["n"]
    return TaskCounts(ranks=ranks, states=states, as_of=asking.now)


async def changes_of(
    asking: Asking, asked: Filter, zone: tzinfo, since: str, looks: Looks
) -> TaskChanges:
    """What has been committed since that mark. Raises Invalid `bad_mark`."""
    known = {"mark": read_mark(since), "regions": list(asked.regions), "most": MOST_CHANGES + 1}
    mark = await _mark(asking)
    changed = [row["id"] for row in await _rows(asking, _CHANGED, known)]
    more = len(changed) > MOST_CHANGES
    items = [] if more or not changed else await _among(asking, asked, zone, changed)
    found = {each.id for each in items}
    gone = [] if more else [each for each in changed if each not in found]
    await note_look(asking, items, looks)
    return TaskChanges(items=items, gone=gone, mark=mark, as_of=asking.now, more=more)


async def _among(
    asking: Asking, asked: Filter, zone: tzinfo, ids: Sequence[UUID]
) -> list[TaskLine]:
    where, values = Listing(asked, asking.now, zone).parts()
    where += " AND task.id = ANY(CAST(:ids AS uuid[]))"
    more = {"ids": [str(each) for each in ids], "limit": MOST_CHANGES}
    return [line_of(each, asking.now) for each in await _rows(asking, _page(where), values | more)]


async def lines_of(
    asking: Asking, ids: Sequence[UUID], action: Action = Action.SEE_FIELD
) -> list[TaskLine]:
    """These tasks, whatever has become of them, in the order of the list; those that are not for these eyes are not there."""
    where = "task.region_path && CAST(:regions AS bigint[]) AND task.id = ANY(CAST(:ids AS uuid[]))"
    values = {
        "regions": regions_of(asking, action),
        "ids": [str(each) for each in ids],
        "now": asking.now,
        "limit": max(1, len(ids)),
    }
    return [line_of(each, asking.now) for each in await _rows(asking, _page(where), values)]


async def line(asking: Asking, task_id: UUID, action: Action = Action.SEE_FIELD) -> TaskLine:
    """Raises NotFound."""
    found = await lines_of(asking, [task_id], action)
    if not found:
        raise NotFound("no such task", what="task")
    return found[0]


async def note_look(asking: Asking, lines: Sequence[TaskLine], looks: Looks | None = None) -> None:
    """Whose names stood there; with `looks` only of those whom the asker has not been shown today."""
    seen = sorted({each.resident_id for each in lines if each.resident_id is not None})
    if looks is not None:
        seen = looks.new_to(asking.principal.user_id, seen, asking.now.date())
    if seen:
        await asking.note("tasks_seen", "tasks", regions_of(asking), {"residents": seen})


def line_of(row: Mapping[str, Any], now: datetime) -> TaskLine:
    """A row of the database as the desk shows it."""
    kind, state = TaskKind(row["kind"]), TaskState(row["state"])
    at = moments(
        Standing(
            kind,
            state,
            row["created_at"],
            row["until_at"],
            timedelta(minutes=row["minutes"]),
            row["arrived_at"],
            row["eta"],
        )
    )
    return TaskLine.model_validate(
        {
            **row,
            "rank": rank_by(kind, state, at, now),
            "overdue_at": at.overdue_at,
            "late_at": at.late_at,
            "risk_at": at.risk_at,
            "will_be_late": at.will_be_late,
        }
    )


async def _mark(asking: Asking) -> str:
    return str(await asking.session.scalar(text("SELECT pg_current_snapshot()::text")))


async def _rows(
    asking: Asking, query: TextClause, values: Mapping[str, Any]
) -> Sequence[Mapping[str, Any]]:
    return [dict(each) for each in (await asking.session.execute(query, values)).mappings()]


_UNTIL = """
coalesce(task.until_at, CASE WHEN task.kind = 'rescue' THEN task.created_at + interval '45 minutes' END)
"""

_STANDING = f"""
CROSS JOIN LATERAL (SELECT {_UNTIL} AS until) AS promised
CROSS JOIN LATERAL (
    SELECT coalesce(promised.until, task.begins_at) AS due_at, CASE
        WHEN task.ended_at IS NOT NULL THEN 5
        WHEN task.state = 'unplaced' THEN CASE WHEN task.kind = 'rescue' THEN 0 ELSE 2 END
        WHEN task.state = 'arrived' THEN
            CASE WHEN :now > task.arrived_at + make_interval(mins => task.minutes::int + 20) THEN 1 ELSE 5 END
        WHEN :now > promised.until THEN 3
        WHEN task.eta IS NOT NULL THEN CASE WHEN task.eta > promised.until THEN 4 ELSE 5 END
        WHEN task.state <> 'under_way' AND promised.until - :now < interval '15 minutes' THEN 4
        ELSE 5
    END AS rank
) AS standing
"""
"""The same as `lateness.rank`: tests/dispatch/desk/test_reading.py holds them against each other."""

_JOINED = """
LEFT JOIN home ON home.id = task.home_id
LEFT JOIN resident ON resident.id = task.resident_id
LEFT JOIN staff ON staff.id = task.staff_id
"""

_TIMES = ("now", "since", "until", "behind")


def _timed(sql: str) -> TextClause:
    """With the zones of its times; SQLAlchemy would leave them out."""
    zoned = DateTime(timezone=True)
    named = [each for each in _TIMES if f":{each}" in sql]
    return text(sql).bindparams(*(bindparam(each, type_=zoned) for each in named))


def _page(where: str) -> TextClause:
    """Only the rows of the page are joined with names, unless names are searched."""
    joins = _JOINED if "resident." in where else ""
    return _timed(
        f"""
WITH picked AS (
    SELECT task.id, standing.rank, standing.due_at FROM task {joins} {_STANDING}
    WHERE {where} ORDER BY standing.rank, standing.due_at, task.id LIMIT :limit
)
SELECT task.id, task.version, task.kind, task.state, picked.due_at, task.region_id, task.code, task.what, task.place, task.destination,
       task.home_id, coalesce(home.address, '') AS address, coalesce(home.address_en, '') AS address_en,
       coalesce(task.lat, home.lat) AS lat, coalesce(task.lng, home.lng) AS lng,
       task.resident_id, resident.name, resident.name_latin, task.incident_id, incident.number AS incident_number, task.priority,
       task.created_at, task.begins_at, task.until_at, task.minutes, task.staff_id, staff.name AS staff_name, task.eta,
       task.arrived_at, task.ended_at,
       (SELECT count(*) FROM task_offer WHERE task_offer.task_id = task.id AND answer IS NULL AND expires_at > :now) AS asked
FROM picked JOIN task ON task.id = picked.id {_JOINED} LEFT JOIN incident ON incident.id = task.incident_id
ORDER BY picked.rank, picked.due_at, task.id
"""  # noqa: S608 conditions are constants of `asked_for`, values are bound
    )


def _counts(where: str) -> TextClause:
    joins = _JOINED if "resident." in where else ""
    return _timed(
        f"""
SELECT task.state, standing.rank, task.ended_at IS NOT NULL AS ended, count(*) AS n
FROM task {joins} {_STANDING} WHERE {where} GROUP BY 1, 2, 3
"""  # noqa: S608 likewise
    )


_CHANGED: Final = text(
    """
SELECT id FROM task
WHERE changed_xid >= pg_snapshot_xmin(CAST(CAST(:mark AS text) AS pg_snapshot))
    AND NOT pg_visible_in_snapshot(changed_xid, CAST(CAST(:mark AS text) AS pg_snapshot))
    AND region_path && CAST(:regions AS bigint[])
ORDER BY changed_xid, id LIMIT :most
"""
)
