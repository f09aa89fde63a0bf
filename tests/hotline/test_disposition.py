"""The dispositions that come with the program."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from callcenter.core.errors import Invalid
from callcenter.hotline.disposition import BUILT_IN, Opens, check

GROUPS = {each.parent for each in BUILT_IN if each.parent}
HAN = re.compile(r"[一-鿿]")
BY_CODE = {each.code: each for each in BUILT_IN}


def test_they_are_a_tree_of_two_levels_in_both_languages():
    assert len(BY_CODE) == len(BUILT_IN)
    for each in BUILT_IN:
        check(each)
        assert HAN.search(each.zh)
        assert not HAN.search(each.en)
        assert each.parent is None or BY_CODE[each.parent].parent is None


def test_one_key_each_and_none_for_a_group():
    keys = [each.key for each in BUILT_IN if each.key]
    assert len(set(keys)) == len(keys)
    assert not any(BY_CODE[code].key for code in GROUPS)
    assert [each.code for each in BUILT_IN if not each.key and each.code not in GROUPS] == [
        "missed"
    ]


def test_what_leads_to_something_counts_as_effective():
    assert all(each.effective for each in BUILT_IN if each.opens is not Opens.NOTHING)
    idle = {"wrong_number", "prank", "silent", "broken_off", "test", "missed"}
    assert {each.code for each in BUILT_IN if not each.effective} - GROUPS == idle


@pytest.mark.parametrize(
    ("opens", "kind"),
    [
        (Opens.INCIDENT, None),
        (Opens.INCIDENT, "heartbeat"),
        (Opens.INCIDENT, "errand"),
        (Opens.TASK, None),
        (Opens.TASK, "rescue"),
        (Opens.NOTHING, "sos"),
        (Opens.COMPLAINT, "visit"),
    ],
)
def test_a_kind_that_does_not_belong_to_what_is_opened(opens: Opens, kind: str | None):
    with pytest.raises(Invalid) as refused:
        check(replace(BY_CODE["praise"], opens=opens, of_kind=kind))
    assert refused.value.code == "wrong_kind"


@pytest.mark.parametrize("key", ["t", "m", "?"])
def test_keys_of_every_page_are_not_given_away(key: str):
    with pytest.raises(Invalid) as refused:
        check(replace(BY_CODE["praise"], key=key))
    assert refused.value.code == "key_taken"
