"""Proofs over HTTP: asked for by day, worked out beside, kept with who asked and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, BackgroundTasks, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, select

from callcenter.audit.trail import record
from callcenter.auth.guards import CurrentContext, port, require
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.core.errors import Conflict, Invalid, NotFound
from callcenter.core.written import Written
from callcenter.proving.models import ProofRun
from callcenter.proving.page import as_page
from callcenter.proving.report import within
from callcenter.proving.running import Proofs
from callcenter.proving.telling import figures_said, finding_said
from callcenter.proving.wording import CHECKS, Language
from callcenter.residents.access import Asking
from callcenter.residents.guards import Trail

router = APIRouter(prefix="/api/v1/proofs", tags=["audit"])

MOST_DAYS = 31
LISTED = 50
Prover = Annotated[Principal, require(Action.PROVE)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]


class ProofBody(Written):
    """Days of the site, both included; `id` is made by the client, so that a repeat asks once. Everything is proved; findings are
    shown of the region and below.
    """

    id: UUID
    region_id: Annotated[int, Field(ge=1, le=2**63 - 1)]
    from_day: Day
    to_day: Day


class ProofRunView(BaseModel):
    """`clean` null: not known yet, or never. `failure`: `too_long`, `archived` or `unreadable`."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    since: datetime
    until: datetime
    asked_at: datetime
    asked_by_name: str
    ended_at: datetime | None
    failure: str | None
    clean: bool | None


class ProvedFigure(BaseModel):
    label: str
    value: str


class ProvedFinding(BaseModel):
    """`incident_id`: where it is about one."""

    code: str
    noted: bool
    said: str
    incident_id: UUID | None
    number: int | None


class ProvedLine(BaseModel):
    """`found`: in all, of which `findings` are listed and `hidden` belong to regions that the asker may not see."""

    check: str
    verdict: str
    title: str
    figures: list[ProvedFigure]
    findings: list[ProvedFinding]
    found: int
    hidden: int


class ProofReport(ProofRunView):
    lines: list[ProvedLine]


@router.post("", status_code=202)
async def ask_for_proof(
    body: ProofBody,
    asking: Trail,
    principal: Prover,
    context: CurrentContext,
    proofs: Annotated[Proofs, port(Proofs)],
    background: BackgroundTasks,
) -> ProofRunView:
    """Have some days proved. Raises Invalid `days_wrong` for more than 31 or none, Conflict `proof_running` while one of one's
    own is not ended.
    """
    region = await asking.region(body.region_id, Action.PROVE)
    if await asking.session.get(ProofRun, body.id) is not None:
        return _head(await _seen_by(asking, body.id))
    since, until = _span(body, ZoneInfo(context.site_timezone))
    await _demand_none_waits(asking)
    run = ProofRun(
        id=body.id,
        since=since,
        until=until,
        asked_at=asking.now,
        asked_by=principal.user_id,
        asked_by_name=principal.name,
        region_path=region.path,
    )
    asking.session.add(run)
    await _note(asking, "proof_asked", run)
    background.add_task(proofs.hurry)
    return _head(run)


@router.get("")
async def list_proofs(asking: Trail, principal: Prover) -> Sequence[ProofRunView]:
    """The last fifty that may be read, newest first."""
    regions = sorted(principal.regions(Action.PROVE))
    found = await asking.session.scalars(
        select(ProofRun)
        .where(ProofRun.region_path.overlap(regions))
        .order_by(ProofRun.asked_at.desc())
        .limit(LISTED)
    )
    return [_head(run) for run in found]


@router.get("/{proof_id}", dependencies=[require(Action.PROVE)])
async def show_proof(
    proof_id: UUID, asking: Trail, context: CurrentContext, lang: Language = "zh-CN"
) -> ProofReport:
    """What came of it, in words."""
    run = await _seen_by(asking, proof_id)
    await _note(asking, "proof_seen", run)
    zone = ZoneInfo(context.site_timezone)
    lines = [_line(line, lang, zone) for line in _document(asking, run).get("lines", ())]
    return ProofReport(**_head(run).model_dump(), lines=lines)


@router.get("/{proof_id}/page", dependencies=[require(Action.PROVE)], response_class=Response)
async def print_proof(
    proof_id: UUID, asking: Trail, context: CurrentContext, lang: Language = "zh-CN"
) -> Response:
    """One page for the file. Raises NotFound while there is no result."""
    run = await _seen_by(asking, proof_id)
    document = _document(asking, run)
    if not document:
        raise NotFound("this proof has no result", what="proof")
    await _note(asking, "proof_seen", run)
    zone = ZoneInfo(context.site_timezone)
    page = as_page(document, lang, zone)
    day = f"{run.since.astimezone(zone):%Y%m%d}"
    headers = {
        "Content-Disposition": f'attachment; filename="proof-{day}.html"',
        "Cache-Control": "no-store",
    }
    return Response(page, media_type="text/html; charset=utf-8", headers=headers)


def _span(body: ProofBody, zone: ZoneInfo) -> tuple[datetime, datetime]:
    days = (body.to_day - body.from_day).days + 1
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(f"Ask for 1 to {MOST_DAYS} days.", code="days_wrong", most=MOST_DAYS)
    until = body.to_day + timedelta(days=1)
    return _midnight(body.from_day, zone), _midnight(until, zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)


async def _demand_none_waits(asking: Asking) -> None:
    waiting = await asking.session.scalar(
        select(func.count())
        .select_from(ProofRun)
        .where(ProofRun.ended_at.is_(None), ProofRun.asked_by == asking.principal.user_id)
    )
    if waiting:
        raise Conflict("Your last proof has not ended yet.", code="proof_running")


async def _seen_by(asking: Asking, proof_id: UUID) -> ProofRun:
    run = await asking.session.get(ProofRun, proof_id)
    if run is None or not asking.principal.may(Action.PROVE, run.region_path):
        raise NotFound("no such proof", what="proof")
    return run


def _document(asking: Asking, run: ProofRun) -> Mapping[str, Any]:
    """What the asker may see of it; empty while there is none."""
    if not isinstance(run.result, dict):
        return {}
    return within(run.result, asking.principal.regions(Action.PROVE))


def _head(run: ProofRun) -> ProofRunView:
    clean = run.result.get("clean") if isinstance(run.result, dict) else None
    names = ("id", "since", "until", "asked_at", "asked_by_name", "ended_at", "failure")
    return ProofRunView(clean=clean, **{name: getattr(run, name) for name in names})


def _line(line: Mapping[str, Any], lang: Language, zone: ZoneInfo) -> ProvedLine:
    return ProvedLine(
        title=CHECKS[line["check"]].in_(lang),
        figures=[
            ProvedFigure(label=label, value=value) for label, value in figures_said(line, lang)
        ],
        findings=[
            ProvedFinding(
                code=each["code"],
                noted=each["noted"],
                said=finding_said(each, lang, zone),
                incident_id=each["incident_id"],
                number=each["number"],
            )
            for each in line["findings"]
        ],
        **{name: line[name] for name in ("check", "verdict", "found", "hidden")},
    )


async def _note(asking: Asking, action: str, run: ProofRun) -> None:
    await record(
        asking.session,
        at=asking.now,
        principal_id=asking.principal.user_id,
        action=action,
        subject=f"proof:{run.id}",
        region_ids=run.region_path,
        address=asking.address,
        detail={"since": run.since.isoformat(), "until": run.until.isoformat()},
    )
