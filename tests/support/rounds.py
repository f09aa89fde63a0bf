"""A community with rounds: who walks them, what they say at each door, and the office's processors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import asyncpg

from callcenter.core.database import Database
from callcenter.core.ids import new_id
from callcenter.dispatch.choosing import Spot
from callcenter.dispatch.proof import Fix
from callcenter.rounds.answers import claims_in
from callcenter.rounds.closing import EndsOfRuns
from callcenter.rounds.reading import RoundAnswers
from callcenter.rounds.visit import VisitState
from callcenter.rounds.walking import AtDoor, Told, Walker, say
from callcenter.rounds.writing import RoundRuns
from callcenter.sms.arrivals import keep, whose_by
from callcenter.sms.gateway import InboundText
from callcenter.sms.models import Reader
from tests.support.clock import HandClock
from tests.support.community import Community
from tests.support.outbox import SHANGHAI

EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]
AT_THE_DOOR = Fix(Spot(40.0, 104.0), 10.0)
"""Where the homes of `Community` are."""
SIX_HUNDRED_METRES_OFF = Fix(Spot(40.0054, 104.0), 10.0)


@dataclass
class Rounds:
    """Writes templates as the owner; everything else happens as in the office."""

    community: Community
    database: Database
    clock: HandClock
    walkers: list[int] = field(default_factory=list)

    @property
    def owner(self) -> asyncpg.Connection:
        return self.community.owner

    @property
    def today(self) -> date:
        return self.clock.now().astimezone(SHANGHAI).date()

    async def walker(self, name: str = "小周", phone: str | None = None) -> int:
        """Somebody of the staff who goes from door to door."""
        made = (
            "INSERT INTO staff (name, region_id, phone, kinds, active_from)"
            " VALUES ($1, $2, $3, '{volunteer}', '2020-01-01') RETURNING id"
        )
        staff: int = await self.owner.fetchval(made, name, self.community.street, phone)
        self.walkers.append(staff)
        return staff

    async def round(self, kind: str = "milk", **more: Any) -> int:
        """Every day from half past six, to be ended at noon."""
        values: dict[str, Any] = {
            "name": "早间送奶",
            "kind": kind,
            "region_id": self.community.street,
            "weekdays": EVERY_DAY,
            "from_day": date(2020, 1, 1),
            "begins_at": time(6, 30),
            "closes_at": time(12),
            "staff_ids": self.walkers,
            "created_at": self.clock.now(),
        } | more
        return await self._insert("round", values)

    async def stop(self, round_id: int, home: int, n: int = 1, **more: Any) -> int:
        """One of its homes."""
        return await self._insert(
            "round_stop", {"round_id": round_id, "home_id": home, "n": n} | more
        )

    async def stops(self, round_id: int, count: int) -> list[int]:
        """So many homes with one resident each, by home."""
        homes = []
        for n in range(1, count + 1):
            home = await self.community.home(address=f"榆荫里{n}号")
            await self.community.resident(home)
            await self.stop(round_id, home, n)
            homes.append(home)
        return homes

    async def hear(self, words: str, sender: str) -> bool:
        """A text comes in, has its reader, and is carried out. Whether it was read here."""
        now = self.clock.now()
        whose = whose_by(claims_in(SHANGHAI))
        text = InboundText(sender, words, str(new_id()))
        async with self.database.transaction() as session:
            reader = await keep(session, "sandbox", text, now, whose=whose)
        done = await RoundAnswers(self.database, SHANGHAI).run_once(now)
        assert done == (reader is Reader.ROUND)
        return reader is Reader.ROUND

    async def _insert(self, table: str, values: dict[str, Any]) -> int:
        places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
        row_id: int = await self.owner.fetchval(
            f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places}) RETURNING id",  # noqa: S608 - our own names
            *values.values(),
        )
        return row_id

    # ---- what happens

    def at(self, hour: int, minute: int = 0, days: int = 0) -> None:
        """It is this time of the site's day."""
        day = self.today + timedelta(days=days)
        moment = datetime.combine(day, time(hour, minute), SHANGHAI).astimezone(UTC)
        self.clock.advance((moment - self.clock.now()).total_seconds())

    async def look(self) -> None:
        """The processors do what is due."""
        now = self.clock.now()
        await RoundRuns(self.database, SHANGHAI).run_once(now)
        ends = EndsOfRuns(self.database, SHANGHAI)
        while await ends.run_once(now):
            pass

    async def visits(self, round_id: int, days: int = 0) -> dict[int, asyncpg.Record]:
        """Of the run of today, by home."""
        rows = await self.owner.fetch(
            "SELECT round_visit.* FROM round_visit JOIN round_run ON round_run.id = run_id"
            " WHERE round_id = $1 AND day = $2 ORDER BY n",
            round_id,
            self.today + timedelta(days=days),
        )
        return {row["home_id"]: row for row in rows}

    async def states(self, round_id: int, days: int = 0) -> list[str]:
        """Of its stops, in their order."""
        return [row["state"] for row in (await self.visits(round_id, days)).values()]

    async def run_state(self, round_id: int, days: int = 0) -> str | None:
        state: str | None = await self.owner.fetchval(
            "SELECT state FROM round_run WHERE round_id = $1 AND day = $2",
            round_id,
            self.today + timedelta(days=days),
        )
        return state

    def word(self, said: VisitState, **more: Any) -> AtDoor:
        """As a phone at the door sends it now."""
        return AtDoor(
            **{"id": new_id(), "said": said, "said_at": self.clock.now(), "fix": AT_THE_DOOR} | more
        )

    async def say(
        self, visit_id: int, said: VisitState, staff: int | None = None, **more: Any
    ) -> Told:
        """By the first who walks here, unless somebody else is named."""
        return await self.send(visit_id, self.word(said, **more), staff)

    async def send(self, visit_id: int, door: AtDoor, staff: int | None = None) -> Told:
        """This word, perhaps not for the first time."""
        walker = Walker(staff or self.walkers[0])
        async with self.database.transaction() as session:
            return await say(session, visit_id, door, walker, self.clock.now(), SHANGHAI)

    async def calls(self) -> list[tuple[str, Sequence[str]]]:
        """State and reasons of each call about a door."""
        rows = await self.owner.fetch(
            "SELECT item.state, item.reasons FROM call_item AS item JOIN call_list ON call_list.id = list_id"
            " WHERE call_list.kind = 'door' ORDER BY item.id"
        )
        return [(row["state"], row["reasons"]) for row in rows]


async def found_rounds(owner: asyncpg.Connection, database: Database, clock: HandClock) -> Rounds:
    """A root, a street, and one volunteer who walks."""
    rounds = Rounds(await Community.found(owner), database, clock)
    await rounds.walker()
    return rounds
