"""The Kannel adapter against a server that answers as it is told to; the real Kannel is in tests/sms/test_kannel.py."""

from uuid import UUID

import pytest

from callcenter.core.errors import Invalid, NotFound
from callcenter.sms.catalogue import MessageKind
from callcenter.sms.gateway import (
    Evidence,
    Handled,
    HookRequest,
    InboundText,
    Outcome,
    OutgoingText,
    SendResult,
)
from callcenter.sms.gateways.kannel.gateway import KannelGateway, kannel_priority
from tests.support import sms_gateway
from tests.support.kannel import settings_for
from tests.support.sms_gateway import fake_smsbox

MESSAGE_ID = UUID("0197a5d2-0000-7000-8000-000000000001")


@pytest.fixture
async def smsbox():
    async with fake_smsbox() as box:
        yield box


def gateway_at(url, **changes):
    return KannelGateway(settings_for(url, **changes), "https://[::1]:8000/hooks/kannel/x")


def message(text="紧急", **changes):
    fields = {
        "id": MESSAGE_ID, "attempt": 2, "recipient": "+8613900000001",
        "kind": MessageKind.ALARM_RAISED, "params": {}, "language": "zh-CN", "text": text,
        "priority": 1, "valid_for_s": 601.0,
    }  # fmt: skip
    return OutgoingText(**fields | changes)


@pytest.mark.parametrize(("ours", "kannels"), [(1, "3"), (2, "1"), (5, "1"), (9, "0")])
def test_emergencies_go_first_in_kannel_too(ours, kannels):
    assert kannel_priority(ours) == kannels


async def test_a_chinese_text_is_marked_as_such_and_no_secret_is_in_the_address(smsbox):
    gateway = gateway_at(smsbox.url, smsc="A", sender="10690001")
    assert await gateway.send(message("【榆荫里养老】紧急😀")) == SendResult(Outcome.SUBMITTED)
    await gateway.close()
    [taken] = smsbox.taken
    assert taken.text == "【榆荫里养老】紧急😀"
    assert taken.headers["x-kannel-coding"] == "2"
    assert taken.headers["content-type"] == "text/plain; charset=UTF-8"
    assert taken.headers["x-kannel-dlr-mask"] == "31"
    assert taken.headers["x-kannel-validity"] == "11"
    assert taken.headers["x-kannel-priority"] == "3"
    assert taken.headers["x-kannel-smsc"] == "A"
    assert taken.headers["x-kannel-from"] == "10690001"
    assert taken.headers["x-kannel-dlr-url"] == (
        f"https://[::1]:8000/hooks/kannel/x/receipt?id={MESSAGE_ID}&attempt=2&type=%d&fid=%F&answer=%A&smsc=%i"
    )
    assert "s3cret" not in repr(gateway._settings)


async def test_an_english_text_goes_out_in_gsm7(smsbox):
    gateway = gateway_at(smsbox.url)
    await gateway.send(message("[Yuyinli Care] call"))
    await gateway.close()
    assert smsbox.taken[0].headers["x-kannel-coding"] == "0"
    assert "x-kannel-smsc" not in smsbox.taken[0].headers


async def test_nobody_listens_is_a_proven_refusal():
    gateway = gateway_at("http://127.0.0.1:9/cgi-bin/sendsms")
    assert await gateway.send(message()) == SendResult(Outcome.REFUSED, "no_connection")
    await gateway.close()


@pytest.mark.parametrize("url", ["", "kannel:13013/x", "ftp://127.0.0.1/"])
async def test_an_address_that_is_none_is_a_proven_refusal(url):
    gateway = gateway_at(url)
    assert (await gateway.send(message())).outcome is Outcome.REFUSED
    await gateway.close()


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [(sms_gateway.SILENCE, "no_answer"), (sms_gateway.CUT, "connection_lost")],
)
async def test_once_bytes_are_written_no_answer_means_unknown(smsbox, behaviour, error):
    smsbox.answer = behaviour
    gateway = gateway_at(smsbox.url, timeout_s=0.3)
    assert await gateway.send(message()) == SendResult(Outcome.UNKNOWN, error)
    await gateway.close()


async def test_a_connection_that_kannel_has_closed_is_not_used_again(smsbox):
    gateway = gateway_at(smsbox.url)
    assert (await gateway.send(message())).outcome is Outcome.SUBMITTED
    smsbox.answers = [sms_gateway.CUT]
    assert (await gateway.send(message())).outcome is Outcome.UNKNOWN
    assert (await gateway.send(message())).outcome is Outcome.SUBMITTED
    await gateway.close()


def call(tail, query):
    return HookRequest(tail, query, {}, b"")


async def test_its_two_addresses_are_read_and_no_other():
    gateway = gateway_at("")
    query = b"id=%b&attempt=1&type=8&fid=&answer=&smsc=A" % str(MESSAGE_ID).encode()
    [receipt] = gateway.hooks(call("receipt", query)).receipts
    assert (receipt.message_id, receipt.attempt, receipt.evidence) == (
        MESSAGE_ID,
        1,
        Evidence.TAKEN,
    )
    inbound = call(
        "inbound", b"from=%2B8613900000001&id=m&text=%80%FDS%BB&charset=UTF-16BE&coding=2"
    )
    assert gateway.hooks(inbound) == Handled(arrivals=(InboundText("+8613900000001", "能去", "m"),))
    with pytest.raises(NotFound):
        gateway.hooks(call("elsewhere", b""))
    with pytest.raises(Invalid):
        gateway.hooks(call("inbound", b"&".join([b"a=1"] * 100)))
    await gateway.close()


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (sms_gateway.WRONG_LOGIN, None),
        (sms_gateway.ACCEPTED, "unexpected_answer"),
        ((404, "not Kannel"), "unexpected_answer_404"),
        (sms_gateway.CUT, "no_connection"),
    ],
)
async def test_smsbox_is_known_by_how_it_refuses_a_stranger(smsbox, answer, found):
    smsbox.answer = answer
    gateway = gateway_at(smsbox.url)
    assert await gateway.health() == found
    await gateway.close()
