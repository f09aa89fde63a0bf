"""Runs people of the field against a server that is there: let in by links of the office, on duty, on the move, off duty in the end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

import httpx

from callcenter.core.clock import Clock
from callcenter.core.errors import Misconfigured
from callcenter.demo.field.carrying import Phone, Told
from callcenter.demo.field.counting import Balance, Said, balance, written_of
from callcenter.demo.field.hiring import Office
from callcenter.demo.field.memory import Memory, memory_of
from callcenter.demo.field.walking import DRIVES_M_PER_S, WALKS_M_PER_S, Walker, moved
from callcenter.demo.field.watching import Heard, Watch
from callcenter.demo.field.working import Doing, Job, Mind, Temper, temper_of
from callcenter.dispatch.choosing import Spot

LOOKS_EVERY_S: Final = 10.0
SAYS_WHERE_EVERY: Final = 4
STRAYS_M: Final = 250.0
NETWORK_GOES: Final = 0.0015
"""A second and person: about once in eleven minutes."""
WITHOUT_S: Final = (60.0, 240.0)
IS_CLOSED: Final = 0.0004
"""A second and person that the page of a phone is closed: about once in forty minutes."""
CLOSED_S: Final = (330.0, 400.0)
"""Until its dot has turned hollow, and a little longer."""
LOOKS_AT_DOTS_EVERY_S: Final = 2.0
TRIES: Final = 30
"""To send what waits when all is over, a second each."""
SETTLED_S: Final = 60.0
"""After so long memory is looked at for the first time."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """`speed`: so many times as fast as people are, on the way and at their work. `hire_as`: the log-in that enters caregivers where
    there are too few. `visits`: booked a minute. `pid`: of the server whose memory is told.
    """

    people: int
    minutes: float
    speed: float
    seed: int
    hire_as: str | None = None
    visits: float = 0
    pid: int | None = None


@dataclass(slots=True)
class Outcome:
    """What came of it, for the terminal and for the exit code."""

    told: Told
    watch: Watch = field(default_factory=Watch)
    balance: Balance | None = None
    booked: int = 0
    memory: list[Memory | None] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Everything came, once, and the dots were where the phones are."""
        return self.watch.holds and (self.balance is None or self.balance.holds)

    def lines(self) -> list[str]:
        said = [*self.told.lines(), f"visits        {self.booked} booked", self.watch.line()]
        if self.balance is not None:
            said.append(self.balance.line())
        return [*said, *_grown(self.memory)]


