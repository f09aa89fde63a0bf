"""Routes that go wrong in every way a route can."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel
from sqlalchemy import text

from callcenter.auth.guards import DatabaseSession
from callcenter.core.errors import Conflict, TooManyAttempts, Unavailable

router = APIRouter(prefix="/api/mishaps")


class Diagnosis(BaseModel):
    resident: UUID
    since: date
    words: str


@router.post("/diagnosis")
async def take_diagnosis(body: Diagnosis) -> str:
    return body.words


@router.post("/read")
async def read_all(request: Request) -> int:
    return len(await request.body())


@router.post("/taken")
async def taken() -> None:
    raise Conflict("already taken", code="taken_by_other", name="林岚", at=date(2026, 3, 14))


@router.post("/wait")
async def wait() -> None:
    raise TooManyAttempts("slowly", retry_after_s=2.5)


@router.post("/away")
async def away() -> None:
    raise Unavailable("the store is away")


@router.post("/crash")
async def crash() -> None:
    raise ZeroDivisionError("the secret is 4711")


@router.post("/store/{number}")
async def store(number: int, session: DatabaseSession, name: str = "x") -> None:
    await session.execute(
        text("INSERT INTO source (name, kind, region_id) VALUES (:name, 'http_json', :number)"),
        {"name": name, "number": number},
    )


@router.post("/slow")
async def slow(session: DatabaseSession) -> None:
    await session.execute(text("SET LOCAL statement_timeout = 20"))
    await session.execute(text("SELECT pg_sleep(5)"))


@router.post("/typo")
async def typo(session: DatabaseSession) -> None:
    await session.execute(text("SELECT no_such_column FROM region"))


hooks = APIRouter(prefix="/hooks/kannel/{secret}")


@hooks.post("/receipt")
async def receipt() -> None:
    raise Unavailable("the store is away")


@hooks.post("/inbound")
async def inbound() -> None:
    raise ZeroDivisionError("inbound")
