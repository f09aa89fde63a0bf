"""The search field, over HTTP, by an operator who sees everything."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import httpx

from benchmarks.growth_place import Place
from benchmarks.spread import spread_ms

SEARCHES = 200

TERMS: Mapping[str, Callable[[int], str]] = {
    "name": lambda n: "沈乔陆林顾郑潘钱"[n % 8] + ("玉", "文斌", "美", "国强", "")[n % 5],
    "pinyin": lambda n: "shenyulan"[: 4 + n % 6],
    "initials": lambda n: ("syl", "sy", "s")[n % 3],
    "address": lambda n: f"榆荫里{n % 20 + 1}村{n % 18 + 1}号楼{n % 3 + 1}单元",
    "phone": lambda n: f"13800{n * 13 % 10_000:06d}"[: 11 - n % 4],
}
"""What is typed, by kind; as `growth_data` writes people."""


async def measure(place: Place) -> None:
    """Prints ms until the answer is read, and how many people the first page names."""
    cookies = {"callcenter_session": place.cookies[0]}
    address = place.served.address
    async with httpx.AsyncClient(base_url=address, cookies=cookies, timeout=60) as http:
        for kind, term in TERMS.items():
            times, found = [], 0
            for number in range(SEARCHES):
                began = time.perf_counter()
                answer = await http.get("/api/v1/residents", params={"q": term(number)})
                times.append(time.perf_counter() - began)
                answer.raise_for_status()
                found += len(answer.json()["items"])
            spread = spread_ms(times)
            print(
                f"   search by {kind}: p50 {spread['p50']:.1f}, p99 {spread['p99']:.1f}, max {spread['max']:.1f} ms;"
                f" {found / SEARCHES:.0f} found on the first page",
                flush=True,
            )
