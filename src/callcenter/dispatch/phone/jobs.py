"""The jobs of whoever asks: what is offered to them, and what they have. Seeing how to get into a home leaves an entry in the trail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.audit.trail import record
from callcenter.core.errors import NotFound
from callcenter.dispatch.phone.schemas import PhoneJobView, PhoneWayInView
from callcenter.dispatch.phone.sessions import Phone
from callcenter.dispatch.task import TaskKind

MOST: Final = 60
AHEAD: Final = timedelta(days=8)
"""Of what somebody has; further on much is still changed."""
ENDED_FOR: Final = timedelta(hours=12)
SEEN: Final = "job_seen"


async def jobs_of(
    session: AsyncSession, phone: Phone, now: datetime, address: str
) -> list[PhoneJobView]:
    """The most urgent and the next first; what they ended today at the end."""
    rows = await _rows(session, phone, now, None)
    await _note_looks(session, phone, rows, now, address)
    return [_view(row, now) for row in rows]


async def job_of(
    session: AsyncSession, phone: Phone, task_id: UUID, now: datetime, address: str
) -> PhoneJobView:
    """Raises NotFound, also for one of somebody else."""
    rows = await _rows(session, phone, now, task_id)
    if not rows:
        raise NotFound(f"There is no task {task_id}.", what="task")
    await _note_looks(session, phone, rows, now, address)
    return _view(rows[0], now)


async def _rows(
    session: AsyncSession, phone: Phone, now: datetime, task_id: UUID | None
) -> Sequence[RowMapping]:
    values = {
        "staff": phone.staff_id,
        "now": now,
        "ahead": now + AHEAD,
        "ended": now - ENDED_FOR,
        "task": task_id,
        "most": MOST,
    }
    return (await session.execute(text(_JOBS), values)).mappings().all()


async def _note_looks(
    session: AsyncSession,
    phone: Phone,
    rows: Sequence[RowMapping],
    now: datetime,
    address: str,
) -> None:
    """Once a job and person: a phone asks each minute."""
    for row in rows:
        if not row["mine"] or row["home_id"] is None or row["seen"]:
            continue
        await record(
            session,
            at=now,
            principal_id=None,
            action=SEEN,
            subject=_subject(row["id"], phone.staff_id),
            region_ids=row["region_path"],
            address=address,
            detail={"home_ids": [row["home_id"]], "staff_id": phone.staff_id},
        )


def _subject(task_id: UUID, staff_id: int) -> str:
    return f"task:{task_id}:staff:{staff_id}"


def _view(row: RowMapping, now: datetime) -> PhoneJobView:
    mine = row["mine"]
    open_now = mine and row["ended_at"] is None
    shown = {name: row[name] for name in _PLAIN}
    return PhoneJobView(
        **shown,
        urgent=row["kind"] == TaskKind.RESCUE,
        offer_until=None if mine or row["expires_at"] <= now else row["expires_at"],
        person=row["person"] if open_now else None,
        way_in=_way_in(row) if open_now and row["home_id"] is not None else None,
        check_list=row["check_list"] if mine else [],
        hazards=row["hazards"] if open_now else "",
        wishes=row["wishes"] if open_now else [],
        call=row["hotline"] if open_now else None,
    )


_PLAIN: Final = (
    *("id", "code", "kind", "state", "version", "mine", "what", "place", "place_en", "destination"),
    *("lat", "lng", "begins_at", "until_at", "minutes", "eta", "arrived_at", "ended_at"),
)


def _way_in(row: RowMapping) -> PhoneWayInView:
    english: Mapping[str, str] = row["home_english"] or {}
    return PhoneWayInView(
        entrance=row["entrance"],
        floor=row["floor"],
        door=row["door"],
        access=row["access_note"],
        access_en=english.get("access_note", ""),
        key=row["key_note"],
        key_en=english.get("key_note", ""),
        has_door_code=row["has_door_code"],
    )


_JOBS = """
SELECT task.id, task.code, task.kind, task.state, task.version, task.what, task.place, task.destination, task.lat, task.lng,
       task.begins_at, task.until_at, task.minutes, task.eta, task.arrived_at, task.ended_at, task.check_list, task.hazards,
       task.home_id, task.region_path, coalesce(task.staff_id = :staff, false) AS mine, offer.expires_at,
       coalesce(home.address_en, '') AS place_en, home.entrance, home.floor, home.door, home.access_note, home.key_note,
       home.english AS home_english, resident.name AS person,
       EXISTS (SELECT FROM home_code WHERE home_code.home_id = task.home_id) AS has_door_code,
       ARRAY(SELECT jsonb_build_object('id', wish.id, 'words', wish.words, 'said_at', wish.said_at,
                 'whose', CASE WHEN task.resident_id IS NULL THEN wisher.name ELSE '' END)
             FROM care_wish AS wish JOIN resident AS wisher ON wisher.id = wish.resident_id
             WHERE wish.state = 'open' AND task.kind <> 'rescue' AND wisher.id IN (
                 SELECT id FROM resident WHERE id = task.resident_id OR task.resident_id IS NULL AND resident.home_id = task.home_id)
             ORDER BY wish.said_at, wish.id) AS wishes,
       EXISTS (SELECT FROM audit_entry WHERE subject = 'task:' || task.id || ':staff:' || :staff) AS seen,
       (SELECT hotline FROM region WHERE region.id = ANY (task.region_path) AND coalesce(hotline, '') <> ''
        ORDER BY cardinality(region.path) DESC LIMIT 1) AS hotline
FROM (
    SELECT id FROM task WHERE staff_id = :staff AND ended_at IS NULL
    UNION SELECT id FROM task WHERE staff_id = :staff AND ended_at > :ended
    UNION SELECT task_id FROM task_offer WHERE staff_id = :staff AND answer IS NULL
) AS own JOIN task ON task.id = own.id
LEFT JOIN LATERAL (
    SELECT expires_at FROM task_offer
    WHERE task_offer.task_id = task.id AND task_offer.staff_id = :staff AND answer IS NULL
    ORDER BY n DESC LIMIT 1
) AS offer ON true
LEFT JOIN home ON home.id = task.home_id
LEFT JOIN resident ON resident.id = task.resident_id
WHERE (CAST(:task AS uuid) IS NULL OR task.id = CAST(:task AS uuid))
  AND ((task.staff_id = :staff AND (task.ended_at IS NULL AND task.begins_at < :ahead OR task.ended_at > :ended))
       OR (task.ended_at IS NULL AND task.staff_id IS NULL AND offer.expires_at > :now))
ORDER BY task.ended_at IS NOT NULL, task.kind <> 'rescue', task.begins_at, task.id
LIMIT :most
"""
"""Each arm of `own` has an index: phones ask each minute, and of what has ended there is more every day."""
