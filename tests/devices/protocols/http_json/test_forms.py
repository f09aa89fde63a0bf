"""Bodies that are no JSON at all."""

from __future__ import annotations

import pytest

from callcenter.devices.protocols.http_json.forms import MAX_RECORDS, read_form

MULTIPART = (
    '--x\r\nContent-Disposition: form-data; name="device"\r\n\r\nEP-1\r\n'
    '--x\r\nContent-Disposition: form-data; name="kind"\r\nContent-Type: text/plain\r\n\r\nsos\r\n--x--\r\n'
)


@pytest.mark.parametrize(
    "text",
    [
        "device=EP-1&kind=sos",
        "device=EP%2D1&kind=%73os",
        "kind=+sos+&device=+EP-1",
        "device=EP-1\nkind=sos\n",
        "payload=%7B%22device%22%3A%22EP-1%22%2C%22kind%22%3A%22sos%22%7D",
        'data={"device":"EP-1","kind":"sos"}',
        "<signal><device>EP-1</device><kind>sos</kind></signal>",
        '<signal device="EP-1" kind="sos"/>',
        MULTIPART,
        "device: EP-1\nkind: sos\n",
        'device: "EP-1"\nkind: "sos"\n',
        "device EP-1 kind sos",
        "kind => sos, device => EP-1",
        "device=EP-1;kind=sos",
        "device=EP-1 kind=sos",
        "kind=sos, device=EP-1",
        "device,kind\nEP-1,sos\n",
        "EP-1,sos",
    ],
)
def test_who_and_what_are_read_from_whatever_it_is(text: str) -> None:
    assert read_form(text) == [{"device": "EP-1", "kind": "sos"}]


def test_a_device_that_is_named_again_begins_another_signal() -> None:
    two = [{"device": "EP-1", "kind": "sos"}, {"device": "EP-2", "kind": "fall"}]
    assert read_form("device=EP-1&kind=sos\ndevice=EP-2&kind=fall") == two
    assert (
        read_form("<device>EP-1</device><kind>sos</kind><device>EP-2</device><kind>fall</kind>")
        == two
    )


@pytest.mark.parametrize(
    "text", ["", "x", "=&=", "<a>b</a>", "battery=50", "<" * 60_000, "kind:\n" * 9_000]
)
def test_anything_else_is_nothing_or_few(text: str) -> None:
    assert len(read_form(text)) <= 1


def test_a_flood_of_records_is_bounded() -> None:
    assert len(read_form("device=a&kind=sos&" * 3_000)) == MAX_RECORDS
