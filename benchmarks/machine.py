"""What the machine spends: on others, and on each process that is measured; read from /proc, so Linux only."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Process:
    """One line of /proc; `ticks` are its own, `buried` those of children that have ended."""

    pid: int
    parent: int
    nice: int
    ticks: int
    buried: int


def processes() -> dict[int, Process]:
    """Everything that runs, by process id."""
    return {found.pid: found for found in _read_all()}


def _read_all() -> Iterator[Process]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        own, buried = int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14])
        yield Process(int(stat.parent.name), int(fields[1]), int(fields[16]), own, buried)


def family(root: int, running: dict[int, Process]) -> list[Process]:
    """The process and all that descend from it."""

    def descends(pid: int) -> bool:
        while pid > 1:
            if pid == root:
                return True
            found = running.get(pid)
            pid = found.parent if found else 0
        return False

    return [each for each in running.values() if descends(each.pid)]


def cpu_s(root: int | None, running: dict[int, Process]) -> float:
    """Seconds of one core that a process has used, with its children, living or ended."""
    if root is None or root not in running:
        return 0.0
    members = family(root, running)
    return sum(each.ticks + each.buried for each in members) / TICKS_PER_S


def resident_mb(pid: int) -> float:
    """Resident memory in MiB; 0 where it has ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * PAGE_BYTES / 1024 / 1024


class Meter:
    """The share of the machine that others have used since it was made, in percent of all cores."""

    def __init__(self) -> None:
        self._busy, self._passed = _busy_ticks()
        self._own = _own_ticks()

    def others(self) -> float:
        """What neither this process nor its descendants used."""
        busy, passed = _busy_ticks()
        others = (busy - self._busy) - (_own_ticks() - self._own)
        return 100 * max(0, others) / max(1, passed - self._passed)


def _busy_ticks() -> tuple[int, int]:
    """Busy and all ticks of the machine."""
    values = [int(v) for v in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    idle = values[3] + values[4]
    return sum(values) - idle, sum(values)


def _own_ticks() -> int:
    return sum(each.ticks + each.buried for each in family(os.getpid(), processes()))


def flushes_ms(folder: Path, count: int = 1_000) -> list[float]:
    """How long the disk takes to keep 8 KiB, in ms, sorted: no commit is faster, and its tail is everybody's."""
    path = folder / "flushes"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        return sorted(_flush_ms(handle) for _ in range(count))
    finally:
        os.close(handle)
        path.unlink()


def _flush_ms(handle: int) -> float:
    began = time.perf_counter()
    os.pwrite(handle, bytes(8_192), 0)
    os.fdatasync(handle)
    return 1_000 * (time.perf_counter() - began)
