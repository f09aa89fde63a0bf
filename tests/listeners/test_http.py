"""`POST /ingest/v1/signals` on a real socket: the public contract, line by line, below ASGI and beside the API."""

from __future__ import annotations

import asyncio
import hashlib
import random
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from callcenter.api.serving import signals_before
from callcenter.core.clock import SystemClock
from callcenter.core.supervisor import Supervisor
from callcenter.devices.callers import SourceRef
from callcenter.devices.codec import STANDARD, Habits
from callcenter.devices.formats import FORMATS
from callcenter.devices.registry import Credentials
from callcenter.devices.signals import Datum, Kind, Signal
from callcenter.listeners.http import HttpListener
from callcenter.listeners.http_beside import signals_first
from tests.support.centre import bound_socket, serve
from tests.support.intake import MemoryIntake
from tests.support.server import KEY_ID, SECRET, TOKEN
from tests.support.waiting import until
from tests.support.wire import (
    Answer,
    bearer,
    post,
    post_in_chunks,
    request,
    signed,
    sos,
)

SOURCE = SourceRef(KEY_ID, "http_json", 1)
OTHER = SourceRef("others", "http_json", 1)


@dataclass
class Ingest:
    """The listener, and the intake behind it."""

    port: int
    intake: MemoryIntake

    async def post(self, body: bytes, headers: dict[str, str] | None = None) -> Answer:
        return await post(self.port, body, headers)

    async def takes(self, **fields: object) -> Signal:
        """What becomes of a body with these fields, which must be accepted."""
        answer = await self.post(sos(**fields))
        assert answer.status == 201, answer
        return self.intake.stored[-1]


def habits_of(name: str) -> Habits:
    return Habits(ZoneInfo("Asia/Shanghai"), Datum.GCJ02) if name == "others" else STANDARD


