"""Running servers, beside an exchange."""

from __future__ import annotations

from tests.support.place import durable_databases, folder, place, shared_place

__all__ = ["durable_databases", "folder", "place", "shared_place"]
