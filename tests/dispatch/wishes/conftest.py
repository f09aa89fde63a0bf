"""A centre, its office, and somebody at a seat."""

from __future__ import annotations

import pytest

from tests.support.office import app, assembled, community, elsewhere, hints, signed_in

__all__ = ["app", "assembled", "community", "elsewhere", "hints", "signed_in"]


@pytest.fixture
async def operator(signed_in):
    return await signed_in("operator")