async def nobody(scope: Any, receive: Any, send: Any) -> None:
    """What is not the listener's."""
    headers = [(b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 404, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


@pytest.fixture(params=["wire", "beside"])
async def ingest(request: pytest.FixtureRequest) -> AsyncIterator[Ingest]:
    intake = MemoryIntake()
    known = [
        Credentials(SOURCE, hashlib.sha256(TOKEN.encode()).digest(), KEY_ID, SECRET),
        Credentials(OTHER, None, "others", b"their secret"),
    ]
    listening = bound_socket()
    listener = HttpListener(FORMATS.values(), intake, SystemClock(), lambda: known, habits_of)
    async with AsyncExitStack() as running:
        if request.param == "wire":
            supervisor = await running.enter_async_context(Supervisor())
            front = serve(nobody, listening, signals_before(listener, supervisor))
        else:
            front = serve(signals_first(listener, nobody), listening)
        await running.enter_async_context(front)
        yield Ingest(listening.getsockname()[1], intake)
        for commit in intake.held:
            commit.release.set()


async def test_a_press_is_answered_with_201_and_its_repeat_with_200(ingest: Ingest):
    body = sos()
    first, repeat = await ingest.post(body), await ingest.post(body)
    assert (first.status, first.document["outcome"]) == (201, "opened")
    assert first.document["journal_id"]
    assert (repeat.status, repeat.document["outcome"]) == (200, "duplicate")
    assert [signal.kind for signal in ingest.intake.stored] == [Kind.SOS]


async def test_g1_nothing_is_answered_before_the_commit(ingest: Ingest):
    ingest.intake.holding = True
    waiting = asyncio.create_task(ingest.post(sos()))
    await until(lambda: ingest.intake.held, "the press at intake")
    done, _ = await asyncio.wait([waiting], timeout=0.2)
    assert not done
    ingest.intake.held[0].release.set()
    assert (await waiting).status == 201


async def test_503_with_retry_after_while_it_cannot_be_stored(ingest: Ingest):
    ingest.intake.store_is_away = True
    body = sos()
    answer = await ingest.post(body)
    assert (answer.status, int(answer.headers["retry-after"]) >= 1) == (503, True)
    ingest.intake.store_is_away = False
    assert (await ingest.post(body)).status == 201


# ---- who may


async def test_a_signature_by_the_source_s_secret(ingest: Ingest):
    body = sos()
    assert (await ingest.post(body, signed(body))).status == 201
    without_key_id = signed(sos_two := sos())
    del without_key_id["X-Key-Id"]
    assert (await ingest.post(sos_two, without_key_id)).status == 201


async def test_a_wrong_signature_is_refused_and_says_how_to_do_it(ingest: Ingest):
    body = sos()
    wrong = [
        signed(body, secret=b"a guess"),
        signed(body + b" "),
        signed(body) | {"X-Timestamp": "1"},
        signed(body) | {"X-Key-Id": "others"},
        signed(body) | {"X-Signature": "v1="},
        signed(body) | {"X-Signature": "v1=é"},
        signed(body) | {"X-Signature": signed(body)["X-Signature"].replace("v1=", "v2=")},
        signed(body) | {"X-Signature": "v1=" + "0" * 64},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer"},
        {"Authorization": f"Basic {TOKEN}"},
        {},
    ]
    for headers in wrong:
        answer = await ingest.post(body, headers)
        assert (answer.status, answer.document["error"]["code"]) == (401, "unauthenticated")
        assert answer.headers["www-authenticate"] == "Bearer"
    assert ingest.intake.stored == ingest.intake.undecodable == []


@pytest.mark.parametrize("minutes", [-60 * 24 * 400, -6, 6, 60 * 24])
async def test_g3_a_wrong_clock_is_accepted_and_flagged(ingest: Ingest, minutes: int):
    body = sos()
    answer = await ingest.post(body, signed(body, at=time.time() + 60 * minutes))
    assert answer.status == 201
    assert ingest.intake.stored[0].flags == ("clock_off",)


async def test_a_right_clock_is_not_flagged(ingest: Ingest):
    body = sos()
    await ingest.post(body, signed(body))
    assert ingest.intake.stored[0].flags == ()


# ---- what


async def test_everything_that_a_signal_may_hold(ingest: Ingest):
    taken = await ingest.takes(
        device="860000000000017",
        kind="fall",
        occurred_at="2026-03-14T04:12:07+08:00",
        lat=40.0012,
        lon=104.0007,
        datum="wgs84",
        text="厨房",
        extra={"battery": 80},
    )
    assert (taken.identifier, taken.kind, taken.text) == ("860000000000017", Kind.FALL, "厨房")
    assert taken.occurred_at is not None
    assert taken.occurred_at.isoformat() == "2026-03-13T20:12:07+00:00"
    assert taken.position is not None
    assert (taken.position.lat, taken.position.lng) == (40.0012, 104.0007)
    assert taken.extra == {"battery": 80}


async def test_times_and_positions_mean_what_their_source_is_set_up_for(ingest: Ingest):
    body = sos(occurred_at="2026-03-14 12:12:07", lat=39.915, lon=116.404)
    headers = signed(body, secret=b"their secret") | {"X-Key-Id": "others"}
    assert (await ingest.post(body, headers)).status == 201
    assert (await ingest.post(body, bearer())).status in (200, 201)
    theirs = ingest.intake.stored[0]
    assert theirs.occurred_at is not None
    assert theirs.occurred_at.isoformat() == "2026-03-14T04:12:07+00:00"
    assert theirs.position is not None
    assert theirs.position.lng == pytest.approx(116.3978, abs=0.0005)


@pytest.mark.parametrize(
    ("field", "value", "flag"),
    [
        ("lat", 91, "position_not_read"),
        ("lat", "north", "position_not_read"),
        ("lat", None, "position_not_read"),
        ("datum", "mars", "datum_not_known"),
        ("occurred_at", "yesterday", "time_not_read"),
        ("occurred_at", 1e300, "time_not_read"),
        ("occurred_at", "0001-01-01T00:00:00+14:00", "time_not_read"),
        ("occurred_at", "1999-01-01T00:00:00Z", "time_odd"),
        ("kind", "panic!", "kind_not_known:panic"),
    ],
)
async def test_g3_a_bad_field_is_left_out_and_flagged_never_refused(
    ingest: Ingest, field: str, value: object, flag: str
):
    fields = {"lat": 40.0, "lon": 104.0, field: value}
    assert flag in (await ingest.takes(**fields)).flags


async def test_g3_an_unknown_kind_rings(ingest: Ingest):
    assert (await ingest.takes(kind="panic!")).kind is Kind.UNKNOWN


@pytest.mark.parametrize("text", [{"a": 1}, ["x"], 5, "x" * 5000, "\0"])
async def test_g3_odd_words_and_extras_are_kept(ingest: Ingest, text: object):
    taken = await ingest.takes(text=text, extra=text)
    assert taken.text is not None
    assert len(taken.text) <= 1000


def body_with(text: bytes) -> bytes:
    return b'{"id": "1", "device": "phone-0", "kind": "sos", "text": "' + text + b'"}'


@pytest.mark.parametrize(
    "body",
    [
        body_with(b"\\ud800"),  # half of a surrogate pair, as JavaScript cuts an emoji
        body_with("厨房".encode("gb18030")),
        body_with(b"\xff\x00"),
        body_with(b"line\nbreak\ttab"),
        b"\xef\xbb\xbf" + body_with(b"with a byte order mark"),
        b'{"id": "1", "device": "phone-0", "kind": "sos", "lat": NaN, "lon": Infinity}',
    ],
    ids=["surrogate", "gb18030", "bytes", "control", "bom", "nan"],
)
async def test_g3_an_sos_in_almost_json_is_taken(ingest: Ingest, body: bytes):
    answer = await ingest.post(body)
    assert answer.status == 201, answer.document
    [taken] = ingest.intake.stored
    assert (taken.identifier, taken.kind, taken.raw) == ("phone-0", Kind.SOS, body)


async def test_the_same_id_with_other_content_is_a_new_signal_and_flagged(ingest: Ingest):
    await ingest.takes(id="7")
    assert (await ingest.takes(id="7", text="again")).flags == ("id_reused",)
    assert (await ingest.takes(id="7", device="another")).flags == ()


async def test_g3_a_name_that_is_too_long_is_cut_and_rings(ingest: Ingest):
    name = (await ingest.takes(device="x" * 500)).identifier
    assert 64 <= len(name) < 500
    assert set(name) == {"x"}


@pytest.mark.parametrize(
    ("body", "device"),
    [
        (b'{"id": "1", "device": 860000000000017.0, "kind": "sos"}', "860000000000017"),
        (b'{"id": 1773461527.5, "device": "EP-1", "kind": ["sos"]}', "EP-1"),
        (b'{"id": "1", "device": "EP-1\\u0000", "kind": "sos"}', "EP-1"),
        (b'{"id": "1", "device": "EP-1\\ud800", "kind": "sos"}', "EP-1"),
        (
            b'{"id": "1", "device": "EP-1", "kind": "sos", "datum": '
            + b"[" * 1000
            + b"]" * 1000
            + b"}",
            "EP-1",
        ),
        (b'{"extra": ' + b"[" * 1100 + b"]" * 1100 + b', "device": "EP-1", "kind": "sos"}', "EP-1"),
        (b'{"device": "EP-1", "kind": "sos", "lat": ' + b"1" * 5000 + b"}", "EP-1"),
        (b'{"device": "EP-1", "kind": "sos"', "EP-1"),
        (b"device=EP-1&kind=sos", "EP-1"),
        (b'{"kind": "sos"}', "(no device)"),
    ],
)
async def test_g3_who_and_what_are_made_out_of_whatever_came(
    ingest: Ingest, body: bytes, device: str
):
    answer = await ingest.post(body)
    assert answer.status == 201, answer.document
    [taken] = ingest.intake.stored
    assert (taken.identifier, taken.kind, taken.raw) == (device, Kind.SOS, body)


# ---- what can never be


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"{", "body"),
        (b"", "body"),
        (b"[]", "body"),
        (b"[" * 30_000, "body"),
        (b"{}", "device"),
        (b'{"id": "1", "battery": 61}', "device"),
    ],
)
async def test_what_can_never_be_accepted_is_422_and_kept(ingest: Ingest, body: bytes, field: str):
    answer = await ingest.post(body)
    assert answer.status == 422
    assert answer.document["error"]["code"] == "invalid"
    assert answer.document["error"]["params"]["field"] == field
    [(raw, _, reason)] = ingest.intake.undecodable
    assert (raw, bool(reason)) == (body, True)


