"""The codec of JSON requests: no response before its token is settled."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from callcenter.core.errors import Unavailable
from callcenter.devices.codec import Former, Refusal, Request, Response, SenderKey
from callcenter.devices.protocols.http_json import HttpJsonCodec
from callcenter.devices.protocols.http_json.signing import signature

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
SENDERS = {"phones": SenderKey(bearer_hash=hashlib.sha256(b"a token").digest())}
BEARER = {b"authorization": b"Bearer a token"}


@dataclass(frozen=True)
class Outcome:
    outcome: str
    journal_id: str = "a"
    incident_id: str | None = "b"
    number: int | None = 7


def request(device: str = "EP-0001", headers: dict[bytes, bytes] = BEARER) -> Request:
    return Request(headers, json.dumps({"id": "1", "device": device, "kind": "sos"}).encode())


def code(response: Response) -> str:
    return json.loads(response.body)["error"]["code"]


@pytest.mark.parametrize(
    ("outcome", "status"), [("opened", 201), ("joined", 201), ("duplicate", 200)]
)
def test_a_commit_tells_what_became_of_the_signal(outcome: str, status: int):
    codec = HttpJsonCodec()
    frame = codec.receive(request(), NOW, SENDERS)
    response = codec.commit(frame.token, [Outcome(outcome)])
    assert (frame.source, len(frame.signals), response.status) == ("phones", 1, status)
    assert json.loads(response.body)["number"] == 7


def test_a_right_token_counts_beside_a_signature_that_is_somebody_else_s():
    signed = {**BEARER, b"x-timestamp": b"1", b"x-signature": b"v1=" + b"0" * 64}
    assert HttpJsonCodec().receive(request(headers=signed), NOW, SENDERS).source == "phones"
    del signed[b"authorization"]
    assert HttpJsonCodec().receive(request(headers=signed), NOW, SENDERS).source is None


def test_several_signals_are_told_of_one_by_one():
    codec = HttpJsonCodec()
    press = {"id": "1", "device": "EP-0001", "kind": "sos"}
    frame = codec.receive(Request(BEARER, json.dumps([press, press]).encode()), NOW, SENDERS)
    assert len(frame.signals) == 2
    response = codec.commit(frame.token, [Outcome("duplicate", "a"), Outcome("opened", "b")])
    told = json.loads(response.body)
    assert (response.status, told["journal_id"]) == (201, "a")
    assert [each["journal_id"] for each in told["signals"]] == ["a", "b"]


def test_a_token_gives_one_response():
    codec = HttpJsonCodec()
    frame = codec.receive(request(), NOW, SENDERS)
    codec.commit(frame.token, [Outcome("opened")])
    with pytest.raises(KeyError):
        codec.commit(frame.token, [Outcome("opened")])


def test_a_stranger_has_no_signals():
    codec = HttpJsonCodec()
    frame = codec.receive(request(headers={}), NOW, SENDERS)
    assert frame.error is not None
    assert (frame.source, frame.signals, frame.error.refusal) == (None, (), Refusal.STRANGER)
    assert codec.refuse(frame.token, frame.error.refusal).status == 401


def test_what_cannot_be_read_is_told_with_its_field():
    codec = HttpJsonCodec()
    frame = codec.receive(Request(BEARER, b'{"id": "1"}'), NOW, SENDERS)
    assert frame.error is not None
    response = codec.refuse(frame.token, frame.error.refusal)
    assert (response.status, json.loads(response.body)["error"]["params"]) == (
        422,
        {"field": "device"},
    )


def test_a_store_that_is_away_is_named_and_asks_for_a_repeat():
    codec = HttpJsonCodec()
    frame = codec.receive(request(), NOW, SENDERS)
    away = Unavailable("the lane is full", code="lane_full")
    response = codec.refuse(frame.token, Refusal.NOT_STORED, away)
    assert (response.status, code(response)) == (503, "lane_full")
    assert (b"retry-after", b"2") in response.headers


OLD, NEW = b"the old secret", b"the new secret"
RENEWED = {
    "phones": SenderKey(
        bearer_hash=hashlib.sha256(b"new token").digest(),
        key_id="phones",
        secret=NEW,
        former=Former(NOW, hashlib.sha256(b"a token").digest(), OLD),
    )
}
"""The old ones hold until before `NOW`."""


@pytest.mark.parametrize(
    ("headers", "until", "after"),
    [
        (BEARER, "phones", None),
        ({b"authorization": b"Bearer new token"}, "phones", "phones"),
        (OLD, "phones", None),
        (NEW, "phones", "phones"),
        (b"neither", None, None),
        ({b"authorization": b"Bearer neither"}, None, None),
    ],
)
def test_both_secrets_are_tried_until_the_old_ones_end(headers, until, after):
    asked = request()
    if isinstance(headers, bytes):
        signed = signature(headers, "1", asked.body).encode()
        headers = {b"x-timestamp": b"1", b"x-key-id": b"phones", b"x-signature": signed}
    asked = replace(asked, headers=headers)
    for now, expected in ((NOW - timedelta(microseconds=1), until), (NOW, after)):
        frame = HttpJsonCodec().receive(asked, now, RENEWED)
        assert frame.source == expected
        assert (frame.error is None) is (expected is not None)


def test_an_old_secret_of_another_key_is_not_tried():
    asked = request()
    signed = signature(OLD, "1", asked.body).encode()
    headers = {b"x-timestamp": b"1", b"x-key-id": b"panels", b"x-signature": signed}
    asked = replace(asked, headers=headers)
    assert HttpJsonCodec().receive(asked, NOW - timedelta(1), RENEWED).source is None
