"""From bytes to fields: who and what are found in whatever was meant to be JSON."""

from __future__ import annotations

import gzip
import json
import zlib
from base64 import b64encode

import pytest
from hypothesis import assume, given, settings, strategies as st

from callcenter.devices.protocols.http_json.documents import read_documents

WHOLE = {"id": "1", "device": "EP-1", "kind": "sos", "text": "厨房"}
JSON = json.dumps(WHOLE)


@pytest.mark.parametrize(
    "body",
    [
        JSON.encode(),
        json.dumps(WHOLE, ensure_ascii=False).encode(),
        json.dumps(WHOLE, ensure_ascii=False).encode("gb18030"),
        json.dumps(WHOLE, ensure_ascii=False).encode("utf-8-sig"),
        json.dumps(WHOLE).encode("utf-16"),
        json.dumps([WHOLE]).encode(),
        json.dumps(JSON).encode(),
        json.dumps(json.dumps(JSON)).encode(),
        json.dumps(WHOLE).encode("utf-16-le"),
        json.dumps(WHOLE).encode("utf-16-be"),
        json.dumps(WHOLE).encode("utf-32"),
        gzip.compress(JSON.encode(), mtime=0),
        zlib.compress(JSON.encode()),
        b64encode(JSON.encode()),
    ],
)
def test_the_encoding_changes_nothing(body: bytes) -> None:
    assert read_documents(body) == ([WHOLE], ())


@pytest.mark.parametrize(
    "body",
    [
        JSON + "\0\0\0",
        JSON + "}",
        JSON + JSON,
        JSON + "\r\n--x--",
        "data=" + JSON,
        JSON[:-1] + ",}",
        JSON[:-1],
        JSON[:-1] + ', "lat": 40.00',
        JSON[:-1] + ', "lat": 0x1F}',
        JSON[:-1] + ', "lat": undefined}',
        JSON[:-1] + ', "extra": {"device": "other", "a": [1, 2}}',
        JSON[:-1] + ', "extra": {"device": "other"',
        '{"extra": {"device": "other", "kind": nope}, ' + JSON[1:],
        JSON.replace('"', "'"),
        "{id: 1, device: EP-1, kind: sos}",
        "id=1&device=EP-1&kind=sos",
        "device: EP-1\nkind: sos\n",
        '<signal device="EP-1" kind="sos"/>',
        JSON[1:],
        "{" + JSON,
        "xyz" + JSON,
        "cb(" + JSON + ");",
        JSON.replace('"', '\\"'),
        JSON.replace('"', "“"),
        JSON.replace('"', "`"),
        JSON.replace(",", "，").replace(":", "："),
        JSON.replace(":", "=>"),
        JSON.replace(",", ";"),
        '{"device" "EP-1", "kind" "sos"}',
        '{/* who */ "device": "EP-1", // what\n "kind": "sos"}',
        "{'device': 'EP-1', 'kind': 'sos', 'text': None}",
        JSON[:-1] + ', "text": "he said "help""}',
        '{"lat": , ' + JSON[1:],
    ],
)
def test_what_is_no_json_still_says_who_and_what(body: str) -> None:
    [document], flags = read_documents(body.encode())
    assert (document.get("device"), document.get("kind")) == ("EP-1", "sos")
    assert flags == ("json_repaired",)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"}{",
        b"[" * 30_000,
        b'{"a":' * 10_000,
        b"\xff\xfe",
        b'"\\' * 30_000,
        b"7",
        b"null",
    ],
)
def test_what_says_nothing_gives_nothing(body: bytes) -> None:
    assert not any(each.get("device") for each in read_documents(body)[0])


OTHER = '{"device": "EP-2", "kind": "fall"}'


@pytest.mark.parametrize(
    "body",
    [
        f"{JSON}\n{OTHER}\n",
        f"{JSON}{OTHER}",
        f"{JSON},{OTHER}",
        f"[{JSON},{OTHER},]",
        f"[{JSON},{OTHER[:-1]}",
        f"\x1e{JSON}\n\x1e{OTHER}\n",
        str([json.loads(JSON), json.loads(OTHER)]),
    ],
)
def test_none_of_several_is_lost(body: str) -> None:
    found, _ = read_documents(body.encode())
    assert [(each["device"], each["kind"]) for each in found] == [("EP-1", "sos"), ("EP-2", "fall")]


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (
            '{"device": "EP-1", "kind": "sos", "kind": "test"}',
            {"device": "EP-1", "kind": ["sos", "test"]},
        ),
        (
            '{"device": "EP-1", "kind": "sos", "kind": null}',
            {"device": "EP-1", "kind": ["sos", None]},
        ),
        (
            '{"device": "EP-1", "device": "", "kind": "sos"}',
            {"device": ["EP-1", ""], "kind": "sos"},
        ),
    ],
)
def test_of_a_name_that_is_there_twice_no_value_is_lost(body: str, read: object) -> None:
    assert read_documents(body.encode()) == ([read], ())


def test_numbers_that_json_does_not_know_are_read_as_they_stand() -> None:
    [found], _ = read_documents(b'{"device": 0860000000000017, "kind": "sos", "id": 0x1F}')
    assert (found["device"], found["kind"]) == ("0860000000000017", "sos")


def test_a_body_that_unpacks_to_ever_so_much_is_cut() -> None:
    packed = gzip.compress(JSON.encode() + b" " * 20_000_000)
    assert len(packed) < 64 * 1024
    assert read_documents(packed)[0] == [WHOLE]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_body_cut_or_changed_anywhere_behind_who_and_what_loses_neither(data: st.DataObject):
    body = bytearray(JSON.encode())
    safe = body.index(b'"text"') - 2
    at = data.draw(st.integers(safe, len(body)))
    body[at:] = data.draw(st.binary(max_size=40))
    assume(b"device" not in body[at:] and b"kind" not in body[at:])
    [document], _ = read_documents(bytes(body))
    assert (document.get("device"), document.get("kind")) == ("EP-1", "sos")
