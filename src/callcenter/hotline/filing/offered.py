"""The dispositions of a site: read, changed, and those that are built in put there by the office's first look."""

from __future__ import annotations

import asyncpg
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth.permissions import Action
from callcenter.core.errors import Conflict, Invalid, NotFound
from callcenter.hotline.disposition import BUILT_IN, Choice, Opens, check
from callcenter.hotline.filing.schemas import DispositionBody, DispositionView
from callcenter.hotline.models import DispositionRow
from callcenter.residents.access import Asking, check_version


async def put_built_in(connection: asyncpg.Connection) -> None:
    """Those that are not there yet. What somebody has changed stays changed, and a key that is in use stays where it is."""
    rows = [
        (
            each.code,
            each.parent,
            each.zh,
            each.en,
            each.key,
            each.effective,
            each.opens.value,
            each.of_kind,
            each.due_minutes,
            place,
        )
        for place, each in enumerate(BUILT_IN)
    ]
    await connection.executemany(_PUT, rows)


async def dispositions(session: AsyncSession) -> list[DispositionView]:
    """The whole tree, also what is no longer offered: old calls were about it."""
    rows = await session.scalars(
        select(DispositionRow).order_by(DispositionRow.position, DispositionRow.code)
    )
    return [DispositionView.model_validate(row, from_attributes=True) for row in rows]


async def choice_of(session: AsyncSession, code: str) -> tuple[Choice, bool]:
    """With whether it is a group. Raises NotFound."""
    row = await session.get(DispositionRow, code)
    if row is None:
        raise NotFound(f"No disposition is called {code}.", what="disposition")
    leaf = await session.scalar(
        select(DispositionRow.code).where(DispositionRow.parent == code).limit(1)
    )
    return _choice(row), leaf is not None


def _choice(row: DispositionRow) -> Choice:
    return Choice(
        code=row.code,
        parent=row.parent,
        zh=row.zh,
        en=row.en,
        key=row.key,
        effective=row.effective,
        opens=Opens(row.opens),
        of_kind=row.of_kind,
        due_minutes=row.due_minutes,
        position=row.position,
        is_offered=row.is_offered,
    )


async def change(asking: Asking, code: str, body: DispositionBody) -> list[DispositionView]:
    """A new one, or one as it is now. Raises Conflict `changed_meanwhile`, `key_used`; Invalid `wrong_kind`, `key_taken`, `no_such_group`."""
    check(Choice(code=code, **body.model_dump(exclude={"version"})))
    await _check_group(asking.session, code, body.parent)
    row = await asking.session.get(DispositionRow, code, with_for_update=True)
    if row is None:
        if body.version:
            raise NotFound(f"No disposition is called {code}.", what="disposition")
        row = DispositionRow(code=code, is_built_in=False, version=1)
        asking.session.add(row)
    else:
        check_version(row, body.version)
    for name, value in body.model_dump(exclude={"version"}).items():
        setattr(row, name, value)
    try:
        await asking.session.flush()
    except IntegrityError as error:
        raise Conflict(
            f"Another one has the key {body.key}.", code="key_used", key=body.key
        ) from error
    regions = sorted(asking.principal.regions(Action.MANAGE_LINES))
    await asking.note("disposition_changed", f"disposition:{code}", regions, {"opens": body.opens})
    return await dispositions(asking.session)


async def _check_group(session: AsyncSession, code: str, parent: str | None) -> None:
    """The tree is of two levels, so that one key is enough."""
    if parent is None:
        return
    group = await session.get(DispositionRow, parent)
    has_leaves = await session.scalar(
        select(DispositionRow.code).where(DispositionRow.parent == code).limit(1)
    )
    if group is None or group.parent is not None or has_leaves or parent == code:
        raise Invalid(f"{parent} is no group for {code}.", code="no_such_group", parent=parent)


_PUT = """
INSERT INTO disposition (code, parent, zh, en, key, effective, opens, of_kind, due_minutes, position, is_built_in)
SELECT $1, $2, $3, $4, CASE WHEN NOT EXISTS (SELECT FROM disposition WHERE key = $5) THEN $5 END, $6, $7, $8, $9, $10, true
ON CONFLICT (code) DO NOTHING
"""
