"""The sandbox delivers at once and reaches nobody; what it shares with the others is in tests/contracts."""

from uuid import uuid4

from callcenter.sms.catalogue import MessageKind
from callcenter.sms.gateway import Outcome, OutgoingText
from callcenter.sms.gateways.sandbox.gateway import SandboxGateway


async def test_a_text_arrives_the_moment_it_is_sent():
    message_id = uuid4()
    text = OutgoingText(
        message_id, 1, "+8613900000001", MessageKind.CAN_YOU_GO, {}, "en", "x", 1, 9
    )
    result = await SandboxGateway().send(text)
    assert (result.outcome, result.provider_id) == (Outcome.DELIVERED, str(message_id))
