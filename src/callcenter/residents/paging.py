"""Pages of long lists: read onwards from the last row seen, and counted only as far as somebody would read.

What an index keeps in the order of the list is walked along it and stops at the end of the page. What only another index
can find (a part of an address) is gathered first and sorted then: walking the list for it would meet a million others.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import BigInteger, Select, Text, collate, func, literal, select, tuple_, union
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.expression import ColumnElement

from callcenter.core.errors import Invalid

COUNTED: Final = 500
"""Beyond this a list only says that there are more."""
GATHERED: Final = 20_000
"""Of more matches than this that no sorted index answers, only so many are sorted and listed."""
DEEPEST_ROW: Final = 10_000
"""Pages by number count off all rows before them; further down lead only cursors."""

Start = tuple[str, int]
"""Sort key and id of a row."""


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list: behind the row that `after` names, else page `page`."""

    limit: int = 50
    page: int = 1
    after: str | None = None

    @property
    def start(self) -> Start | None:
        return None if self.after is None else read_cursor(self.after)

    @property
    def offset(self) -> int:
        """Rows to pass over. Raises Invalid `page_too_deep`."""
        if self.after is not None:
            return 0
        rows = (self.page - 1) * self.limit
        if rows > DEEPEST_ROW:
            raise Invalid(
                f"page: only the first {DEEPEST_ROW} rows have pages by number; follow `after`, or narrow the search.",
                code="page_too_deep",
                deepest_row=DEEPEST_ROW,
            )
        return rows


@dataclass(frozen=True, slots=True)
class Branch:
    """Selects `id` and `key` of rows to list. `walked`: an index keeps them in the order (key, id)."""

    query: Select[Any]
    walked: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The ids of one page in order. `total` is at most COUNTED; `after` leads to the next page, None on the last."""

    ids: Sequence[int]
    total: int
    total_is_capped: bool
    after: str | None


def write_cursor(start: Start) -> str:
    """The place of a row in its list, opaque to the client."""
    return base64.urlsafe_b64encode(orjson.dumps(start)).decode().rstrip("=")


def read_cursor(text: str) -> Start:
    """Raises Invalid `bad_cursor` for anything that `write_cursor` did not make."""
    try:
        match orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))):
            case [str(key), int(row_id)] if "\0" not in key and abs(row_id) < 2**63:
                return key, row_id
    except (binascii.Error, ValueError):
        pass  # refused below
    raise Invalid("after: not a cursor of this list; begin again without it.", code="bad_cursor")


def in_bytes(column: Any) -> ColumnElement[str]:
    """The column ordered and compared by bytes, as the indexes of lists and prefixes are sorted in every database."""
    return collate(column, "C")


async def find_page(session: AsyncSession, branches: Sequence[Branch], window: Window) -> Found:
    """The page's ids, each once though several branches find it. Raises Invalid for a wrong window."""
    wanted = window.offset + window.limit + 1
    parts = _together([_sorted(branch, window.start, wanted) for branch in branches])
    rows = (
        await session.execute(
            select(parts.c.id, parts.c.key)
            .order_by(in_bytes(parts.c.key), parts.c.id)
            .limit(window.limit + 1)
            .offset(window.offset)
        )
    ).all()
    page = rows[: window.limit]
    total = await _count(session, branches)
    more = len(rows) > window.limit
    return Found(
        ids=[row.id for row in page],
        total=min(total, COUNTED),
        total_is_capped=total > COUNTED,
        after=write_cursor((page[-1].key, page[-1].id)) if more else None,
    )


def _sorted(branch: Branch, start: Start | None, wanted: int) -> Select[Any]:
    if branch.walked:
        query = branch.query
        row_id, key = query.selected_columns
    else:
        gathered = branch.query.limit(GATHERED).subquery()
        query, row_id, key = select(gathered), gathered.c.id, in_bytes(gathered.c.key)
    if start is not None:
        behind = tuple_(literal(start[0], Text), literal(start[1], BigInteger))
        query = query.where(tuple_(key, row_id) > behind)
    return query.order_by(key, row_id).limit(wanted)


def _together(queries: Sequence[Select[Any]]) -> Any:
    return (union(*queries) if len(queries) > 1 else queries[0]).subquery()


async def _count(session: AsyncSession, branches: Sequence[Branch]) -> int:
    few = _together([branch.query.limit(COUNTED + 1) for branch in branches])
    return (await session.scalar(select(func.count()).select_from(few))) or 0
