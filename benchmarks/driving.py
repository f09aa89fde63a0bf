"""Runs a load generator in a process of its own, and says what it and the server used meanwhile."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import orjson

from benchmarks.machine import Meter
from benchmarks.server import ROOT, Bare, Server, Spent, difference
from benchmarks.site import TOKEN

MOST_S = 900.0
"""No load generator runs longer than this."""


async def drive(module: str, settings: dict[str, Any]) -> dict[str, Any]:
    """One run: JSON in as the argument, JSON out. Raises SystemExit when it fails."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"benchmarks.{module}", orjson.dumps(settings).decode(),
        cwd=ROOT, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        out, _ = await asyncio.wait_for(process.communicate(), MOST_S)
    except TimeoutError:
        raise SystemExit(f"{module} did not end within {MOST_S:g} s") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise SystemExit(f"{module} failed")
    figures: dict[str, Any] = orjson.loads(out)
    return figures


async def measured(settings: dict[str, Any], spent: Callable[[], Spent]) -> dict[str, Any]:
    """Alarms and consoles; with `others` in percent of the machine, and `cpu` in ms of one core an alarm, by process."""
    meter, before = Meter(), spent()
    figures = await drive("client", settings)
    alarms = max(1, figures["acknowledged"])
    used = difference(before, spent())
    figures["cpu"] = {name: 1000 * seconds / alarms for name, seconds in used.items()}
    figures["others"] = meter.others()
    return figures


def to_bare(server: Bare, consoles: int, rate: float | None, **more: Any) -> dict[str, Any]:
    """Settings of a run against the bare pipeline."""
    return _settings(consoles, rate, more) | {
        "alarm_port": server.http,
        "ws_port": server.ws,
        "path": "/",
        "ws_path": "/",
        "seat": False,
    }


def to_ours(
    server: Server, cookies: list[str], consoles: int, rate: float | None, **more: Any
) -> dict[str, Any]:
    """Settings of a run against the server; `dc09=True` calls as the diallers of `growth_data` over TCP."""
    return {
        **_settings(consoles, rate, more),
        "alarm_port": server.dc09 if more.get("dc09") else server.port,
        "ws_port": server.port,
        "path": "/ingest/v1/signals",
        "ws_path": "/ws/v1/seat",
        "cookies": cookies,
        "seat": True,
    }


def _settings(consoles: int, rate: float | None, more: dict[str, Any]) -> dict[str, Any]:
    fixed = {"token": TOKEN, "cookies": [], "consoles": consoles, "rate": rate}
    return fixed | {"first_device": 0} | more
