"""The numbers that ring at the centre of the demo, and some calls of its last hours: filed, still to be filed, and missed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import asyncpg
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth.models import User
from callcenter.core.ids import new_id
from callcenter.hotline.call import Direction, State
from callcenter.hotline.filing.models import CallFiling
from callcenter.hotline.filing.offered import put_built_in
from callcenter.hotline.models import CallRow, Source
from callcenter.residents.models import Resident
from callcenter.telephony.line import LineKind
from callcenter.telephony.models import LineRow
from callcenter.telephony.numbers import Presentation

RED, GREEN, HOTLINE = "031195001", "031195002", "12349"
_AREA: Final = "0311"
PBX: Final = "demo-past"
_HUNG_UP: Final = 16


class _Past(NamedTuple):
    """`nth` of those who have a telephone; None: nobody is known by the number. Seconds: waited, spoken (None: nobody answered)."""

    minutes_ago: int
    line: str
    nth: int | None
    waited_s: int
    spoken_s: int | None
    disposition: str | None
    note: str = ""


_CALLS: Final = (
    _Past(1500, HOTLINE, 0, 9, 210, "policy", "高龄津贴年审 · Yearly check of the old-age allowance"),
    _Past(1440, RED, 1, 6, 95, "pressed_by_mistake"),
    _Past(1390, HOTLINE, 2, 14, 340, "companionship", "想聊聊天 · Wanted to talk"),
    _Past(1320, GREEN, 3, 8, 130, "home_care", "擦玻璃 · Windows to be cleaned"),
    _Past(980, HOTLINE, 4, 11, 75, "wrong_number"),
    _Past(610, HOTLINE, 5, 22, 260, "health_question", "血压计读数 · What the blood pressure meter says"),
    _Past(420, HOTLINE, None, 31, None, None),
    _Past(300, GREEN, 6, 7, 180, "visit", "希望有人看看门锁 · Somebody to look at the lock"),
    _Past(170, HOTLINE, 7, 17, 240, None),
    _Past(95, HOTLINE, 8, 26, None, None),
    _Past(88, HOTLINE, 8, 19, None, None),
    _Past(40, HOTLINE, 9, 12, 155, None),
)  # fmt: skip


async def write_hotline(session: AsyncSession, region_id: int, now: datetime) -> None:
    """In the region of the community, whose people and users are there already."""
    await put_built_in(await _driver(session))
    await session.execute(insert(LineRow), [_line(*each, region_id) for each in _LINES])
    people = await _with_telephones(session)
    operator = (await session.scalars(select(User).where(User.login == "operator"))).one()
    rows = [_row(past, people, operator.id, region_id, now) for past in _CALLS]
    await session.execute(insert(CallRow), rows)
    filed = [_filing(row, operator) for row in rows if row["disposition"]]
    await session.execute(insert(CallFiling), filed)


async def _driver(session: AsyncSession) -> asyncpg.Connection:
    """Of this transaction."""
    raw = await (await session.connection()).get_raw_connection()
    return raw.driver_connection


_LINES: Final = (
    (RED, LineKind.RED, "红键（老人机）", "Red key (elder phones)"),
    (GREEN, LineKind.GREEN, "绿键（老人机）", "Green key (elder phones)"),
    (HOTLINE, LineKind.HOTLINE, "养老服务热线", "Hotline for elders"),
)


def _line(number: str, kind: LineKind, name: str, name_en: str, region_id: int) -> dict[str, Any]:
    return {
        "number": number,
        "kind": kind,
        "name": name,
        "name_en": name_en,
        "region_id": region_id,
        "area_code": _AREA,
    }


async def _with_telephones(session: AsyncSession) -> Sequence[Resident]:
    telephoned = select(Resident).where(Resident.phone.is_not(None)).order_by(Resident.id).limit(10)
    return (await session.scalars(telephoned)).all()


def _row(
    past: _Past, people: Sequence[Resident], operator: int, region_id: int, now: datetime
) -> dict[str, Any]:
    known = None if past.nth is None or not people else people[past.nth % len(people)]
    offered = now - timedelta(minutes=past.minutes_ago)
    answered = None if past.spoken_s is None else offered + timedelta(seconds=past.waited_s)
    ended = (answered or offered) + timedelta(seconds=past.spoken_s or past.waited_s)
    id_ = new_id()
    number = known.phone if known else None
    return {
        "id": id_, "pbx": PBX, "pbx_call": str(id_), "source": Source.SIMULATED, "direction": Direction.IN,
        "kind": next(kind for line, kind, *_ in _LINES if line == past.line), "line": past.line, "region_id": region_id,
        "caller_raw": number or "", "caller_e164": number, "presentation": Presentation.SHOWN if number else Presentation.WITHHELD,
        "matches": int(known is not None), "home_id": known.home_id if known else None, "resident_id": known.id if known else None,
        "state": State.ENDED, "offered_at": offered, "answered_at": answered, "answered_by": operator if answered else None,
        "ended_at": ended, "cause": _HUNG_UP, "wrapped_up_at": ended + timedelta(seconds=20) if answered else None,
        "disposition": past.disposition, "filed_at": ended + timedelta(seconds=15) if past.disposition else None,
        "filed_by": operator if past.disposition else None, "filings": int(past.disposition is not None), "note": past.note,
    }  # fmt: skip


def _filing(row: dict[str, Any], operator: User) -> dict[str, Any]:
    return {
        "id": new_id(),
        "call_id": row["id"],
        "n": 1,
        "at": row["filed_at"],
        "user_id": operator.id,
        "user_name": operator.name,
        "disposition": row["disposition"],
        "note": row["note"],
        "home_id": row["home_id"],
        "resident_id": row["resident_id"],
    }
