"""Writes invented calls into the real tables, and tells what the figures make of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

import asyncpg
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth.models import Grant, User
from callcenter.auth.permissions import Action, roles_with
from callcenter.core.errors import Conflict, Misconfigured
from callcenter.demo.many_calls.invented import InventedCall, Wanted, invented_days
from callcenter.hotline.figures.counted import MOST_DAYS, CallFiguresView, CountedBy, per_mille
from callcenter.hotline.figures.reading import Asked, read_figures
from callcenter.hotline.models import CallRow, DispositionRow, Source, WorkedOff
from callcenter.regions.upkeep import root_region

PBX: Final = "invented"
LINES: Final = {"hotline": "12349", "green": "12348"}
MINIMUM: Final = (
    {"code": "consultation", "zh": "咨询", "en": "Consultation", "effective": True, "opens": "consultation"},
    {"code": "wrong_number", "zh": "打错电话", "en": "Wrong number", "effective": False, "opens": "nothing"},
)  # fmt: skip
"""What a call was about, where the site has nothing of that sort yet."""
_COLUMNS: Final = (
    *("id", "pbx", "pbx_call", "source", "direction", "kind", "line", "region_id", "caller_raw", "caller_e164", "presentation"),
    *("state", "offered_at", "answered_at", "answered_by", "ended_at", "cause", "wrapped_up_at", "disposition", "filed_at", "filed_by", "worked_off_at", "worked_off_how"),
)  # fmt: skip
_LEG_COLUMNS: Final = ("id", "call_id", "role", "user_id", "number", "called_at", "answered_at", "ended_at", "cause")  # fmt: skip
_HUNG_UP: Final = 16


async def write_days(
    session: AsyncSession,
    zone: ZoneInfo,
    *,
    first_day: date,
    days: int,
    calls_a_day: int,
    seed: int,
    told: Callable[[int], None] = lambda _: None,
) -> Wanted:
    """In the transaction of the session; `told` gets how many stand there. Raises Conflict `real_calls` where a call of the site's own
    is there, `already_there`, and Misconfigured where nobody may answer.
    """
    await _refuse_a_site_at_work(session)
    region = await root_region(session)
    wanted = Wanted(
        first_day,
        days,
        calls_a_day,
        zone,
        await _seats(session),
        *await _dispositions(session),
        seed,
    )
    raw = (await session.connection()).get_raw_connection
    connection = cast("asyncpg.Connection", (await raw()).driver_connection)
    written = 0
    for calls in invented_days(wanted):
        await _copy(connection, "call", _COLUMNS, (_row(each, region.id, seed) for each in calls))
        legs = [leg for each in calls for leg in _legs(each, seed)]
        await _copy(connection, "call_leg", _LEG_COLUMNS, legs)
        written += len(calls)
        told(written)
    return wanted


async def figures_of(
    session: AsyncSession, wanted: Wanted, by: CountedBy, now: datetime
) -> CallFiguresView:
    """Of the days that were written, as the page shows them; at most of the last year of them."""
    last = wanted.first_day + timedelta(days=wanted.days - 1)
    first = max(wanted.first_day, last - timedelta(days=MOST_DAYS - 1))
    region = await root_region(session)
    asked = Asked(first, last, frozenset({region.id}))
    return await read_figures(session, asked, by, wanted.zone, now)


def lines_of(figures: CallFiguresView) -> Iterator[str]:
    """As the command prints them."""
    total = figures.total
    share = per_mille(total.effective, total.offered) or 0
    yield f"offered {total.offered}, answered {total.answered}, abandoned {total.abandoned}, longest wait {total.longest_wait_s or 0:.0f} s"
    yield f"effective {total.effective} = {share / 10:.1f} %"
    yield "within " + ", ".join(f"{each.seconds} s: {each.calls}" for each in total.within)
    most = max((row.offered for row in figures.rows), default=0) or 1
    for row in figures.rows:
        yield f"{int(row.key or 0):02}:00 {row.offered:7} {'#' * round(40 * row.offered / most)}"


async def _refuse_a_site_at_work(session: AsyncSession) -> None:
    real = select(func.count()).select_from(CallRow).where(CallRow.source != Source.SIMULATED)
    if count := await session.scalar(real):
        raise Conflict(
            f"{count} calls of this site are real: invented ones would falsify its figures. Use an empty data folder.",
            code="real_calls",
        )
    if await session.scalar(select(CallRow.id).where(CallRow.pbx == PBX).limit(1)):
        raise Conflict("Invented calls are here already.", code="already_there")


async def _seats(session: AsyncSession) -> Sequence[int]:
    """Whoever may answer."""
    query = select(User.id).join(Grant, Grant.user_id == User.id)
    query = query.where(Grant.role.in_(roles_with(Action.ANSWER_CALLS))).distinct()
    seats = (await session.scalars(query.order_by(User.id))).all()
    if not seats:
        raise Misconfigured(
            "Nobody here may answer calls: add an operator first (callcenter user add)."
        )
    return seats


async def _dispositions(session: AsyncSession) -> tuple[Sequence[str], Sequence[str]]:
    await session.execute(insert(DispositionRow).values(list(MINIMUM)).on_conflict_do_nothing())
    query = select(DispositionRow.code, DispositionRow.effective).order_by(DispositionRow.code)
    rows = (await session.execute(query)).all()
    return [row.code for row in rows if row.effective], [
        row.code for row in rows if not row.effective
    ]


def _row(call: InventedCall, region: int, seed: int) -> tuple[Any, ...]:
    over = call.wrapped_up_at or call.ended_at
    worked_off = (None, None) if call.answered_at else (over, WorkedOff.RUNG_BACK.value)
    return (
        *(call.id, PBX, f"{seed}-{call.number}", Source.SIMULATED.value, "in", call.kind, LINES[call.kind], region),
        *(call.caller, call.caller, "shown", "ended", call.offered_at, call.answered_at, call.answered_by, call.ended_at, _HUNG_UP),
        *(call.wrapped_up_at, call.disposition, over, call.answered_by, *worked_off),
    )  # fmt: skip


def _legs(call: InventedCall, seed: int) -> Iterator[tuple[Any, ...]]:
    name = f"{PBX}-{seed}-{call.number}"
    yield (
        name,
        call.id,
        "caller",
        None,
        call.caller,
        call.offered_at,
        call.answered_at,
        call.ended_at,
        _HUNG_UP,
    )
    if call.answered_at is not None:
        yield (
            f"{name}-seat",
            call.id,
            "operator",
            call.answered_by,
            "",
            call.offered_at,
            call.answered_at,
            call.ended_at,
            _HUNG_UP,
        )


async def _copy(
    connection: asyncpg.Connection,
    table: str,
    columns: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
) -> None:
    await connection.copy_records_to_table(table, records=list(rows), columns=columns)
