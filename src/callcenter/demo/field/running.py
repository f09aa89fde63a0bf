"""Runs people of the field against a server that is there: let in by links of the office, on duty, on the move, off duty in the end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

import httpx

from callcenter.core.clock import Clock
from callcenter.core.errors import Misconfigured, Unavailable
from callcenter.demo.field.carrying import Phone, Told
from callcenter.demo.field.walking import DRIVES_M_PER_S, WALKS_M_PER_S, Walker, moved
from callcenter.demo.field.working import Doing, Job, Mind, Temper, temper_of
from callcenter.dispatch.choosing import Spot

LOOKS_EVERY_S: Final = 10.0
SAYS_WHERE_EVERY_S: Final = 4.0
STRAYS_M: Final = 250.0
NETWORK_GOES: Final = 0.0015
"""A second and person: about once in eleven minutes."""
WITHOUT_S: Final = (60.0, 240.0)


@dataclass(frozen=True, slots=True)
class Wanted:
    """`speed`: so many times as fast as people are, on the way and at their work."""

    people: int
    minutes: float
    speed: float
    seed: int


class Office:
    """A dispatcher's log-in, who makes the links."""

    def __init__(self, server: str) -> None:
        self._http = httpx.AsyncClient(base_url=f"{server}/api/v1", trust_env=False, timeout=30)
        self._http.headers["Origin"] = server

    async def log_in(self, login: str, password: str) -> None:
        words = {"login": login, "password": password}
        try:
            answer = await self._http.post("/login", json=words)
        except httpx.TransportError as error:
            raise Unavailable(f"no server answers at {self._http.base_url}: {error}") from error
        if answer.status_code in (401, 403, 429):
            raise Misconfigured(f"{login} cannot log in: {answer.text}")
        answer.raise_for_status()
        self._http.headers["X-CSRF-Token"] = answer.json()["csrf_token"]

    async def close(self) -> None:
        await self._http.aclose()

    async def get(self, path: str) -> Any:
        """JSON. Raises httpx.HTTPStatusError."""
        answer = await self._http.get(path)
        answer.raise_for_status()
        return answer.json()

    async def code_for(self, staff_id: int) -> str | None:
        """Of a link that opens one phone; None for somebody who is let in nowhere."""
        answer = await self._http.post(f"/staff/{staff_id}/phones/link", json={"hours": 1})
        if answer.status_code in (403, 404, 409, 422):
            return None
        answer.raise_for_status()
        return str(answer.json()["address"]).rpartition("#in=")[2]


