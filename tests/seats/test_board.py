"""What a hub remembers and how changes become frames."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from callcenter.alerts.change import Change
from callcenter.alerts.entries import Entry, Note
from callcenter.core.ids import new_id
from callcenter.seats.board import FramesByScope, Pushed, frame, upserts, visible
from tests.seats.conftest import payload
from tests.support.community import LONG_AGO
from tests.support.incidents import incident

ROOT, EAST, WEST = 1, 2, 3


def change(*path: int, version: int = 1, incident_id: object = None, entries: int = 1) -> Change:
    id_ = incident_id or new_id()
    written = [
        Entry(id_, version - n, LONG_AGO, "note", None, None, Note())
        for n in reversed(range(entries))
    ]
    return Change(incident(*path, id=id_, version=version), written)


def read(made: bytes) -> dict[str, Any]:
    message: dict[str, Any] = orjson.loads(payload(made))
    return message


def test_a_row_is_visible_to_its_region_and_all_above():
    assert visible(frozenset({ROOT}), [ROOT, EAST])
    assert visible(frozenset({EAST}), [ROOT, EAST])
    assert not visible(frozenset({WEST}), [ROOT, EAST])
    assert not visible(frozenset(), [ROOT, EAST])


def test_many_changes_of_one_incident_become_its_last_state_and_all_entries_in_order():
    id_ = new_id()
    message = read(upserts([change(ROOT, version=n, incident_id=id_) for n in (1, 2, 3)]))
    assert [(i["id"], i["version"]) for i in message["incidents"]] == [(str(id_), 3)]
    assert [entry["number"] for entry in message["entries"]] == [1, 2, 3]


def test_an_older_change_that_comes_late_does_not_replace_a_newer_one():
    id_ = new_id()
    message = read(upserts([change(ROOT, version=n, incident_id=id_) for n in (2, 1)]))
    assert [i["version"] for i in message["incidents"]] == [2]


def test_g8_each_scope_gets_its_own_and_nothing_else():
    east, west = change(ROOT, EAST), change(ROOT, WEST)
    frames = FramesByScope([east, west])
    at_east = frames.of(frozenset({EAST}))
    at_root = frames.of(frozenset({ROOT}))
    assert at_east is not None
    assert at_root is not None
    assert [i["id"] for i in read(at_east)["incidents"]] == [str(east.incident.id)]
    assert [e["incident_id"] for e in read(at_east)["entries"]] == [str(east.incident.id)]
    assert len(read(at_root)["incidents"]) == 2
    assert frames.of(frozenset({99})) is None


def test_scopes_that_see_the_same_share_the_same_bytes():
    frames = FramesByScope([change(ROOT, EAST), change(ROOT, WEST)])
    everything = frames.of(frozenset({ROOT}))
    assert frames.of(frozenset({ROOT})) is everything
    assert frames.of(frozenset({EAST, WEST})) is everything


def test_ids_of_any_make_become_text():
    assert b"0198" in frame({"id": "0198", "at": new_id()})


def test_what_was_pushed_is_known_for_one_turn_and_forgotten_after_two():
    pushed, id_ = Pushed(), new_id()
    assert pushed.version(id_) == 0
    pushed.note(id_, 3)
    pushed.note(id_, 2)
    assert pushed.version(id_) == 3
    pushed.turn()
    assert pushed.version(id_) == 3
    pushed.note(id_, 4)
    pushed.turn()
    assert pushed.version(id_) == 4
    pushed.turn()
    assert pushed.version(id_) == 0


@pytest.mark.parametrize("entries", [0, 2])
def test_a_change_may_have_no_entries_or_several(entries: int):
    message = read(upserts([change(ROOT, version=5, entries=entries)]))
    assert [entry["number"] for entry in message["entries"]] == [5 - n for n in range(entries)][
        ::-1
    ]
