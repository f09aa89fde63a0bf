"""No entry of the trail can be changed, taken out or slipped in without breaking the chain over it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from callcenter.audit.chain import (
    BEFORE_THE_FIRST,
    Broken,
    Fault,
    Link,
    Linked,
    first_broken,
    hash_of,
    settled_before,
)
from callcenter.core.ids import new_id

AT = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)


def entry(number: int) -> Linked:
    return Linked(
        number,
        UUID(int=number),
        AT,
        7,
        "profile_seen",
        "home:12",
        (1, 2),
        "10.0.0.7",
        {"why": "求助"},
    )


def chain(length: int) -> list[Link]:
    links, before = [], BEFORE_THE_FIRST
    for number in range(1, length + 1):
        before = hash_of(before, entry(number))
        links.append(Link(number, UUID(int=number), before, entry(number)))
    return links


def test_a_chain_that_nobody_touched_holds():
    assert first_broken(BEFORE_THE_FIRST, 1, chain(3)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"id": UUID(int=99)},
        {"at": AT + timedelta(microseconds=1)},
        {"user_id": None},
        {"action": "home_seen"},
        {"subject": "home:13"},
        {"region_ids": (1,)},
        {"address": None},
        {"detail": {}},
    ],
)
def test_a_changed_entry_is_the_first_that_does_not_hold(change):
    first, second, third = chain(3)
    forged = replace(second, entry=replace(entry(2), **change))
    assert first_broken(BEFORE_THE_FIRST, 1, [first, forged, third]) == Broken(2, Fault.CHANGED)


def test_an_entry_that_is_gone_is_named():
    first, second, third = chain(3)
    gone = replace(second, entry=None)
    assert first_broken(BEFORE_THE_FIRST, 1, [first, gone, third]) == Broken(2, Fault.GONE)


def test_a_link_that_was_taken_out_with_its_entry_leaves_its_number():
    first, _, third = chain(3)
    assert first_broken(BEFORE_THE_FIRST, 1, [first, third]) == Broken(2, Fault.GONE)


def test_whoever_makes_one_hash_anew_breaks_the_next():
    first, second, third = chain(3)
    changed = replace(entry(2), user_id=8)
    forged = replace(second, entry=changed, hash=hash_of(first.hash, changed))
    assert first_broken(BEFORE_THE_FIRST, 1, [first, forged, third]) == Broken(3, Fault.CHANGED)


def test_the_same_moment_in_another_zone_is_the_same_entry():
    elsewhere = replace(entry(1), at=AT.astimezone(timezone(timedelta(hours=8))))
    assert hash_of(BEFORE_THE_FIRST, elsewhere) == hash_of(BEFORE_THE_FIRST, entry(1))


def test_what_is_settled_lies_ten_minutes_back():
    newest = new_id()
    assert (newest.int >> 80) - (settled_before(newest).int >> 80) == 600_000
    assert settled_before(UUID(int=0)) == UUID(int=0)
