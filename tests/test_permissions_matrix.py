"""G8 over every route of the API: who is not logged in, lacks the role, or belongs to another region gets nothing; and
whoever sees a person's data leaves an entry in the audit trail. A new route fails here until it has its line in the table.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from callcenter.alerts.archive import Archive
from callcenter.alerts.arriving.intake import Intake
from callcenter.alerts.emergency.keeping import EmergencyAccesses
from callcenter.alerts.handling.away import Away
from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.alerts.live.reading import LiveReading
from callcenter.api.alive import Liveness
from callcenter.api.application import create_api, openapi_document
from callcenter.auth.permissions import ACTIONS_OF, Action, Role
from callcenter.commissioning.facts import SiteSettings
from callcenter.communities.counting import Tallies
from callcenter.core.confined import Confines
from callcenter.core.held import HeldConnections
from callcenter.core.reserve import Reserve
from callcenter.core.sealed import Seal
from callcenter.devices.registry import Registry
from callcenter.devices.trying import LongestTest
from callcenter.directory.handing_out import Exports
from callcenter.directory.jobs import ImportJobs
from callcenter.dispatch.positions.reading import FieldReading
from callcenter.hotline.recordings.shelf import Shelf
from callcenter.hotline.telephone.calling import Calling
from callcenter.liveness.limits import Limits, thresholds_of
from callcenter.liveness.machine import Places
from callcenter.liveness.watching import Watchdogs
from callcenter.proving.running import Proofs
from callcenter.seats.announcements.keeping import Announcements
from callcenter.seats.hub import Hub
from callcenter.seats.shifts import Shifts
from tests.support.api import browser, context_for, person, sign_in
from tests.support.away import keeping_somewhere, never_away
from tests.support.community import Community
from tests.support.districts import District, found_district
from tests.support.pictures import png
from tests.support.reading import read_whole
from tests.support.telephone import calling_in

# ---- the table

PUBLIC = {
    "POST /api/v1/login",
    "POST /api/v1/login/slip",
    "GET /api/v1/login/door",  # whether the database is away, and until when seats log in: tests/faults/test_log_in_without_database.py
    "GET /healthz",
    "GET /readyz",
    "GET /metrics",  # loopback or bearer token: tests/api/test_health.py
    "GET /openapi.json",
    "GET /docs",
    "GET /docs.css",
}
OF_SCREENS = {"POST /api/v1/wall/pair", "GET /api/v1/wall", "GET /api/v1/wall/ground"}
"""No log-in opens these: tests/auth/walls/test_router.py and tests/seats/wall/test_reading.py."""
OF_THE_FIELD = {"GET /api/v1/wall/dots", "POST /api/v1/field/positions"}
"""By a screen's cookie, and by a source's token: tests/dispatch/positions/test_router.py."""
OF_AN_EMPTY_SITE = {"GET /api/v1/first-start", "POST /api/v1/first-start"}
"""With a code that stands in a file on the server, once: tests/commissioning/test_router.py."""
OF_PHONES = {
    "POST /api/v1/phone/login/code",
    "POST /api/v1/phone/login",
    "POST /api/v1/phone/login/link",
    "POST /api/v1/phone/logout",
    "GET /api/v1/phone/time",
    "GET /api/v1/phone/jobs",
    "GET /api/v1/phone/jobs/{task_id}",
    "GET /api/v1/phone/hours",
    "POST /api/v1/phone/commands",
    "PUT /api/v1/phone/photos/{photo_id}",
    "PUT /api/v1/phone/position",
    "GET /api/v1/phone/rounds",
    "POST /api/v1/phone/rounds/commands",
}
"""A phone of the staff has a log-in of its own: tests/dispatch/phone/test_letting_in.py and test_router.py; tests/rounds/test_phone_router.py."""
OF_A_LINK = {"GET /f/{token}", "HEAD /f/{token}", "POST /f/{token}"}
"""Signed, in a text to a contact, for one incident: tests/families/test_router.py."""
OWN_ACCOUNT = {
    "POST /api/v1/logout",
    "GET /api/v1/me",
    "PATCH /api/v1/me",
    "GET /api/v1/me/sessions",
    "DELETE /api/v1/me/sessions",
    "POST /api/v1/me/confirm",
    "PUT /api/v1/me/password",
}
OWN_REGIONS = {"GET /api/v1/regions", "GET /api/v1/regions/{region_id}"}  # everybody's own part
BEYOND_ONES_REGIONS = {"POST /api/v1/emergency-access", "POST /api/v1/emergency-access/find"}
"""With a reason, under the eyes of its supervisors: tests/scenarios/test_a_neighbours_resident_in_an_emergency.py."""
CALENDAR = {
    "GET /api/v1/calendar",
    "GET /api/v1/calendar/deadline",
    "GET /api/v1/calendar/{year}",
}
OF_ALL_REGIONS = {
    "GET /api/v1/checklist",
    "GET /api/v1/site-settings",
    "GET /api/v1/retention",
    "GET /api/v1/hotline/number-rules",
    "GET /api/v1/hotline/prompts",
}
"""What a site misses, how it is set and what it keeps are its administrators' alone."""
PICTURED = re.compile(r"/residents/.*/photo|/homes/.*/photograph")
"""Routes that show a person, or how one lives, without a word."""
OWN_CIRCLE = {"POST /api/v1/watch/circles"}
"""Of the watchdog, in memory: tests/faults/test_watchdog.py."""
NAMES = {"POST /api/v1/names/latin"}
"""Says how a name is read, and nothing of who bears one: tests/records/test_reading_names.py."""
OWN_TELEPHONE = {
    "GET /api/v1/telephone",
    "PUT /api/v1/telephone",
    "POST /api/v1/telephone/calls",
}
"""Where one speaks oneself, and whom one rings: tests/hotline/test_calling.py."""
OWN_SHIFT = {"POST /api/v1/shifts/begin", "POST /api/v1/shifts/end"}
LOGGED_IN = OWN_ACCOUNT | OWN_REGIONS | CALENDAR | NAMES

