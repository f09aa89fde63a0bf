"""A centre, its office, and people signed in."""

from __future__ import annotations

from tests.support.office import app, assembled, community, elsewhere, hints, signed_in

__all__ = ["app", "assembled", "community", "elsewhere", "hints", "signed_in"]
