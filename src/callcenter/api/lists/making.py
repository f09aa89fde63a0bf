"""The file of a list: read page by page as the list itself is, by the rights of whoever may export it, and put in the audit trail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from callcenter.api.lists.cells import Column, Layout, Say, cells, headings
from callcenter.auth.permissions import ACTIONS_OF, Action
from callcenter.auth.sessions import Principal
from callcenter.core.database import Database
from callcenter.core.errors import Invalid
from callcenter.directory.exporting import Format
from callcenter.directory.spreadsheet import CsvFile, RowFile, XlsxFile
from callcenter.residents.access import Asking
from callcenter.residents.paging import GATHERED

Row = TypeVar("Row")
Place = TypeVar("Place")
Pages = Callable[[Asking], AsyncIterator[Sequence[Row]]]

MOST_ROWS: Final = GATHERED - 1
"""A search by a part of an address gathers so many and no more: a file of as many might not be whole."""
_ONE_MOMENT: Final = {"isolation_level": "REPEATABLE READ"}


@dataclass(frozen=True, slots=True)
class Order(Generic[Row]):
    """Which list, in which columns and words. `asked` is its filter, for the audit trail, where the file stands under `subject`."""

    layout: Layout[Row]
    columns: Sequence[str]
    file_format: Format
    say: Say
    right: Action
    pages: Pages[Row]
    asked: Mapping[str, Any]
    subject: str

    @property
    def chosen(self) -> list[Column[Row]]:
        """Each column once, in the order in which they were asked for."""
        return [self.layout.columns[name] for name in dict.fromkeys(self.columns)]


@dataclass(frozen=True, slots=True)
class Orderer:
    """Who wants a file, from where, when."""

    principal: Principal
    address: str
    now: datetime


async def make_file(database: Database, order: Order[Row], by: Orderer, path: Path) -> int:
    """Write the file to `path` and tell how many rows it holds, as they were at one moment. Raises Invalid `too_many_found`."""
    principal = holding(by.principal, order.right)
    async with database.transaction() as session:
        await session.connection(execution_options=_ONE_MOMENT)
        asking = Asking(session, principal, by.address, by.now)
        count = await _write(path, order, asking)
        detail = {
            "list": order.layout.name,
            "filter": order.asked,
            "rows": count,
            "columns": list(dict.fromkeys(order.columns)),
            "format": order.file_format,
        }
        await asking.note(
            "list_exported", order.subject, sorted(principal.regions(order.right)), detail
        )
    return count


def holding(principal: Principal, right: Action) -> Principal:
    """The same with those roles alone that have the right: what another role shows somewhere else stays out of the file."""
    grants = tuple(grant for grant in principal.grants if right in ACTIONS_OF[grant.role])
    return replace(principal, grants=grants, opened=frozenset())


async def follow(
    ask: Callable[[Place | None], Awaitable[tuple[Sequence[Row], Place | None]]],
) -> AsyncIterator[Sequence[Row]]:
    """All pages of a list that says with each where the next one begins."""
    rows, place = await ask(None)
    yield rows
    while place is not None:
        rows, place = await ask(place)
        yield rows


async def _write(path: Path, order: Order[Row], asking: Asking) -> int:
    """Beside the loop, so that nobody waits for a spreadsheet."""
    columns, count = order.chosen, 0
    file = await asyncio.to_thread(_open, path, order)
    try:
        async for rows in order.pages(asking):
            count += len(rows)
            if count > MOST_ROWS:
                raise Invalid(
                    "Too many rows for one file: narrow the list.",
                    code="too_many_found",
                    most=MOST_ROWS,
                )
            await asyncio.to_thread(file.write, cells(columns, rows, order.say))
    finally:
        await asyncio.to_thread(file.close)
    return count


def _open(path: Path, order: Order[Row]) -> RowFile:
    columns = order.chosen
    file: RowFile
    if order.file_format == "csv":
        file = CsvFile(path, frozenset(at for at, each in enumerate(columns) if each.digits))
    else:
        file = XlsxFile(path, order.layout.title.in_(order.say.language), len(columns))
    file.write([headings(columns, order.say)])
    return file
