"""A process of the server, forked from the parent: fast to start again, since everything is imported already.

Linux: it dies with its parent. It keeps no file of the parent but its log, its sockets and the pipe of its pulse; a lock that
it inherited would outlive the parent's.
"""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import signal
import sys
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from callcenter.core.errors import CallCenterError, tell
from callcenter.core.logging import name_process

log = structlog.get_logger(__name__)

_PR_SET_PDEATHSIG: Final = 1
_CRASHED: Final = 70
BEAT, READY = b".", b"r"
PARENTS_SIGNALS: Final = frozenset({signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
"""What the parent waits for; its children get their own back."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a child runs: `nice` above the parent's, at most `memory` bytes of data (None: no limit)."""

    nice: int = 0
    memory: int | None = None


class Pulse:
    """The child's end of the pipe: one byte a beat. It never waits; a parent that does not read is not written to."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        os.set_blocking(handle, False)

    def beat(self) -> None:
        """The event loop turns."""
        self._write(BEAT)

    def ready(self) -> None:
        """Everything is served."""
        self._write(READY)

    def _write(self, byte: bytes) -> None:
        with suppress(BlockingIOError, BrokenPipeError):
            os.write(self._handle, byte)


Work = Callable[[Pulse], int]
"""The body of a child; answers with its exit code."""


def fork(name: str, work: Work, manner: Manner, keep: Collection[int]) -> tuple[int, int]:
    """Start a child that runs `work`; its process id and the end of the pipe its beats come out of.

    `keep` are the file descriptors it needs: its listening sockets. To be called from the main thread, since the kernel
    binds the death signal to the thread.
    """
    parent = os.getpid()
    gc.freeze()  # what is imported is shared with the parent as long as nobody walks it
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        _live(name, work, manner, parent, {*keep, writing}, writing)
    os.close(writing)
    os.set_blocking(reading, False)
    return pid, reading


def _live(
    name: str, work: Work, manner: Manner, parent: int, keep: Collection[int], pulse: int
) -> None:
    """Never returns: what follows in the parent's code is not the child's."""
    code = _CRASHED
    try:
        _die_with(parent)
        _close_all_but(keep)
        signal.signal(
            signal.SIGINT, signal.SIG_IGN
        )  # Ctrl-C is for the parent, who stops us in order
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, PARENTS_SIGNALS)
        _restrain(manner)
        name_process(name)
        code = work(Pulse(pulse))
    except CallCenterError as error:
        code = tell(error)
    except BaseException:  # the last fence: nothing of a child may run on into the parent's code
        log.exception("process_failed")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _die_with(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked
        os._exit(_CRASHED)


def _close_all_but(keep: Collection[int]) -> None:
    kept = {0, 1, 2, *keep}
    opened = Path("/proc/self/fd" if sys.platform == "linux" else "/dev/fd")
    for number in [int(entry.name) for entry in opened.iterdir() if entry.name.isdigit()]:
        if number not in kept:
            with suppress(OSError):  # the listing's own descriptor is closed already
                os.close(number)


def _restrain(manner: Manner) -> None:
    if manner.nice:
        os.nice(manner.nice)
        with suppress(
            OSError
        ):  # when memory runs out, this one goes before the alarms and PostgreSQL
            Path("/proc/self/oom_score_adj").write_text("600")
    if manner.memory is not None:
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        limit = manner.memory if hard == resource.RLIM_INFINITY else min(manner.memory, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
