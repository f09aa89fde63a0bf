"""The tables of the board, each a declaration. All that seats know of an incident's fields stands in `shown_incident`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from callcenter.alerts.change import Change
from callcenter.alerts.emergency.shown import ACCESS_COLUMNS, access_view
from callcenter.alerts.entries import (
    ENTRY_COLUMNS,
    Assigned,
    Entry,
    Recognised,
    Relocated,
    Unassigned,
)
from callcenter.alerts.incident import INCIDENT_COLUMNS, Incident, State, subjects_of
from callcenter.alerts.storm_shown import STORM_COLUMNS, STORM_JOINED, storm_view
from callcenter.auth.permissions import Action
from callcenter.seats.announcements.shown import ANNOUNCEMENT_COLUMNS, announcement_view
from callcenter.seats.board import Layout, Shown, encode
from callcenter.seats.feeds import Entries, Feed, Row
from callcenter.sms.views import CONTACT_OF_MESSAGE, SMS_COLUMNS, sms_row, sms_view

# ---- incidents, with the entries of their timeline


def shown_incident(change: Change) -> Shown:
    """An incident after a change, with the timeline entries of that change."""
    incident = change.incident
    left = _path_left(change)
    return Shown(
        key=incident.id,
        version=incident.version,
        path=change.region_path,
        body=encode(incident),
        entries=[encode(entry) for entry in change.entries],
        left=left,
        farewell=encode(_gone(incident)) if left else b"",
        subjects=incident.subjects,
        look={"home_id": incident.home_id},
        change=change,
    )


def identity_of(change: Change) -> tuple[Any, int]:
    """Id and version."""
    return change.incident.id, change.incident.version


def _path_left(change: Change) -> Sequence[int]:
    """Regions it was in before, also when it has moved more than once since the seats heard of it."""
    said = [entry.data for entry in change.entries]
    return [
        region
        for one in said
        if isinstance(one, Assigned | Unassigned | Relocated | Recognised)
        for region in one.from_path
    ]


def _gone(incident: Incident) -> Incident:
    """The incident as a seat is told that may see no more of it: over, and without anything about the home (G8)."""
    return replace(
        incident,
        state=State.CLOSED,
        card={"people": []},
        region_path=(),
        home_id=None,
        resident_id=None,
        device_id=None,
        lat=None,
        lng=None,
        identifier=None,
        taken_by_name=None,
    )


def _read_incident(row: Row, entries: Sequence[Row]) -> Shown:
    said = [Entry.of(entry) for entry in entries]
    return shown_incident(Change(Incident.of(row), said, row["subject"]))


INCIDENTS: Final = Feed(
    layout=Layout("incidents", rows="incidents", entries="entries"),
    table="incident",
    key={"id": "uuid"},
    version="incident.version",
    columns=f"incident.subject, {INCIDENT_COLUMNS}",
    path="incident.region_path",
    on_board="incident.state <> 'closed'",
    order="incident.opened_at",
    entries=Entries("timeline_entry", ENTRY_COLUMNS, of="incident_id"),
    show=_read_incident,
)

# ---- states of texts


def _read_text(row: Row, _entries: Sequence[Row]) -> Shown:
    text = sms_row(row)
    subjects = subjects_of(row["of_incident"], row["of_home"])
    return Shown(
        text.id, text.version, row["region_path"], encode(sms_view(text)), subjects=subjects
    )


TEXTS: Final = Feed(
    layout=Layout("sms", rows="messages"),
    table="sms_message AS message",
    key={"id": "uuid"},
    version="message.version",
    columns=f"{SMS_COLUMNS}, incident.id AS of_incident, incident.region_path,"
    " incident.home_id AS of_home",
    # A text is shown with its incident, and to whoever sees that one: also after its home has moved.
    joined=f"JOIN incident ON incident.id = message.reference {CONTACT_OF_MESSAGE}",
    path="incident.region_path",
    only="message.reference IS NOT NULL",
    gather_s=0.25,
    show=_read_text,
)

# ---- proofs


def shown_proof(row: Row) -> Shown:
    """The first `seen` or `sounding` of an incident's ring."""
    fields = {column: row[column] for column in _PROOF}
    key = (row["incident_id"], row["ring"], row["proof"])
    return Shown(key, 1, row["region_path"], encode(fields))


def _read_proof(row: Row, _entries: Sequence[Row]) -> Shown:
    return shown_proof(row)


_PROOF = ("incident_id", "ring", "proof", "user_id", "at")

PROOFS: Final = Feed(
    layout=Layout("proofs", rows="proofs"),
    table="incident_proof",
    key={"incident_id": "uuid", "ring": "bigint", "proof": "text"},
    columns=", ".join((*(f"incident_proof.{name}" for name in _PROOF), "incident.region_path")),
    joined="JOIN incident ON incident.id = incident_proof.incident_id",
    path="incident.region_path",
    show=_read_proof,
)

# ---- announcements


def _read_announcement(row: Row, _entries: Sequence[Row]) -> Shown:
    shown = announcement_view(row)
    return Shown(shown.id, row["version"], row["addressed"], encode(shown))


ANNOUNCEMENTS: Final = Feed(
    layout=Layout("announcements", rows="announcements"),
    table="announcement",
    key={"id": "uuid"},
    version="announcement.version",
    columns=ANNOUNCEMENT_COLUMNS,
    path="announcement.addressed",
    on_board="announcement.ended_at IS NULL",
    order="announcement.written_at",
    show=_read_announcement,
)

# ---- what was opened with a reason


def _read_access(row: Row, _entries: Sequence[Row]) -> Shown:
    shown = access_view(row)
    return Shown(shown.id, row["version"], row["region_path"], encode(shown))


EMERGENCY_ACCESS: Final = Feed(
    layout=Layout("emergency_access", rows="accesses"),
    table="emergency_access",
    key={"id": "bigint"},
    version="emergency_access.version",
    columns=ACCESS_COLUMNS,
    path="emergency_access.region_path",
    on_board="emergency_access.ended_at IS NULL",
    order="emergency_access.opened_at",
    audience=Action.WATCH_ACCESS,
    show=_read_access,
)

# ---- the ends of tests


def _read_test(row: Row, _entries: Sequence[Row]) -> Shown:
    fields = {column: row[column] for column in _TEST}
    return Shown(row["id"], 1, row["region_path"], encode(fields))


_TEST = ("id", "subject", "label", "over_at", "by_hand")

TESTS: Final = Feed(
    layout=Layout("tests_over", rows="tests_over"),
    table="test_period",
    key={"id": "bigint"},
    columns=(
        "id, subject, label, region_path, least(ended_at, until_at) AS over_at, ended_at IS NOT NULL AS by_hand"
    ),
    path="test_period.region_path",
    only="test_period.noticed_at IS NOT NULL",
    on_board="test_period.noticed_at > clock_timestamp() - interval '10 minutes'",
    show=_read_test,
)


# ---- storms


def _read_storm(row: Row, _entries: Sequence[Row]) -> Shown:
    return Shown(row["id"], row["version"], row["reaches"], encode(storm_view(row)))


STORMS: Final = Feed(
    layout=Layout("storms", rows="storms"),
    table="storm",
    key={"id": "uuid"},
    version="storm.version",
    columns=STORM_COLUMNS,
    joined=STORM_JOINED,
    path="storm.reaches",
    on_board="storm.settled_at IS NULL",
    order="storm.since",
    show=_read_storm,
)

FEEDS: Final = (INCIDENTS, TEXTS, PROOFS, ANNOUNCEMENTS, EMERGENCY_ACCESS, TESTS, STORMS)
