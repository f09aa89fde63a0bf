"""What the stories pour in ends with them, also when they fail."""

from __future__ import annotations

import threading

import pytest

from tests.faults.pouring import RealDialler
from tests.support.waiting import until

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # the dialler's sockets
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


async def test_a_dialler_that_nobody_answers_ends_with_its_story():
    before = set(threading.enumerate())
    with pytest.raises(AssertionError, match="the story failed"):
        async with RealDialler("1000", port=1) as dialler:
            dialler.send_msg("SIA-DCS", {"code": "QA", "zone": "7"})
            await until(lambda: set(threading.enumerate()) - before, "its thread")
            raise AssertionError("the story failed")
    assert not set(threading.enumerate()) - before - _pool()
    assert dialler.acknowledged == []


def _pool() -> set[threading.Thread]:
    """Threads that asyncio keeps for the next who waits for something."""
    return {thread for thread in threading.enumerate() if thread.name.startswith("asyncio_")}
