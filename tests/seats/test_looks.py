"""What was pushed to whom stands in the audit trail, once for each incident."""

from __future__ import annotations

from callcenter.alerts.change import Change
from callcenter.core.ids import new_id
from callcenter.seats.looks import Looks
from tests.support.incidents import incident

EAST, WEST, ROOT = frozenset({2}), frozenset({3}), frozenset({1})


def change(*path: int, incident_id=None) -> Change:
    return Change(incident(*path, id=incident_id or new_id(), home_id=7))


async def written(database, looks: Looks, owner) -> list[tuple[str, list[int], list[list[int]]]]:
    connection = await database.connect("looks")
    await looks.cycle(connection)
    await connection.close()
    rows = await owner.fetch("SELECT * FROM audit_entry WHERE action = 'card_pushed' ORDER BY id")
    return [(row["subject"], row["region_ids"], row["detail"]["scopes"]) for row in rows]


async def test_g8_a_pushed_card_names_the_scopes_that_saw_it(database, owner, clock):
    looks, pushed = Looks(clock), change(1, 2)
    looks.note([pushed], {EAST, WEST, ROOT})
    subject = f"incident:{pushed.incident.id}"
    assert await written(database, looks, owner) == [(subject, [1, 2], [[1], [2]])]


async def test_an_incident_is_written_down_once_however_often_it_changes(database, owner, clock):
    looks, incident_id = Looks(clock), new_id()
    for _ in range(5):
        looks.note([change(1, 2, incident_id=incident_id)], {EAST})
    looks.turn()
    looks.note([change(1, 2, incident_id=incident_id)], {EAST})
    assert len(await written(database, looks, owner)) == 1


async def test_what_no_seat_saw_is_not_written_down(database, owner, clock):
    looks = Looks(clock)
    looks.note([change(1, 2)], {WEST})
    looks.note([change(1, 2)], set())
    assert await written(database, looks, owner) == []


async def test_nothing_is_lost_while_the_database_is_away(database, owner, clock):
    looks = Looks(clock)
    looks.note([change(1, 2)], {EAST})
    gone = await database.connect("gone")
    gone.terminate()
    try:
        await looks.cycle(gone)
    except Exception:  # noqa: BLE001 - whatever it is, the entry must not be lost
        assert len(await written(database, looks, owner)) == 1
    else:
        raise AssertionError("a dead connection cannot write")
