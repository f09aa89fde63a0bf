"""The alarm process is killed while the database is away: what it acknowledged is written all the same (G1, G5)."""

from __future__ import annotations

import signal

from tests.support.flaky_proxy import FlakyProxy
from tests.support.place import Place
from tests.support.waiting import until_told
from tests.support.wire import insist, insist_dc09, post, sos


async def test_g5_what_was_acknowledged_is_written_after_a_crash_as_well(place: Place):
    async with FlakyProxy.to_postgres(place.dsn) as proxy:
        server = await place.serve(proxy.dsn)
        proxy.cut()
        pressed = await post(server.http_port, sos(place.site.phone(6)))
        await insist_dc09(server.tcp_port, place.site.pendant(7), 7)
        server.signal("alarm", signal.SIGKILL)
        proxy.restore()

        async def are_stored() -> bool:
            return await place.count("journal") >= 2

        await until_told(are_stored, "what stood on the spool to be in the journal", 60)
        row = await place.site.owner.fetchrow(
            "SELECT number, opened_at FROM incident WHERE id = $1::uuid",
            pressed.document["incident_id"],
        )
        assert row["number"] == pressed.document["number"]
        stored = await place.site.owner.fetchval(
            "SELECT min(stored_at) FROM journal WHERE incident_id = $1::uuid",
            pressed.document["incident_id"],
        )
        assert row["opened_at"] < stored
        assert await place.count("incident WHERE home_id IS NOT NULL") == 2
        await insist(server.http_port, sos(place.site.phone(0)))
        assert await server.stop() == 0
