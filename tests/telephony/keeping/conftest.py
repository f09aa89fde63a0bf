"""Fixtures: a centre, and those who keep its lines."""

from __future__ import annotations

import pytest

from tests.support.office import app, assembled, community, elsewhere, hints, signed_in

__all__ = ["app", "assembled", "community", "elsewhere", "hints", "signed_in"]


@pytest.fixture
async def administrator(signed_in, community):
    """Of the whole site."""
    return await signed_in("administrator", community.root)
