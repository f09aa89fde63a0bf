"""Numbers that are dialled by people in need, and by nobody else: no test, no drill, no automatic call."""

from __future__ import annotations

from typing import Final

EMERGENCY: Final = (
    "110",
    "112",
    "119",
    "120",
    "122",
    "911",
    "999",
    "12110",
    "12119",
    "12120",
    "12345",
)
"""China's numbers for police, fire, ambulance and accidents, their texts and the city's hotline; what telephones from elsewhere dial instead."""
