"""The demo page's server, in this process: who may use it, what it refuses, what it passes on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from callcenter.core.clock import SystemClock
from callcenter.core.supervisor import Supervisor
from callcenter.demo.devices.fleet import STATE_FILE, Addresses, Fleet
from callcenter.demo.devices.page import Show, build_page
from callcenter.demo.devices.server_process import ServerProcess
from callcenter.demo.devices.watch import ServerWatch
from tests.demo.devices.conftest import DEVICES
from tests.support.centre import Centre, bound_socket, serve


@dataclass(slots=True)
class Page:
    client: httpx.AsyncClient
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture
async def demo(centre: Centre, data_dir: Path) -> AsyncIterator[Page]:
    addresses = Addresses(centre.url, "127.0.0.1", centre.receiver.tcp_port)
    clock = SystemClock()
    listening = bound_socket()
    port = listening.getsockname()[1]
    async with (
        httpx.AsyncClient(base_url=centre.url, trust_env=False) as to_server,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
        Supervisor() as supervisor,
    ):
        fleet = Fleet(addresses, to_server, clock, supervisor, state_file=data_dir / STATE_FILE)
        fleet.use(DEVICES)
        watch = ServerWatch(data_dir, to_server, clock, fleet)
        process = ServerProcess(data_dir, [])
        show = Show(fleet, watch, process, to_server, centre.url, "127.0.0.1")
        async with serve(build_page(show), listening):
            yield Page(client, port)


async def test_an_answer_goes_to_the_server(centre: Centre, demo: Page):
    answer = await demo.client.post("/demo/phones/+8613900000001/reply", json={"text": " 1 "})
    assert answer.status_code == 200
    assert centre.replies == [("+8613900000001", "1")]


async def test_other_pages_may_not_use_it(demo: Page):
    foreign = {"Origin": "https://elsewhere.example"}
    answer = await demo.client.post("/demo/server/kill", headers=foreign)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "wrong_origin")
    with pytest.raises(InvalidStatus):
        async with connect(
            f"ws://127.0.0.1:{demo.port}/demo/live", origin="https://elsewhere.example"
        ):
            pass
    own = {"Origin": demo.url}
    answer = await demo.client.post("/demo/server/kill", headers=own)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "not_running")


async def test_a_page_whose_name_was_made_to_lead_here_may_do_nothing(demo):
    """DNS rebinding: its own name stands in Origin and Host alike."""
    name = f"elsewhere.example:{demo.port}"
    headers = {"Host": name, "Origin": f"http://{name}"}
    answer = await demo.client.post("/demo/server/kill", headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "wrong_origin")


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/demo/devices/A999/press", {"key": "red"}, 404),
        ("/demo/devices/A101/press", {"key": "purple"}, 422),
        ("/demo/devices/A101/press", ["red"], 422),
        ("/demo/phones/1/reply", {"text": " "}, 422),
    ],
)
async def test_nonsense_is_refused(demo: Page, path, body, status):
    assert (await demo.client.post(path, json=body)).status_code == status


async def test_one_name_for_page_and_console(demo: Page):
    answer = await demo.client.get("/", headers={"Host": f"localhost:{demo.port}"})
    assert (answer.status_code, answer.headers["location"]) == (307, f"{demo.url}/")
    page = await demo.client.get("/")
    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-src 'self' http://127.0.0.1:" in policy


async def test_the_page_of_somebody_who_is_sent_opens_at_the_console(centre: Centre, demo: Page):
    answer = await demo.client.post("/demo/phones/+8613900300004/page")
    assert answer.json()["result"] == f"{centre.url}/m.html#in=ABCD"
    assert centre.paged == ["+8613900300004"]
