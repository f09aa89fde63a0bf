"""A forked child: what it inherits, what it leaves, how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest


def run(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A program of its own: a fork of the test runner would inherit its threads."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=folder,
    )


FORK = """
    import os, signal, socket, sys, time
    from callcenter.core.errors import Misconfigured
    from callcenter.core.logging import configure_logging
    from callcenter.runtime.child import Manner, fork

    configure_logging()

    def wait(pid):
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
"""


def test_it_beats_ends_with_its_code_and_keeps_only_what_it_is_given(tmp_path: Path):
    done = run(
        FORK
        + """
    lock = open("lock", "w")
    kept = socket.socket(); kept.bind(("127.0.0.1", 0))

    def work(pulse):
        pulse.beat(); pulse.ready()
        try:
            os.fstat(lock.fileno())
        except OSError:
            os.fstat(kept.fileno())
            return 7
        return 1

    pid, reading = fork("some", work, Manner(), [kept.fileno()])
    print(wait(pid), os.read(reading, 10))
    """,
        tmp_path,
    )
    assert done.stdout == "7 b'.r'\n", done.stderr


@pytest.mark.parametrize(
    ("raised", "code", "told"),
    [
        ("Misconfigured('port: taken')", 78, "callcenter: port: taken"),
        ("ValueError('a mistake of ours')", 70, "a mistake of ours"),
    ],
)
def test_an_error_ends_the_child_and_never_runs_on_into_the_parent(tmp_path, raised, code, told):
    done = run(
        FORK
        + f"""
    def work(pulse):
        raise {raised}

    pid, _ = fork("some", work, Manner(), [])
    print("parent", wait(pid))
    """,
        tmp_path,
    )
    assert done.stdout == f"parent {code}\n"
    assert told in done.stderr


def test_it_dies_with_its_parent(tmp_path: Path):
    done = run(
        FORK
        + """
    def work(pulse):
        time.sleep(600)
        return 0

    pid, _ = fork("some", work, Manner(), [])
    print(pid, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
    """,
        tmp_path,
    )
    pid = int(done.stdout)
    assert done.returncode == -signal.SIGKILL
    assert is_gone(pid), "the kernel kills it when the parent's main thread ends"


def test_memory_beyond_its_share_is_refused_to_it_alone(tmp_path: Path):
    done = run(
        FORK
        + """
    def work(pulse):
        try:
            bytearray(1024 * 1024 * 1024)
        except MemoryError:
            return 3
        return 1

    pid, _ = fork("some", work, Manner(memory=512 * 1024 * 1024), [])
    print(wait(pid))
    """,
        tmp_path,
    )
    assert done.stdout == "3\n", done.stderr


def is_gone(pid: int) -> bool:
    """Dead, or a zombie that nobody has reaped yet; the kernel needs a moment."""
    for _ in range(200):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state in "ZX":
            return True
        os.sched_yield()
        signal.sigtimedwait([], 0.02)
    return False
