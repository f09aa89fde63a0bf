"""What the socket of the exchange says, and what is asked of it: documents of ARI."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given, strategies as st

from callcenter.telephony.pbx import Answered, Arrived, Digit, Ended, LegFound, Rings, SaidOut
from callcenter.telephony.pbxs.asterisk.wire import Reply, Request, found, read

CALLER = {"number": "13912345678", "name": "王秀英"}


def said(type_: str, **more: Any) -> Any:
    channel = {"id": "l", "state": "Ringing", "caller": CALLER, "dialplan": {}}
    return read(orjson.dumps({"type": type_, "channel": channel, **more}))


def test_each_event_that_concerns_a_call():
    assert said("StasisStart", args=["line", "95009", "1.0"]) == Arrived(
        "l", "1.0", "95009", "13912345678", "王秀英"
    )
    assert said("StasisStart", args=["called"]) == Answered("l")
    assert said("ChannelStateChange") == Rings("l")
    assert said("ChannelDestroyed", cause=17) == Ended("l", 17)
    assert said("ChannelDtmfReceived", digit="1") == Digit("l", "1")
    playback = {"id": "p", "target_uri": "channel:l"}
    assert said("PlaybackFinished", playback=playback) == SaidOut("p", "l")


def test_a_leg_that_ended_without_a_cause_was_hung_up():
    assert said("ChannelDestroyed", cause=0) == Ended("l", 16)


@pytest.mark.parametrize(
    ("caller", "more"),
    [
        ({"number": "13912345678", "name": ""}, ["prohib_passed_screen"]),
        ({"number": "", "name": ""}, []),
        ({"number": "Anonymous", "name": ""}, ["allowed"]),
    ],
)
def test_a_number_that_is_withheld_says_so(caller: dict[str, str], more: list[str]):
    channel = {"id": "l", "caller": caller}
    call = said("StasisStart", args=["line", "95009", "1.0", *more], channel=channel)
    assert call.withheld


def test_what_is_no_event_of_ours_is_nothing():
    for type_ in ("ChannelVarset", "", None, 7):
        assert said(type_) is None
    assert said("StasisStart", args=[]) is None
    assert said("ChannelDestroyed", cause="never") is None


@given(st.binary(max_size=60) | st.text(max_size=60))
def test_bytes_of_anybody_hurt_nobody(raw: bytes | str):
    read(raw)


SHOWN = st.characters(codec="utf-8")
JSON = st.recursive(
    st.none() | st.integers(-9, 2**53) | st.text(SHOWN, max_size=5),
    lambda each: (
        st.lists(each, max_size=3) | st.dictionaries(st.text(SHOWN, max_size=5), each, max_size=3)
    ),
    max_leaves=6,
)


@given(
    st.sampled_from(
        [
            "StasisStart",
            "ChannelStateChange",
            "ChannelDestroyed",
            "ChannelDtmfReceived",
            "PlaybackFinished",
            "RESTResponse",
        ]
    ),
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(("channel", "args", "cause", "digit", "playback", "request_id", "status_code", "message_body"), JSON),
    ),
)  # fmt: skip
def test_documents_of_any_shape_hurt_nobody(type_: str, more: dict[str, Any]):
    read(orjson.dumps({"type": type_, **more}))


@pytest.mark.parametrize("status", [None, [], "many"])
@pytest.mark.parametrize("number", [7, "7", "²"])
def test_an_answer_that_says_nothing_that_can_be_read_is_none(number: object, status: object):
    raw = {"type": "RESTResponse", "request_id": number, "status_code": status}
    assert read(orjson.dumps(raw)) is None


def test_an_answer_is_found_by_its_number():
    raw = {"type": "RESTResponse", "request_id": "7", "status_code": 404, "reason_phrase": "no", "message_body": '{"a": 1}'}  # fmt: skip
    reply = read(orjson.dumps(raw))
    assert reply == Reply(7, 404, "no", {"a": 1})
    assert isinstance(reply, Reply)
    assert not reply.is_ok


def test_a_request_carries_its_number_its_query_and_its_body():
    request = Request("POST", "channels", {"endpoint": "PJSIP/seat-7"}, {"variables": {"x": "1"}})
    document = orjson.loads(request.encoded(9))
    assert (document["request_id"], document["method"], document["uri"]) == ("9", "POST", "channels")  # fmt: skip
    assert document["query_strings"] == [{"name": "endpoint", "value": "PJSIP/seat-7"}]
    assert orjson.loads(document["message_body"]) == {"variables": {"x": "1"}}
    assert "message_body" not in orjson.loads(Request("GET", "channels").encoded(1))


def test_what_stands_is_found_with_how_it_came():
    plan = {"app_name": "Stasis", "app_data": "callcenter,line,95009,1.0"}
    other = {"app_name": "Dial", "app_data": "PJSIP/x"}
    assert found(
        [
            {"id": "a", "state": "Up", "caller": CALLER, "dialplan": plan},
            {"id": "b", "state": "Ring", "caller": CALLER, "dialplan": other},
        ]
    ) == {
        "a": LegFound(True, True, Arrived("a", "1.0", "95009", "13912345678", "王秀英")),
        "b": LegFound(False, False),
    }
