"""The parent process: it owns the listening sockets, the private PostgreSQL and the reserve on its disk, keeps its children alive, and does no
more.

Whatever a child does, the sockets stay open: who calls while a child is started again waits in the queue of the socket for
the fraction of a second that a fork takes.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog

from callcenter.core.cluster import Cluster
from callcenter.core.reserve import Reserve
from callcenter.runtime.child import PARENTS_SIGNALS, READY, Manner, Work, fork
from callcenter.runtime.keeping import Verdict, Vital, cannot_start, pause_before_start, verdict

log = structlog.get_logger(__name__)

LOOK_EVERY_S: Final = 0.25
STOP_WITHIN_S: Final = 8.0
"""Per child; longer than requests under way are given."""
_STOPPING: Final = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


def _nothing() -> None:
    """All is loaded."""


@dataclass(slots=True)
class Child:
    """One process to be kept alive. `keep` are the file descriptors of its sockets."""

    name: str
    work: Work
    manner: Manner = field(default_factory=Manner)
    keep: Collection[int] = ()
    load: Callable[[], None] = _nothing
    """Once, in the parent, before the first fork: what the work needs is there at once for this fork and every later one."""
    pid: int = 0
    ever_served: bool = False
    failures: int = 0
    """Lives in a row that ended before they served."""
    due_at: float = 0.0
    _loaded: bool = False
    _serves: bool = False
    _started_at: float = 0.0
    _beat_at: float | None = None
    _pulse: int = -1

    @property
    def runs(self) -> bool:
        return self.pid != 0

    def start(self) -> None:
        """Fork it."""
        if not self._loaded:
            self.load()
            self._loaded = True
        self._started_at, self._beat_at, self._serves = time.monotonic(), None, False
        self.pid, self._pulse = fork(self.name, self.work, self.manner, self.keep)
        log.info("process_started", name=self.name, number=self.pid)

    def listen(self, now: float) -> None:
        """Take the beats that have come."""
        with suppress(BlockingIOError):
            while heard := os.read(self._pulse, 4096):
                self._beat_at = now
                self._serves = self._serves or READY in heard
        self.ever_served = self.ever_served or self._serves

    def vital(self) -> Vital:
        return Vital(self._started_at, self._beat_at, resident_bytes(self.pid), self.manner.memory)

    def kill(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def ended(self) -> int | None:
        """The exit code if it has ended (128 + the signal's number if one killed it), else None."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid == 0:
            return None
        os.close(self._pulse)
        self.pid, self._pulse = 0, -1
        code = os.waitstatus_to_exitcode(status)
        return code if code >= 0 else 128 - code

    def note_end(self, code: int, now: float) -> None:
        """When it is started again."""
        self.failures = 0 if self._serves else self.failures + 1
        pause = pause_before_start(self.failures)
        self.due_at = now + pause
        log.error("process_ended", name=self.name, code=code, again_s=pause)


@dataclass
class Parent:
    """Runs until SIGTERM, Ctrl-C, or until the very first start is refused."""

    children: Sequence[Child]
    cluster: Cluster | None
    reserve: Reserve = field(default_factory=lambda: Reserve(None, 0))
    first: Child | None = None
    """Works once, on a database that was not there at the start; the alarms serve by then, and nobody waits for it."""
    _looked_at: float = field(default_factory=time.monotonic)

    def run(self) -> int:
        """Start the children in order, keep them, stop them in order; the exit code."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, PARENTS_SIGNALS)
        # A shell that starts a program in the background leaves SIGINT ignored, and a signal ignored is not waited for.
        handlers = {number: signal.signal(number, _not_here) for number in PARENTS_SIGNALS}
        try:
            return self._keep()
        finally:
            self._stop()
            for number, handler in handlers.items():
                signal.signal(number, handler)
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _keep(self) -> int:
        self._looked_at = time.monotonic()
        while True:
            now = time.monotonic()
            for child in self.children:
                code = self._look_at(child, now)
                if code is not None:
                    return code
                if not child.ever_served:
                    break  # the next would take the processor from its first start
                self._make_ready(now)
            self.reserve.look()  # PostgreSQL may want the room when it is started again
            if self.cluster is not None:
                self.cluster.revive()
                self.cluster.ready()
            self._looked_at = time.monotonic()
            if self._told_to_stop():
                log.info("stopping")
                return 0

    def _make_ready(self, now: float) -> None:
        """See that the database becomes as this release wants it. What fails is tried again, later with each time."""
        first = self.first
        if first is None:
            return
        if first.runs:
            code = first.ended()
            if code == 0:
                self.first = None
            elif code is not None:
                first.note_end(code, now)
        elif first.due_at <= now and (self.cluster is None or self.cluster.ready()):
            first.start()

    def _told_to_stop(self) -> bool:
        told = signal.sigtimedwait(PARENTS_SIGNALS, LOOK_EVERY_S)
        return told is not None and told.si_signo in _STOPPING

    def _look_at(self, child: Child, now: float) -> int | None:
        """Do what has to be done about one child; an exit code when the server cannot be started at all."""
        if child.runs:
            child.listen(now)
            code = child.ended()
            if code is None:
                self._judge(child, now)
                return None
            anybody = any(each.ever_served for each in self.children)
            if cannot_start(code, has_served=child.ever_served, any_has_served=anybody):
                return code or 1
            child.note_end(code, now)
        if child.due_at <= now:
            child.start()
        return None

    def _judge(self, child: Child, now: float) -> None:
        found = verdict(child.vital(), now, parent_gap_s=now - self._looked_at)
        if found is not Verdict.KEEP:
            log.error("process_given_up", name=child.name, number=child.pid, reason=found.value)
            child.kill(signal.SIGKILL)

    def _stop(self) -> None:
        """One after the other: who takes alarms in first, who carries their effects out last."""
        for child in (*self.children, *([self.first] if self.first is not None else ())):
            if not child.runs:
                continue
            child.kill(signal.SIGTERM)
            until = time.monotonic() + STOP_WITHIN_S
            while child.ended() is None:
                if time.monotonic() > until:
                    log.error("process_given_up", name=child.name, number=child.pid, reason="stop")
                    child.kill(signal.SIGKILL)
                signal.sigtimedwait({signal.SIGCHLD}, 0.1)


def _not_here(_number: int, _frame: object) -> None:
    """Blocked in the parent, which asks for its signals; only there so that none of them is ignored."""


def resident_bytes(pid: int) -> int:
    """Resident memory of a process, 0 where that cannot be read."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError, ValueError):
        return 0
