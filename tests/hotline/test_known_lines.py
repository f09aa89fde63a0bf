"""Lines and number rules in memory, as the tables have them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from callcenter.hotline.known_lines import KnownLines, LinesReading
from callcenter.telephony.line import LineKind
from callcenter.telephony.numbers import Presentation
from callcenter.telephony.pbx import Arrived
from tests.support.community import Community

HERE = ZoneInfo("Asia/Shanghai")
SUNDAY = datetime(2026, 11, 15, 9, tzinfo=HERE)
MONDAY = datetime(2026, 11, 16, 9, tzinfo=HERE)


async def line(community: Community, number: str, **columns: object) -> None:
    given = {"name": number, "kind": "hotline", "region_id": community.root} | columns
    names = ", ".join(given)
    places = ", ".join(f"${n}" for n in range(2, len(given) + 2))
    await community.owner.execute(
        f"INSERT INTO line (number, {names}) VALUES ($1, {places})",  # noqa: S608 - names of ours
        number,
        *given.values(),
    )


@pytest.fixture
async def community(owner: asyncpg.Connection) -> Community:
    return await Community.found(owner)


@pytest.fixture
async def known(community: Community) -> KnownLines:
    return KnownLines(lambda: community.root)


async def test_a_line_is_staffed_by_its_hours_and_one_that_nobody_can_read_always(
    known: KnownLines, community: Community, owner: asyncpg.Connection
):
    await line(community, "95001", hours=[["12345", "08:00", "18:00"]], area_code="0311")
    await line(community, "95002", hours=[["12345", "eight"]])
    await line(community, "95003", is_open=False)
    await known.read(owner)
    daytime, always = known.line_of("95001"), known.line_of("95002")
    assert (daytime.is_staffed(MONDAY), daytime.is_staffed(SUNDAY)) == (True, False)
    assert always.is_staffed(SUNDAY)
    assert [each.number for each in known.listed] == ["95001", "95002"]


async def test_a_number_that_nobody_has_entered_rings_like_the_hotline(
    known: KnownLines, community: Community, owner: asyncpg.Connection
):
    await known.read(owner)
    found = known.line_of("95999")
    assert (found.kind, found.region_id) == (LineKind.HOTLINE, community.root)


async def test_a_caller_is_read_by_the_rules_of_the_site_and_the_place_of_the_line(
    known: KnownLines, community: Community, owner: asyncpg.Connection
):
    await line(community, "95001", area_code="0311")
    await owner.execute(
        "INSERT INTO number_rule (position, begins, digits, drops, put) VALUES (1, '9013', 13, 2, '')"
    )
    await known.read(owner)
    where = known.line_of("95001")
    found = [
        known.caller_of(Arrived("", "", "95001", raw), where)
        for raw in ("9013912345678", "87654321", "1" * 60)
    ]
    assert [each.e164 for each in found] == ["+8613912345678", "+8631187654321", None]
    assert found[2].presentation is Presentation.MALFORMED


async def test_what_has_changed_is_read_anew(
    known: KnownLines, community: Community, database, clock
):
    reading = LinesReading(known, database)
    await reading.run_once(clock.now())
    await line(community, "95001", kind="red", name="红键")
    await reading.run_once(clock.now())
    assert known.line_of("95001").kind is LineKind.RED
    await reading.connections.close()