def _grown(memory: Sequence[Memory | None]) -> list[str]:
    """From minute to minute."""
    known = [each for each in memory if each is not None]
    server = " ".join(f"{each.server:.0f}" for each in known)
    database = " ".join(f"{each.database:.0f}" for each in known)
    return [f"memory        server {server} MiB; database {database} MiB"] if known else []


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
        self._opens_at: datetime | None = None

    @property
    def staff_id(self) -> int:
        return self._phone.staff_id

    @property
    def heard(self) -> Heard | None:
        return self._phone.heard

    @property
    def temper(self) -> Temper:
        return self._mind.temper

    def begin(self, now: datetime) -> None:
        self._phone.do("on_duty", now)

    async def look(self) -> None:
        """What their phone shows now; the old list without a network."""
        if self._opens_at is not None:
            return
        jobs = await self._phone.jobs()
        if jobs is not None:
            self._jobs = jobs

    async def live(self, seconds: float, now: datetime, told: Told) -> None:
        """So many seconds of real time."""
        self._lose_network(seconds, now, told)
        self._walker = self._walker.after(seconds * self._speed)
        if self._is_closed(seconds, now, told):
            return
        job = self._mind.at_work(self._jobs)
        if job is None and self._walker.to is None:
            self._stray()
        elif job is not None and job.at is not None and not self._walker.is_at(job.at):
            self._walker = self._walker.going(job.at)
        is_there = job is not None and (job.at is None or self._walker.is_at(job.at))
        self._act(is_there, now)
        await self._phone.send()

    async def say_where(self, clock: Clock) -> None:
        """Where they are now; a closed page says nothing."""
        if self._opens_at is None:
            await self._phone.say_where(self._walker.seen(self._dice), clock)

    async def end(self, now: datetime) -> None:
        """Whatever waits is sent first."""
        self._phone.has_network, self._phone.loses_answer = True, False
        self._phone.do("off_duty", now)
        for _ in range(TRIES):
            await self._phone.send()
            if not self._phone.waiting:
                break
            await asyncio.sleep(1.0)
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

    def _is_closed(self, seconds: float, now: datetime, told: Told) -> bool:
        """Put away for some minutes; what waits in it is sent when it is opened again."""
        if self._opens_at is not None and now >= self._opens_at:
            self._opens_at = None
        elif self._opens_at is None and self._dice.random() < IS_CLOSED * seconds:
            self._opens_at = now + timedelta(seconds=self._dice.uniform(*CLOSED_S))
            told.closed += 1
        return self._opens_at is not None

    def _lose_network(self, seconds: float, now: datetime, told: Told) -> None:
        if self._back_at is not None:
            if now >= self._back_at:
                self._back_at = None
                self._phone.has_network, self._phone.loses_answer = True, False
        elif self._dice.random() < NETWORK_GOES * seconds:
            self._back_at = now + timedelta(seconds=self._dice.uniform(*WITHOUT_S))
            # at once, or with the next answer on its way: what that was about is sent again
            self._phone.has_network = self._phone.loses_answer = self._dice.random() < 0.5
            told.spells += 1


async def run_field(
    server: str,
    login: str,
    password: str,
    wanted: Wanted,
    clock: Clock,
    say: Callable[[str], None],
) -> Outcome:
    """Until the minutes are over. Raises Misconfigured where nobody can be let in."""
    outcome = Outcome(Told())
    office = Office(server)
    try:
        await office.log_in(login, password)
        if wanted.hire_as is not None:
            await _hire(server, wanted, wanted.hire_as, password)
        homes = await office.get("/homes/dots")
        people = await _let_in(server, office, homes, wanted, outcome.told)
        tempers = [f"{sum(each.temper is one for each in people)} {one}" for one in Temper]
        began = clock.now()
        say(f"on duty       {len(people)} people: {', '.join(tempers)}")
        for each in people:
            each.begin(clock.now())
        try:
            await _live_on(people, office, homes, wanted, clock, outcome)
        finally:
            await asyncio.gather(*(each.end(clock.now()) for each in people))
        outcome.balance = await _balance(office, people, outcome.told, began)
    finally:
        await office.close()
    return outcome


async def _hire(server: str, wanted: Wanted, login: str, password: str) -> None:
    """As many as are missing, in the region where most of those who are there help."""
    office = Office(server)
    try:
        await office.log_in(login, password)
        staff = await office.staff()
        if not staff:
            raise Misconfigured("there is nobody of the staff, so no region to enter more in")
        regions = [row["region_id"] for row in staff]
        region_id = max(set(regions), key=regions.count)
        for number in range(len(staff), wanted.people):
            await office.hire(number + 1, region_id)
    finally:
        await office.close()


async def _let_in(
    server: str, office: Office, homes: Sequence[Any], wanted: Wanted, told: Told
) -> list[Somebody]:
    if not homes:
        raise Misconfigured("there are no homes with a position in the regions of this log-in")
    found: list[Somebody] = []
    for number, row in enumerate(await office.staff()):
        code = await office.code_for(row["id"]) if len(found) < wanted.people else None
        if code is None:
            continue
        phone = Phone(server, row["id"], told)
        await phone.log_in(code)
        home = homes[number % len(homes)]
        seed = wanted.seed * 100_003 + row["id"]
        drives = "driver" in row["kinds"]
        found.append(Somebody(phone, Spot(home["lat"], home["lng"]), drives, seed, wanted))
    if not found:
        raise Misconfigured("no member of staff can be let in: is a dispatcher's log-in given?")
    return found