# Route: the actions of which any one, granted in the region of the row, opens it.
TABLE: dict[str, set[Action]] = {}


def _opened_by(*actions: Action, routes: str) -> None:
    for line in routes.strip().splitlines():
        methods, _, path = line.strip().partition(" ")
        TABLE.update({f"{method} /api/v1{path}": set(actions) for method in methods.split(",")})


_opened_by(
    Action.SEE_INCIDENTS,
    routes="""
    GET /incidents
    GET /history
    GET /incidents/{incident_id}
    GET /incidents/{incident_id}/print
    GET /incidents/{incident_id}/plan
    GET /storms
    """,
)
_opened_by(
    Action.WORK_INCIDENTS,
    routes="""
    GET /shifts
    POST /shifts/begin
    POST /shifts/end
    POST /shifts/{shift_id}/read
    POST /incidents
    POST /incidents/{incident_id}/take
    POST /incidents/{incident_id}/release
    POST /incidents/{incident_id}/follow
    POST /incidents/{incident_id}/resume
    POST /incidents/{incident_id}/decline
    POST /incidents/{incident_id}/offer
    POST /incidents/{incident_id}/reassign
    POST /incidents/{incident_id}/note
    POST /incidents/{incident_id}/steps
    POST /incidents/{incident_id}/steps/preview
    POST /incidents/{incident_id}/tell-next
    POST /incidents/{incident_id}/tell-next/preview
    POST /incidents/{incident_id}/stop-telling
    POST /incidents/{incident_id}/confirm
    POST /incidents/{incident_id}/confirm/preview
    POST /incidents/{incident_id}/assign
    POST /incidents/{incident_id}/assign/preview
    POST /incidents/{incident_id}/unassign
    POST /incidents/{incident_id}/unassign/preview
    POST /incidents/{incident_id}/make-real
    POST /incidents/{incident_id}/make-real/preview
    POST /incidents/{incident_id}/wanted
    POST /incidents/{incident_id}/forward
    POST /incidents/{incident_id}/forward-accepted
    POST /incidents/{incident_id}/send
    GET /incidents/{incident_id}/centres
    POST /incidents/{incident_id}/raise
    POST /incidents/{incident_id}/raise/preview
    POST /incidents/{incident_id}/plan-steps
    POST /incidents/{incident_id}/plan
    POST /incidents/{incident_id}/close
    POST /incidents/{incident_id}/close/preview
    """,
)
_opened_by(
    Action.SEE_PROFILES,
    routes="""
    GET /residents
    GET /residents/{resident_id}
    GET /residents/{resident_id}/photo
    GET /residents/{resident_id}/contacts
    GET /residents/{resident_id}/past
    GET /residents/{resident_id}/consents
    GET /residents/{resident_id}/agents
    GET /residents/{resident_id}/numbers
    GET /numbers
    GET /homes/{home_id}/responsible
    GET /regions/{region_id}/responsible
    GET /organisations/{organisation_id}/changes
    GET /facilities
    GET /facilities/{facility_id}/changes
    GET /staff
    GET /staff/{staff_id}/changes
    GET /residents/as-of
    GET /organisations
    GET /residents/as-of/headcount
    GET /communities
    GET /communities/dots
    GET /communities/people
    GET /homes/{home_id}/profile
    GET /homes/{home_id}/photographs
    GET /homes/{home_id}/photographs/{photograph_id}
    GET /buildings/{building_id}/photographs
    GET /buildings/{building_id}/photographs/{photograph_id}
    GET /homes
    GET /homes/{home_id}
    GET /buildings
    GET /buildings/{building_id}
    GET /points
    GET /points/{point_id}
    """,
)
_opened_by(
    Action.SEE_PROFILES,
    Action.SEE_INCIDENTS,
    routes="""
    GET /homes/dots
    GET /regions/{region_id}/picture
    """,
)
_opened_by(
    Action.SEE_PROFILES,
    Action.SEE_INCIDENTS,
    Action.SEE_FIGURES,
    routes="GET /regions/{region_id}/map",
)
_opened_by(
    Action.EDIT_RESIDENTS,
    routes="""
    POST /residents
    PATCH,DELETE /residents/{resident_id}
    GET /residents/{resident_id}/identity
    PUT,DELETE /residents/{resident_id}/photo
    POST /residents/{resident_id}/contacts
    POST /residents/{resident_id}/past/residences
    POST /residents/{resident_id}/past/facts
    POST /residents/{resident_id}/past/events
    PATCH,DELETE /contacts/{contact_id}
    POST /homes
    POST /homes/{home_id}/photographs
    PUT,DELETE /homes/{home_id}/photographs/{photograph_id}
    PATCH,DELETE /homes/{home_id}
    POST /residents/{resident_id}/consents
    POST /residents/{resident_id}/agents
    PUT /agents/{agent_id}
    POST /residents/{resident_id}/numbers/{number_id}/confirmed
    POST /facilities
    PUT /facilities/{facility_id}
    POST /staff
    PUT /staff/{staff_id}
    POST /responsible
    PUT,DELETE /responsible/{responsible_id}
    GET /doubles
    GET,POST /doubles/apart
    POST /doubles/apart/{apart_id}/undo
    GET,POST /merges
    POST /merges/{merging_id}/undo
    POST /buildings
    PATCH,DELETE /buildings/{building_id}
    POST /points
    PATCH,DELETE /points/{point_id}
    """,
)
_opened_by(
    Action.SEE_PROFILES,
    Action.MANAGE_DEVICES,
    routes="""
    GET /devices
    GET /devices/{device_id}
    """,
)
_opened_by(
    Action.MANAGE_DEVICES,
    routes="""
    POST /devices
    PATCH,DELETE /devices/{device_id}
    POST /devices/{device_id}/assignments
    POST /devices/{device_id}/release
    POST /devices/{device_id}/issue
    POST /devices/{device_id}/return
    GET /devices/{device_id}/issues
    POST /devices/{device_id}/replacement
    GET /devices/{device_id}/frames
    POST /devices/{device_id}/tried
    GET /strangers
    GET,POST /tests
    POST /tests/preview
    POST /tests/{test_id}/end
    """,
)
_opened_by(
    Action.IMPORT_RESIDENTS,
    routes="""
    GET /residents/import/template
    POST /residents/import
    GET /residents/import/jobs/{job}
    GET /residents/import/jobs/{job}/bad-rows
    GET /residents/import/jobs/{job}/told-rows
    GET /residents/import/words
    """,
)
_opened_by(
    Action.EXPORT_RESIDENTS,
    routes="""
    GET /residents/export
    POST /lists/residents/file
    POST /lists/devices/file
    """,
)
_opened_by(Action.SEE_LIVENESS, routes="GET /alive")
_opened_by(
    Action.WATCH,
    routes="""
    POST /watch/circles
    GET /watch/incidents/{incident_id}
    POST /watch/incidents/{incident_id}/close
    """,
)
_opened_by(Action.SEE_FIELD, routes="GET /incidents/{incident_id}/field")
_opened_by(Action.EXPORT_INCIDENTS, routes="POST /lists/incidents/file")
_opened_by(
    Action.MANAGE_USERS,
    routes="""
    POST /lists/users/file
    PUT /calendar/{year}
    POST /residents/import/words
    DELETE /residents/import/words/{word_id}
    POST /organisations
    PUT /organisations/{organisation_id}
    POST /regions
    PATCH /regions/{region_id}
    GET,POST /checklist
    GET /regions/{region_id}/codes
    DELETE /regions/{region_id}/codes/to-come
    GET /site-settings
    PUT /site-settings/{name}
    GET /retention
    POST /incidents/trial
    GET,POST /users
    GET,PATCH /users/{user_id}
    POST /users/{user_id}/grants
    DELETE /users/{user_id}/grants/{grant_id}
    GET /users/{user_id}/changes
    GET,DELETE /users/{user_id}/sessions
    GET,DELETE /users/{user_id}/lockouts
    POST /users/{user_id}/slip
    """,
)
_opened_by(
    Action.EDIT_PLANS,
    routes="""
    GET,POST /plans
    GET /plans/built-in
    POST /plans/rehearsal
    GET,PUT /plans/{plan_id}
    GET /plans/{plan_id}/versions
    """,
)
_opened_by(
    Action.WORK_INCIDENTS,
    routes="""
    GET /calls/lists
    GET /calls/lists/{list_id}/items
    POST /calls/next
    POST /calls/items/{item_id}/take
    POST /calls/items/{item_id}/renew
    POST /calls/items/{item_id}/give-back
    POST /calls/items/{item_id}/report
    GET /hotline/lists
    GET /hotline/lists/{list_id}/items
    """,
)
_opened_by(
    Action.MANAGE_CALLS,
    routes="""
    POST /calls/lists
    PATCH /calls/lists/{list_id}
    GET,POST /calls/lists/{list_id}/plans
    DELETE /calls/plans/{plan_id}
    GET /calls/outages
    GET,PATCH /calls/policies/{region_id}
    POST /calls/roll-calls/preview
    POST /calls/roll-calls
    GET /calls/lists/{list_id}/report
    GET /calls/lists/{list_id}/report.csv
    POST /hotline/lists
    PATCH /hotline/lists/{list_id}
    """,
)
_opened_by(
    Action.RUN_DRILLS,
    routes="""
    GET,POST /drills
    GET /regions/{region_id}/drill-scripts
    GET /drills/{drill_id}
    POST /drills/{drill_id}/stop
    GET /drills/{drill_id}/report
    GET /drills/{drill_id}/print
    """,
)
_opened_by(
    Action.MANAGE_ESCALATION,
    routes="""
    GET,PATCH /regions/{region_id}/escalation
    GET /regions/{region_id}/changes
    GET /operators
    PUT /operators/{user_id}/skills
    POST /escalation/foresee
    GET /gateways
    GET,POST /centres
    PUT /centres/{centre_id}
    GET,POST /centres/rules
    PUT,DELETE /centres/rules/{rule_id}
    POST /forwarding/foresee
    """,
)
_opened_by(
    Action.HANDLE_STORMS,
    routes="""
    POST /storms/{storm_id}/orders
    POST /storms/{storm_id}/orders/{order_id}/take-back
    """,
)
_opened_by(
    Action.HEAR_RECORDINGS,
    routes="""
    GET /hotline/calls/{call_id}/recordings
    GET /hotline/incidents/{incident_id}/recordings
    GET /hotline/recordings
    GET /hotline/recordings/{recording_id}
    GET /hotline/recordings/{recording_id}/sound
    POST /hotline/recordings/{recording_id}/listen
    """,
)
_opened_by(
    Action.KEEP_RECORDINGS,
    routes="""
    POST /hotline/recordings/{recording_id}/hold
    POST /hotline/recordings/{recording_id}/release
    """,
)
_opened_by(
    Action.READ_AUDIT,
    routes="""
    GET /audit
    GET /audit/chain
    GET /audit/export
    GET /audit/kinds
    GET /audit/people
    GET /hotline/recordings/heard
    POST /lists/audit/file
    """,
)
_opened_by(
    Action.PROVE,
    routes="""
    GET,POST /proofs
    GET /proofs/{proof_id}
    GET /proofs/{proof_id}/page
    """,
)
_opened_by(
    Action.MANAGE_USERS,
    routes="""
    GET /unread
    GET,POST /sources
    PATCH /sources/{source_id}
    POST /watchdogs
    POST /sources/{source_id}/renewal
    GET /jobs
    """,
)
_opened_by(Action.SEE_FIGURES, routes="GET /live")
_opened_by(Action.SEE_FIGURES, routes="GET /sent/figures")
_opened_by(
    Action.MANAGE_LINES,
    routes="""
    GET,POST /hotline/lines
    PUT /hotline/lines/{line_id}
    GET,PUT /hotline/number-rules
    POST /hotline/number-rules/try
    GET /hotline/prompts
    GET,PUT,DELETE /hotline/prompts/{spoken}/{prompt}
    """,
)
_opened_by(
    Action.SEE_FIGURES,
    routes="""
    GET /hotline/figures
    GET /hotline/figures/table
    GET /hotline/figures/first-calls
    """,
)
_opened_by(
    Action.SEE_FIELD,
    routes="""
    GET /rounds
    GET /rounds/runs
    GET /rounds/runs/{run_id}
    GET /rounds/{round_id}/stops
    GET /pairs
    GET /rides
    GET /rides/figures
    """,
)
_opened_by(
    Action.DISPATCH,
    routes="""
    POST /rounds
    PATCH /rounds/{round_id}
    PATCH /rounds/runs/{run_id}
    POST /rounds/runs/{run_id}/close
    POST /rounds/visits/{visit_id}
    POST /rounds/{round_id}/stops
    POST /rounds/{round_id}/stops/file
    DELETE /rounds/stops/{stop_id}
    POST /pairs
    POST /pairs/{pair_id}/ticks
    DELETE /pairs/{pair_id}
    POST /rides/{ride_id}/rating
    POST /rides/entitlements
    """,
)
_opened_by(
    Action.BOOK_TASKS,
    routes="""
    POST /rides
    GET /rides/entitlements/{resident_id}
    """,
)

