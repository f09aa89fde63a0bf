"""The plan of an incident from its rows: whose it is, in which version, and what was answered."""

from __future__ import annotations

import asyncpg
import pytest

from callcenter.alerts.incident import Incident
from callcenter.alerts.plans.choosing import Choice
from callcenter.alerts.plans.running import begun_with, holding, read_run, whose, would_run
from callcenter.core.ids import new_id
from tests.support.community import LONG_AGO, Community
from tests.support.incidents import incident
from tests.support.plans import say, write_plan, write_version


@pytest.fixture
async def community(owner: asyncpg.Connection) -> Community:
    return await Community.found(owner)


async def test_of_a_known_home_whose_own_plan_is_nearest(
    owner: asyncpg.Connection, community: Community
):
    path = (community.root, community.street)
    resident = await community.resident(await community.home())
    hers = incident(*path, resident_id=resident)
    somebodys = incident(*path)
    assert await holding(owner, hers) == Choice("sos")
    everywhere = await write_plan(owner, say("a"), region=community.root)
    assert await holding(owner, hers) == Choice("sos", everywhere, 1)
    here = await write_plan(owner, say("a"), region=community.street)
    assert await holding(owner, hers) == Choice("sos", here, 1)
    own = await write_plan(owner, say("a"), resident=resident)
    assert await holding(owner, hers) == Choice("sos", own, 1)
    assert await holding(owner, somebodys) == Choice("sos", here, 1)
    assert await holding(owner, somebodys, resident) == Choice("sos", own, 1)


async def test_an_unknown_caller_is_looked_for_where_the_resident_lives(
    owner: asyncpg.Connection, community: Community
):
    """The caller's source belongs to the root."""
    here = await write_plan(owner, say("a"), region=community.street)
    resident = await community.resident(await community.home())
    stranger = incident(community.root)
    assert await holding(owner, stranger) == Choice("sos")
    assert await holding(owner, stranger, resident) == Choice("sos", here, 1)


async def test_a_plan_that_is_not_in_force_or_for_other_alarms_holds_nowhere(
    owner: asyncpg.Connection, community: Community
):
    await write_plan(owner, say("a"), region=community.root, active=False)
    await write_plan(owner, say("a"), region=community.root, kinds=("fall",))
    assert await holding(owner, incident(community.root)) == Choice("sos")


def test_where_it_is_unclear_who_pressed_it_may_be_anybody_of_the_home():
    both = {"people": [{"resident_id": 4}, {"resident_id": 5}]}
    assert whose(incident(card=both)) == [4, 5]
    assert whose(incident(card=both, resident_id=5)) == [5]


async def begin(owner: asyncpg.Connection, of: Incident, choice: Choice, number: int = 2) -> None:
    await owner.execute(
        "INSERT INTO incident_plan VALUES ($1, $2, $3, $4, $5, $6)",
        of.id,
        number,
        choice.plan_id,
        choice.version,
        choice.kind,
        LONG_AGO,
    )


async def test_a_run_has_the_version_it_began_with_and_the_answers_since(
    owner: asyncpg.Connection, community: Community
):
    plan = await write_plan(owner, say("a", "b"), say("b"), region=community.root, name="旧")
    found = incident(community.root)
    assert await begun_with(owner, found) is None
    assert await read_run(owner, found) is None
    choice = Choice("sos", plan, 1)
    await begin(owner, found, choice)
    await write_version(owner, plan, 2, say("c"), name="新")
    entries = [
        (2, "plan_step", {"step": "of the plan before", "answer": "done"}),
        (3, "plan_step", {"step": "a", "answer": "skipped"}),
        (4, "step", {"step": "call_back", "result": "busy", "plan_step": "b"}),
        (5, "step", {"step": "call_back", "result": "reached", "plan_step": None}),
        (6, "told", {"kind": "can_you_go", "plan_step": "c"}),
        (7, "note", {"text": "plan_step"}),
    ]
    for number, kind, data in entries:
        await owner.execute(
            "INSERT INTO timeline_entry (incident_id, number, at, kind, user_name, data) VALUES ($1, $2, $3, $4, 'wang', $5)",
            found.id, number, LONG_AGO, kind, data,
        )  # fmt: skip
    run = await read_run(owner, found)
    assert run is not None
    assert (run.choice, run.name, [step.id for step in run.steps]) == (choice, "旧", ["a", "b"])
    said = [(one.step, one.answer, one.by) for one in run.said]
    assert said == [("a", "skipped", "wang"), ("b", "busy", "wang"), ("c", "done", "wang")]
    assert await begun_with(owner, found) == choice


async def test_the_newest_choice_holds(owner: asyncpg.Connection):
    found = incident()
    await begin(owner, found, Choice("sos"), number=2)
    await begin(owner, found, Choice("smoke"), number=9)
    run = await read_run(owner, found)
    assert run is not None
    assert (run.choice, run.name_en) == (Choice("smoke"), "Smoke, gas")


async def test_a_plan_that_was_removed_with_its_resident_is_still_told(
    owner: asyncpg.Connection, community: Community
):
    resident = await community.resident(await community.home())
    plan = await write_plan(owner, say("a"), resident=resident, name="她的")
    choice = Choice("sos", plan, 1)
    shown = await would_run(owner, choice)
    assert shown is not None
    assert (shown.resident_id, shown.started_at) == (resident, None)
    await owner.execute("DELETE FROM resident WHERE id = $1", resident)
    shown = await would_run(owner, choice)
    assert shown is not None
    assert (shown.name, shown.resident_id) == ("她的", None)


async def test_what_only_a_newer_server_can_read_is_no_run(owner: asyncpg.Connection):
    found = incident(id=new_id())
    await owner.execute(
        "INSERT INTO action_plan_version VALUES (77, 1, '{sos}', '新', '', true, $1, NULL, $2)",
        [{"id": "a", "type": "hologram", "text": ""}],
        LONG_AGO,
    )
    await begin(owner, found, Choice("sos", 77, 1))
    assert await read_run(owner, found) is None
    assert await would_run(owner, Choice("sos", 78, 1)) is None
