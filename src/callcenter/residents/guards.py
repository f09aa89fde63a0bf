"""What every router of places, people and devices gets from the request: who asks, a part of a list, the key, the hint."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import BackgroundTasks, Depends, Query, Request

from callcenter.auth.guards import (
    CurrentContext,
    CurrentUser,
    DatabaseSession,
    client_address,
    port,
    site_time,
)
from callcenter.core.sealed import Seal
from callcenter.residents.access import Asking, DirectoryHint
from callcenter.residents.paging import Window


async def asking_of(request: Request, principal: CurrentUser, session: DatabaseSession) -> Asking:
    """Who asks, within the transaction of the request."""
    return Asking(session, principal, client_address(request), site_time(request))


async def window_of(
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[
        str | None, Query(max_length=1_000, description="From the page before; instead of `page`.")
    ] = None,
) -> Window:
    """Which part of a list is asked for."""
    return Window(limit, page, after)


async def hint_after_commit(context: CurrentContext, background: BackgroundTasks) -> None:
    """Background tasks run after the commit. Only a hint: whoever misses it finds the change by its sweep."""
    hint = context.ports.get(DirectoryHint)
    if hint is not None:
        background.add_task(cast("DirectoryHint", hint))


Trail = Annotated[Asking, Depends(asking_of)]
Part = Annotated[Window, Depends(window_of)]
Sealed = Annotated[Seal, port(Seal)]
Hint = Depends(hint_after_commit)
