"""By which names the server is asked, and what a page of another name gets."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from callcenter.api.hosts import HostCheck, Names, is_this_machine

NAMES = Names.of(["centre.lan", "192.168.1.5", "*.wild.example", "2001:db8::5"], "127.0.0.1")


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "alarm-server",  # as the district office calls it
        "LOCALHOST:8000",
        "127.0.0.1:8000",
        "127.9.9.9",
        "[::1]:8000",
        "centre.lan",
        "Centre.LAN.:443",
        "192.168.1.5:8443",
        "[2001:db8:0::5]",
        "seat.wild.example",
    ],
)
def test_its_names_and_the_loopback_are_ours_whatever_the_port_and_the_spelling(host):
    assert NAMES.has(host)


@pytest.mark.parametrize(
    "host",
    [
        "evil.test",
        "evil.test:8000",
        "centre.lan.evil.test",
        "evilcentre.lan",
        "localhost.evil.test",
        "127.0.0.1.evil.test",
        "evil.test@localhost",
        "localhost@evil.test",
        "localhost#.evil.test",
        "localhost, evil.test",
        "localhost:8000:9",
        "localhost:x",
        "a.b.wild.example",
        "wild.example",
        "192.168.1.6",
        "10.0.0.1",
        "0x7f.1",
        "2130706433",
        "[::1",
        "::1",
        "[::1%25lo]",
        "",
        " ",
        ".",
        "*",
        "ｌｏｃａｌｈｏｓｔ",
    ],
)
def test_what_is_none_of_them_is_not(host):
    assert not NAMES.has(host)


def test_where_it_listens_on_all_addresses_it_may_be_asked_by_any_and_by_no_other_name():
    """Of a container it cannot know which address leads to it; a name is what an attacker has."""
    everywhere = Names.of([], "0.0.0.0")  # noqa: S104
    assert everywhere.has("192.168.1.6")
    assert everywhere.has("[2001:db8::9]:8000")
    assert not everywhere.has("evil.test")


def test_the_name_it_listens_on_is_ours():
    assert Names.of([], "centre-host").has("centre-host:8000")


def test_this_machine_is_what_no_page_from_elsewhere_can_be_called():
    assert is_this_machine("127.0.0.1:8000")
    assert not is_this_machine("centre.lan")


async def asked(path: str, *hosts: str) -> httpx.Response:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ours"})

    transport = httpx.ASGITransport(HostCheck(app, NAMES))
    async with httpx.AsyncClient(transport=transport, base_url="http://centre.lan") as client:
        return await client.get(path, headers=[("Host", host) for host in hosts])


async def test_a_page_whose_name_was_made_to_lead_here_gets_nothing():
    for hosts in (["evil.test"], ["centre.lan", "evil.test"]):
        refused = await asked("/api/v1/me", *hosts)
        assert refused.status_code == 421
        assert refused.json()["error"]["code"] == "host_refused"
    assert (await asked("/api/v1/me", "centre.lan")).text == "ours"


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/hooks/kannel/secret/dlr"])
async def test_watchers_and_gateways_ask_by_any_name(path):
    assert (await asked(path, "callcenter:8000")).text == "ours"


async def test_a_socket_under_a_foreign_name_is_closed_before_it_opens():
    said = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "websocket.accept"})

    async def send(message: Any) -> None:
        said.append(message["type"])

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    for host in (b"evil.test", b"centre.lan:8000"):
        scope = {"type": "websocket", "path": "/ws/v1/seat", "headers": [(b"host", host)]}
        await HostCheck(app, NAMES)(scope, receive, send)
    assert said == ["websocket.close", "websocket.accept"]
