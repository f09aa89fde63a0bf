"""REST for lists as files: `POST /api/v1/lists/<list>/file` answers with all rows that the list's own route would show for the
same filter, in the chosen columns. The filter travels in the body, because it may hold a name.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from callcenter.alerts.archive import Archive, Look
from callcenter.alerts.history.router import HistoryQuery, read_history
from callcenter.api.lists.cells import (
    AUDIT,
    CALLS,
    DEVICES,
    INCIDENTS,
    RESIDENTS,
    USERS,
    AuditColumn,
    CallColumn,
    DeviceColumn,
    FiledCall,
    IncidentColumn,
    Layout,
    ResidentColumn,
    Say,
    TakenIncident,
    UserColumn,
)
from callcenter.api.lists.making import Order, Orderer, Pages, follow, make_file
from callcenter.api.trail.reading import read_views
from callcenter.api.trail.shown import AuditFilter, AuditView
from callcenter.api.trail.wording import Both, Language
from callcenter.auth.guards import (
    CurrentContext,
    CurrentUser,
    client_address,
    port,
    require,
    site_time,
)
from callcenter.auth.permissions import Action
from callcenter.auth.users.finding import find_users
from callcenter.auth.users.schemas import UserQuery, UserView
from callcenter.core.database import Database
from callcenter.core.written import Written
from callcenter.devices.inventory import DeviceFilter, DeviceView, find_devices
from callcenter.directory.exporting import MEDIA_TYPES
from callcenter.directory.handing_out import Exports, chunks
from callcenter.hotline.filing.asked_for import CallFilter
from callcenter.hotline.filing.offered import dispositions
from callcenter.hotline.filing.schemas import CallsWanted
from callcenter.hotline.filing.seeing import page_of
from callcenter.residents.access import Asking
from callcenter.residents.guards import Sealed
from callcenter.residents.paging import Window
from callcenter.residents.people import find_residents
from callcenter.residents.schemas import ResidentLine

router = APIRouter(prefix="/api/v1/lists", tags=["lists"])

Row = TypeVar("Row")
InArchive = Annotated[Archive, port(Archive)]

_PAGE: Final = 200
"""Rows read at a time: some milliseconds of the loop."""
_WORDS: Final = frozenset({"q"})
_PAGING: Final = frozenset({"after", "limit"})


class FileBody(Written):
    """`lang`: that of headings, names and codes. 422 `too_many_found` says `most`; 503 `export_running`: another is being made."""

    format: Literal["xlsx", "csv"] = "csv"
    lang: Language = "zh-CN"


class ResidentsWanted(Written):
    """As in `GET /residents`."""

    q: Annotated[str, Field(max_length=100)] = ""
    region_id: int | None = None


class ResidentsFile(FileBody):
    columns: Annotated[list[ResidentColumn], Field(min_length=1, max_length=40)]
    filter: ResidentsWanted = ResidentsWanted()


class DevicesFile(FileBody):
    """`filter` as in `GET /devices`."""

    columns: Annotated[list[DeviceColumn], Field(min_length=1, max_length=40)]
    filter: DeviceFilter = DeviceFilter()


class IncidentsFile(FileBody):
    """`filter` as in `GET /history`; all of it, wherever a page of the list would begin and end."""

    columns: Annotated[list[IncidentColumn], Field(min_length=1, max_length=40)]
    filter: HistoryQuery = HistoryQuery()


class UsersFile(FileBody):
    """`filter` as in `GET /users`; all of it, wherever a page of the list would begin and end."""

    columns: Annotated[list[UserColumn], Field(min_length=1, max_length=40)]
    filter: UserQuery = UserQuery()


class AuditFile(FileBody):
    """`filter` as in `GET /audit`."""

    columns: Annotated[list[AuditColumn], Field(min_length=1, max_length=40)]
    filter: AuditFilter = AuditFilter()


class CallsFile(FileBody):
    """`filter` as in `GET /hotline/calls`; all of it, wherever a page of the list would begin and end."""

    columns: Annotated[list[CallColumn], Field(min_length=1, max_length=40)]
    filter: CallsWanted = CallsWanted()


AnyFile = CallsFile | ResidentsFile | DevicesFile | IncidentsFile | UsersFile | AuditFile


@dataclass(frozen=True, slots=True)
class Counter:
    """Where files are made, and for whom."""

    database: Database
    exports: Exports
    orderer: Orderer
    timezone: str

    async def hand_out(
        self,
        layout: Layout[Row],
        body: AnyFile,
        right: Action,
        pages: Pages[Row],
        subject: str | None = None,
    ) -> Response:
        """The whole file is made first: what is refused is refused before its first byte."""
        order = Order(
            layout,
            body.columns,
            body.format,
            Say(body.lang, ZoneInfo(self.timezone)),
            right,
            pages,
            said(body.filter),
            subject or layout.name,
        )
        with self.exports.file() as made:
            await make_file(self.database, order, self.orderer, made)
            size, file = made.stat().st_size, made.open("rb")
        headers = {
            "Content-Disposition": f'attachment; filename="{layout.name}.{body.format}"',
            "Content-Length": str(size),
            "Cache-Control": "no-store",
        }
        return StreamingResponse(chunks(file), media_type=MEDIA_TYPES[body.format], headers=headers)


def said(wanted: BaseModel) -> dict[str, Any]:
    """What a list was asked for, for the audit trail: that words were looked for, never which, for they are names."""
    given = wanted.model_dump(mode="json", exclude_defaults=True, exclude=set(_PAGING | _WORDS))
    return given | {name: True for name in _WORDS if getattr(wanted, name, "")}


def _counter(
    request: Request,
    principal: CurrentUser,
    context: CurrentContext,
    exports: Annotated[Exports, port(Exports)],
) -> Counter:
    by = Orderer(principal, client_address(request), site_time(request))
    return Counter(context.database, exports, by, context.site_timezone)


AtCounter = Annotated[Counter, Depends(_counter)]


@router.post(
    "/residents/file", response_class=Response, dependencies=[require(Action.EXPORT_RESIDENTS)]
)
async def make_file_of_residents(body: ResidentsFile, counter: AtCounter, seal: Sealed) -> Response:
    """Residents as `GET /residents` finds them, in the regions of which one may export. For all their data: `/residents/export`."""
    wanted = body.filter

    def pages(asking: Asking) -> AsyncIterator[Sequence[ResidentLine]]:
        async def ask(after: str | None) -> tuple[Sequence[ResidentLine], str | None]:
            part = Window(_PAGE, after=after)
            page = await find_residents(asking, seal, wanted.q, part, region_id=wanted.region_id)
            return page.items, page.after

        return follow(ask)

    return await counter.hand_out(RESIDENTS, body, Action.EXPORT_RESIDENTS, pages)


@router.post(
    "/devices/file", response_class=Response, dependencies=[require(Action.EXPORT_RESIDENTS)]
)
async def make_file_of_devices(body: DevicesFile, counter: AtCounter) -> Response:
    """Devices as `GET /devices` finds them. It names whom they serve, and so needs the right to export residents."""

    def pages(asking: Asking) -> AsyncIterator[Sequence[DeviceView]]:
        async def ask(after: str | None) -> tuple[Sequence[DeviceView], str | None]:
            page = await find_devices(asking, body.filter, Window(_PAGE, after=after))
            return page.items, page.after

        return follow(ask)

    return await counter.hand_out(DEVICES, body, Action.EXPORT_RESIDENTS, pages)


@router.post(
    "/incidents/file", response_class=Response, dependencies=[require(Action.EXPORT_INCIDENTS)]
)
async def make_file_of_incidents(
    body: IncidentsFile, counter: AtCounter, archive: InArchive
) -> Response:
    """Incidents as `GET /history` finds them, all the way back."""

    def pages(asking: Asking) -> AsyncIterator[Sequence[TakenIncident]]:
        look = Look(asking.principal, asking.address, asking.now)

        async def ask(after: str | None) -> tuple[Sequence[TakenIncident], str | None]:
            part = body.filter.model_copy(update={"after": after, "limit": _PAGE})
            page = await read_history(archive, look, part)
            latin = page.operators
            return [
                TakenIncident(one, latin.get(str(one.taken_by), "")) for one in page.items
            ], page.next

        return follow(ask)

    return await counter.hand_out(INCIDENTS, body, Action.EXPORT_INCIDENTS, pages)


@router.post("/users/file", response_class=Response, dependencies=[require(Action.MANAGE_USERS)])
async def make_file_of_users(body: UsersFile, counter: AtCounter) -> Response:
    """Accounts as `GET /users` finds them."""

    def pages(asking: Asking) -> AsyncIterator[Sequence[UserView]]:
        async def ask(after: int | None) -> tuple[Sequence[UserView], int | None]:
            part = body.filter.model_copy(update={"after": after or 0, "limit": _PAGE})
            page = await find_users(asking.session, asking.principal, part, asking.now)
            return page.users, page.after

        return follow(ask)

    return await counter.hand_out(USERS, body, Action.MANAGE_USERS, pages)


@router.post(
    "/calls/file", response_class=Response, dependencies=[require(Action.EXPORT_INCIDENTS)]
)
async def make_file_of_calls(body: CallsFile, counter: AtCounter) -> Response:
    """Telephone calls as `GET /hotline/calls` finds them."""
    zone = ZoneInfo(counter.timezone)

    async def pages(asking: Asking) -> AsyncIterator[Sequence[FiledCall]]:
        about = {
            each.code: (Both(each.zh, each.en), each.effective)
            for each in await dispositions(asking.session)
        }
        nothing = Both("", ""), False

        async def ask(after: str | None) -> tuple[Sequence[FiledCall], str | None]:
            wanted: CallFilter = body.filter.asked()
            page = await page_of(asking, wanted, zone, _PAGE, after, noted=False)
            return [
                FiledCall(line, *about.get(line.disposition or "", nothing)) for line in page.items
            ], page.after

        async for rows in follow(ask):
            yield rows

    return await counter.hand_out(CALLS, body, Action.EXPORT_INCIDENTS, pages)


@router.post("/audit/file", response_class=Response, dependencies=[require(Action.READ_AUDIT)])
async def make_file_of_audit_trail(body: AuditFile, counter: AtCounter) -> Response:
    """Entries as `GET /audit` finds them. Of a question about one resident the file is told to them as any look is."""

    def pages(asking: Asking) -> AsyncIterator[Sequence[AuditView]]:
        async def ask(before: UUID | None) -> tuple[Sequence[AuditView], UUID | None]:
            found = await read_views(
                asking, body.filter, counter.timezone, before=before, limit=_PAGE
            )
            return found, found[-1].id if len(found) == _PAGE else None

        return follow(ask)

    resident = body.filter.resident_id
    subject = None if resident is None else f"resident:{resident}"
    return await counter.hand_out(AUDIT, body, Action.READ_AUDIT, pages, subject)