_opened_by(
    Action.ANNOUNCE,
    routes="""
    GET,POST /announcements
    POST /announcements/{announcement_id}/end
    """,
)
_opened_by(Action.SEE_INCIDENTS, routes="POST /announcements/{announcement_id}/read")
_opened_by(
    Action.BREAK_GLASS,
    routes="""
    GET,POST /emergency-access
    POST /emergency-access/find
    POST /emergency-access/{access_id}/end
    """,
)

_opened_by(
    Action.DISPATCH,
    routes="""
    GET,DELETE /staff/{staff_id}/phones
    POST /staff/{staff_id}/phones/link
    PUT /homes/{home_id}/code
    """,
)
_opened_by(
    Action.SEE_FIELD,
    routes="""
    GET /tasks/{task_id}/photos
    GET /tasks/{task_id}/photos/{photo_id}
    """,
)
_opened_by(
    Action.MANAGE_WALLS,
    routes="""
    GET,POST /walls
    PATCH,DELETE /walls/{wall_id}
    POST /walls/{wall_id}/code
    """,
)

_opened_by(
    Action.DRAW_MAP,
    routes="""
    GET /drawing/{region_id}
    POST /drawing/{region_id}/buildings
    PUT,DELETE /drawing/{region_id}/buildings/{building_id}
    POST /drawing/{region_id}/buildings/{building_id}/doors/preview
    POST /drawing/{region_id}/buildings/{building_id}/doors
    POST /drawing/{region_id}/roads
    PUT,DELETE /drawing/{region_id}/roads/{road_id}
    POST /drawing/{region_id}/areas
    PUT,DELETE /drawing/{region_id}/areas/{area_id}
    POST /buildings/{building_id}/photographs
    PUT,DELETE /buildings/{building_id}/photographs/{photograph_id}
    POST /drawing/{region_id}/points
    PUT,DELETE /drawing/{region_id}/points/{point_id}
    POST /drawing/{region_id}/undo
    POST /drawing/{region_id}/redo
    GET,POST /drawing/{region_id}/geojson
    PUT,PATCH,DELETE /drawing/{region_id}/picture
    """,
)

