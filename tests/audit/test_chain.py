"""No row of a chained table can be changed, taken out or slipped in without breaking the chain over it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from callcenter.audit.chain import (
    BEFORE_THE_FIRST,
    SETTLED,
    Broken,
    Fault,
    Link,
    Mark,
    Start,
    back_from,
    faults,
    hash_of,
    lowest_at,
)
from callcenter.core.ids import new_id

AT = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
MARK = Mark(AT + timedelta(seconds=1), "office 1")
SECOND = timedelta(seconds=1)


def said(number: int) -> list[object]:
    return [UUID(int=number), AT, 7, "home:12", [1, 2], None, b"\xff\x00", 30.25, {"why": "求助"}]


def chain(length: int, marks: list[Mark | None] | None = None) -> list[Link]:
    links, before = [], BEFORE_THE_FIRST
    for number in range(1, length + 1):
        mark = marks[number - 1] if marks else MARK
        before = hash_of(before, number, mark, said(number))
        links.append(Link(number, (UUID(int=number),), before, mark, said(number), AT))
    return links


def found(links: list[Link], last: int) -> list[tuple[int, Fault]]:
    return [(one.number, one.fault) for one in faults(Start(), links, last)]


def test_a_chain_that_nobody_touched_holds():
    assert found(chain(3), 3) == []


@pytest.mark.parametrize("column", range(len(said(2))))
def test_a_row_that_was_changed_in_any_column_is_named_and_those_behind_it_hold(column):
    links = chain(3)
    forged = list(said(2))
    forged[column] = "another"
    links[1] = replace(links[1], said=forged)
    assert list(faults(Start(), links, 3)) == [
        Broken(2, Fault.CHANGED, (UUID(int=2),), AT, MARK.at)
    ]


def test_who_linked_and_when_cannot_be_changed_either():
    links = chain(2)
    links[1] = replace(links[1], mark=replace(MARK, by="office 2"))
    assert found(links, 2) == [(2, Fault.CHANGED)]


def test_a_row_that_is_gone_is_named():
    links = chain(3)
    links[1] = replace(links[1], said=None, at=None)
    assert found(links, 3) == [(2, Fault.GONE)]


@pytest.mark.parametrize("gone", [1, 2, 3])
def test_a_link_that_was_taken_out_leaves_its_number(gone):
    links = [link for link in chain(3) if link.number != gone]
    assert found(links, 3) == [(gone, Fault.GONE)]


def test_a_chain_cut_short_lacks_every_number_to_its_end():
    assert found(chain(2), 4) == [(3, Fault.GONE), (4, Fault.GONE)]


@given(st.data())
def test_whatever_is_done_to_any_rows_those_rows_are_named_and_no_others(data):
    length = data.draw(st.integers(2, 12))
    links = chain(length)
    touched: dict[int, Fault] = {}
    for place in data.draw(st.sets(st.integers(0, length - 1), max_size=4)):
        match data.draw(st.sampled_from(["change", "remove", "swap"])):
            case "change":
                links[place] = replace(links[place], said=["another"])
                touched[place + 1] = Fault.CHANGED
            case "remove":
                links[place] = replace(links[place], said=None, at=None)
                touched[place + 1] = Fault.GONE
            case "swap":
                other = (place + 1) % length
                if {place + 1, other + 1} & touched.keys():
                    continue
                mine, theirs = links[place].said, links[other].said
                links[place] = replace(links[place], said=theirs)
                links[other] = replace(links[other], said=mine)
                touched |= {place + 1: Fault.CHANGED, other + 1: Fault.CHANGED}
    assert dict(found(links, length)) == touched


# ---- slipped in


def test_a_row_of_a_time_that_the_linker_was_long_past_was_slipped_in():
    later = Mark(AT + SETTLED + timedelta(seconds=10), "office 1")
    last = Mark(later.at + SECOND, "office 1")
    links = chain(3, [MARK, later, last])
    assert found(links, 3) == [(3, Fault.LATE)]


def test_after_an_office_that_was_away_everything_is_linked_late_by_one_look_and_nothing_was_slipped_in():
    after = Mark(AT + timedelta(days=1), "office 2")
    assert found(chain(4, [MARK, after, after, after]), 4) == []


def test_a_part_of_a_chain_goes_on_from_the_link_before_it():
    links = chain(4)
    start = Start(3, links[1].hash, links[1].mark)
    assert list(faults(start, links[2:], 4)) == []
    late = Mark(AT + SETTLED + timedelta(seconds=10), "office 1")
    links = chain(3, [MARK, late, Mark(late.at + SECOND, "office 1")])
    assert [one.fault for one in faults(Start(3, links[1].hash, late), links[2:], 3)] == [
        Fault.LATE
    ]


# ---- hashes


def test_links_of_a_release_that_noted_no_linker_still_hold():
    links = chain(2, [None, MARK])
    assert found(links, 2) == []
    assert hash_of(bytes(32), 1, None, ["a"]) != hash_of(bytes(32), 1, MARK, ["a"])


def test_the_same_moment_in_another_zone_hashes_the_same():
    there = AT.astimezone(timezone(timedelta(hours=8)))
    assert hash_of(BEFORE_THE_FIRST, 1, None, [AT]) == hash_of(BEFORE_THE_FIRST, 1, None, [there])


def test_the_order_of_names_within_json_means_nothing():
    one, other = {"a": 1, "b": 2}, {"b": 2, "a": 1}
    assert hash_of(bytes(32), 1, None, [one]) == hash_of(bytes(32), 1, None, [other])


# ---- ids


def test_an_id_says_when_it_was_made():
    newest = new_id()
    back = back_from(newest, timedelta(minutes=10))
    assert (newest.int >> 80) - (back.int >> 80) == 600_000
    assert lowest_at(AT).int >> 80 == int(AT.timestamp() * 1000)


def test_nothing_is_older_than_the_first_id():
    assert back_from(UUID(int=0), timedelta(minutes=10)) == UUID(int=0)
