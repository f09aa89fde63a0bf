"""Whose an address is."""

from __future__ import annotations

import pytest
from fastapi.routing import APIRoute

from callcenter.api.alarm_side import ALARM_ROUTERS
from callcenter.api.application import OFFICE_ROUTERS
from callcenter.api.paths import OWNERS, Owner, owner_of
from callcenter.devices.codec import Requests
from callcenter.devices.formats import FORMATS


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        ("/", Owner.CONSOLE),
        ("", Owner.CONSOLE),
        ("/incidents/7", Owner.CONSOLE),
        ("/metricsx", Owner.CONSOLE),
        ("/api", Owner.OFFICE),
        ("/api/v1/nothing", Owner.OFFICE),
        ("//api/v1/me", Owner.OFFICE),
        ("/hooks/kannel/x", Owner.OFFICE),
        ("/docs", Owner.OFFICE),
        ("/assets/index.js", Owner.FILES),
        ("/ingest/v1/signals", Owner.NOBODY),
        ("/ingestx", Owner.NOBODY),
        ("/Ingest", Owner.NOBODY),
        ("/apis", Owner.NOBODY),
        ("/API/v1/me", Owner.NOBODY),
        ("/ws/v1/seat", Owner.NOBODY),
        ("/metrics/", Owner.NOBODY),
        ("*", Owner.NOBODY),
    ],
)
def test_every_address_has_one_owner(path: str, owner: Owner):
    assert owner_of(path) is owner


def test_no_route_lies_where_the_table_does_not_say():
    firsts = {
        route.path.split("/")[1]
        for router in (*ALARM_ROUTERS, *OFFICE_ROUTERS)
        for route in router.routes
        if isinstance(route, APIRoute)
    }
    signals = {
        f.carried.path.split("/")[1] for f in FORMATS.values() if isinstance(f.carried, Requests)
    }
    assert firsts | signals <= OWNERS.keys()
