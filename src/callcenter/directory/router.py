"""REST for what joins places, people and devices: the profile, import and export, the region tree."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement

from callcenter.auth.guards import (
    CurrentContext,
    client_address,
    context_of,
    port,
    require,
)
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.core.confined import Confines
from callcenter.core.errors import Conflict
from callcenter.core.ids import new_id
from callcenter.directory.calling import (
    CallingChanges,
    CallingView,
    change_calling,
    show_calling,
)
from callcenter.directory.codes_to_come import withdraw_code
from callcenter.directory.exporting import MEDIA_TYPES, Wanted, export_residents
from callcenter.directory.handing_out import Exports, chunks
from callcenter.directory.importing import Options, Scope, Stage, import_residents
from callcenter.directory.jobs import ImportJobs
from callcenter.directory.profile import ProfileView, home_profile
from callcenter.directory.region_history import RegionChange, region_history
from callcenter.directory.report import Mode, bad_rows_file, report_json, told_rows_file
from callcenter.directory.speaking import (
    OperatorView,
    SkillsBody,
    SpeakingView,
    set_skills,
    show_speaking,
)
from callcenter.directory.spreadsheet import template
from callcenter.directory.tree import (
    CodeView,
    RegionBody,
    RegionChanges,
    RegionView,
    change_region,
    codes_of,
    plant_region,
    show_region,
    visible_tree,
)
from callcenter.records.consents import granted
from callcenter.records.models import Purpose
from callcenter.residents.access import Asking
from callcenter.residents.guards import Hint, Sealed, Trail

router = APIRouter(prefix="/api/v1")

Language = Annotated[Literal["zh-CN", "en"], Query()]


class ImportChoices(BaseModel):
    """How to import. `region_id` is where rows belong that name no grid."""

    dry_run: bool = True
    mode: Mode = Mode.ALL_OR_NOTHING
    region_id: int | None = None
    device_source: Annotated[str, Field(max_length=100)] = "dc09"
    job: UUID | None = None


class ExportChoices(BaseModel):
    """What to export, and in which words; without `region_id` all that is granted."""

    file_format: Annotated[Literal["xlsx", "csv"], Field(alias="format")] = "xlsx"
    region_id: int | None = None
    lang: Literal["zh-CN", "en"] = "zh-CN"
    for_provider: bool = False
    """Only those who have agreed that providers see their profile."""


class Reason(BaseModel):
    """`column` is the heading as the file has it; `message` says what to do, in English and Chinese."""

    column: str
    code: str
    value: str
    message: str
    message_zh: str


class BadRow(BaseModel):
    """`row` is the number that the spreadsheet shows."""

    row: int
    name: str
    reasons: list[Reason]


class UnreadSheet(BaseModel):
    """A further sheet with something in it, which is not read."""

    name: str
    rows: int


class RowLeftOut(BaseModel):
    """A row that is taken for no person: a sum, a signature, a title, the headings of the next page."""

    row: int
    text: str


class UnknownWord(BaseModel):
    """A word that nobody knows and that is kept in a note; how often it stands in the column."""

    column: str
    word: str
    count: int


class ImportReport(BaseModel):
    """`in_file` counts the rows below the headings as the file has them, `total` those that were read: fewer where cells hold
    line breaks. `written` is 0 after a dry run, and where one bad row stopped all. `remarks` lists good rows of which something
    was read otherwise than it is written.
    """

    job: UUID
    dry_run: bool
    mode: Mode
    in_file: int
    total: int
    good: int
    written: int
    ignored_columns: list[str]
    ignored_sheets: list[UnreadSheet]
    left_out: list[RowLeftOut]
    unknown_words: list[UnknownWord]
    bad: list[BadRow]
    remarks: list[BadRow]


class ImportProgress(BaseModel):
    """How far an import is; `finished` with `report`, or with `failed` (the POST itself then said why)."""

    stage: Stage
    done: int
    total: int
    finished: bool
    failed: bool
    report: ImportReport | None


Jobs = Annotated[ImportJobs, port(ImportJobs)]
Importer = Annotated[Principal, require(Action.IMPORT_RESIDENTS)]


# ---- profile


@router.get(
    "/homes/{home_id}/profile", tags=["residents"], dependencies=[require(Action.SEE_PROFILES)]
)
async def show_profile(home_id: int, asking: Trail, seal: Sealed) -> ProfileView:
    """Everything about a home that a call may need. The look is in the audit trail as `profile_seen`."""
    return await home_profile(asking, seal, home_id)


# ---- import


@router.get(
    "/residents/import/template",
    tags=["import"],
    response_class=Response,
    dependencies=[require(Action.IMPORT_RESIDENTS)],
)
async def show_template(lang: Language = "zh-CN") -> Response:
    """An empty XLSX with the headings, and a sheet that explains them."""
    return _download(template(lang), "xlsx", "residents-template")


@dataclass(frozen=True, slots=True)
class Order:
    """An import as it was asked for."""

    job: UUID
    scope: Scope
    options: Options


def _order(
    request: Request,
    principal: Importer,
    confines: Annotated[Confines, port(Confines)],
    chosen: Annotated[ImportChoices, Query()],
) -> Order:
    regions = principal.regions(Action.IMPORT_RESIDENTS)
    context = context_of(request)
    zone = ZoneInfo(context.site_timezone)
    confines = replace(confines, file_mb=context.site.number("imports.file_mb"))
    options = Options(
        chosen.dry_run, chosen.mode, chosen.region_id, chosen.device_source, confines, zone
    )
    scope = Scope(regions, principal.user_id, client_address(request))
    return Order(chosen.job or new_id(), scope, options)


@router.post(
    "/residents/import",
    tags=["import"],
    response_model=ImportReport,
    dependencies=[require(Action.IMPORT_RESIDENTS), Hint],
)
async def import_file(
    file: UploadFile,
    order: Annotated[Order, Depends(_order)],
    context: CurrentContext,
    seal: Sealed,
    jobs: Jobs,
) -> Response:
    """Check (`dry_run`) or import an XLSX, XLS, ODS or CSV file (UTF-8 or GB18030). The answer lists every bad row with each
    reason, and every remark on a good one.

    `mode`: `all_or_nothing`, or `good_rows` (the bad ones come back from `/residents/import/jobs/{job}/bad-rows`).
    Rows that name no grid belong to `region_id`. A client that makes `job` itself (a UUID) can follow a long import with
    `GET /residents/import/jobs/{job}` while this request runs.
    """
    with jobs.begun(order.job, order.scope.user_id) as running:
        report = await import_residents(
            context.database,
            seal,
            context.clock,
            await file.read(order.options.confines.file_bytes + 1),
            scope=order.scope,
            options=order.options,
            progress=running.advance,
        )
        await jobs.end(order.job, running, report)
    return await _answer(lambda: {"job": order.job, **report_json(report)})


async def _answer(make: Callable[[], Mapping[str, Any]]) -> Response:
    """A long list of bad rows is put into words beside the loop, which the alarms need."""
    content = await asyncio.to_thread(lambda: orjson.dumps(make()))
    return Response(content, media_type="application/json")


@router.get("/residents/import/jobs/{job}", tags=["import"], response_model=ImportProgress)
async def show_import(job: UUID, principal: Importer, jobs: Jobs) -> Response:
    """How far an import is, for a progress bar; kept for the last imports, also through a restart of the server."""
    running = await jobs.find(job, principal.user_id)
    report = running.report
    return await _answer(
        lambda: {
            "stage": running.stage,
            "done": running.done,
            "total": running.total,
            "finished": running.failed or report is not None,
            "failed": running.failed,
            "report": {"job": job, **report_json(report)} if report else None,
        }
    )


@router.get("/residents/import/jobs/{job}/bad-rows", tags=["import"], response_class=Response)
async def show_bad_rows(
    job: UUID, principal: Importer, jobs: Jobs, lang: Language = "zh-CN"
) -> Response:
    """The bad rows as XLSX, wrong cells marked, reasons in the last column: to be corrected and imported again."""
    running = await jobs.find(job, principal.user_id)
    if running.report is None:
        raise Conflict("This import has not ended.", code="import_running")
    content = await asyncio.to_thread(bad_rows_file, running.report, lang)
    return _download(content, "xlsx", "bad-rows")


@router.get("/residents/import/jobs/{job}/told-rows", tags=["import"], response_class=Response)
async def show_told_rows(
    job: UUID,
    principal: Importer,
    jobs: Jobs,
    file_format: Annotated[Literal["xlsx", "csv"], Query(alias="format")] = "xlsx",
    lang: Language = "zh-CN",
) -> Response:
    """Every row that was refused or of which there is a remark, with its number, as it was, and why."""
    running = await jobs.find(job, principal.user_id)
    if running.report is None:
        raise Conflict("This import has not ended.", code="import_running")
    content = await asyncio.to_thread(told_rows_file, running.report, lang, file_format)
    return _download(content, file_format, "told-rows")


# ---- export


@router.get("/residents/export", tags=["import"], response_class=Response)
async def export_file(
    request: Request,
    principal: Annotated[Principal, require(Action.EXPORT_RESIDENTS)],
    context: CurrentContext,
    seal: Sealed,
    exports: Annotated[Exports, port(Exports)],
    chosen: Annotated[ExportChoices, Query()],
) -> Response:
    """All residents of the granted regions (or of `region_id`) with their identity numbers, in the columns of the import.

    The whole file is made first, which takes a while for many people; 503 `export_running` while another is being made.
    """
    now, address = context.clock.now(), client_address(request)
    async with context.database.transaction() as session:
        asking = Asking(session, principal, address, now)
        within, path = await _exported(asking, chosen.region_id)
    with exports.file() as made:
        among = granted(Purpose.PROVIDER_SEES_PROFILE) if chosen.for_provider else None
        wanted = Wanted(within, chosen.file_format, chosen.lang, among)
        count = await export_residents(context.database, seal, wanted, now=now, path=made)
        async with context.database.transaction() as session:
            detail = {"count": count, "format": chosen.file_format}
            detail |= {"for_provider": True} if chosen.for_provider else {}
            asking = Asking(session, principal, address, now)
            await asking.note("residents_exported", "residents", path, detail)
        size, file = made.stat().st_size, made.open("rb")
    headers = _as_attachment(chosen.file_format, "residents") | {"Content-Length": str(size)}
    media_type = MEDIA_TYPES[chosen.file_format]
    return StreamingResponse(chunks(file), media_type=media_type, headers=headers)


async def _exported(
    asking: Asking, region_id: int | None
) -> tuple[ColumnElement[bool] | None, Sequence[int]]:
    """Which regions, and for the auditors of which."""
    within = await asking.reach(region_id, Action.EXPORT_RESIDENTS)
    if region_id is None:
        return within, sorted(asking.principal.regions(Action.EXPORT_RESIDENTS))
    return within, (await asking.region(region_id, Action.EXPORT_RESIDENTS)).path


def _download(content: bytes, file_format: Literal["xlsx", "csv"], name: str) -> Response:
    headers = _as_attachment(file_format, name)
    return Response(content, media_type=MEDIA_TYPES[file_format], headers=headers)


def _as_attachment(file_format: str, name: str) -> dict[str, str]:
    return {
        "Content-Disposition": f'attachment; filename="{name}.{file_format}"',
        "Cache-Control": "no-store",
    }


# ---- regions


@router.get("/regions", tags=["regions"])
async def list_regions(asking: Trail) -> list[RegionView]:
    """The own part of the tree in depth-first order, with the regions above it."""
    return await visible_tree(asking)


@router.get("/regions/{region_id}", tags=["regions"])
async def show_one_region(region_id: int, asking: Trail) -> RegionView:
    return await show_region(asking, region_id)


@router.post(
    "/regions",
    status_code=201,
    tags=["regions"],
    dependencies=[require(Action.MANAGE_USERS), Hint],
)
async def add_one_region(body: RegionBody, asking: Trail) -> RegionView:
    """For administrators of the parent."""
    return await plant_region(asking, body)


@router.patch(
    "/regions/{region_id}", tags=["regions"], dependencies=[require(Action.MANAGE_USERS), Hint]
)
async def change_one_region(region_id: int, body: RegionChanges, asking: Trail) -> RegionView:
    """Numbers to dial, SMS policy, signatures, duty numbers, map; null: as the parent has it."""
    return await change_region(asking, region_id, body)


@router.get(
    "/regions/{region_id}/codes",
    tags=["regions"],
    dependencies=[require(Action.MANAGE_USERS)],
)
async def list_region_codes(region_id: int, asking: Trail) -> list[CodeView]:
    """Under which codes it was known, and from which day until which; the one to come before."""
    return await codes_of(asking, region_id)


@router.delete(
    "/regions/{region_id}/codes/to-come",
    tags=["regions"],
    status_code=204,
    dependencies=[require(Action.MANAGE_USERS)],
)
async def withdraw_region_code(region_id: int, asking: Trail) -> None:
    """The code that was to hold from a later day does not; that of today goes on."""
    await withdraw_code(asking, region_id)


@router.get(
    "/regions/{region_id}/escalation",
    tags=["regions"],
    dependencies=[require(Action.MANAGE_ESCALATION)],
)
async def show_escalation(region_id: int, asking: Trail) -> CallingView:
    """Who is called when to an alarm that nobody takes: what the region says itself, and what it has from above."""
    return await show_calling(asking, region_id)


@router.patch(
    "/regions/{region_id}/escalation",
    tags=["regions"],
    dependencies=[require(Action.MANAGE_ESCALATION), Hint],
)
async def change_escalation(region_id: int, body: CallingChanges, asking: Trail) -> CallingView:
    """For supervisors and administrators of the region. 422 `policy_hole` names `field` and the reason (`bounds` with `least` and
    `most`, `order`), of a time also its `priority`; `duty_malformed`, `duty_not_mobile`, `duty_twice` name `number` and `place`.
    """
    return await change_calling(asking, region_id, body)


@router.get(
    "/regions/{region_id}/changes",
    tags=["regions"],
    dependencies=[require(Action.MANAGE_ESCALATION)],
)
async def show_region_changes(region_id: int, asking: Trail) -> list[RegionChange]:
    """Who has changed what this region says, before and after, the latest first."""
    return await region_history(asking, region_id)


@router.get("/operators", tags=["seats"], dependencies=[require(Action.MANAGE_ESCALATION)])
async def list_operators(asking: Trail) -> SpeakingView:
    """Who takes alarms in the asker's regions, what they speak, and what the residents there speak."""
    return await show_speaking(asking)


@router.put(
    "/operators/{user_id}/skills",
    tags=["seats"],
    dependencies=[require(Action.MANAGE_ESCALATION)],
)
async def change_skills(user_id: int, body: SkillsBody, asking: Trail) -> OperatorView:
    """Dialects and languages of an operator, all of them."""
    return await set_skills(asking, user_id, body)
