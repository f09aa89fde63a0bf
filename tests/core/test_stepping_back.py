"""Heavy work runs on cores that nobody else wants."""

from __future__ import annotations

import os
import sys

import pytest

from callcenter.core.confined import Confines, confined
from callcenter.core.stepping_back import threads_that_step_back

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux knows idle work")


def policy(_content: bytes = b"") -> bytes:
    return b"idle" if os.sched_getscheduler(0) == os.SCHED_IDLE else b"ordinary"


def test_the_threads_step_back_and_whoever_asked_them_does_not():
    with threads_that_step_back(1, "beside") as threads:
        assert threads.submit(policy).result() == b"idle"
    assert policy() == b"ordinary"


async def test_reading_a_strangers_file_steps_back():
    assert await confined(f"{__name__}:policy", b"", Confines()) == b"idle"
