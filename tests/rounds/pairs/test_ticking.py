"""A neighbour's word, by text: well, nobody, or none at all by the evening."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest

from callcenter.core.ids import new_id
from callcenter.rounds.pairs.overdue import PairsDue
from callcenter.rounds.pairs.said import PairBy, PairSaid
from callcenter.rounds.pairs.ticking import Tick, tick
from tests.support.outbox import SHANGHAI
from tests.support.rounds import Rounds

AUNT_LI = "+8613900000051"


@dataclass
class Pairs:
    """Aunt Li looks in on Shen Yulan every other day, and said so yesterday."""

    rounds: Rounds
    staff: int
    pair: int
    home: int

    async def look(self) -> None:
        """What is due is done."""
        due = PairsDue(self.rounds.database, SHANGHAI)
        while await due.run_once(self.rounds.clock.now()):
            pass

    async def texts(self, words: str, sender: str = AUNT_LI) -> bool:
        """Whether it was read here."""
        return await self.rounds.hear(words, sender)

    async def row(self) -> asyncpg.Record:
        return await self.rounds.owner.fetchrow("SELECT * FROM pair WHERE id = $1", self.pair)

    async def sent(self) -> list[tuple[str, str]]:
        rows = await self.rounds.owner.fetch(
            "SELECT recipient, kind FROM sms_message ORDER BY created_at"
        )
        return [tuple(row) for row in rows]


async def _pair(rounds: Rounds, staff: int, home: int, code: int, **more: Any) -> int:
    responsible = await rounds.owner.fetchval(
        "INSERT INTO responsible (home_id, staff_id, duty, from_day) VALUES ($1, $2, 'paired_neighbour', '2020-01-01')"
        " RETURNING id",
        home,
        staff,
    )
    pair: int = await rounds.owner.fetchval(
        "INSERT INTO pair (responsible_id, every_days, code, due_at, created_at) VALUES ($1, 2, $2, $3, $4) RETURNING id",
        responsible,
        code,
        more.get("due_at", rounds.clock.now()),
        rounds.clock.now(),
    )
    return pair


@pytest.fixture
async def pairs(rounds: Rounds) -> Pairs:
    staff = await rounds.walker("李婶", AUNT_LI)
    home = await rounds.community.home()
    await rounds.community.resident(home)
    rounds.at(18)
    due = rounds.clock.now()
    rounds.at(6)
    pair = await _pair(rounds, staff, home, 10, due_at=due)
    return Pairs(rounds, staff, pair, home)


async def test_she_is_asked_once_at_ten_and_answers_with_a_1(pairs: Pairs):
    pairs.rounds.at(9, 59)
    await pairs.look()
    assert await pairs.sent() == []
    pairs.rounds.at(10)
    await pairs.look()
    await pairs.look()
    assert await pairs.sent() == [(AUNT_LI, "pair_look")]
    name = await pairs.rounds.owner.fetchval("SELECT params->>'name' FROM sms_message")
    assert name == "沈女士", "never the given name"
    assert await pairs.texts("1平安")
    row = await pairs.row()
    assert (row["said"], row["said_at"]) == ("well", pairs.rounds.clock.now())
    pairs.rounds.at(19)
    await pairs.look()
    assert await pairs.rounds.calls() == []


async def test_nobody_opens_and_she_is_called_at_once(pairs: Pairs):
    assert await pairs.texts("2没人")
    assert await pairs.rounds.calls() == [("open", ["nobody_opened"])]
    pairs.rounds.clock.advance(3_600)
    assert await pairs.texts("1平安")
    assert await pairs.rounds.calls() == [("done", ["nobody_opened"])]


async def test_without_a_word_by_the_evening_she_is_called_and_the_next_day_again(pairs: Pairs):
    pairs.rounds.at(18)
    await pairs.look()
    await pairs.look()
    assert await pairs.rounds.calls() == [("open", ["pair_overdue"])]
    await pairs.rounds.owner.execute(
        "UPDATE call_item SET state = 'done', result = 'well', ended_at = due_at"
    )
    pairs.rounds.at(18, days=1)
    await pairs.look()
    assert [state for state, _ in await pairs.rounds.calls()] == ["done", "open"]


async def test_whoever_lies_in_hospital_is_not_looked_in_on(pairs: Pairs):
    await pairs.rounds.owner.execute("UPDATE resident SET status = 'hospital'")
    pairs.rounds.at(19)
    await pairs.look()
    assert await pairs.rounds.calls() == []
    assert await pairs.sent() == []


async def test_of_two_she_must_say_whom(pairs: Pairs):
    other = await pairs.rounds.community.home(address="榆荫里8号")
    second = await _pair(pairs.rounds, pairs.staff, other, 37)
    assert not await pairs.texts("1")
    assert await pairs.texts("1 37")
    said = await pairs.rounds.owner.fetch("SELECT pair_id FROM pair_tick")
    assert [row["pair_id"] for row in said] == [second]


async def test_her_answer_to_an_alarm_goes_first(pairs: Pairs):
    """The daughter of one and the neighbour of another may be the same woman."""
    rounds = pairs.rounds
    incident = new_id()
    await rounds.owner.execute(
        "INSERT INTO incident (id, subject, class, kind, priority, region_id, region_path, source, identifier, card,"
        " opened_at, last_signal_at, marks, kinds, state) VALUES ($1, 'home:99', 'alarm', 'sos', 1, $2, $3, 'dc09', 'A1', '{}',"
        " $4, $4, '{}', '{sos}', 'waiting')",
        incident,
        rounds.community.street,
        [rounds.community.root, rounds.community.street],
        rounds.clock.now(),
    )
    await rounds.owner.execute(
        "INSERT INTO sms_message (id, dedup, reference, region_id, recipient, kind, params, language, priority, created_at,"
        " due_at, expires_at) VALUES ($1, 'x', $2, $3, $4, 'alarm_raised', '{}', 'zh-CN', 1, $5, $5, $5)",
        new_id(),
        incident,
        rounds.community.street,
        AUNT_LI,
        rounds.clock.now(),
    )
    assert not await pairs.texts("1")
    assert await pairs.texts("1 10"), "with the number of the pair it can mean nothing else"


async def test_a_digit_alone_answers_the_last_question(pairs: Pairs):
    """A 1 for an alarm that was closed a moment ago does not stand as "she is well"."""
    rounds = pairs.rounds
    assert not await pairs.texts("1"), "nobody has asked her yet"
    rounds.at(10)
    await pairs.look()
    rounds.clock.advance(600)
    await rounds.owner.execute(
        "INSERT INTO sms_message (id, dedup, reference, region_id, recipient, kind, params, language, priority, created_at,"
        " due_at, expires_at) VALUES ($1, 'x', $1, $2, $3, 'alarm_raised', '{}', 'zh-CN', 1, $4, $4, $4)",
        new_id(),
        rounds.community.street,
        AUNT_LI,
        rounds.clock.now(),
    )
    assert not await pairs.texts("1")
    assert (await pairs.row())["said"] is None
    assert await pairs.texts("平安"), "in words it can mean nothing else"


async def test_a_word_of_a_phone_counts_once(pairs: Pairs):
    rounds = pairs.rounds
    word = Tick(id=new_id(), said=PairSaid.WELL, by=PairBy.PHONE, at=rounds.clock.now())
    news = []
    for _ in range(2):
        async with rounds.database.transaction() as session:
            news.append(await tick(session, pairs.pair, word, rounds.clock.now(), SHANGHAI))
    assert news == [True, False]


async def test_a_stranger_looks_after_nobody(pairs: Pairs):
    assert not await pairs.texts("1", "+8613911112222")
