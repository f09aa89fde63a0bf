"""Ren Rongwei, 12 November, as one walk at the whole server beside a real exchange: from the red key to the hospital, for the second time.

The minutes that people wait are taken from the rows in which they stand: nobody waits for them here.
"""

from __future__ import annotations

import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from callcenter.hotline.speaking import Sounds
from callcenter.hotline.spoken import LANGUAGES, RECORDED
from tests.hotline.test_whole import hotline, settings_of, there
from tests.support.asterisk import PASSWORD, Running, running, tone
from tests.support.console import Console, open_console
from tests.support.living import Hand
from tests.support.place import Place
from tests.support.server import Server
from tests.support.telephone import Handset, calls_at, one_call
from tests.support.waiting import until, until_told

pytestmark = pytest.mark.timeout(180)
KEY, SON = "13912345678", "13900000000"
RED, HOTLINE = "95009", "95001"
STANDS_FOR_120 = "950120"
WAIT_S = 600
"""Until the son is rung, of which the story takes all that is left."""


@pytest.fixture
def exchange(tmp_path: Path) -> Iterator[Running]:
    phones = [{"name": "desk-1", "password": PASSWORD}]
    with running(tmp_path / "pbx", desk_phones=phones, stands_for={"120": STANDS_FOR_120}) as made:
        spoken = Sounds(made.section.folder / "data" / "sounds")
        for name, language in ((name, language) for name in RECORDED for language in LANGUAGES):
            path = spoken.path(name, language)
            path.parent.mkdir(exist_ok=True)
            tone(path, 700, 0.3)
        yield made


@dataclass
class Night:
    place: Place
    exchange: Running
    server: Server
    hand: Hand
    handset: Handset
    console: Console
    both: Process | None = None
    """He and whoever is there for 120."""

    @property
    def owner(self) -> asyncpg.Connection:
        return self.place.site.owner

    async def key_is_pressed(self) -> str:
        """One ring, and hung up."""
        before = set(self.console.incidents)
        await self.exchange.rings_us(RED, f'"" <sip:0{KEY}@127.0.0.2>', "caller_gives_up")
        await until(lambda: set(self.console.incidents) - before, "the alarm at the seat", 20)
        [incident] = set(self.console.incidents) - before
        return incident

    async def rings_back(self, incident: str, **until_it: object) -> dict[str, Any]:
        """One click on his number."""
        asked = await self.handset.asks(
            "POST", "/calls", number=f"+86{KEY}", incident_id=incident, line=HOTLINE
        )
        assert asked.status_code == 201, asked.text
        return await one_call(self.console, 20, id=asked.json()["id"], **until_it)

    async def shows(self, incident: str, **fields: object) -> dict[str, Any]:
        """As it stands at the seat."""

        def so() -> bool:
            shown = self.console.incidents[incident]
            return all(shown[name] == value for name, value in fields.items())

        await until(so, f"the incident with {fields}", 20)
        return self.console.incidents[incident]

    async def steps(self, incident: str, kind: str, field: str) -> list[str]:
        rows = await self.owner.fetch(
            "SELECT data->>$3 AS said FROM timeline_entry WHERE incident_id = $1::uuid AND kind = $2 ORDER BY number",
            incident, kind, field,
        )  # fmt: skip
        return [row["said"] for row in rows]

    async def the_son_has_not_answered(self) -> None:
        await self.owner.execute(
            "UPDATE sms_message SET created_at = created_at - $1 * interval '1 second'", WAIT_S
        )

    async def ten_minutes_pass(self, incident: str) -> None:
        await self.owner.execute(
            "UPDATE incident_timer SET since = since - interval '10 minutes', due_at = due_at - interval '10 minutes'"
            " WHERE incident_id = $1::uuid AND kind = 'follow_up'",
            incident,
        )


@pytest.fixture
async def night(place: Place, exchange: Running) -> AsyncIterator[Night]:
    owner, home = place.site.owner, place.site.homes[0]
    await exchange.boots()
    await hotline(place, RED, "red")
    await hotline(place, HOTLINE)
    await owner.execute(
        "UPDATE device SET sim = $1, kind = 'elder_phone' WHERE identifier = $2", KEY, place.site.phone(0)
    )  # fmt: skip
    await owner.execute("UPDATE resident SET name = '任荣伟', name_latin = 'Ren Rongwei', phone = $2 WHERE home_id = $1", home, f"+86{KEY}")  # fmt: skip
    await owner.execute("UPDATE contact SET relation = '儿子' WHERE phone = $1", f"+86{SON}")
    server = await place.serve(**settings_of(exchange), VOICE__CONTACT_AFTER_S=str(WAIT_S))
    operator = place.site.operators[0]
    async with (
        Handset.of(server, operator) as handset,
        open_console(server.url, operator) as console,
    ):
        await there(console)
        await exchange.desk_phone("desk-1")
        await handset.asks("PUT", kind="desk", desk="desk-1")
        hand = Hand(server, operator)
        yield Night(place, exchange, server, hand, handset, console)
        await hand.client.aclose()
    await exchange.hang_up_all()
    await exchange.hang_up_phones()


