"""The form that two systems are compared by."""

from __future__ import annotations

from typing import Any

from callcenter.replaying.canonical import canonical

FIRST, SECOND, SIGNAL, TEXT = (f"0190000{n}-0000-7000-8000-000000000000" for n in range(4))


def tables(**changes: Any) -> dict[str, list[dict[str, Any]]]:
    incidents = [
        {"id": SECOND, "number": 8, "opened_at": "2026-03-14T10:00:00+00:00", "version": 1},
        {"id": FIRST, "number": 7, "opened_at": "2026-03-14T09:00:00+00:00", "version": 3},
    ]
    text = {
        "id": TEXT, "reference": FIRST, "created_at": "a", "recipient": "+86139", "dedup": f"{FIRST}:+86139", "settled_at": None,
        "submitted_at": None, "state": "queued", "attempt": 0, "error": None, "params": {"ref": 7}, "lease_until": None, **changes,
    }  # fmt: skip
    entries = [
        {"incident_id": FIRST, "number": n, "kind": kind, "data": {"journal_id": SIGNAL}}
        for n, kind in ((10, "closed"), (2, "taken"))
    ]
    return {
        "incident": incidents,
        "timeline_entry": entries,
        "incident_plan": [],
        "sms_message": [text],
        "journal": [{"id": SIGNAL, "stored_at": "a", "incident_id": FIRST}],
        "sms_inbound": [],
    }


def test_ids_are_what_they_stand_for_in_the_order_of_the_night():
    lines = canonical(tables())
    assert [line.partition(" ")[0] for line in lines] == [
        "incident", "entry", "entry", "text", "incident", "signal",
    ]  # fmt: skip
    assert '"id":"incident 1"' in lines[0]
    assert '"journal_id":"signal 1"' in lines[1]
    assert [line for line in lines if "0190000" in line] == []


def test_entries_stand_in_the_order_of_their_numbers():
    taken, closed = canonical(tables())[1:3]
    assert '"taken"' in taken
    assert '"closed"' in closed


def test_how_far_a_sender_was_says_nothing():
    claimed = tables(state="submitting", attempt=1, lease_until="2026-03-14T09:00:30+00:00")
    assert canonical(claimed) == canonical(tables())


def test_what_a_text_came_to_does():
    arrived = tables(state="delivered", attempt=1, submitted_at="b", settled_at="c")
    assert canonical(arrived) != canonical(tables())
