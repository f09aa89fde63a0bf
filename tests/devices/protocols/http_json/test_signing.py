"""Signatures of requests, in the spellings that senders use."""

from __future__ import annotations

import pytest

from callcenter.devices.protocols.http_json import signature, signature_matches

GIVEN = signature(b"secret", "1773480413", b"{}")


def test_a_signature_holds_timestamp_and_body() -> None:
    assert GIVEN.startswith("v1=")
    assert signature_matches(b"secret", "1773480413", b"{}", GIVEN)
    assert not signature_matches(b"secret", "1773480414", b"{}", GIVEN)
    assert not signature_matches(b"secret", "1773480413", b"{} ", GIVEN)
    assert not signature_matches(b"other", "1773480413", b"{}", GIVEN)


@pytest.mark.parametrize(
    "written",
    [
        GIVEN.upper(),
        "v1=" + GIVEN[3:].upper(),
        "V1=" + GIVEN[3:],
        "v1 = " + GIVEN[3:],
        f" {GIVEN} ",
        f'"{GIVEN}"',
        GIVEN[3:],
    ],
)
def test_capitals_and_blanks_are_no_other_signature(written: str) -> None:
    assert signature_matches(b"secret", "1773480413", b"{}", written)


@pytest.mark.parametrize(
    "written", ["", "v1=", "v1=é", "v2=" + GIVEN[3:], GIVEN[:-1], GIVEN + "0", "v1=" + "0" * 64]
)
def test_what_is_none_is_none(written: str) -> None:
    assert not signature_matches(b"secret", "1773480413", b"{}", written)
