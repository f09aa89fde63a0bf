"""Processes known by a number in a file: whether the number still means what it meant."""

from __future__ import annotations

import os
from pathlib import Path


def runs(pid: int, word: str) -> bool:
    """Whether the process lives and its command line holds the word; numbers are given out again after a restart."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return not Path("/proc/self").exists()  # without /proc the number is all there is
    dead = status.rpartition(")")[2].split()[0] in ("Z", "X")
    return not dead and word.encode() in command
