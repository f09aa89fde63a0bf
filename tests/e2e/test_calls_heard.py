"""The stories of calls_heard.py, each in a network of its own: two seats hear the caller, hand over, confer, with tones that are measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e import calls_heard
from tests.e2e.conftest import STORY
from tests.support.asterisk import installed
from tests.support.namespace import run_within
from tests.support.show import CHROMIUM, MISSING

pytestmark = [*STORY, pytest.mark.timeout(300)]
STORIES = [name for name in vars(calls_heard) if name.startswith("test_")]


@pytest.mark.parametrize("story", STORIES)
def test_it_is_heard(story: str):
    if CHROMIUM is None:
        pytest.skip(MISSING)
    installed()
    run_within(f"{Path(calls_heard.__file__)}::{story}")
