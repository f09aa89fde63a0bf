"""What a region may say of itself, and what is refused at which field."""

from __future__ import annotations

import pytest

from callcenter.core.errors import Invalid
from callcenter.regions.limits import check_settings


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"next_contact_s": None, "hotline": None, "sms_policy": None},
        {"next_contact_s": 0},
        {"next_contact_s": 30},
        {"next_contact_s": 3_600},
        {"follow_min": 1},
        {"follow_min": 1_440},
        {"service_due_s": 60, "storm_alarms": 0},
        {"ambulance_number": "120", "hotline": "0999-8012349"},
        {"sms_signature": "榆荫里养老", "sms_signature_en": "Yuyinli Care"},
        {"sms_policy": "after_confirmation", "contact_policy": "all_at_once"},
    ],
)
def test_what_is_right(given: dict[str, object]):
    check_settings(given)


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("next_contact_s", 29, "bounds_or_never"),
        ("next_contact_s", 3_601, "bounds_or_never"),
        ("next_contact_s", -1, "bounds_or_never"),
        ("follow_min", 0, "bounds_min"),
        ("follow_min", 1_441, "bounds_min"),
        ("service_due_s", 59, "bounds_min"),
        ("service_due_s", 86_401, "bounds_min"),
        ("storm_alarms", -1, "bounds_number"),
        ("storm_alarms", 1_001, "bounds_number"),
        ("ambulance_number", "one two", "digits"),
        ("fire_number", "-119", "digits"),
        ("police_number", "1" * 31, "digits"),
        ("hotline", "", "digits"),
        ("sms_signature", "榆" * 13, "too_long"),
        ("sms_signature_en", "x" * 25, "too_long"),
    ],
)
def test_what_is_refused_by_name(field: str, value: object, reason: str):
    with pytest.raises(Invalid) as refused:
        check_settings({field: value})
    assert refused.value.code == "policy_hole"
    assert (refused.value.params["field"], refused.value.params["reason"]) == (field, reason)
