"""Texts as the timeline shows them. The sweep that shows them to seats: tests/seats/test_sweep.py."""

from datetime import timedelta

from callcenter.core.ids import new_id
from callcenter.sms import views
from callcenter.sms.gateways.sandbox.gateway import SandboxGateway
from tests.support.community import Community
from tests.support.outbox import DAUGHTER, enqueue, stepped_sender, text_for


async def test_a_text_is_shown_with_its_contact_and_a_masked_number(database, owner, clock):
    community = await Community.found(owner)
    contact = await community.contact(await community.resident(await community.home()))
    incident, now = new_id(), clock.now()
    connection = await database.connect("test")
    texts = [
        text_for(now, reference=incident, contact_id=contact),
        text_for(now + timedelta(seconds=1), "+8613900000002", reference=incident),
        text_for(now, "+8613900000003"),
    ]
    await enqueue(connection, texts)
    row, duty = await views.of_incident(connection, incident)
    assert (row.contact_name, row.relation, row.relation_en) == ("沈岚", "女儿", "daughter")
    assert row.recipient == "139****0001"
    assert DAUGHTER not in repr(row)
    assert (row.state, row.version, row.incident_id) == ("queued", 1, incident)
    assert (duty.contact_name, duty.relation, duty.recipient) == (None, None, "139****0002")
    await connection.close()


async def test_a_text_under_way_is_shown_as_queued_until_its_end_is_known(database, clock):
    incident = new_id()
    connection = await database.connect("test")
    await enqueue(connection, [text_for(clock.now(), reference=incident)])
    async with stepped_sender(database, [SandboxGateway()], clock) as sender:
        await sender.cycle()
        [claimed] = await views.of_incident(connection, incident)
        assert (claimed.state, claimed.version) == ("queued", 1)
        await sender.settle()
    [delivered] = await views.of_incident(connection, incident)
    assert (delivered.id, delivered.state, delivered.version) == (claimed.id, "delivered", 2)
    await connection.close()
