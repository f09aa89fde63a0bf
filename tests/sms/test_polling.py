"""A gateway that must be asked."""

import pytest

from callcenter.core.errors import Unavailable
from callcenter.core.ids import new_id
from callcenter.sms.gateway import Evidence, Handled, InboundText, Polled, Receipt
from callcenter.sms.gateways.sandbox.gateway import SandboxGateway
from callcenter.sms.hooks import Hooks
from callcenter.sms.polling import Polling


class Mailbox(SandboxGateway):
    """Hands out what lies in it until it is emptied."""

    poll_every_s = 5.0

    def __init__(self, *lying):
        self.lying = lying

    async def poll(self):
        receipt = Receipt(new_id(), 1, Evidence.DELIVERED, "")
        return Handled(receipts=(receipt,), arrivals=self.lying)


class Centre:
    def __init__(self, database, clock, gateway):
        self.arrived = self.changed = 0
        self.hooks = Hooks(
            database, clock, {gateway.name: gateway}, "secret", self.note_changed, self.note_arrived
        )
        self.polling = Polling(gateway, self.hooks)

    async def note_changed(self):
        self.changed += 1

    async def note_arrived(self):
        self.arrived += 1


def test_only_some_gateways_are_polled():
    assert isinstance(Mailbox(), Polled)
    assert not isinstance(SandboxGateway(), Polled)


async def test_what_lies_there_is_kept_once_however_often_it_is_handed_out(database, owner, clock):
    centre = Centre(database, clock, Mailbox(InboundText("13900000001", "1", "m1")))
    assert (centre.polling.name, centre.polling.interval_s) == ("sms_poll_sandbox", 5.0)
    for _ in range(3):
        assert await centre.polling.run_once(clock.now()) == 2
    assert await owner.fetchval("SELECT count(*) FROM sms_inbound") == 1
    assert (centre.arrived, centre.changed) == (1, 0)


async def test_while_the_database_is_away_it_stays_where_it_lies(database, owner, clock):
    centre = Centre(database, clock, Mailbox(InboundText("13900000001", "1", "m1")))
    await owner.execute("REVOKE INSERT ON sms_inbound FROM callcenter_server")
    with pytest.raises(Unavailable):
        await centre.polling.run_once(clock.now())
    await owner.execute("GRANT INSERT ON sms_inbound TO callcenter_server")
    await centre.polling.run_once(clock.now())
    assert await owner.fetchval("SELECT text FROM sms_inbound") == "1"
    assert centre.arrived == 1
