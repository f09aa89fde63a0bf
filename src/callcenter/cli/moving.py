"""`callcenter import` and `callcenter export`: residents from and to spreadsheets."""

from __future__ import annotations

from callcenter.core.errors import Unavailable


def import_residents() -> None:
    """Import residents from a spreadsheet."""
    raise Unavailable("not there yet")


def export_residents() -> None:
    """Export residents to a spreadsheet."""
    raise Unavailable("not there yet")
