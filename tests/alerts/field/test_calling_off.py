"""Closing an incident ends the asking, and nothing of those who said yes."""

from __future__ import annotations

import pytest

from callcenter.alerts.field.calling_off import TasksOfClosed
from callcenter.core.ids import new_id
from callcenter.dispatch import moving
from callcenter.dispatch.task import TaskKind
from tests.support.community import Community
from tests.support.field import NOW, PHONE, Field

CLOSE = "UPDATE incident SET state = 'closed', outcome = 'assistance', closed_at = opened_at WHERE id = $1"


@pytest.fixture
async def field(database, owner) -> Field:
    return Field(database, owner, await Community.found(owner))


async def opened(owner, field: Field):
    """An open incident, as a row."""
    incident = new_id()
    await owner.execute(
        "INSERT INTO incident (id, subject, class, kind, kinds, priority, region_id, region_path, source, card, opened_at, last_signal_at,"
        " state, taken_by, taken_by_name, taken_at)"
        " SELECT $1::uuid, 'home:' || $1::uuid, 'alarm', 'sos', '{sos}', 1, id, path, 'dc09', '{}', $2, $2, 'taken', 7, '王敏', $2 FROM region WHERE id = $3",
        incident,
        NOW,
        field.community.street,
    )
    return incident


async def test_whoever_is_only_asked_is_asked_no_more_and_whoever_said_yes_keeps_it(
    database, owner, field: Field
):
    incident, other = await opened(owner, field), await opened(owner, field)
    li = await field.staff("李萍")
    rescue = {"kind": TaskKind.RESCUE, "incident_id": incident}
    asked = await field.task(**rescue)
    nobody = await field.task(**rescue)
    goes = await field.accepted(li, **rescue)
    open_still = await field.task(**rescue | {"incident_id": other})
    async with database.transaction() as session:
        await moving.give_up(session, await moving.held(session, nobody), PHONE, NOW)
    tasks = TasksOfClosed(database)
    await tasks.run_once(NOW)
    assert {(await field.row(each))["state"] for each in (asked, open_still)} == {"open"}
    await owner.execute(CLOSE, incident)
    for _ in range(2):
        await tasks.run_once(NOW)
    states = [(await field.row(each))["state"] for each in (asked, nobody, goes, open_still)]
    assert states == ["cancelled", "cancelled", "accepted", "open"]
    assert (await field.row(asked))["reason"] == "incident_closed"
    assert (await field.steps(asked)).count("cancelled") == 1
