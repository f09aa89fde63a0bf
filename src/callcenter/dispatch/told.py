"""The texts of a step, written into the outbox in the transaction of the step (G6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.encoding import encode_text
from callcenter.core.phone import takes_texts
from callcenter.dispatch.doing import StepBy
from callcenter.dispatch.models import TaskRow, TaskStep
from callcenter.dispatch.task import TaskKind, TaskState, TaskStepKind
from callcenter.dispatch.telling import Happened, Job, Worker, hurried, texts, whom
from callcenter.sms.outbox import Text, insert_texts, text_rows

ALARM: Final = "alarm"
"""In the data of a step OVERDUE_OUT: nobody has called the lone worker in time. The alarm process opens an incident for them by it."""


async def write_texts(session: AsyncSession, task: TaskRow, step: TaskStep) -> None:
    """To whoever has to know of this step."""
    happened = _happened(step)
    state, kind = TaskState(task.state), TaskKind(task.kind)
    about = list(whom(happened, Job(kind, state, task.begins_at)))
    if not about:
        return
    job = await job_of(session, task)
    workers = await workers_of(session, about)
    await put(session, task, texts(happened, job, workers), step.at)


async def put(session: AsyncSession, task: TaskRow, wanted: Sequence[Text], at: datetime) -> None:
    """These texts about the task, each once."""
    rows: Iterable[Mapping[str, object]] = text_rows(task.id, wanted, at, ring=1)
    if task.kind == TaskKind.RESCUE:
        rows = [hurried(row, at) for row in rows]
    document = {"document": encode_text(list(rows)), "at": at, "task": task.id}
    await session.execute(_INSERT, document)


async def put_alone(
    session: AsyncSession, cause: UUID, region_id: int, wanted: Sequence[Text], at: datetime
) -> None:
    """Texts that are about no task: `cause` is the text that they answer."""
    rows = list(text_rows(cause, wanted, at, ring=1))
    about = {"document": encode_text(rows), "at": at, "cause": cause, "region": region_id}
    await session.execute(_INSERT_ALONE, about)


def _happened(step: TaskStep) -> Happened:
    data: Mapping[str, Any] = step.data if isinstance(step.data, dict) else {}
    return Happened(
        TaskStepKind(step.kind),
        StepBy(step.by),
        step.n,
        step.at,
        step.staff_id,
        tuple(data.get("withdrawn") or ()),
        data.get(ALARM) is True,
    )


async def job_of(session: AsyncSession, task: TaskRow) -> Job:
    """With the home, whoever lives there, and the names of the region as they are now."""
    asked = {
        "home": task.home_id,
        "resident": task.resident_id,
        "path": list(task.region_path),
    }
    row = (await session.execute(_ABOUT, asked)).mappings().one()
    return Job(
        TaskKind(task.kind),
        TaskState(task.state),
        task.begins_at,
        task.what,
        task.place or row["address"] or "",
        row["address_en"] or "",
        "，".join(filter(None, (row["access_note"], row["key_note"]))),
        ", ".join(filter(None, (row["access_note_en"], row["key_note_en"]))),
        row["name"] or "",
        row["name_latin"] or "",
        row["sex"],
        row["salutation"] or "",
        row["salutation_en"] or "",
        row["sms_signature"] or "",
        row["sms_signature_en"] or "",
        row["hotline"] or "",
    )


async def workers_of(session: AsyncSession, staff_ids: Sequence[int]) -> list[Worker]:
    """Those of them who have a telephone that takes texts."""
    rows = (await session.execute(_WORKERS, {"ids": list(staff_ids)})).mappings()
    return [
        Worker(row["id"], row["phone"], row["on_duty"], row["languages"])
        for row in rows
        if takes_texts(row["phone"])
    ]


_OF_TASK = """
WITH cause AS (
    SELECT task.id, task.code AS number, task.region_id, 1 AS ring,
           coalesce((SELECT mode FROM incident WHERE incident.id = task.incident_id), 'real') AS mode
    FROM task WHERE task.id = :task
)
"""
_OF_A_TEXT = """
WITH cause AS (
    SELECT CAST(:cause AS uuid) AS id, NULL::bigint AS number, CAST(:region AS bigint) AS region_id, 1 AS ring, 'real' AS mode
)
"""
_PUT = insert_texts("CAST(:document AS text)", "CAST(:at AS timestamptz)", "cause")
_INSERT = text(_OF_TASK + _PUT)
"""Of a drill no text leaves: its task is one of the drill."""

_INSERT_ALONE = text(_OF_A_TEXT + _PUT)

_NEAREST = """
(SELECT {name} FROM region WHERE id = ANY (CAST(:path AS bigint[])) AND {name} IS NOT NULL
 ORDER BY array_position(CAST(:path AS bigint[]), id) DESC LIMIT 1) AS {name}
"""

_ABOUT = text(f"""
SELECT home.address, home.address_en, home.access_note, home.key_note, home.english->>'access_note' AS access_note_en,
       home.english->>'key_note' AS key_note_en, who.name, who.name_latin, who.sex, who.salutation,
       who.english->>'salutation' AS salutation_en,
       {_NEAREST.format(name="sms_signature")}, {_NEAREST.format(name="sms_signature_en")}, {_NEAREST.format(name="hotline")}
FROM (SELECT 1) AS one
LEFT JOIN home ON home.id = CAST(:home AS bigint)
LEFT JOIN LATERAL (
    SELECT * FROM resident
    WHERE resident.id = CAST(:resident AS bigint)
       OR CAST(:resident AS bigint) IS NULL AND resident.home_id = home.id AND resident.status <> 'deceased'
    ORDER BY resident.id LIMIT 1
) AS who ON true
""")  # noqa: S608 constants

_WORKERS = text("""
SELECT staff.id, phone, languages, EXISTS (SELECT FROM duty WHERE staff_id = staff.id AND ended_at IS NULL) AS on_duty
FROM staff WHERE id = ANY (CAST(:ids AS bigint[])) AND phone IS NOT NULL ORDER BY id
""")
