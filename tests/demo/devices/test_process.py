"""The device process as it runs beside the server: its page, its lock, its memory."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect

from callcenter.core.pid_file import holder
from callcenter.demo.devices.process import PID_FILE
from tests.support.centre import Centre, bound_socket
from tests.support.waiting import until


class Process:
    """`python -m callcenter.demo.devices`, and a browser's view of its page."""

    def __init__(self, centre: Centre, data_dir: Path) -> None:
        with bound_socket() as free:
            self.port = free.getsockname()[1]
        self.command = [
            sys.executable,
            "-m",
            "callcenter.demo.devices",
            "--data-dir",
            str(data_dir),
        ]
        self.command += ["--server", centre.url, "--port", str(self.port)]
        self.command += ["--dc09", f"127.0.0.1:{centre.receiver.tcp_port}"]
        self.url = f"http://127.0.0.1:{self.port}"
        self.client = httpx.AsyncClient(base_url=self.url, trust_env=False)
        self.child: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        self.child = await asyncio.to_thread(
            subprocess.Popen, self.command, stderr=subprocess.DEVNULL
        )
        for _ in range(1000):
            with contextlib.suppress(httpx.TransportError):
                if (await self.client.get("/")).status_code == 200:
                    return
            await asyncio.sleep(0.02)
        pytest.fail("the device process does not answer")

    async def stop(self, number: int = signal.SIGTERM) -> int:
        assert self.child is not None
        self.child.send_signal(number)
        return await asyncio.to_thread(self.child.wait, 15)

    async def shows(self, condition: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """The first state that fulfils the condition, on a page opened now."""
        async with asyncio.timeout(15), connect(f"ws://127.0.0.1:{self.port}/demo/live") as page:
            async for message in page:
                state: dict[str, Any] = json.loads(message)
                if condition(state):
                    return state
        raise AssertionError("the page was closed")

    async def press(self, identifier: str, key: str) -> int:
        answer = await self.client.post(f"/demo/devices/{identifier}/press", json={"key": key})
        return answer.status_code


def device(state: dict[str, Any], identifier: str) -> dict[str, Any]:
    return next((d for d in state["devices"] if d["identifier"] == identifier), {"state": None})


@pytest.fixture
async def process(centre: Centre, data_dir: Path) -> AsyncIterator[Process]:
    process = Process(centre, data_dir)
    await process.start()
    yield process
    await process.client.aclose()
    assert process.child is not None
    if process.child.poll() is None:
        assert await process.stop() == 0


async def test_the_page_shows_a_press_from_key_to_taken(centre: Centre, process: Process):
    centre.feed["phones"] = [{"number": "+8613900000001", "messages": []}]
    await process.shows(lambda s: s["server"] == "up" and len(s["devices"]) == 6 and s["phones"])
    assert await process.press("A102", "red") == 200
    shown = await process.shows(lambda s: device(s, "A102")["state"] == "received")
    assert device(shown, "A102")["received_ms"] >= 0
    incident = {"number": 37, "identifier": "A102", "state": "taken", "stored_ms": 3, "seen_ms": 9}
    centre.feed["incidents"] = [incident]
    shown = await process.shows(lambda s: device(s, "A102")["state"] == "taken")
    assert shown["console_url"] == centre.url
    assert [(a["number"], a["stored_ms"], a["taken_ms"]) for a in shown["acks"]] == [(37, 3, None)]


async def test_an_unacknowledged_press_survives_a_kill(
    centre: Centre, process: Process, data_dir: Path
):
    centre.receiver.intake.store_is_away = True
    assert await process.press("A101", "red") == 200
    await until(lambda: centre.receiver.intake.refused, "the press to arrive")
    await process.stop(signal.SIGKILL)
    centre.receiver.intake.store_is_away = False
    await process.start()
    await process.shows(lambda s: device(s, "A101")["state"] == "received")
    assert len(centre.receiver.intake.stored) == 1


async def test_a_second_start_leaves_the_first_alone(process: Process, data_dir: Path):
    second = await asyncio.create_subprocess_exec(
        *process.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    assert await asyncio.wait_for(second.wait(), 20) == 0
    assert process.child is not None
    assert holder(data_dir / PID_FILE) == process.child.pid
    assert (await process.client.get("/")).status_code == 200