_opened_by(
    Action.SEE_FIELD,
    routes="""
    GET /duty/staff
    GET /duty/roster
    GET /field/dots
    GET /desk/tasks
    GET /desk/counts
    GET /desk/changes
    GET /desk/tasks/{task_id}
    GET /desk/tasks/{task_id}/people
    GET /desk/people
    GET /desk/people/{staff_id}/day
    """,
)
_opened_by(
    Action.DISPATCH,
    routes="""
    POST /duty/staff/{staff_id}/begin
    POST /duty/staff/{staff_id}/end
    POST /duty/roster/copy
    POST /duty/shifts
    PATCH,DELETE /duty/shifts/{planned_id}
    POST,DELETE /duty/shifts/{planned_id}/swap
    POST /duty/shifts/{planned_id}/swap/confirm
    POST /duty/absences
    GET,PUT,DELETE /duty/absences/{absence_id}
    POST /field/staff/{staff_id}/track
    """,
)
_opened_by(
    Action.BOOK_TASKS,
    routes="""
    POST /desk/tasks
    POST /residents/{resident_id}/wishes
    POST /wishes/{wish_id}/end
    """,
)
_opened_by(Action.SEE_PROFILES, routes="GET /residents/{resident_id}/wishes")
_opened_by(
    Action.ANSWER_CALLS,
    routes="""
    GET,PUT /telephone
    GET,POST /telephone/calls
    POST /telephone/calls/{call_id}/take
    POST /telephone/calls/{call_id}/hang-up
    POST /telephone/calls/{call_id}/hold
    POST /telephone/calls/{call_id}/resume
    POST /telephone/calls/{call_id}/pass-on
    POST /telephone/calls/{call_id}/consult
    POST /telephone/calls/{call_id}/give
    POST /telephone/calls/{call_id}/take-back
    POST /telephone/calls/{call_id}/add
    POST /telephone/calls/{call_id}/keys
    POST /telephone/calls/{call_id}/attach
    POST /telephone/calls/{call_id}/wrapped-up
    """,
)
_opened_by(Action.LISTEN_IN, routes="POST /telephone/calls/{call_id}/listen-in")
_opened_by(
    Action.DISPATCH,
    routes="""
    POST /desk/tasks/{task_id}/offer
    POST /desk/tasks/{task_id}/give
    POST /desk/tasks/{task_id}/take-away
    POST /desk/tasks/{task_id}/call-off
    POST /desk/tasks/{task_id}/finish
    POST /desk/tasks/{task_id}/note
    POST /desk/tasks/{task_id}/called
    POST /desk/tasks/{task_id}/move
    POST /desk/replanning/proposal
    POST /desk/replanning
    """,
)

