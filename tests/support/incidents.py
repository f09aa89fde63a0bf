"""Incidents as values, for tests of what decides about them."""

from __future__ import annotations

from typing import Any

from callcenter.alerts.incident import Incident
from callcenter.core.ids import new_id
from tests.support.community import LONG_AGO


def incident(*region_path: int, **fields: Any) -> Incident:
    """A waiting alarm of an unknown caller, unless told otherwise."""
    path = region_path or (1, 2)
    values: dict[str, Any] = {
        "id": new_id(),
        "number": 37,
        "signal_class": "alarm",
        "kind": "sos",
        "priority": 1,
        "region_id": path[-1],
        "region_path": path,
        "source": "dc09",
        "identifier": "9999",
        "card": {"people": []},
        "opened_at": LONG_AGO,
        "last_signal_at": LONG_AGO,
    }
    values |= fields
    return Incident(**{"kinds": (values["kind"],)} | values)
