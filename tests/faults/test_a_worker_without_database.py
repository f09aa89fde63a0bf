"""A worker who is her son as well writes while the database is away: each text has one reader, at once or afterwards, and nothing is lost."""

from __future__ import annotations

import asyncpg

from callcenter.core.ids import new_id
from tests.faults.test_answers_without_database import answers, replies
from tests.faults.test_office_without_database import family_of, gateways, told
from tests.faults.test_started_without_database import has_kept, is_written
from tests.support.console import open_console
from tests.support.flaky_proxy import FlakyProxy
from tests.support.place import Place
from tests.support.sms_gateway import fake_smsbox
from tests.support.waiting import until, until_told
from tests.support.wire import post, sos


async def has_a_job(owner: asyncpg.Connection, phone: str) -> None:
    """Accepted an hour ago."""
    region = await owner.fetchrow(
        "SELECT region_id, path FROM home JOIN region ON region.id = region_id LIMIT 1"
    )
    staff = await owner.fetchval(
        "INSERT INTO staff (name, phone, region_id, kinds, active_from) VALUES ('张强', $1, $2, '{caregiver}', '2020-01-01') RETURNING id",
        phone,
        region["region_id"],
    )
    await owner.execute(
        "INSERT INTO duty (staff_id, began_at, began_by) VALUES ($1, now() - interval '2 hours', 'page')",
        staff,
    )
    await owner.execute(
        "INSERT INTO task (id, kind, state, region_id, region_path, code, created_at, begins_at, accepted_at, staff_id, place)"
        " VALUES ($1, 'errand', 'accepted', $2, $3, 482, now(), now(), now() - interval '1 hour', $4, '药店')",
        new_id(),
        region["region_id"],
        region["path"],
        staff,
    )


async def test_g5_a_worker_and_son_is_heard_as_both_while_the_database_is_away(place: Place):
    [wang, *_] = place.site.operators
    await has_a_job(place.site.owner, family_of(1))
    async with fake_smsbox() as box, FlakyProxy.to_postgres(place.dsn) as proxy:
        server = await place.serve(proxy.dsn, SMS__GATEWAYS=gateways(box))
        await until(lambda: bool(server.events("office_answers")), "the office", 60)
        await has_kept(server)
        proxy.cut()
        pressed = await post(server.http_port, sos(place.site.phone(1)))
        incident_id = pressed.document["incident_id"]
        await until(lambda: bool(told(box, 1)), "the son to be told", 20)
        async with open_console(server.url, wang) as console:
            await console.shows(incident_id)
            await answers(server, box, 1, "3")
            await answers(server, box, 1, "1")
            await until(lambda: bool(replies(console, incident_id)), "the answer at the seat", 10)
            assert [each["data"]["text"] for each in replies(console, incident_id)] == ["1"]
        proxy.restore()
        async with open_console(server.url, wang) as console:
            await is_written(console)

        async def are_handled() -> bool:
            return await place.count("sms_inbound WHERE handled_at IS NOT NULL") == 2

        await until_told(are_handled, "both to be carried out", 60)
        read = await place.site.owner.fetch(
            "SELECT text, reader, meaning FROM sms_inbound ORDER BY text"
        )
        assert [tuple(row) for row in read] == [("1", "incident", "yes"), ("3", "field", "there")]
        assert await place.site.owner.fetchval("SELECT state FROM task") == "arrived"
        assert await place.count("incident") == 1, "no call of a stranger was opened for it"
        await until(
            lambda: len(told(box, 1)) == 3, "alarm, thanks, and what was noted of the job", 30
        )
    assert "已记录您到达" in told(box, 1)[-1].text