_opened_by(
    Action.ANSWER_CALLS,
    routes="""
    GET,POST /hotline/calls
    GET /hotline/calls/{call_id}
    POST /hotline/calls/{call_id}/file
    POST /hotline/calls/{call_id}/worked-off
    GET /hotline/counts
    GET /hotline/cases
    GET /hotline/cases/{case_id}
    POST /hotline/cases/{case_id}/steps
    """,
)
_opened_by(
    Action.ANSWER_CALLS,
    Action.MANAGE_LINES,
    routes="""
    GET /hotline/dispositions
    GET /hotline/cards
    """,
)
_opened_by(
    Action.MANAGE_LINES,
    routes="""
    PUT /hotline/dispositions/{disposition_code}
    GET /hotline/cards/all
    PUT /hotline/cards/{card_code}
    GET /hotline/cards/{card_code}/versions
    """,
)
_opened_by(Action.EXPORT_INCIDENTS, routes="POST /lists/calls/file")

# ---- a request that would be accepted, made from the OpenAPI document


@cache
def document() -> dict[str, Any]:
    """What the server says of itself: made where it is needed, and not by each process that collects tests."""
    return openapi_document()


def schemas() -> dict[str, Any]:
    found: dict[str, Any] = document()["components"]["schemas"]
    return found


