"""Bodies that a script writes as a sheet or as one line."""

from __future__ import annotations

import pytest

from callcenter.devices.protocols.http_json.forms import read_form
from callcenter.devices.protocols.http_json.rows import MAX_ROWS, lines, table

EP_1 = {"device": "EP-1", "kind": "sos"}


@pytest.mark.parametrize(
    "text",
    [
        "device,kind\nEP-1,sos\n",
        "device;kind\r\nEP-1;sos",
        "device\tkind\nEP-1\tsos",
        "device|kind\nEP-1|sos",
        '"kind","device"\n"sos","EP-1"',
        "Kind, Device\n\nsos, EP-1\n",
        "EP-1,sos",
        "EP-1;sos",
        "EP-1|sos",
        "EP-1\tsos",
        " EP-1 SOS \n",
        "sos EP-1",
        '"EP-1","sos"',
        "[SOS] EP-1",
        "EP-1,sos,2026-03-14 12:00:00",
        "SOS from EP-1",
    ],
)
def test_a_device_and_a_kind_are_heard_without_any_json(text: str) -> None:
    [found] = read_form(text)
    assert (found["device"], str(found["kind"]).lower()) == ("EP-1", "sos")


def test_each_row_is_a_signal_with_its_own_fields() -> None:
    assert read_form("id,device,kind,lat,lon\n1,EP-1,sos,30.1,120.1\n2,EP-2,fall,,\n") == [
        {"id": "1", "device": "EP-1", "kind": "sos", "lat": "30.1", "lon": "120.1"},
        {"id": "2", "device": "EP-2", "kind": "fall"},
    ]
    assert read_form("EP-1,sos\nEP-2,fall") == [EP_1, {"device": "EP-2", "kind": "fall"}]


def test_a_kind_alone_rings_though_nobody_is_named() -> None:
    assert read_form("SOS") == [{"kind": "SOS"}]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "device,kind",
        "device,kind\n",
        "EP-1",
        "hello world",
        "$GPRMC,1,2,3",
        "a,b,c,sos",
        "sos fall",
        "no sos here",
        'x\0,"\n',
    ],
)
def test_what_names_no_kind_where_it_belongs_is_none(text: str) -> None:
    assert [*table(text), *lines(text)] == []


def test_a_flood_of_rows_is_bounded() -> None:
    assert len(read_form("EP-1,sos\n" * 3_000)) == MAX_ROWS
    assert len(read_form("device,kind\n" + "EP-1,sos\n" * 3_000)) == MAX_ROWS
