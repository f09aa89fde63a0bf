"""People with a past end as the list of people has them, and can be asked about in between."""

from __future__ import annotations

from datetime import timedelta

from callcenter.core.sealed import Seal
from callcenter.demo.community.lives import in_their_order, lives
from callcenter.demo.community.load import LIVED_THERE, load
from callcenter.demo.community.people import households
from tests.support.outbox import SHANGHAI


def test_every_life_leads_to_what_is_listed_of_the_person():
    listed = {person.name: person for home in households() for person in home.people}
    for name, life in lives().items():
        now = dict(life.at_first.columns())
        for _, who, columns in in_their_order():
            now |= columns if who == name else {}
        assert now["ability"] == listed[name].ability
        assert sorted(now.get("welfare", listed[name].welfare)) == sorted(listed[name].welfare)
        assert now.get("status", "home") == "home"


def test_nobody_changed_before_they_were_registered():
    assert all(timedelta(days=days) < LIVED_THERE for days, *_ in in_their_order())


async def test_the_database_keeps_each_step(database, owner, clock, tmp_path):
    await load(database, Seal.load(tmp_path), clock, tmp_path, SHANGHAI)
    rows = await owner.fetch(
        "SELECT fact.value, fact.until_day IS NULL AS now FROM resident_fact AS fact JOIN resident ON resident.id = resident_id"
        " WHERE name = '闻秀珍' AND kind = 'ability' AND withdrawn_at IS NULL ORDER BY from_day"
    )
    assert [tuple(row) for row in rows] == [("mild", False), ("severe", False), ("total", True)]
    kinds = await owner.fetch(
        "SELECT event.kind FROM resident_event AS event JOIN resident ON resident.id = resident_id"
        " WHERE name = '闻秀珍' ORDER BY day"
    )
    assert [row["kind"] for row in kinds] == ["hospital", "back"]
    member = (
        "SELECT count(*) FROM resident_fact WHERE kind = 'party_member' AND from_day = '1975-07-01'"
    )
    assert await owner.fetchval(member) == 1