KNOWN: dict[str, Any] = {
    "phone": "+8613900000088",
    "number": "95099",
    "password": "one more long phrase",
    "language": "en",
    "address": "127.0.0.1:9",
    "account": "4321",
    "mark": "1:1:",
    "footprint": [[104.0, 40.0], [104.1, 40.0], [104.1, 40.1], [104.0, 40.0]],
    "line": [[104.0, 40.0], [104.1, 40.0]],
    "ring": [[104.0, 40.0], [104.1, 40.0], [104.1, 40.1], [104.0, 40.0]],
    "lng": 104.0,
    "lat": 40.0,
}


def sample(schema: Mapping[str, Any], ids: dict[str, Any], name: str = "") -> Any:
    """A value that the schema accepts; ids are those of an existing row."""
    known = ids | KNOWN
    if name in known:
        return known[name]
    if "$ref" in schema:
        return sample(schemas()[schema["$ref"].rpartition("/")[2]], ids, name)
    if "anyOf" in schema:
        return sample(schema["anyOf"][0], ids, name)
    if "enum" in schema:
        return schema["enum"][0]
    return _of_type(schema, ids)


def _of_type(schema: Mapping[str, Any], ids: dict[str, Any]) -> Any:
    if examples := schema.get("examples"):
        return examples[0]
    match schema.get("type"):
        case "object":
            wanted = set(schema.get("required", ())) | set(ids)
            fields = schema.get("properties", {}).items()
            return {field: sample(inner, ids, field) for field, inner in fields if field in wanted}
        case "array":
            return [sample(schema["items"], ids)] * schema.get("minItems", 0)
        case "boolean":
            return True
        case "integer" | "number":
            return max(1, schema.get("minimum", 1))
        case _:
            return _text_in(schema.get("format")).ljust(schema.get("minLength", 0), "x")


def _text_in(form: str | None) -> str:
    match form:
        case "uuid":
            return str(uuid4())
        case "date":
            return "2026-03-14"
        case "time":
            return "09:30"
        case "date-time":
            return "2026-03-14T09:26:53Z"
        case _:
            return "x" * 3


def request_for(
    route: str, path_ids: Mapping[str, Any], body_ids: Mapping[str, Any]
) -> dict[str, Any]:
    """What httpx needs to call the route on these rows."""
    method, _, path = route.partition(" ")
    operation = document()["paths"][path][method.lower()]
    query = {
        found["name"]: sample(found["schema"], {}, found["name"])
        for found in operation.get("parameters", ())
        if found["in"] == "query" and found["required"]
    }
    url = path.format(**path_ids, job=uuid4(), name="site.name")
    request = {"method": method, "url": url, "params": query}
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        request["json"] = sample(content["application/json"]["schema"], body_ids)
    elif content:
        request["files"] = {"file": ("photo.png", png())}
    return request


async def call(client: httpx.AsyncClient, route: str, district: District) -> httpx.Response:
    return await client.request(**request_for(route, district.ids, district.ids))


