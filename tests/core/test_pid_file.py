"""One process at a time works on a folder, and a killed one is no obstacle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from callcenter.core.errors import Conflict, Misconfigured
from callcenter.core.pid_file import held, holder

HOLD = """
import sys, pathlib
from callcenter.core.pid_file import held
with held(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path: Path):
    """Another process that holds the file."""
    command = [sys.executable, "-c", HOLD, str(tmp_path / "server.pid")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def test_the_holder_is_known_while_it_lives(tmp_path: Path, other):
    path = tmp_path / "server.pid"
    assert holder(path) == other.pid
    assert int(path.read_text()) == other.pid
    with pytest.raises(Conflict, match=str(other.pid)), held(path):
        pass
    assert holder(path) == other.pid


def test_after_a_kill_the_folder_is_free(tmp_path: Path, other):
    other.send_signal(signal.SIGKILL)
    other.wait()
    assert holder(tmp_path / "server.pid") is None
    with held(tmp_path / "server.pid"):
        assert holder(tmp_path / "server.pid") == os.getpid()


def test_after_a_clean_end_no_number_is_left(tmp_path: Path):
    with held(tmp_path / "server.pid"):
        pass
    assert (tmp_path / "server.pid").read_text() == ""
    assert holder(tmp_path / "server.pid") is None


def test_nobody_holds_what_is_not_there(tmp_path: Path):
    assert holder(tmp_path / "server.pid") is None


def test_a_folder_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(Misconfigured, match="cannot be written"), held(tmp_path / "no/server.pid"):
        pass
