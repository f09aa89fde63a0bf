"""The phones of the staff as the office manages them: who is let in, a link for a new one, an end for a lost one; and what they sent."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from uuid import UUID

import segno
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.audit.trail import record
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal, public_id
from callcenter.core.errors import NotFound
from callcenter.core.sealed import Seal
from callcenter.dispatch.models import TaskRow
from callcenter.dispatch.phone import home_codes, photographs
from callcenter.dispatch.phone.letting_in import NewLink, make_link
from callcenter.dispatch.phone.models import CodeOf, FieldPhoto, FieldSession
from callcenter.dispatch.phone.sessions import live_of
from callcenter.records.models import Staff
from callcenter.regions.models import Region
from callcenter.residents.models import Home


@dataclass(frozen=True, slots=True)
class Managing:
    """Who of the office asks, from where, when, within which transaction."""

    session: AsyncSession
    principal: Principal
    address: str
    now: datetime
    zone: tzinfo

    async def phones_of(self, staff_id: int) -> Sequence[FieldSession]:
        """Raises NotFound."""
        await self._staff(staff_id)
        return await live_of(self.session, staff_id, self.now)

    async def link_for(self, staff_id: int, hours: int) -> NewLink:
        """Raises NotFound, Forbidden."""
        path = await self._staff(staff_id)
        by = self.principal.user_id
        link = await make_link(self.session, staff_id, by, self.now, self.zone, hours)
        until = {"until_at": link.until_at.isoformat()}
        await self._note("field_link_made", f"staff:{staff_id}", path, until)
        return link

    async def end(self, staff_id: int, only: str | None) -> int:
        """All phones of somebody, or the one of this public id; how many. Raises NotFound where there is none."""
        path = await self._staff(staff_id)
        live = await live_of(self.session, staff_id, self.now)
        ended = [one for one in live if only is None or public_id(one.token_hash) == only]
        if only is not None and not ended:
            raise NotFound("There is no such phone.", what="phone")
        for one in ended:
            one.revoked_at, one.revoked_by = self.now, self.principal.user_id
        counted: dict[str, object] = {"phones": len(ended)}
        await self._note("field_phones_ended", f"staff:{staff_id}", path, counted)
        return len(ended)

    async def set_home_code(self, seal: Seal, home_id: int, kind: CodeOf, code: str | None) -> None:
        """Raises NotFound, Forbidden."""
        region_id = await self.session.scalar(select(Home.region_id).where(Home.id == home_id))
        path = await self._path(region_id)
        self.principal.find(Action.DISPATCH, path, "home")
        by = self.principal.user_id
        await home_codes.set_code(self.session, seal, home_id, kind, code, by, self.now)
        said: dict[str, object] = {"kind": kind.value, "set": code is not None}
        await self._note("home_code_set", f"home:{home_id}", path, said)

    async def photos_of(self, task_id: UUID) -> Sequence[FieldPhoto]:
        """Raises NotFound."""
        await self._task(task_id)
        return await photographs.of_task(self.session, task_id)

    async def photo(self, seal: Seal, task_id: UUID, photo_id: UUID) -> bytes:
        """The JPEG; a look that is noted. Raises NotFound."""
        task = await self._task(task_id)
        photo = await self.session.get(FieldPhoto, photo_id)
        if photo is None or photo.task_id != task_id:
            raise NotFound("There is no such photograph.", what="photo")
        content = await photographs.bytes_of(self.session, seal, photo)
        seen: dict[str, object] = {"photo": str(photo_id), "home_ids": [task.home_id]}
        await self._note("field_photo_seen", f"task:{task.id}", task.region_path, seen)
        return content

    async def _staff(self, staff_id: int) -> Sequence[int]:
        """The path of their region."""
        region_id = await self.session.scalar(select(Staff.region_id).where(Staff.id == staff_id))
        path = await self._path(region_id)
        self.principal.find(Action.DISPATCH, path, "staff")
        return path

    async def _task(self, task_id: UUID) -> TaskRow:
        task = await self.session.get(TaskRow, task_id)
        self.principal.find(Action.SEE_FIELD, task.region_path if task else (), "task")
        assert task is not None  # noqa: S101 - nobody has a right in no region
        return task

    async def _path(self, region_id: int | None) -> Sequence[int]:
        return await self.session.scalar(select(Region.path).where(Region.id == region_id)) or ()

    async def _note(
        self, action: str, subject: str, path: Sequence[int], detail: Mapping[str, object]
    ) -> None:
        await record(
            self.session,
            at=self.now,
            principal_id=self.principal.user_id,
            action=action,
            subject=subject,
            region_ids=path,
            address=self.address,
            detail=detail,
        )


def as_picture(address: str) -> str:
    """The QR code (ISO/IEC 18004) of an address, as SVG, for a phone that is held in front of the screen."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", scale=4, border=4, xmldecl=False, svgns=True, dark="#000", light="#fff"
    )
    return drawn.getvalue().decode()