# ---- the centre


@pytest.fixture
async def community(owner: asyncpg.Connection) -> Community:
    return await Community.found(owner)


@pytest.fixture
async def east(community: Community) -> District:
    return await found_district(community, "东榆", "+8613900000011", 40.123456)


@pytest.fixture
async def west(community: Community) -> District:
    return await found_district(community, "西柳", "+8613900000022", 40.654321)


@pytest.fixture
async def app(database, clock, owner, east, west, tmp_path) -> AsyncIterator[FastAPI]:
    """The whole API, with the ports that the runtime gives it."""
    seal = Seal.load(tmp_path)
    registry = Registry(lambda sealed, context: seal.open(sealed, context=context))
    await read_whole(registry, owner)
    hub = Hub(clock, hint=lambda: None)
    keeping = keeping_somewhere(hub, clock)
    intake = Intake(database, registry, clock, hub, texts_written=lambda: None, keeping=keeping)
    connections = HeldConnections(database, "commands", 2)
    bench = Workbench(
        connections=connections,
        registry=registry,
        board=hub,
        clock=clock,
        texts_written=lambda: None,
        directory_changed=lambda: None,
        zone=ZoneInfo("Asia/Shanghai"),
    )
    looking_back = HeldConnections(database, "archive", 1)
    watchdogs = Watchdogs(bench, HeldConnections(database, "watchdogs", 1))
    liveness = Liveness(
        Places(tmp_path, None),
        thresholds_of(Limits()),
        watchdogs,
        HeldConnections(database, "liveness", 1),
        clock,
    )
    ports = {
        Watchdogs: watchdogs,
        Liveness: liveness,
        Seal: seal,
        Registry: registry,
        Intake: intake,
        Hub: hub,
        Workbench: bench,
        Away: never_away(tmp_path / "spool", intake, bench, hub, clock),
        Archive: Archive(looking_back, clock, ZoneInfo("Asia/Shanghai")),
        LiveReading: (live := LiveReading(database, clock, ZoneInfo("Asia/Shanghai"))),
        Exports: Exports(tmp_path / "exports"),
        ImportJobs: ImportJobs(tmp_path / "imports", Seal.load(tmp_path)),
        Confines: Confines(),
        Tallies: Tallies(),
        FieldReading: (field := FieldReading(database, clock)),
        Shifts: (shifts := Shifts(database, clock)),
        Announcements: (board := Announcements(database, clock, hub.colleagues, lambda: None)),
        EmergencyAccesses: (accesses := EmergencyAccesses(database, clock, lambda: None)),
        SiteSettings: SiteSettings((), None),
        LongestTest: LongestTest(),
        Shelf: Shelf(tmp_path / "recordings", Seal.load(tmp_path), Reserve(None, 0)),
        Proofs: (proofs := Proofs(database, clock, tmp_path / "spool")),
        Calling: calling_in(registry, database, clock, seal, east, west),
    }
    yield create_api(context_for(database, clock, ports=ports))
    await connections.close()
    await looking_back.close()
    await shifts.connections.close()
    await proofs.connections.close()
    await board.connections.close()
    await accesses.connections.close()
    await live.close()
    await field.connections.close()


@asynccontextmanager
async def signed_in(
    app: FastAPI, owner: asyncpg.Connection, login: str, *grants: tuple[str, int]
) -> AsyncIterator[httpx.AsyncClient]:
    await person(owner, login, *grants)
    async with browser(app) as client:
        await sign_in(client, login)
        yield client


async def contents(owner: asyncpg.Connection) -> dict[str, str]:
    """A digest of every table that a refused request must leave alone."""
    tables = await owner.fetch(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        " AND tablename NOT IN ('login_session', 'login_delay') AND NOT starts_with(tablename, 'audit_entry')"
    )
    return {
        name: await owner.fetchval(
            f"SELECT md5(string_agg(t::text, ';' ORDER BY t::text)) FROM {name} t"  # noqa: S608
        )
        for (name,) in tables
    }


def every_route(app: FastAPI) -> Iterator[str]:
    for found in iter_route_contexts(app.routes):
        if isinstance(found.original_route, APIRoute):
            for method in found.original_route.methods:
                yield f"{method} {found.path_format}"


# ---- the stories


async def test_g8_every_route_is_public_ones_own_or_has_a_line_in_the_table(app):
    assert set(every_route(app)) == (
        PUBLIC
        | OF_SCREENS
        | OF_PHONES
        | OF_THE_FIELD
        | OF_A_LINK
        | OF_AN_EMPTY_SITE
        | LOGGED_IN
        | set(TABLE)
    )


