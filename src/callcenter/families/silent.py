"""Family pages while the database says nothing: a page that says so at once, in front of what refuses every other page."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Receive, Scope, Send

from callcenter.families.router import FamilyPages, away_page
from callcenter.sms.links import PATH


def families_told(
    application: ASGIApp, is_silent: Callable[[], bool], pages: FamilyPages
) -> ASGIApp:
    """Answers 503 with the page; everything else goes on to `application`."""

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["type"] == "http" and scope["path"].startswith(PATH)
        if not asked or not is_silent():
            await application(scope, receive, send)
            return
        [*_, lang] = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])
        page = away_page(pages, lang, said=scope["method"] == "POST")
        await page(scope, receive, send)

    return front
