"""A centre, an exchange's folder, and a shelf for what was recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcenter.core.reserve import Reserve
from callcenter.core.sealed import Seal
from callcenter.hotline.recordings.shelf import Shelf
from callcenter.hotline.recordings.taking_in import Exchange, TakingIn
from tests.support.office import app, assembled, community, elsewhere, hints, operator, signed_in

__all__ = ["app", "assembled", "community", "elsewhere", "hints", "operator", "signed_in"]


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    folder = tmp_path / "spool"
    folder.mkdir()
    return folder


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """On the disk of this machine, however full that is."""
    return Shelf(tmp_path / "recordings", Seal.load(tmp_path), Reserve(None, 0), left_free=0)


@pytest.fixture
async def taking_in(database, spool, shelf):
    taking = TakingIn(database, Exchange("trial", spool), shelf)
    yield taking
    await taking.connections.close()
