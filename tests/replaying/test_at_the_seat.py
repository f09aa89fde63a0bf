"""The command that lets a night ring for a trainee: from the file to the table at the end."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import httpx
import pytest

from callcenter.cli.journal import write_night
from tests.replaying.nights import NightStory
from tests.replaying.test_training import a_night
from tests.support.show import neighbouring_ports


async def until_said(process: Process, words: str) -> list[str]:
    assert process.stdout is not None
    said: list[str] = []
    async with asyncio.timeout(120):
        while not said or words not in said[-1]:
            line = await process.stdout.readline()
            assert line, said
            said.append(line.decode().rstrip())
    return said


async def pressed_so_far(process: Process, left: str) -> None:
    """What is told of the night as it goes."""
    assert process.stderr is not None
    async with asyncio.timeout(60):
        while left not in (await process.stderr.readline()).decode():
            pass


async def log_in(address: str, login: str, password: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
        given = {"login": login, "password": password}
        return await client.post("/api/v1/login", json=given, headers={"Origin": address})


@pytest.mark.slow
async def test_a_night_rings_at_a_seat_of_its_own_and_stands_beside_what_was(
    story: NightStory, tmp_path: Path
):
    file, after = tmp_path / "night.gz", tmp_path / "after.gz"
    write_night(await a_night(story), file)
    port = neighbouring_ports()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "callcenter", "replay", str(file), "--serve", "--speed", "1",
        "--port", str(port), "-o", str(after), stdin=PIPE, stdout=PIPE, stderr=PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    try:
        said = await until_said(process, "end: the comparison")
        assert any(line.startswith(f"exercise at http://127.0.0.1:{port}/") for line in said)
        trainee, *_ = [line.split() for line in said if line.startswith("  log-in trainee")]
        answer = await log_in(f"http://127.0.0.1:{port}", trainee[1], trainee[2])
        assert answer.status_code == 200, answer.text
        process.stdin.write(b"n\nn\nn\n")  # in one breath
        await pressed_so_far(process, " 0 presses to come")
        process.stdin.write(b"end\n")
        rest, _ = await process.communicate()
    finally:
        if process.returncode is None:  # by the way that ends its server, too
            process.terminate()
            await process.communicate()
    table = rest.decode()
    assert process.returncode == 0, table
    assert "not taken: 2; not pressed yet, or part of another alarm: 0" in table
    assert after.stat().st_mode & 0o777 == 0o600