async def test_rubbish_beyond_the_minute_s_share_is_refused_but_not_kept(ingest: Ingest):
    answers = [await ingest.post(b"{%d" % n) for n in range(70)]
    assert {answer.status for answer in answers} == {422}
    assert 5 <= len(ingest.intake.undecodable) <= 10  # a minute may turn while the test runs
    assert (await ingest.post(sos())).status == 201


async def test_random_bytes_get_a_clear_answer(ingest: Ingest):
    rubbish = random.Random(20260314)
    for _ in range(50):
        assert (await ingest.post(rubbish.randbytes(rubbish.randrange(300)))).status == 422


# ---- how


async def test_the_limit_is_64_kib_exactly(ingest: Ingest):
    frame = len(sos(text=""))
    largest = sos(text="x" * (64 * 1024 - frame))
    assert len(largest) == 64 * 1024
    assert (await ingest.post(largest)).status == 201
    for body in (sos(text="x" * (64 * 1024 - frame + 1)), b"x" * 500_000):
        answer = await ingest.post(body)
        assert (answer.status, answer.document["error"]["code"]) == (413, "too_large")
    assert ingest.intake.undecodable == []


async def test_a_chunked_body(ingest: Ingest):
    body = sos(text="厨房")
    chunks = [body[n : n + 7] for n in range(0, len(body), 7)]
    assert (await post_in_chunks(ingest.port, chunks, bearer())).status == 201
    assert ingest.intake.stored[0].raw == body