async def test_g8_who_is_not_logged_in_gets_nothing(app, east):
    async with browser(app) as client:
        for route in LOGGED_IN | set(TABLE):
            answer = await call(client, route, east)
            assert (answer.status_code, route) == (401, route)


async def test_g8_who_has_no_role_gets_nothing_but_the_own_account(app, owner, east):
    async with signed_in(app, owner, "newcomer") as client:
        for route in TABLE:
            answer = await call(client, route, east)
            assert (answer.status_code, route) == (403, route)


async def test_g8_everybody_sees_their_own_part_of_the_tree(app, owner, east, west):
    async with (
        signed_in(app, owner, "newcomer") as newcomer,
        signed_in(app, owner, "westerner", ("volunteer", west.region_id)) as westerner,
    ):
        assert (await newcomer.get("/api/v1/regions")).json() == []
        shown = await westerner.get("/api/v1/regions")
        assert "西柳" in shown.text
        assert "东榆" not in shown.text
        for client in (newcomer, westerner):
            assert (await call(client, "GET /api/v1/regions/{region_id}", east)).status_code == 404


@pytest.mark.parametrize("role", Role)
async def test_g8_a_role_opens_its_routes_and_no_other(app, owner, east, community, role):
    async with signed_in(app, owner, "somebody", (role, community.root)) as client:
        before = await contents(owner)
        for route, actions in TABLE.items():
            is_opened = bool(actions & ACTIONS_OF[role])
            if is_opened and not route.startswith("GET "):
                continue  # would change what the next one needs; the stories of each package do that
            answer = await call(client, route, east)
            expected = (404, 200) if is_opened else (403,)
            assert answer.status_code in expected, (route, answer.text)
        assert await contents(owner) == before


async def test_g8_all_roles_of_one_region_open_nothing_of_another(app, owner, east, west):
    every_role = [(role, west.region_id) for role in Role]
    async with signed_in(app, owner, "westerner", *every_role) as client:
        before = await contents(owner)
        for route in TABLE.keys() - OWN_SHIFT - BEYOND_ONES_REGIONS - OWN_CIRCLE - OWN_TELEPHONE:
            answer = await call(client, route, east)
            assert not any(word in answer.text for word in east.words), (route, answer.text)
            is_list = route.startswith("GET ") and "{" not in route and route not in OF_ALL_REGIONS
            is_list |= route.startswith("POST /api/v1/lists/")
            expected = (200,) if is_list else (403, 404)
            if route.endswith("/import"):
                expected = (422,)  # the photo of a table; which rows are whose is asked row by row
            assert answer.status_code in expected, (route, answer.status_code, answer.text)
        assert await contents(owner) == before


async def test_g8_rows_of_another_region_cannot_be_drawn_into_ones_own(app, owner, east, west):
    """The address is one's own, the body names rows of the other district."""
    every_role = [(role, west.region_id) for role in Role]
    async with signed_in(app, owner, "westerner", *every_role) as client:
        me = (await client.get("/api/v1/me")).json()["user"]
        await owner.execute(
            "UPDATE incident SET state = 'taken', taken_by = $1, taken_by_name = 'w' WHERE id = $2",
            me["id"],
            west.ids["incident_id"],
        )
        before = await contents(owner)
        for route in TABLE:
            request = request_for(route, west.ids, east.ids)
            names_foreign_rows = bool(set(request.get("json") or ()) & set(east.ids))
            if "{" not in route or not names_foreign_rows:
                continue
            answer = await client.request(**request)
            assert answer.status_code in (403, 404), (route, answer.status_code, answer.text)
            assert not any(word in answer.text for word in east.words), (route, answer.text)
            assert await contents(owner) == before, route


async def test_g8_whoever_sees_a_person_leaves_an_entry_in_the_trail(app, owner, east):
    every_role = [(role, east.region_id) for role in Role]
    shown = set()
    async with signed_in(app, owner, "easterner", *every_role) as client:
        for route in TABLE:
            if not route.startswith("GET ") or route.startswith("GET /api/v1/users"):
                continue
            before = await owner.fetchval("SELECT count(*) FROM audit_entry")
            answer = await call(client, route, east)
            shows_a_person = any(f"{sign}东榆" in answer.text for sign in ("沈", "林"))
            shows_a_person |= east.words[1] in answer.text or bool(PICTURED.search(route))
            if not shows_a_person:
                continue
            shown.add(route.removeprefix("GET /api/v1"))
            entry = await owner.fetchrow("SELECT * FROM audit_entry ORDER BY id DESC LIMIT 1")
            after = await owner.fetchval("SELECT count(*) FROM audit_entry")
            assert after == before + 1, route
            assert entry["address"] == "10.0.0.7"
            assert east.region_id in entry["region_ids"], route
    assert shown >= {"/incidents", "/residents", "/homes/{home_id}/profile", "/devices"}
