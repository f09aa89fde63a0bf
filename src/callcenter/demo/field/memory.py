"""How much memory a server and everything it has started take, where the kernel tells."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")


def mib_of(pid: int) -> float | None:
    """Of the process and all below it, what they share counted once; None: it is not there, or the kernel has no such files."""
    sizes = [size for each in _family(pid) if (size := _mib(each)) is not None]
    return sum(sizes) if sizes else None


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
