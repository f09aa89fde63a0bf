"""Fixtures: a centre whose hotline can be rung, and its calls as rows."""

from __future__ import annotations

import pytest

from tests.support.hotline_calls import CallsOnPaper
from tests.support.office import app, assembled, community, elsewhere, hints, signed_in

__all__ = ["app", "assembled", "calls", "community", "elsewhere", "hints", "signed_in"]


@pytest.fixture
def calls(owner, community) -> CallsOnPaper:
    return CallsOnPaper(owner, community)
