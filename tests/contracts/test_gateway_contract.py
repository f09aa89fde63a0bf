"""What every SMS gateway must do, tried on each: the sandbox, and a real Kannel with and without a network behind it."""

import asyncio
from contextlib import AsyncExitStack
from uuid import uuid4

import pytest

from callcenter.core.errors import Invalid, NotFound
from callcenter.sms.catalogue import MessageKind
from callcenter.sms.gateway import LONGEST_SEND_S, HookRequest, Outcome, OutgoingText
from callcenter.sms.gateways.kannel.gateway import KannelGateway
from callcenter.sms.gateways.sandbox.gateway import SandboxGateway
from tests.support.kannel import network, running_kannel, settings_for

TAKEN = {Outcome.SUBMITTED, Outcome.BUFFERED, Outcome.DELIVERED}


@pytest.fixture(
    params=[
        "sandbox",
        pytest.param("kannel", marks=pytest.mark.kannel),
        pytest.param("kannel without a link", marks=pytest.mark.kannel),
        "kannel that is not there",
    ]
)
async def gateway(request, tmp_path):
    async with AsyncExitStack() as stack:
        made = await _make(request.param, tmp_path, stack)
        yield made
        await made.close()


async def _make(which, folder, stack):
    if which == "sandbox":
        return SandboxGateway()
    url = "http://127.0.0.1:9/cgi-bin/sendsms"
    if which != "kannel that is not there":
        kannel = stack.enter_context(running_kannel(folder, "http://127.0.0.1:9/inbound"))
        await kannel.start()
        url = kannel.sendsms_url
        if which == "kannel":
            await stack.enter_async_context(network(kannel))
    return KannelGateway(settings_for(url), "http://127.0.0.1:9/hooks/kannel/x")


def text_of(words, number=1, **changes):
    fields = {
        "id": uuid4(), "attempt": 1, "recipient": f"+8613900{number:06}", "params": {"ref": 37},
        "kind": MessageKind.ALARM_RAISED, "language": "zh-CN", "text": words, "priority": 1,
        "valid_for_s": 600.0,
    }  # fmt: skip
    return OutgoingText(**fields | changes)


async def test_it_has_a_name_and_a_window(gateway):
    assert gateway.name
    assert gateway.window >= 1


async def test_it_takes_any_text_of_one_part_or_proves_that_it_did_not(gateway):
    for words in (
        "【榆荫里养老】紧急 编号37",
        "[Care] {x} €~ Ref 37",
        "😀" * 35,
        "x" * 160,
        "%d&a=b\n+",
    ):
        result = await gateway.send(text_of(words))
        assert result.outcome in TAKEN | {Outcome.REFUSED}, words
        silent = result.outcome in {Outcome.SUBMITTED, Outcome.DELIVERED}
        assert (result.error is None) == silent, words


async def test_it_takes_a_window_of_texts_at_once(gateway):
    results = await asyncio.gather(
        *(gateway.send(text_of("紧急", number)) for number in range(gateway.window))
    )
    assert len({result.outcome for result in results}) == 1
    assert results[0].outcome in TAKEN | {Outcome.REFUSED}


async def test_it_never_raises_and_answers_in_time(gateway):
    for changes in ({"recipient": ""}, {"recipient": "abc"}, {"valid_for_s": -1.0}):
        async with asyncio.timeout(LONGEST_SEND_S):
            assert (await gateway.send(text_of("x", **changes))).outcome in Outcome


async def test_its_health_is_that_of_the_service(gateway, request):
    there = request.node.callspec.params["gateway"] != "kannel that is not there"
    assert await gateway.health() == (None if there else "no_connection")


@pytest.mark.parametrize("tail", ["", "receipt", "inbound", "receipt/../x", "%00"])
async def test_a_call_that_makes_no_sense_is_refused_and_nothing_else(gateway, tail):
    for query in (b"", b"\xff\xfe", b"=&&;%", b"id=1&type=1", b"from=%00"):
        with pytest.raises((Invalid, NotFound)):
            gateway.hooks(HookRequest(tail, query, {}, b"\x00"))