async def test_a_chunked_body_beyond_the_limit(ingest: Ingest):
    answer = await post_in_chunks(ingest.port, [b"x" * 10_000] * 8, bearer())
    assert answer.status == 413


async def test_one_connection_carries_one_signal_after_another(ingest: Ingest):
    bodies = [sos() for _ in range(5)]
    headers = f"Authorization: Bearer {TOKEN}\r\nHost: x\r\n"
    together = b"".join(
        f"POST /ingest/v1/signals HTTP/1.1\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode()
        + body
        for body in bodies
    )
    assert (await request(ingest.port, together)).status == 201
    await until(lambda: len(ingest.intake.stored) == 5, "all five")
    assert [signal.raw for signal in ingest.intake.stored] == bodies


async def test_a_sender_who_goes_away_within_the_body_leaves_nothing(ingest: Ingest):
    for sent in (b"", b'{"id"'):
        _, writer = await asyncio.open_connection("127.0.0.1", ingest.port)
        headers = f"Authorization: Bearer {TOKEN}\r\nHost: x\r\nContent-Length: 100\r\n\r\n"
        writer.write(b"POST /ingest/v1/signals HTTP/1.1\r\n" + headers.encode() + sent)
        await writer.drain()
        writer.transport.abort()
    assert (await ingest.post(sos())).status == 201
    assert len(ingest.intake.stored) == 1
    assert ingest.intake.undecodable == []


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize(
    "path", ["/ingest/v1/signals", "/ingest/v1/signal", "/ingest", "/INGEST/V1/SIGNALS/"]
)
async def test_a_signal_that_is_put_instead_rings(ingest: Ingest, method: str, path: str):
    body = sos()
    head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
    answer = await request(
        ingest.port, f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
    )
    assert answer.status == 201
    assert "method_odd" in ingest.intake.stored[0].flags


async def test_two_phones_that_do_not_say_who_they_are_are_two_homes(ingest: Ingest):
    nameless = await ingest.takes(device=None)
    assert nameless.peer == "127.0.0.1"
    assert (await ingest.takes()).peer is None


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_signals_are_posted(ingest: Ingest, method: str):
    head = f"{method} /ingest/v1/signals HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
    answer = await request(ingest.port, head.encode())
    assert (answer.status, answer.headers["allow"]) == (405, "POST")
