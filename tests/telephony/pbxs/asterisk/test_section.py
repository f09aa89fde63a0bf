"""What a site may say about its exchange, and what is refused: above all whatever would let an emergency number out."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from callcenter.telephony.emergency import EMERGENCY
from callcenter.telephony.pbxs.asterisk.section import AsteriskSection

TRUNK = {"name": "provider", "host": "10.20.30.40", "addresses": ["10.20.30.40"]}


def section(**values: Any) -> AsteriskSection:
    return AsteriskSection(**{"password": "only-in-tests", **values})


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"emergency_numbers": ["110"]}, "may be added to"),
        ({"duty_phones": ["120"]}, "is an emergency number"),
        ({"duty_phones": ["+120"]}, "is an emergency number"),
        ({"stands_for": {"120": "119"}}, "is an emergency number itself"),
        ({"emergency_numbers": [*EMERGENCY, "96110"], "duty_phones": ["96110"]}, "96110"),
        ({"rtp": [20999, 20000]}, "the first of two ports"),
        ({"http": "127.0.0.1:70000"}, "there is no port"),
        ({"http": "exchange:8088"}, "pattern"),
        ({"trunks": [TRUNK], "desk_phones": [{"name": "provider", "password": "x"}]}, "two trunks"),
        ({"desk_phones": [{"name": "seat-1", "password": "x"}]}, "those of consoles"),
        ({"trunks": [TRUNK | {"addresses": ["127.0.0.1"]}]}, "an address of its own"),
        ({"trunks": [TRUNK], "outside_password": "x"}, "goes with neither trunks nor in_service"),
        ({"in_service": True, "outside_password": "x"}, "goes with neither trunks nor in_service"),
        (
            {"desk_phones": [{"name": "outside", "password": "x"}], "outside_password": "x"},
            "the name of the page",
        ),
        ({"outside_password": "a;b"}, "semicolon"),
        ({"password": "a;b"}, "semicolon"),
        ({"password": "a\nb"}, "control character"),
        ({"unheard_of": 1}, "Extra inputs"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(values: dict[str, Any], said: str):
    with pytest.raises(ValidationError, match=said):
        section(**values)


def test_a_site_is_not_in_service_until_it_says_so_and_blocks_every_emergency_number():
    plain = section()
    assert not plain.in_service
    assert plain.emergency_numbers == EMERGENCY


def test_passwords_are_not_shown():
    assert "only-in-tests" not in repr(section())
