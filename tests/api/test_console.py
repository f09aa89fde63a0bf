"""The built console: its page for its own addresses, assets for ever, and a clear word when it is not built."""

from __future__ import annotations

import gzip

import pytest
from fastapi import FastAPI

from callcenter.api.console import Console
from callcenter.api.errors import handle_errors
from tests.support.api import browser


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<title>console</title>")
    (tmp_path / "demo.html").write_text("<title>demo</title>")
    (tmp_path / "assets" / "index-4f2a.js").write_text("export {}")
    (tmp_path / "assets" / "index-4f2a.js.gz").write_bytes(gzip.compress(b"export {}"))
    (tmp_path.parent / "secret.txt").write_text("not for you")
    return tmp_path


@pytest.fixture
async def client(folder):
    async with browser(application(folder)) as opened:
        yield opened


def application(folder) -> FastAPI:
    app = FastAPI()
    handle_errors(app)
    app.mount("/", Console(folder))
    return app


@pytest.mark.parametrize("address", ["/", "/incidents/0198c5b2", "/login", "/index.html"])
async def test_every_view_of_the_console_is_its_one_page(client, address):
    answer = await client.get(address)
    assert (answer.status_code, answer.text) == (200, "<title>console</title>")
    assert answer.headers["cache-control"] == "no-cache"


async def test_a_page_that_is_known_already_is_not_sent_again(client):
    known = (await client.get("/")).headers["etag"]
    assert (await client.get("/", headers={"If-None-Match": known})).status_code == 304


async def test_an_asset_is_kept_for_ever_and_sent_packed_to_who_can_unpack(client):
    plain = await client.get("/assets/index-4f2a.js", headers={"Accept-Encoding": "identity"})
    packed = await client.get("/assets/index-4f2a.js", headers={"Accept-Encoding": "gzip"})
    assert plain.text == packed.text == "export {}"
    assert packed.headers["content-encoding"] == "gzip"
    assert "javascript" in packed.headers["content-type"]
    for answer in (plain, packed):
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "address",
    [
        "/assets/index-of-last-week.js",  # a page in its place would be run as a script
        "/assets",
        "/favicon.png",
        "/demo.html",
        "/demo.html/",
        "/..%2fsecret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/%00.js",
        "/" + "x" * 5_000 + ".js",
        "/api/v1/nothing",
        "/ws/v1/nothing",
    ],
)
async def test_what_is_not_there_is_not_found(client, address):
    answer = await client.get(address)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
    assert "not for you" not in answer.text


async def test_the_page_is_only_read(client):
    answer = await client.post("/login", json={})
    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "method_not_allowed")


async def test_a_server_without_its_console_says_how_to_build_it(folder):
    (folder / "index.html").unlink()
    async with browser(application(folder)) as client:
        answer = await client.get("/")
        assert answer.status_code == 503
        assert "make console" in answer.text
        (folder / "index.html").write_text("<title>built</title>")
        assert (await client.get("/")).text == "<title>built</title>"


async def test_only_the_page_of_phones_may_ask_where_it_is(folder):
    (folder / "m.html").write_text("<title>phone</title>")
    async with browser(application(folder)) as opened:
        page = await opened.get("/m.html")
        other = await opened.get("/index.html")
    assert "geolocation=(self)" in page.headers["permissions-policy"]
    assert "permissions-policy" not in other.headers, "the usual one is added to it"