class Somebody:
    """One of them, with their phone."""

    def __init__(self, phone: Phone, at: Spot, drives: bool, seed: int, wanted: Wanted) -> None:
        self._dice = Random(seed)  # noqa: S311 - nobody's secret
        self._phone = phone
        self._speed = wanted.speed
        self._walker = Walker(at, None, DRIVES_M_PER_S if drives else WALKS_M_PER_S)
        self._mind = Mind(temper_of(self._dice), wanted.speed)
        self._jobs: Sequence[Job] = ()
        self._back_at: datetime | None = None

    @property
    def temper(self) -> Temper:
        return self._mind.temper

    def begin(self, now: datetime) -> None:
        self._phone.do("on_duty", now)

    async def look(self) -> None:
        """What their phone shows now; the old list without a network."""
        jobs = await self._phone.jobs()
        if jobs is not None:
            self._jobs = jobs

    async def live(self, seconds: float, now: datetime, told: Told) -> None:
        """So many seconds of real time."""
        self._lose_network(seconds, now, told)
        self._walker = self._walker.after(seconds * self._speed)
        job = self._mind.at_work(self._jobs)
        if job is None and self._walker.to is None:
            self._stray()
        elif job is not None and job.at is not None and not self._walker.is_at(job.at):
            self._walker = self._walker.going(job.at)
        is_there = job is not None and (job.at is None or self._walker.is_at(job.at))
        self._act(is_there, now)
        await self._phone.send()

    async def say_where(self) -> None:
        await self._phone.say_where(self._walker.seen(self._dice))

    async def end(self, now: datetime) -> None:
        """Whatever waits is sent first."""
        self._phone.has_network = True
        self._phone.do("off_duty", now)
        await self._phone.send()
        await self._phone.close()

    def _act(self, is_there: bool, now: datetime) -> None:
        chosen = self._mind.next(self._jobs, is_there, now, self._dice)
        if chosen is None:
            return
        job, doing = chosen
        seen = self._walker.seen(self._dice)
        where = {"lat": seen.lat, "lng": seen.lng, "accuracy_m": 12.0}
        more = where if doing in (Doing.ARRIVE, Doing.DEPART) else {}
        self._phone.do(doing.value, now, job.id, **more)

    def _stray(self) -> None:
        far = STRAYS_M if self._walker.m_per_s < DRIVES_M_PER_S else 4 * STRAYS_M
        north, east = self._dice.uniform(-far, far), self._dice.uniform(-far, far)
        self._walker = self._walker.going(moved(self._walker.at, north, east))

    def _lose_network(self, seconds: float, now: datetime, told: Told) -> None:
        if self._back_at is not None:
            if now >= self._back_at:
                self._back_at, self._phone.has_network = None, True
        elif self._dice.random() < NETWORK_GOES * seconds:
            self._back_at = now + timedelta(seconds=self._dice.uniform(*WITHOUT_S))
            self._phone.has_network = False
            told.spells += 1


async def run_field(
    server: str,
    login: str,
    password: str,
    wanted: Wanted,
    clock: Clock,
    say: Callable[[str], None],
) -> Told:
    """Until the minutes are over. Raises Misconfigured where nobody can be let in."""
    told = Told()
    office = Office(server)
    try:
        await office.log_in(login, password)
        people = await _let_in(server, office, wanted, told)
    finally:
        await office.close()
    if not people:
        raise Misconfigured("no member of staff can be let in: is a dispatcher's log-in given?")
    tempers = [f"{sum(each.temper is one for each in people)} {one}" for one in Temper]
    say(f"on duty       {len(people)} people: {', '.join(tempers)}")
    for each in people:
        each.begin(clock.now())
    try:
        await _live_on(people, wanted, clock, told)
    finally:
        for each in people:
            await each.end(clock.now())
    return told


async def _let_in(server: str, office: Office, wanted: Wanted, told: Told) -> list[Somebody]:
    staff = await office.get("/staff?limit=200")
    homes = await office.get("/homes/dots")
    if not homes:
        raise Misconfigured("there are no homes with a position in the regions of this log-in")
    found: list[Somebody] = []
    for number, row in enumerate(staff):
        code = await office.code_for(row["id"]) if len(found) < wanted.people else None
        if code is None:
            continue
        phone = Phone(server, row["id"], told)
        await phone.log_in(code)
        home = homes[number % len(homes)]
        seed = wanted.seed * 100_003 + row["id"]
        drives = "driver" in row["kinds"]
        found.append(Somebody(phone, Spot(home["lat"], home["lng"]), drives, seed, wanted))
    return found


async def _live_on(people: Sequence[Somebody], wanted: Wanted, clock: Clock, told: Told) -> None:
    began = before = clock.monotonic()
    looked = said = -LOOKS_EVERY_S
    while (at := clock.monotonic()) - began < 60 * wanted.minutes:
        if at - looked >= LOOKS_EVERY_S / wanted.speed:
            looked = at
            await asyncio.gather(*(each.look() for each in people))
        now = clock.now()
        await asyncio.gather(*(each.live(at - before, now, told) for each in people))
        if at - said >= SAYS_WHERE_EVERY_S:
            said = at
            await asyncio.gather(*(each.say_where() for each in people))
        before = at
        await asyncio.sleep(1.0)
