"""Photographs from phones: looked at, drawn anew apart, sealed. One that cannot be kept leaves a row that says why, so that whoever
looks at the check-in sees that there was one, and the phone is told the same whenever it sends it again.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.clock import Clock
from callcenter.core.confined import Confines, OutOfBounds, confined
from callcenter.core.database import Database
from callcenter.core.errors import Invalid, NotFound
from callcenter.core.sealed import Seal
from callcenter.dispatch import moving
from callcenter.dispatch.doing import Doer, StepBy
from callcenter.dispatch.models import TaskOffer, TaskRow
from callcenter.dispatch.phone.decoding import Drawn, read_drawn
from callcenter.dispatch.phone.models import FieldPhoto
from callcenter.dispatch.phone.nonces import given_at
from callcenter.dispatch.phone.picture_kinds import demand_picture
from callcenter.dispatch.phone.sessions import Phone
from callcenter.dispatch.proof import ALIKE_BITS
from callcenter.dispatch.task import TaskStepKind

log = structlog.get_logger(__name__)

SEALED: Final = "field.photo"
COMPARED: Final = timedelta(days=180)
SEEN_BEFORE: Final = "seen_before"
WORK: Final = "callcenter.dispatch.phone.decoding:redrawn"
CONFINES: Final = Confines(file_mb=10, memory_mb=1024, cpu_s=20, patience_s=40.0, answer_mb=8)
_AT_ONCE = asyncio.Semaphore(2)
"""Decoding takes a core and up to a few hundred MiB."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A photograph as a phone sends it: its id, for which job, and what is drawn into it."""

    id: UUID
    task_id: UUID
    nonce: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Album:
    """Takes in the photographs of one phone."""

    database: Database
    clock: Clock
    seal: Seal
    phone: Phone

    async def keep(self, sent: Sent) -> FieldPhoto:
        """The row that holds, whether it was kept, refused or was there already. Raises NotFound for a job of somebody else."""
        async with self.database.transaction() as session:
            known = await self._known(session, sent)
        if known is not None:
            return known
        drawn, refused = await self._drawn(sent)
        async with self.database.transaction() as session:
            known = await self._known(session, sent)
            return known or await self._write(session, sent, drawn, refused)

    async def _known(self, session: AsyncSession, sent: Sent) -> FieldPhoto | None:
        photo = await session.get(FieldPhoto, sent.id)
        if photo is not None and photo.staff_id == self.phone.staff_id:
            return photo
        if photo is not None or not await self._is_ours(session, sent.task_id):
            raise NotFound(f"There is no task {sent.task_id}.", what="task")
        return None

    async def _is_ours(self, session: AsyncSession, task_id: UUID) -> bool:
        own = self.phone.staff_id
        asked = select(TaskOffer.task_id).where(
            TaskOffer.task_id == task_id, TaskOffer.staff_id == own
        )
        has = select(TaskRow.id).where(TaskRow.id == task_id, TaskRow.staff_id == own)
        return await session.scalar(asked.union(has).limit(1)) is not None

    async def _drawn(self, sent: Sent) -> tuple[Drawn | None, str]:
        """Drawn anew, or why not."""
        try:
            demand_picture(sent.content)
            async with _AT_ONCE:
                drawn = read_drawn(await confined(WORK, sent.content, CONFINES))
        except OutOfBounds:
            return None, "photo_too_much"
        except Invalid as error:
            return None, error.code
        return drawn, "" if drawn else "photo_type"

    async def _write(
        self, session: AsyncSession, sent: Sent, drawn: Drawn | None, refused: str
    ) -> FieldPhoto:
        now = self.clock.now()
        alike = await self._alike(session, sent, drawn) if drawn else None
        photo = FieldPhoto(
            id=sent.id,
            task_id=sent.task_id,
            staff_id=self.phone.staff_id,
            received_at=now,
            nonce=sent.nonce[:40],
            nonce_at=given_at(self.seal, self.phone.staff_id, sent.nonce, now),
            alike=alike.id if alike else None,
            refused=refused,
        )
        sha256 = hashlib.sha256(sent.content).digest()
        if drawn is not None and alike is not None and alike.sha256 == sha256:
            photo.refused = SEEN_BEFORE  # byte for byte what is kept already
        elif drawn is not None:
            photo.sha256, photo.phash = sha256, _signed(drawn.phash)
            photo.width, photo.height = drawn.width, drawn.height
            photo.content = self.seal.seal(drawn.content, context=SEALED)
        session.add(photo)
        await session.flush()
        await self._tell(session, photo)
        return photo

    async def _alike(self, session: AsyncSession, sent: Sent, drawn: Drawn) -> FieldPhoto | None:
        found: FieldPhoto | None = await session.scalar(
            select(FieldPhoto).from_statement(text(_ALIKE)),
            {
                "sha256": hashlib.sha256(sent.content).digest(),
                "phash": _signed(drawn.phash),
                "staff": self.phone.staff_id,
                "since": self.clock.now() - COMPARED,
                "bits": ALIKE_BITS,
            },
        )
        return found

    async def _tell(self, session: AsyncSession, photo: FieldPhoto) -> None:
        """A check-in may stand already: then its job says what is to be said of the picture."""
        if not (photo.refused or photo.alike):
            return
        log.info(
            "phone_photo_flagged",
            staff_id=photo.staff_id,
            photo=str(photo.id),
            reason=photo.refused or SEEN_BEFORE,
        )
        task = await moving.held(session, photo.task_id)
        doer = Doer(StepBy.PHONE, name=self.phone.name)
        said: dict[str, Any] = {
            "photo_id": str(photo.id),
            "photo": photo.refused or SEEN_BEFORE,
            "alike": str(photo.alike) if photo.alike else None,
        }
        kind, now = TaskStepKind.NOTE, self.clock.now()
        await moving.note(session, task, kind, doer, now, self.phone.staff_id, **said)


def _signed(bits: int) -> int:
    """As PostgreSQL's bigint has it."""
    return bits - (1 << 64) if bits >> 63 else bits


_ALIKE = """
SELECT * FROM photo
WHERE sha256 = :sha256
   OR (staff_id = :staff AND received_at > :since AND phash IS NOT NULL
       AND bit_count((phash # CAST(:phash AS bigint))::bit(64)) <= :bits)
ORDER BY sha256 = :sha256 DESC, received_at
LIMIT 1
"""


async def of_task(session: AsyncSession, task_id: UUID) -> Sequence[FieldPhoto]:
    """In the order in which they came."""
    found = select(FieldPhoto).where(FieldPhoto.task_id == task_id)
    return (await session.scalars(found.order_by(FieldPhoto.received_at))).all()


async def bytes_of(session: AsyncSession, seal: Seal, photo: FieldPhoto) -> bytes:
    """The JPEG. Raises NotFound for one that was not kept."""
    content = await session.scalar(select(FieldPhoto.content).where(FieldPhoto.id == photo.id))
    if content is None:
        raise NotFound("This photograph was not kept.", what="photo")
    return seal.open(content, context=SEALED)
