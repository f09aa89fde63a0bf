"""The district view, a community's list, search and palette, over HTTP, by somebody who sees everything."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import httpx

from benchmarks.growth_place import Place
from benchmarks.growth_search import TERMS
from benchmarks.spread import spread_ms

ASKED = 200
COMMUNITIES = 44
"""Of Kuiwen, whose 30,000 people the page was made for."""

Ask = Callable[[httpx.AsyncClient, int], Awaitable[object]]


async def measure(place: Place) -> None:
    """Prints ms until the answer is read: `python -m benchmarks --growth district --sizes 30000 --journal 0`."""
    await _split(place)
    async with httpx.AsyncClient(
        base_url=place.served.address, cookies={"callcenter_session": place.cookies[0]}, timeout=60
    ) as http:
        tiles = (await http.get("/api/v1/communities")).json()
        for name, ask in _cells(tiles).items():
            times = []
            for number in range(ASKED):
                began = time.perf_counter()
                await ask(http, number)
                times.append(time.perf_counter() - began)
            spread = spread_ms(times)
            print(
                f"   {name}: p50 {spread['p50']:.1f}, p95 {spread['p95']:.1f}, max {spread['max']:.1f} ms",
                flush=True,
            )


def _cells(tiles: Sequence[Mapping[str, Any]]) -> Mapping[str, Ask]:
    ids = [tile["region_id"] for tile in tiles if tile["counts"]["residents"]]

    async def district(http: httpx.AsyncClient, _: int) -> object:
        return _read(await http.get("/api/v1/communities"))

    async def dots(http: httpx.AsyncClient, number: int) -> object:
        """From the whole district to a few streets."""
        reach = 0.12 / 2 ** (number % 6)
        box = {
            "west": 104.05 - reach,
            "east": 104.05 + reach,
            "south": 40.05 - reach,
            "north": 40.05 + reach,
        }
        return _read(await http.get("/api/v1/communities/dots", params=box | {"cell": reach / 16}))

    async def community(http: httpx.AsyncClient, number: int) -> object:
        asked = {"region_id": ids[number % len(ids)]} | ({"of": "high_risk"} if number % 2 else {})
        return _read(await http.get("/api/v1/communities/people", params=asked))

    async def search(http: httpx.AsyncClient, number: int) -> object:
        return _read(await http.get("/api/v1/residents", params={"q": _term(number)}))

    async def palette(http: httpx.AsyncClient, number: int) -> object:
        """What it asks for people and for devices, one after the other."""
        asked = {"q": _term(number), "limit": 6}
        return [
            _read(await http.get(f"/api/v1/{what}", params=asked))
            for what in ("residents", "devices")
        ]

    return {
        f"district view ({len(ids)} communities)": district,
        "dots of a part of the map": dots,
        "list of a community": community,
        "search": search,
        "palette": palette,
    }


def _term(number: int) -> str:
    kinds = list(TERMS.values())
    return kinds[number % len(kinds)](number // len(kinds))


def _read(answer: httpx.Response) -> object:
    answer.raise_for_status()
    return answer.json()


async def _split(place: Place) -> None:
    """So many communities as the district has, each with its share of the buildings."""
    standing = await place.owner.fetchval("SELECT count(*) FROM region WHERE level = 'community'")
    async with place.owner.transaction():
        await place.owner.execute("SET LOCAL session_replication_role = replica")
        await place.owner.execute(_MORE, COMMUNITIES - standing)
        await place.owner.execute("UPDATE region SET path = ARRAY[parent_id, id] WHERE path = '{}'")
        for statement in _DISTRIBUTE:
            await place.owner.execute(statement)
    await place.owner.execute("VACUUM ANALYZE")


_MORE = """
INSERT INTO region (parent_id, path, level, name, name_en)
SELECT (SELECT id FROM region WHERE parent_id IS NULL), '{}', 'community', '新柳第' || n || '社区', 'Xinliu ' || n
FROM generate_series(1, $1::bigint) AS n
"""
_DISTRIBUTE = (
    """
    UPDATE home SET region_id = place.ids[1 + home.id % cardinality(place.ids)]
    FROM (SELECT array_agg(id ORDER BY id) AS ids FROM region WHERE level = 'community') AS place
    """,
    """
    UPDATE device SET region_id = home.region_id, heartbeat_s = 3600
    FROM device_assignment JOIN home ON home.id = home_id WHERE device_id = device.id
    """,
    """
    INSERT INTO device_last_seen SELECT id, now() - id % 50 * interval '6 minutes' FROM device
    ON CONFLICT (device_id) DO NOTHING
    """,
    """
    UPDATE resident SET welfare = CASE id % 9 WHEN 0 THEN '{no_family}'::text[] WHEN 1 THEN '{minimum_allowance}' ELSE '{}' END,
                        living = CASE id % 3 WHEN 0 THEN 'alone' END, disability = CASE id % 12 WHEN 0 THEN 'physical' END
    """,
)
