"""The demo shows who stands around its people, and one who was registered twice."""

from __future__ import annotations

from callcenter.core.sealed import Seal
from callcenter.demo.community.around import around
from callcenter.demo.community.load import load
from callcenter.demo.community.people import households
from callcenter.directory.addresses import one_spelling
from callcenter.records.uscc import parse_uscc
from tests.support.outbox import SHANGHAI


def test_everybody_named_lives_there_and_the_code_holds():
    names = {person.name for home in households() for person in home.people}
    listed = around()
    named = [each.of for each in (*listed.staff, *listed.consent, listed.agent, listed.double)]
    assert {name for name in named if name} <= names
    assert parse_uscc(listed.organisation.uscc) == listed.organisation.uscc


async def test_a_key_holder_an_agent_a_sim_and_a_pair_of_doubles_are_there(
    database, owner, clock, tmp_path
):
    await load(database, Seal.load(tmp_path), clock, tmp_path, SHANGHAI)
    duties = await owner.fetch("SELECT duty, home_id IS NULL AS everybody FROM responsible")
    assert {tuple(row) for row in duties} == {
        ("grid_worker", True),
        ("doctor", True),
        ("key_holder", False),
        ("paired_neighbour", False),
        ("social_worker", False),
    }
    assert await owner.fetchval("SELECT count(*) FROM device WHERE sim <> ''") == 1
    assert (
        await owner.fetchval("SELECT count(*) FROM agent JOIN contact ON contact.id = contact_id")
        == 1
    )
    pair = await owner.fetch(
        "SELECT address FROM resident JOIN home ON home.id = home_id WHERE name = $1",
        around().double.of,
    )
    assert len({one_spelling(row["address"]) for row in pair}) == 1
    assert len({row["address"] for row in pair}) == 2
