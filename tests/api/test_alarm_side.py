"""Which of the two processes answers what."""

from __future__ import annotations

import pytest
from fastapi.routing import APIRoute

from callcenter.api.alarm_side import ALARM_ROUTERS, is_the_alarms
from callcenter.api.application import OFFICE_ROUTERS

INCIDENT = "/api/v1/incidents/0198c5b2-7c3e-7a10-9f4e-3d2b1a0c9e8f"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/residents/7"),
        ("GET", "/assets/index-abc.js"),
        ("GET", "/readyz"),
        ("GET", "/metrics"),
        ("GET", "/api/v1/me"),
        ("POST", "/api/v1/logout"),
        ("GET", INCIDENT),
        ("POST", f"{INCIDENT}/take"),
        ("POST", f"{INCIDENT}/close"),
        ("POST", "/ingestx"),
    ],
)
def test_alarms_are_worked_and_consoles_loaded_without_the_office(method: str, path: str):
    assert is_the_alarms({"method": method, "path": path})


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/v1/login"),
        ("PATCH", "/api/v1/me"),
        ("GET", "/api/v1/incidents"),
        ("GET", f"{INCIDENT}/print"),
        ("GET", "/api/v1/residents"),
        ("POST", "/api/v1/residents/import"),
        ("GET", "/api/v1/nothing/like/it"),
        ("GET", "/hooks/kannel/secret/receipt"),
        ("GET", "/docs"),
        ("GET", "/openapi.json"),
    ],
)
def test_what_computes_renders_or_is_looked_up_is_the_offices(method: str, path: str):
    assert not is_the_alarms({"method": method, "path": path})


def test_no_route_is_both_processes():
    own = {(m, r.path) for router in ALARM_ROUTERS for r in routes(router) for m in r.methods}
    offices = {(m, r.path) for router in OFFICE_ROUTERS for r in routes(router) for m in r.methods}
    assert own & offices <= {("GET", "/healthz"), ("GET", "/metrics")}, "each its own"


def routes(router) -> list[APIRoute]:
    return [route for route in router.routes if isinstance(route, APIRoute)]
