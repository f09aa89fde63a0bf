"""Work on what strangers send, in a process of its own: it may crash, grow or never end, and nothing else is lost.

The process begins from nothing (no connection, no key, no setting is in it), binds itself before it reads a byte, and answers
through a pipe of which no more is read than was agreed. It dies with whoever started it (Linux).

    python -m callcenter.core.confined MODULE:FUNCTION MEMORY_BYTES CPU_S  < content  > answer
"""

from __future__ import annotations

import asyncio
import ctypes
import importlib
import os
import resource
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import structlog

from callcenter.core.errors import Invalid
from callcenter.core.stepping_back import step_back

log = structlog.get_logger(__name__)

_PR_SET_PDEATHSIG: Final = 1
_OPEN_FILES: Final = 32
_NO_MEMORY: Final = 71
_KILLED_FOR_TIME: Final = frozenset({-signal.SIGXCPU, -signal.SIGKILL})
_MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Confines:
    """What one piece of work may take: bytes that it is given, address space, processor time, time on the clock, bytes of its
    answer.
    """

    file_mb: int = 20
    memory_mb: int = 1024
    cpu_s: int = 60
    patience_s: float = 120.0
    answer_mb: int = 128

    @property
    def file_bytes(self) -> int:
        """The largest file that is begun at all."""
        return self.file_mb * _MIB


ORDINARY: Final = Confines()


class OutOfBounds(Invalid):
    """The work was killed at one of its limits, or died of what it read."""

    code = "too_much_work"


async def confined(work: str, content: bytes, confines: Confines) -> bytes:
    """What the function `work` ("module:function", bytes to bytes) answers. Raises OutOfBounds."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", __name__, work, str(confines.memory_mb * _MIB), str(confines.cpu_s)),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    try:
        async with asyncio.timeout(confines.patience_s):
            return await _converse(process, content, confines)
    except TimeoutError:
        raise _out_of_bounds(work, confines, "time") from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):  # it ended this very moment
                process.kill()
            await process.wait()


async def _converse(process: Process, content: bytes, confines: Confines) -> bytes:
    to, back = process.stdin, process.stdout
    assert to is not None and back is not None  # noqa: S101, PT018 - both are pipes
    with suppress(BrokenPipeError, ConnectionResetError):  # dead already: its exit code says why
        to.write(content)
        await to.drain()
    to.close()
    answer = await _read(back, confines.answer_mb * _MIB)
    if answer is None:
        raise _out_of_bounds(str(process.pid), confines, "answer")
    code = await process.wait()
    if code != 0:
        reason = "time" if code in _KILLED_FOR_TIME else "memory"
        raise _out_of_bounds(str(process.pid), confines, reason, code)
    return answer


async def _read(back: asyncio.StreamReader, most: int) -> bytes | None:
    """All of it, or None where there is more."""
    parts, size = [], 0
    while part := await back.read(64 * 1024):
        size += len(part)
        if size > most:
            return None
        parts.append(part)
    return b"".join(parts)


def _out_of_bounds(
    work: str, confines: Confines, reason: str, code: int | None = None
) -> OutOfBounds:
    log.warning("confined_work_killed", work=work, reason=reason, exit_code=code)
    return OutOfBounds(
        f"Working on this takes more than {confines.memory_mb} MiB of memory or {confines.cpu_s} s.",
        reason=reason,
        memory_mb=confines.memory_mb,
        seconds=confines.cpu_s,
    )


# ---- within the process


def _bind(memory: int, cpu_s: int) -> None:
    """Before anything of the content is read or its reader imported."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        with suppress(OSError):  # when memory runs out, this one goes first
            Path("/proc/self/oom_score_adj").write_text("1000")
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: cpu_s,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_NPROC: 0,
    }
    for kind, most in limits.items():
        _, hard = resource.getrlimit(kind)
        lowest = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (lowest, lowest))
    step_back()


def _work(name: str) -> Callable[[bytes], bytes]:
    module, _, function = name.partition(":")
    return cast("Callable[[bytes], bytes]", getattr(importlib.import_module(module), function))


def main(work: str, memory: str, cpu_s: str) -> int:
    """The body of the process; its exit code."""
    _bind(int(memory), int(cpu_s))
    try:
        answer = _work(work)(sys.stdin.buffer.read())
    except MemoryError:
        return _NO_MEMORY
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
