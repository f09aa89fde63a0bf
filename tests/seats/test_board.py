"""How rows become frames: who gets what, made once for all that get the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest

from callcenter.core.ids import new_id
from callcenter.seats.board import FramesByScope, Layout, Shown, encode, frame, visible
from tests.support.kept_link import payload

ROOT, EAST, WEST = 1, 2, 3
INCIDENTS = Layout("incidents", rows="incidents", entries="entries")
TEXTS = Layout("sms", rows="messages")


def row(*path: int, version: int = 1, key: object = None, entries: int = 1) -> Shown:
    id_ = key or new_id()
    numbers = range(version - entries + 1, version + 1)
    return Shown(
        key=id_,
        version=version,
        path=list(path),
        body=encode({"id": id_, "version": version}),
        entries=[encode({"incident_id": id_, "number": number}) for number in numbers],
    )


def read(made: bytes | None) -> dict[str, Any]:
    assert made is not None
    message: dict[str, Any] = orjson.loads(payload(made))
    return message


def everything(rows: list[Shown]) -> dict[str, Any]:
    return read(FramesByScope(INCIDENTS, rows).of(frozenset({ROOT})))


def test_a_row_is_visible_to_its_region_and_all_above():
    assert visible(frozenset({ROOT}), [ROOT, EAST])
    assert visible(frozenset({EAST}), [ROOT, EAST])
    assert not visible(frozenset({WEST}), [ROOT, EAST])
    assert not visible(frozenset(), [ROOT, EAST])


def test_many_changes_of_one_incident_become_its_last_state_and_all_entries_in_order():
    id_ = new_id()
    message = everything([row(ROOT, version=n, key=id_) for n in (1, 2, 3)])
    assert [(i["id"], i["version"]) for i in message["incidents"]] == [(str(id_), 3)]
    assert [entry["number"] for entry in message["entries"]] == [1, 2, 3]


def test_an_older_change_that_comes_late_does_not_replace_a_newer_one():
    id_ = new_id()
    message = everything([row(ROOT, version=n, key=id_) for n in (2, 1)])
    assert [i["version"] for i in message["incidents"]] == [2]


def test_g8_each_scope_gets_its_own_and_nothing_else():
    east, west = row(ROOT, EAST), row(ROOT, WEST)
    frames = FramesByScope(INCIDENTS, [east, west])
    at_east = read(frames.of(frozenset({EAST})))
    assert [i["id"] for i in at_east["incidents"]] == [str(east.key)]
    assert [e["incident_id"] for e in at_east["entries"]] == [str(east.key)]
    assert len(read(frames.of(frozenset({ROOT})))["incidents"]) == 2
    assert frames.of(frozenset({99})) is None


def test_scopes_that_see_the_same_share_the_same_bytes():
    frames = FramesByScope(INCIDENTS, [row(ROOT, EAST), row(ROOT, WEST)])
    everything = frames.of(frozenset({ROOT}))
    assert frames.of(frozenset({ROOT})) is everything
    assert frames.of(frozenset({EAST, WEST})) is everything


def test_g8_whoever_sees_it_no_more_gets_the_farewell_alone():
    moved = Shown(1, 2, [ROOT, WEST], b'"here"', [b'"entry"'], [ROOT, EAST], b'"gone"')
    frames = FramesByScope(INCIDENTS, [moved])
    assert read(frames.of(frozenset({EAST}))) == {
        "type": "incidents",
        "incidents": ["gone"],
        "entries": [],
    }
    for scope in (frozenset({WEST}), frozenset({ROOT}), frozenset({EAST, WEST})):
        assert read(frames.of(scope))["incidents"] == ["here"]


def test_ids_of_any_make_become_text():
    assert b"0198" in frame({"id": "0198", "at": new_id()})


@pytest.mark.parametrize("entries", [0, 2])
def test_a_change_may_have_no_entries_or_several(entries: int):
    message = everything([row(ROOT, version=5, entries=entries)])
    assert [entry["number"] for entry in message["entries"]] == [4, 5][2 - entries :]


def test_a_table_without_entries_has_rows_alone():
    made = FramesByScope(TEXTS, [row(ROOT, key="m")]).of(frozenset({ROOT}))
    assert read(made) == {"type": "sms", "messages": [{"id": "m", "version": 1}]}


def opened(*path: int, subject: str, left: tuple[int, ...] = ()) -> Shown:
    """A row about a subject, which may have moved."""
    return replace(row(*path), subjects=(subject,), left=left, farewell=encode({"id": "gone"}))


def test_g8_what_is_opened_with_a_reason_is_seen_beside_ones_regions_and_nothing_else():
    neighbour = opened(ROOT, EAST, subject="home:5")
    rows = [row(ROOT, WEST), neighbour, opened(ROOT, EAST, subject="home:6")]
    frames = FramesByScope(INCIDENTS, rows)
    west = frozenset({WEST})
    assert len(read(frames.of(west))["incidents"]) == 1
    seen = read(frames.of(west, frozenset({"home:5", "home:99"})))["incidents"]
    assert [one["id"] for one in seen] == [str(rows[0].key), str(neighbour.key)]
    assert frames.of(frozenset({3_000}), frozenset({"home:99"})) is None


def test_seats_that_have_opened_nothing_of_it_share_one_frame():
    frames = FramesByScope(INCIDENTS, [row(ROOT, WEST)])
    west = frozenset({WEST})
    assert frames.of(west) is frames.of(west, frozenset({"home:5"}))


def test_what_moves_away_stays_with_whoever_has_opened_it():
    moved = opened(ROOT, EAST, subject="home:5", left=(ROOT, WEST))
    frames = FramesByScope(INCIDENTS, [moved])
    west = frozenset({WEST})
    assert read(frames.of(west))["incidents"] == [{"id": "gone"}]
    assert read(frames.of(west, frozenset({"home:5"})))["incidents"][0]["id"] == str(moved.key)
