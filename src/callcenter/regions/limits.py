"""What a region may say of itself beside who is called when: numbers to dial, whom contacts are told by, how long is waited. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from callcenter.core.errors import Invalid

LEAST_PATIENCE_S: Final = 30
"""Nobody reads a text and answers it sooner."""
MOST_PATIENCE_S: Final = 3_600
LONGEST_FOLLOW_MIN: Final = 24 * 60
LEAST_REQUEST_S: Final = 60
MOST_REQUEST_S: Final = 24 * 3_600
MOST_STORM_ALARMS: Final = 1_000
_DIALLED: Final = re.compile(r"[0-9][0-9\- ]{1,29}")


def check_settings(given: Mapping[str, Any]) -> None:
    """Of those that are given; null, which is to have it as the parent, is right everywhere. Raises Invalid `policy_hole` with the
    field, the reason and what it must be.
    """
    for field, value in given.items():
        if value is not None:
            _CHECKS.get(field, _anything)(field, value)


def _anything(field: str, value: object) -> None:
    """What its type alone decides."""


def _patience(field: str, value: int) -> None:
    if value != 0 and not LEAST_PATIENCE_S <= value <= MOST_PATIENCE_S:
        raise _refused(
            field,
            f"between {LEAST_PATIENCE_S} and {MOST_PATIENCE_S} seconds, or 0: never by itself",
            reason="bounds_or_never",
            least=LEAST_PATIENCE_S,
            most=MOST_PATIENCE_S,
        )


def _minutes(field: str, value: int) -> None:
    if not 1 <= value <= LONGEST_FOLLOW_MIN:
        raise _refused(
            field,
            f"between 1 and {LONGEST_FOLLOW_MIN} minutes",
            reason="bounds_min",
            least=1,
            most=LONGEST_FOLLOW_MIN,
        )


def _request(field: str, value: int) -> None:
    if not LEAST_REQUEST_S <= value <= MOST_REQUEST_S:
        raise _refused(
            field,
            f"between {LEAST_REQUEST_S} and {MOST_REQUEST_S} seconds",
            reason="bounds_min",
            least=LEAST_REQUEST_S // 60,
            most=MOST_REQUEST_S // 60,
        )


def _storm(field: str, value: int) -> None:
    if not 0 <= value <= MOST_STORM_ALARMS:
        raise _refused(
            field,
            f"at most {MOST_STORM_ALARMS} alarms, or 0: never",
            reason="bounds_number",
            least=0,
            most=MOST_STORM_ALARMS,
        )


def _dialled(field: str, value: str) -> None:
    if not _DIALLED.fullmatch(value):
        raise _refused(field, "a number as it is dialled: digits, hyphens, spaces", reason="digits")


def _at_most(most: int) -> Callable[[str, str], None]:
    def check(field: str, value: str) -> None:
        if len(value) > most:
            raise _refused(field, f"at most {most} characters", reason="too_long", most=most)

    return check


def _refused(field: str, must: str, **params: object) -> Invalid:
    return Invalid(f"{field} must be {must}.", code="policy_hole", field=field, **params)


_CHECKS: Mapping[str, Callable[[str, Any], None]] = MappingProxyType(
    {
        "next_contact_s": _patience,
        "follow_min": _minutes,
        "service_due_s": _request,
        "storm_alarms": _storm,
        "hotline": _dialled,
        "ambulance_number": _dialled,
        "fire_number": _dialled,
        "police_number": _dialled,
        "sms_signature": _at_most(12),
        "sms_signature_en": _at_most(24),
    }
)