async def test_from_the_red_key_to_the_hospital_for_the_second_time(night: Night):
    first = await night.key_is_pressed()
    await night.hand.works(first)

    incident = await night.key_is_pressed()
    shown = await night.shows(incident, state="waiting", source="telephone")
    _say_how_soon(night, shown)
    [person] = shown["card"]["people"]
    assert (person["name"], shown["home_id"]) == ("任荣伟", night.place.site.homes[0])
    assert shown["card"]["address"]

    await night.hand.done(incident, "take")
    await _busy_and_then_reached(night, incident)
    await _120_with_the_card_on_the_screen(night, incident)
    await _the_son_is_rung_and_presses_1(night, incident)
    for nth in range(3):
        await _time_to_call_again(night, incident, nth)
    await night.hand.done(
        incident, "close", outcome="emergency", safe_by="市一院急诊", safe_where="住院，已脱离危险"
    )
    await night.shows(incident, state="closed", outcome="emergency")
    told = await night.owner.fetchval(
        "SELECT count(*) FROM sms_message WHERE reference = $1::uuid AND recipient = $2 AND kind = 'safe_closed'", incident, f"+86{SON}"
    )  # fmt: skip
    assert told == 1
    assert await _at_this_home(night) == [(incident, "emergency"), (first, "mistaken_press")]


def _say_how_soon(night: Night, shown: dict[str, Any]) -> None:
    keys = [row.split(",")[1] for row in night.exchange.log.read_text().splitlines() if f'"{RED}"' in row and '"from-outside"' in row]  # fmt: skip
    opened = datetime.fromisoformat(shown["opened_at"])
    invited = max(float(each.strip('"')) for each in keys if datetime.fromtimestamp(float(each.strip('"')), UTC) <= opened)  # fmt: skip
    took = opened - datetime.fromtimestamp(invited, UTC)
    sys.stdout.write(f"INVITE to incident with profile: {took.total_seconds() * 1000:.0f} ms\n")


async def _busy_and_then_reached(night: Night, incident: str) -> None:
    """Both stand on the timeline; he is on the line from now on."""
    engaged = await night.exchange.answers("busy")
    busy = await night.rings_back(incident, state="ended")
    assert (busy["cause"], busy["incident_id"]) == (17, incident)
    await night.hand.done(incident, "steps", step="call_back", result="busy")
    await engaged.wait()
    night.both = await night.exchange.answers(night.exchange.speaking(1400), calls=2)
    await night.rings_back(incident, state="talking")
    await night.hand.done(incident, "steps", step="call_back", result="reached")
    assert await night.steps(incident, "step", "result") == ["busy", "reached"]


async def _120_with_the_card_on_the_screen(night: Night, incident: str) -> None:
    """Whoever is there for 120 joins the two; who it is about stands before the operator meanwhile."""
    talking = await one_call(night.console, state="talking")
    await night.handset.orders(talking["id"], "add", number="120")

    def joined() -> bool:
        others = [leg for leg in _call(night, talking["id"])["legs"] if leg["role"] == "other"]
        return [(leg["number"], leg["is_up"]) for leg in others][1:] == [("120", True)]

    await until(joined, "120 on the line", 20)
    assert f'"{STANDS_FOR_120}"' in night.exchange.log.read_text()
    detail = await night.hand.client.get(f"/api/v1/incidents/{incident}")
    assert detail.json()["incident"]["card"]["people"][0]["name"] == "任荣伟"
    await night.hand.done(incident, "steps", step="ambulance_called", result="done")
    await night.handset.orders(talking["id"], "hang-up")
    await one_call(night.console, 20, id=talking["id"], state="ended")
    await night.handset.orders(talking["id"], "wrapped-up")
    assert night.both is not None
    await night.both.wait()


async def _the_son_is_rung_and_presses_1(night: Night, incident: str) -> None:
    """He was told by text at once, and has not answered it."""
    texts = "sms_message WHERE reference = $1::uuid AND recipient = $2"
    assert await night.place.count(texts, incident, f"+86{SON}") >= 1
    await night.exchange.answers("answers_and_presses", digit="1")
    await night.the_son_has_not_answered()

    async def is_coming() -> bool:
        return await night.steps(incident, "reply", "meaning") == ["yes"]

    await until_told(is_coming, "the son on his way", 40)

    async def all_told() -> bool:
        return await night.steps(incident, "voice_called", "step") == ["rang", "answered", "pressed"]  # fmt: skip

    await until_told(all_told, "rang, answered, pressed", 20)


async def _time_to_call_again(night: Night, incident: str, nth: int) -> None:
    """The hospital knows nothing yet."""
    followed = await night.hand.done(incident, "follow", minutes=10)
    assert followed["marks"] == []
    due = datetime.fromisoformat(followed["follow_due_at"])
    assert round((due - datetime.now(UTC)).total_seconds() / 60) == 10
    await night.ten_minutes_pass(incident)
    await night.shows(incident, state="following", marks=["follow_due"])
    await night.hand.done(incident, "steps", step="contact_called", result="no_answer")
    assert (await night.steps(incident, "step", "step")).count("contact_called") == nth + 1


def _call(night: Night, id_: str) -> dict[str, Any]:
    return calls_at(night.console)[id_]


async def _at_this_home(night: Night) -> list[tuple[str, str]]:
    """As the page lists them, the last first."""
    answer: httpx.Response = await night.hand.client.get(
        "/api/v1/incidents", params={"home_id": night.place.site.homes[0], "limit": 21}
    )
    assert answer.status_code == 200, answer.text
    return [(each["id"], each["outcome"]) for each in answer.json()]
