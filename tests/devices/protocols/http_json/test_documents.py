"""From bytes to fields: who and what are found in whatever was meant to be JSON."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings, strategies as st

from callcenter.devices.protocols.http_json.documents import field, read_documents

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
    ],
    ids=["ascii", "utf-8", "gb18030", "utf-8 with a mark", "utf-16", "a list", "encoded twice"],
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
    ],
)
def test_what_is_no_json_still_says_who_and_what(body: str) -> None:
    [document], flags = read_documents(body.encode())
    assert (field(document, "device"), field(document, "kind")) == ("EP-1", "sos")
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
    assert not any(field(each, "device") for each in read_documents(body)[0])


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_body_cut_or_changed_anywhere_behind_who_and_what_loses_neither(data: st.DataObject):
    body = bytearray(JSON.encode())
    safe = body.index(b'"text"') - 2
    at = data.draw(st.integers(safe, len(body)))
    body[at:] = data.draw(st.binary(max_size=40))
    [document], _ = (
        read_documents(bytes(body).replace(b"device", b"").replace(b"kind", b""))
        if (b"device" in body[at:] or b"kind" in body[at:])
        else read_documents(bytes(body))
    )
    assert (field(document, "device"), field(document, "kind")) == ("EP-1", "sos")
