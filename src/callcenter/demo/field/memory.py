"""How much memory a server and everything it has started take, where the kernel tells."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")


@dataclass(frozen=True, slots=True)
class Memory:
    """MiB, what processes share counted once."""

    server: float
    database: float
    """Of a PostgreSQL of its own: with its buffers, which fill until they are full."""


def memory_of(pid: int) -> Memory | None:
    """Of the process and all below it; None: it is not there, or the kernel has no such files."""
    sizes = {each: size for each in _family(pid) if (size := _mib(each)) is not None}
    if not sizes:
        return None
    database = sum(size for each, size in sizes.items() if _name(each) == "postgres")
    return Memory(sum(sizes.values()) - database, database)


def _family(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):
        children = (_PROC / str(pid) / "task" / str(pid) / "children").read_text().split()
        for child in children:
            yield from _family(int(child))


def _mib(pid: int) -> float | None:
    with suppress(OSError):
        for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return None


def _name(pid: int) -> str:
    with suppress(OSError):
        return (_PROC / str(pid) / "comm").read_text().strip()
    return ""