async def _live_on(
    people: Sequence[Somebody],
    office: Office,
    homes: Sequence[Any],
    wanted: Wanted,
    clock: Clock,
    outcome: Outcome,
) -> None:
    async with asyncio.TaskGroup() as beside:
        others = [
            beside.create_task(_look_at_dots(people, office, clock, outcome)),
            beside.create_task(_book(office, homes, wanted, clock, outcome)),
            beside.create_task(_weigh(wanted, outcome)),
        ]
        await _move(people, wanted, clock, outcome.told)
        for each in others:
            each.cancel()
    if wanted.pid is not None:
        outcome.memory.append(memory_of(wanted.pid))


async def _move(people: Sequence[Somebody], wanted: Wanted, clock: Clock, told: Told) -> None:
    """Each looks and says where they are in a second of their own: phones are not in step."""
    began = before = clock.monotonic()
    looks_every = max(1, round(LOOKS_EVERY_S / wanted.speed))
    second = 0
    while (at := clock.monotonic()) - began < 60 * wanted.minutes:
        await asyncio.gather(*(each.look() for each in people[second % looks_every :: looks_every]))
        now = clock.now()
        await asyncio.gather(*(each.live(at - before, now, told) for each in people))
        saying = people[second % SAYS_WHERE_EVERY :: SAYS_WHERE_EVERY]
        await asyncio.gather(*(each.say_where(clock) for each in saying))
        before, second = at, second + 1
        await asyncio.sleep(max(0.0, at + 1.0 - clock.monotonic()))


async def _look_at_dots(
    people: Sequence[Somebody], office: Office, clock: Clock, outcome: Outcome
) -> None:
    """As a screen does: what has changed since the look before."""
    shown: dict[int, datetime] = {}
    cursor = ""
    while True:
        heard = {each.staff_id: each.heard for each in people}
        asked_at = clock.now()
        told = await office.get("/field/dots" + (f"?since={cursor}" if cursor else ""))
        cursor = told["cursor"]
        if told["whole"]:
            shown.clear()
        for dot in told["dots"]:
            if dot["at"] is not None:
                shown[dot["staff_id"]] = datetime.fromisoformat(dot["at"])
        for staff_id in told["gone"]:
            shown.pop(staff_id, None)
        known = {staff_id: last for staff_id, last in heard.items() if last is not None}
        outcome.watch.look(shown, known, asked_at, datetime.fromisoformat(told["now"]))
        await asyncio.sleep(LOOKS_AT_DOTS_EVERY_S)


async def _book(
    office: Office, homes: Sequence[Any], wanted: Wanted, clock: Clock, outcome: Outcome
) -> None:
    dice = Random(wanted.seed)  # noqa: S311 - nobody's secret
    while wanted.visits:
        outcome.booked += await office.book(homes, clock.now(), dice)
        await asyncio.sleep(60 / wanted.visits)


async def _weigh(wanted: Wanted, outcome: Outcome) -> None:
    while wanted.pid is not None:
        await asyncio.sleep(SETTLED_S)
        outcome.memory.append(memory_of(wanted.pid))


async def _balance(
    office: Office, people: Sequence[Somebody], told: Told, since: datetime
) -> Balance:
    written: Said = Said()
    tasks = {each.task_id for each in told.commands.values() if each.task_id is not None}
    for task_id in sorted(tasks):
        written += written_of(task_id, await _steps(office, task_id), since)
    return balance(told.commands, written, frozenset(each.staff_id for each in people))


async def _steps(office: Office, task_id: UUID) -> Sequence[Any]:
    try:
        found: Sequence[Any] = (await office.get(f"/desk/tasks/{task_id}"))["steps"]
    except httpx.HTTPStatusError:
        return []  # not there: the balance says what is missing
    return found
