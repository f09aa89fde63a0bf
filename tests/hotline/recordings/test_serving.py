"""A whole server beside an exchange's folder: it takes in what lies there, also after it was killed, and plays it through both processes."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from callcenter.core.clock import SystemClock
from tests.support.api import person, sign_in
from tests.support.place import durable_databases, folder, place
from tests.support.recorded import call_row, recorded
from tests.support.waiting import until_told

__all__ = ["durable_databases", "folder", "place"]

WHY = {"reason": "家属投诉，核对通话内容"}


def beside(exchange: Path) -> dict[str, str]:
    telephony = {"NAME": "trial", "FOLDER": str(exchange), "PASSWORD": "only-in-tests"}
    return {f"TELEPHONY__{name}": value for name, value in telephony.items()}


def copied(file: Path, name: str, other: str) -> None:
    """With its time."""
    if name != other:
        shutil.copy2(file, file.with_name(file.name.replace(name, other, 1)))


@pytest.mark.timeout(600)
async def test_what_the_exchange_has_recorded_is_played_in_the_console(place, folder):
    owner, now = place.site.owner, SystemClock().now()
    region = await owner.fetchval("SELECT id FROM region WHERE parent_id IS NULL")
    spool = folder / "pbx" / "spool" / "recording"
    names = [f"trial-1.{number}" for number in range(10)]
    short = recorded(spool, now - timedelta(minutes=1), names[1], seconds=3)
    for name in names:
        await call_row(owner, region, now, name)
        for each in short:
            copied(each, names[1], name)
    recorded(spool, now - timedelta(minutes=1), names[0], seconds=140)

    async def taken() -> bool:
        return bool(await owner.fetchval("SELECT count(*) FROM recording"))

    async def all_taken() -> bool:
        return len(names) == await owner.fetchval("SELECT count(*) FROM recording") and not any(
            spool.iterdir()
        )

    server = await place.serve(**beside(folder / "pbx"))
    await until_told(taken, "the first recordings", 240)
    server.kill()
    await server.start()
    await until_told(all_taken, "every recording", 240)
    states = await owner.fetch("SELECT state, seconds, reason FROM recording ORDER BY seconds")
    assert {tuple(each) for each in states[:-1]} == {("kept", 3.0, "")}
    assert tuple(states[-1]) == ("kept", 140.0, "")

    await person(owner, "listener", ("operator", region))
    async with httpx.AsyncClient(base_url=server.url, headers={"Origin": server.url}) as client:
        await sign_in(client, "listener")
        recording = await owner.fetchval("SELECT id FROM recording WHERE seconds = 140")
        asked = await client.post(f"/api/v1/hotline/recordings/{recording}/listen", json=WHY)
        sound = asked.json()["sound"]
        part = await client.get(sound, headers={"Range": "bytes=0-"})
        assert part.status_code == 206
        size = int(part.headers["content-range"].rpartition("/")[2])
        assert (size, len(part.content)) == (58 + 140 * 16_000, 2 * 1024 * 1024)
        rest = await client.get(sound, headers={"Range": f"bytes={len(part.content)}-"})
        assert (rest.status_code, len(part.content + rest.content)) == (206, size)
        whole = await client.get(sound)
        assert (whole.status_code, whole.content) == (200, part.content + rest.content)
