"""The list of wire formats: one name for each device, whoever writes it, and how long a repeat is one."""

from __future__ import annotations

import pytest

from callcenter.devices.formats import FORMATS, canonical_identifier, read_key, retry_horizon_s
from callcenter.listeners import contract


@pytest.mark.parametrize("written", ["b1c1", " B1C1 ", "L0#b1c1", "#B1C1", "00B1C1"])
def test_an_account_has_one_name_however_it_is_written(written: str):
    assert canonical_identifier("dc09", written) == "B1C1"


@pytest.mark.parametrize(
    ("written", "name"), [("42", "0042"), ("0042", "0042"), ("0", "0000"), ("12345678", "12345678")]
)
def test_an_account_has_four_digits_at_least_as_panels_show_it(written: str, name: str):
    assert canonical_identifier("dc09", written) == name


def test_names_over_http_and_of_formats_nobody_knows_stay_as_they_are():
    assert canonical_identifier("http_json", " ep-0001 ") == "ep-0001"
    assert canonical_identifier("carrier-pigeon", " a1 ") == "a1"


@pytest.mark.parametrize("name", list(FORMATS))
@pytest.mark.parametrize("written", ["b1c1", "0042", "L0#7", " EP-0001"])
def test_a_canonical_name_is_its_own(name: str, written: str):
    once = canonical_identifier(name, written)
    assert canonical_identifier(name, once) == once


def test_only_formats_with_keys_read_keys():
    assert read_key("dc09", "AB" * 16) == b"\xab" * 16
    with pytest.raises(ValueError, match="no key"):
        read_key("http_json", "AB" * 16)


def test_a_source_may_have_a_retry_horizon_of_its_own():
    assert retry_horizon_s("dc09", None) == 60
    assert retry_horizon_s("http_json", None) == 86_400
    assert retry_horizon_s("dc09", 5) == 5
    assert retry_horizon_s("carrier-pigeon", None) == 60


def test_the_documented_path_is_that_of_the_format():
    assert FORMATS["http_json"].carried.path == contract.PATH
