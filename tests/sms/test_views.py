"""Texts as the timeline shows them."""

from callcenter.core.ids import new_id
from callcenter.sms import views
from callcenter.sms.gateways.sandbox.gateway import SandboxGateway
from tests.support.community import Community
from tests.support.outbox import DAUGHTER, enqueue, stepped_sender, text_for


async def xmin(connection):
    return int(await connection.fetchval("SELECT pg_snapshot_xmin(pg_current_snapshot())::text"))


async def test_a_text_is_shown_with_its_contact_and_a_masked_number(database, owner, clock):
    community = await Community.found(owner)
    contact = await community.contact(await community.resident(await community.home()))
    incident = new_id()
    connection = await database.connect("test")
    texts = [
        text_for(clock.now(), reference=incident, contact_id=contact),
        text_for(clock.now(), "+8613900000002"),
    ]
    await enqueue(connection, texts)
    [row] = await views.of_incident(connection, incident)
    assert (row.contact_name, row.relation, row.relation_en) == ("沈岚", "女儿", "daughter")
    assert row.recipient == "139****0001"
    assert DAUGHTER not in repr(row)
    assert (row.state, row.version, row.incident_id) == ("queued", 1, incident)
    [duty] = await views.by_ids(connection, [texts[1].id])
    assert (duty.contact_name, duty.incident_id, duty.recipient) == (None, None, "139****0002")
    assert await views.by_ids(connection, []) == []
    await connection.close()


async def test_the_sweep_finds_what_changed_and_nothing_else(database, owner, clock):
    connection = await database.connect("test")
    before = await xmin(connection)
    await enqueue(connection, [text_for(clock.now())])
    [queued] = await views.changed_since(connection, before)
    after = await xmin(connection)
    assert await views.changed_since(connection, after) == []
    async with stepped_sender(database, [SandboxGateway()], clock) as sender:
        await sender.cycle()
        [claimed] = await views.changed_since(connection, after)
        assert (claimed.state, claimed.version) == ("queued", 1)
        await sender.settle()
    [delivered] = await views.changed_since(connection, after)
    assert (delivered.id, delivered.state, delivered.version) == (queued.id, "delivered", 2)
    await connection.close()


async def test_a_change_that_commits_late_is_not_missed(database, owner, clock):
    """The reason for xmin instead of a time: the writer started before the sweep and committed after it."""
    connection, writer = await database.connect("test"), await database.connect("writer")
    transaction = writer.transaction()
    await transaction.start()
    await enqueue(writer, [text_for(clock.now())])
    sweep = await xmin(connection)
    assert await views.changed_since(connection, sweep) == []
    await transaction.commit()
    assert len(await views.changed_since(connection, sweep)) == 1
    await connection.close()
    await writer.close()
