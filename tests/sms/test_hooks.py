"""What a gateway hands in is stored whole or not at all, and told after it is stored."""

import pytest

from callcenter.core.errors import NotFound, Unavailable
from callcenter.core.ids import new_id
from callcenter.sms.gateway import (
    Evidence,
    Handled,
    HookRequest,
    HookResponse,
    InboundText,
    Receipt,
)
from callcenter.sms.gateways.sandbox.gateway import SandboxGateway
from callcenter.sms.hooks import Hooks
from tests.support.outbox import enqueue, text_for


class Batching(SandboxGateway):
    """A service that reports many things in one call and wants to hear its own word for yes."""

    def __init__(self):
        self.handled = Handled(response=HookResponse(200, b'{"code":0}', "application/json"))

    def hooks(self, request):
        assert request.tail == "all"
        return self.handled


@pytest.fixture
def told():
    return []


@pytest.fixture
def service():
    return Batching()


@pytest.fixture
def hooks(database, owner, clock, told, service):
    """The hints say what is in the tables when they are given."""

    async def changed():
        told.append(await owner.fetchval("SELECT state FROM sms_message"))

    async def arrived():
        told.append(await owner.fetchval("SELECT count(*) FROM sms_inbound"))

    return Hooks(database, clock, {"service": service}, "secret", changed, arrived)


def call(hooks, name="service", secret="secret"):
    return hooks.call(name, secret, HookRequest("all", b"", {}, b""))


@pytest.fixture
async def sent(database, owner, clock):
    connection = await database.connect("cause")
    text = text_for(clock.now())
    await enqueue(connection, [text])
    await connection.close()
    await owner.execute("UPDATE sms_message SET state = 'submitted', attempt = 1")
    return text


async def test_a_batch_is_stored_then_told_then_answered(hooks, service, sent, told):
    service.handled = Handled(
        receipts=(
            Receipt(sent.id, 1, Evidence.FAILED, "x"),
            Receipt(new_id(), 1, Evidence.DELIVERED, ""),
            Receipt(sent.id, 1, Evidence.DELIVERED, ""),
            Receipt(sent.id, 1, None, "odd"),
        ),
        arrivals=(InboundText("13900000001", "1", "a"), InboundText("13900000002", "1", "b")),
        response=service.handled.response,
    )
    assert await call(hooks) == HookResponse(200, b'{"code":0}', "application/json")
    assert told == ["delivered", 2]
    await call(hooks)
    assert told == ["delivered", 2]


async def test_of_a_batch_that_cannot_be_stored_nothing_is(hooks, service, owner, sent, told):
    service.handled = Handled(
        receipts=(Receipt(sent.id, 1, Evidence.DELIVERED, ""),),
        arrivals=(InboundText("13900000001", "1", "a"),),
    )
    await owner.execute("REVOKE INSERT ON sms_inbound FROM callcenter_server")
    with pytest.raises(Unavailable):
        await call(hooks)
    assert await owner.fetchval("SELECT state FROM sms_message") == "submitted"
    assert told == []


@pytest.mark.parametrize(("name", "secret"), [("service", "wrong"), ("other", "secret"), ("", "")])
async def test_a_stranger_learns_nothing(hooks, name, secret):
    with pytest.raises(NotFound, match="nothing at this address"):
        await call(hooks, name, secret)
