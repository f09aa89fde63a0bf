"""Memory of a process and what it has started, as the kernel tells."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from callcenter.demo.field.memory import memory_of

NO_PROCESS = 2**22 + 1
"""Beyond the highest number that the kernel gives."""


def test_what_a_child_takes_counts_with_its_parent() -> None:
    before = memory_of(os.getpid())
    hold = "held = bytearray(b'x') * 64_000_000; print('held', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        together = memory_of(os.getpid())
        child.communicate("\n")
    assert before is not None
    assert together is not None
    assert together.server > before.server + 50
    assert together.database == pytest.approx(before.database, abs=5), "that is no PostgreSQL"


def test_nobody_is_there() -> None:
    assert memory_of(NO_PROCESS) is None
