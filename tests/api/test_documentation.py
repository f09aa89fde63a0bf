"""The documentation works without internet and says all a client needs."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from fastapi import FastAPI

from callcenter.api.application import create_api, openapi_document
from callcenter.core.database import Database
from tests.support.api import context_for
from tests.support.clock import HandClock


@pytest.fixture
def app(database: Database, clock: HandClock) -> FastAPI:
    """As it is documented: without the routes that go wrong. Its page is made once for all tests."""
    return create_api(context_for(database, clock))


class Page(HTMLParser):
    """What a browser would fetch or run, and where links inside the page go."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.active: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in ("script", "style", "iframe", "object"):
            self.active.append(tag)
        self.active += [name for name in given if name == "style" or name.startswith("on")]
        if tag == "link" or "src" in given:
            self.fetched.append(given.get("src") or given["href"])
        if tag == "a":
            self.links.append(given["href"])
        if "id" in given:
            assert given["id"] not in self.ids
            self.ids.add(given["id"])


async def test_the_page_fetches_its_own_style_sheet_and_icon_and_nothing_else(client):
    answer = await client.get("/docs")
    page = Page(answer.text)
    assert page.fetched == ["/favicon.svg", "/docs.css"]
    assert page.active == []
    style = await client.get("/docs.css")
    assert style.headers["content-type"].startswith("text/css")
    assert "url(" not in style.text
    assert "@import" not in style.text


async def test_every_link_of_the_page_leads_somewhere(client):
    page = Page((await client.get("/docs")).text)
    inner = {link[1:] for link in page.links if link.startswith("#")}
    assert inner <= page.ids
    assert [link for link in page.links if not link.startswith("#")] == ["/openapi.json"]


async def test_the_page_shows_every_route_and_every_schema(client):
    text = (await client.get("/docs")).text
    document = openapi_document()
    for path in document["paths"]:
        assert f"<code>{path}</code>" in text
    for name in document["components"]["schemas"]:
        assert f'id="schema-{name}"' in text
