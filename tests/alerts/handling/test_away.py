"""An operator who works an alarm without the database has the numbers to telephone; what is done is written in its order, and what
must wait says so at once.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from callcenter.alerts.archive import Look
from callcenter.alerts.incident import Incident, State
from callcenter.auth.permissions import HeldGrant, Role
from callcenter.auth.sessions import Principal
from callcenter.core.errors import CallCenterError, NotFound, Unavailable
from callcenter.devices.signals import Kind
from tests.support.outage_room import OutageRoom, outage_room
from tests.support.postgres import TestDatabases

HOME = "home:1"
DAUGHTER = "+8613900000001"
SON = "+8613900000002"
OWN = "+862162345678"


@pytest.fixture
async def room(dsn: str, databases: TestDatabases, tmp_path: Path) -> AsyncIterator[OutageRoom]:
    """沈玉兰 has a number of her own, a daughter, and a son who wants no texts."""
    async with outage_room(dsn, databases.admin_dsn_of(dsn), tmp_path) as made:
        await made.owner.execute("UPDATE resident SET phone = $1 WHERE name = '沈玉兰'", OWN)
        await made.owner.execute(
            "INSERT INTO contact (resident_id, rank, name, name_latin, relation, relation_en, phone, sms_consent, has_key)"
            " SELECT id, 2, '沈峰', 'Shen Feng', '儿子', 'son', $1, false, true FROM resident WHERE name = '沈玉兰'",
            SON,
        )
        await made.crash_and_start()
        yield made


def look(room: OutageRoom, role: Role = Role.OPERATOR, region: int | None = None) -> Look:
    actor = room.users["wang"].actor
    assert actor is not None
    where = region if region is not None else min(room.users["wang"].profiles)
    principal = Principal(
        actor.user_id, "wang", "王敏", "Wang Min", "zh-CN", (HeldGrant(role, where),), b"", "", room.clock.now() + timedelta(hours=1)
    )  # fmt: skip
    return Look(principal, "127.0.0.1", room.clock.now())


async def rings(room: OutageRoom) -> Incident:
    """沈玉兰 presses while the database is away."""
    room.goes_away()
    stored = await room.press("1")
    assert stored.incident_id is not None
    found = room.process.keeping.incidents.get(stored.incident_id)
    assert found is not None
    return found.incident


async def test_whoever_may_see_profiles_has_all_numbers_and_the_look_is_in_the_trail_afterwards(
    room: OutageRoom,
):
    incident = await rings(room)
    detail = room.process.away.detail(incident.id, look(room))
    assert detail.from_memory is not None
    assert detail.from_memory.since == room.process.keeping.since
    assert [
        (each.phone, each.rank, each.relation, each.has_key, each.sms_consent)
        for each in detail.from_memory.numbers
    ] == [
        (OWN, None, "", False, False),
        (DAUGHTER, 1, "女儿", False, True),
        (SON, 2, "儿子", True, False),
    ]
    room.comes_back()
    await room.all_written()
    seen = await room.owner.fetchrow("SELECT * FROM audit_entry WHERE action = 'incident_seen'")
    assert (seen["subject"], seen["address"]) == (f"incident:{incident.id}", "127.0.0.1")
    assert seen["detail"] == {"home_id": incident.home_id, "numbers": True}
    assert {text[2] for text in await room.texts()} == {DAUGHTER}


async def test_whoever_may_not_see_it_gets_no_number_and_has_not_looked(room: OutageRoom):
    incident = await rings(room)
    for stranger in (look(room, Role.OFFICIAL), look(room, region=999)):
        with pytest.raises(NotFound):
            room.process.away.detail(incident.id, stranger)
    assert not room.process.keeping.looks


async def test_a_call_to_somebody_who_wants_no_texts_is_recorded_as_well(room: OutageRoom):
    incident = await rings(room)
    detail = room.process.away.detail(incident.id, look(room))
    assert detail.from_memory is not None
    son = detail.from_memory.numbers[-1]
    await room.give(incident.id, room.order("take", "wang"))
    called = room.order(
        "step", "wang", step="contact_called", result="reached", contact_id=son.contact_id
    )
    assert isinstance(await room.give(incident.id, called), Incident)
    room.comes_back()
    await room.all_written()
    data = await room.owner.fetchval("SELECT data FROM timeline_entry WHERE kind = 'step'")
    assert (data["contact_id"], data["relation"]) == (son.contact_id, "儿子")


async def test_of_what_is_over_nobody_says_that_there_is_no_such_incident(room: OutageRoom):
    incident = await rings(room)
    room.comes_back()
    await room.all_written()
    for name, sent in (
        ("take", {}),
        ("close", {"outcome": "emergency", "safe_by": "wife", "safe_where": "at home"}),
    ):
        after = await room.give(incident.id, room.order(name, "wang", **sent))
    assert isinstance(after, Incident)
    assert after.state is State.CLOSED
    room.goes_away()
    for ask in (
        lambda: room.process.away.detail(incident.id, look(room)),
        lambda: room.process.away.needs_database(incident.id),
    ):
        with pytest.raises(Unavailable) as told:
            ask()
        assert told.value.code == "waits_for_database"
    refused = await room.give(incident.id, room.order("note", "wang", text="听见"))
    assert isinstance(refused, CallCenterError)
    assert refused.code == "waits_for_database"


async def test_what_needs_the_database_is_asked_of_it_while_it_answers(room: OutageRoom):
    room.process.away.needs_database(UUID(int=1))
    room.goes_away()
    with pytest.raises(Unavailable):
        room.process.away.needs_database(UUID(int=1))


async def given(room: OutageRoom, name: str, **sent: object) -> Incident:
    [held] = list(room.process.keeping.incidents)
    answer = await room.give(held.incident.id, room.order(name, "wang", **sent))
    assert isinstance(answer, Incident), answer
    return answer


async def test_a_request_that_becomes_an_alarm_is_written_as_it_was_worked(room: OutageRoom):
    """It changes its class, and with it the line in which its presses wait."""
    room.goes_away()
    await room.press("1", Kind.HELP)
    await given(room, "take")
    assert (await given(room, "raise")).signal_class == "alarm"
    await given(room, "note", text="她站不起来")
    room.comes_back()
    await room.all_written()
    kinds = await room.owner.fetch("SELECT kind FROM timeline_entry ORDER BY number")
    assert [row["kind"] for row in kinds] == ["opened", "taken", "raised", "note"]


async def test_what_needs_more_than_memory_has_waits(room: OutageRoom):
    room.goes_away()
    await room.press("9999")
    [held] = list(room.process.keeping.incidents)
    answer = await room.give(held.incident.id, room.order("assign", "wang", resident_id=1))
    assert isinstance(answer, Unavailable)
    assert answer.code == "waits_for_database"
    room.comes_back()
    await room.all_written()


NEIGHBOUR = "+8613900000003"


async def told(room: OutageRoom) -> list[tuple[str, str]]:
    rows = await room.owner.fetch(
        "SELECT id::text, kind FROM sms_message WHERE recipient <> '+8613900000009' ORDER BY created_at, id"
    )
    return [tuple(row) for row in rows]


async def test_the_family_learns_at_once_who_is_coming_and_how_it_ended(room: OutageRoom):
    """Each text has its row afterwards, under the id it left with."""
    await rings(room)
    await given(room, "take")
    await given(room, "step", step="ambulance_called", result="done", reference="120-7")
    await given(room, "close", outcome="emergency", safe_by="son", safe_where="at home")
    left = [(str(text["id"]), text["kind"]) for text in room.handed]
    assert [kind for _, kind in left] == ["alarm_raised", "ambulance_called", left[2][1]]
    assert {text["recipient"] for text in room.handed} == {DAUGHTER}
    room.comes_back()
    await room.all_written()
    assert sorted(await told(room)) == sorted(left)


async def test_the_next_contact_is_asked_once_where_it_is_known_who_was_told(room: OutageRoom):
    await room.owner.execute(
        "INSERT INTO contact (resident_id, rank, name, relation, relation_en, phone, sms_consent, has_key)"
        " SELECT id, 3, '周敏', '邻居', 'neighbour', $1, true, true FROM resident WHERE name = '沈玉兰'",
        NEIGHBOUR,
    )
    await room.crash_and_start()
    await rings(room)
    await given(room, "take")
    await given(room, "tell-next")
    assert [(text["recipient"], text["kind"]) for text in room.handed] == [
        (DAUGHTER, "alarm_raised"),
        (NEIGHBOUR, "can_you_go"),
    ]
    left = [(str(text["id"]), text["kind"]) for text in room.handed]
    room.comes_back()
    await room.all_written()
    assert sorted(await told(room)) == sorted(left)


async def test_of_an_alarm_that_rang_before_nobody_guesses_who_was_told(room: OutageRoom):
    await room.press("1")
    room.goes_away()
    await given(room, "take")
    [held] = list(room.process.keeping.incidents)
    answer = await room.give(held.incident.id, room.order("tell-next", "wang"))
    assert isinstance(answer, Unavailable)
    assert answer.code == "waits_for_database"
    await given(room, "close", outcome="emergency", safe_by="son", safe_where="at home")
    assert room.handed == []
    room.comes_back()
    await room.all_written()
    assert len(await told(room)) == 2
