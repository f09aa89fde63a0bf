"""One process of the server: its parts prepared, started, watched and stopped in order."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence

import structlog
import uvloop

from callcenter.api.serving import HttpServer
from callcenter.core import metrics
from callcenter.core.processing import run_processor
from callcenter.core.supervisor import Supervisor
from callcenter.runtime import quiet
from callcenter.runtime.child import Pulse
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part
from callcenter.runtime.preparing import CatchingUp, prepare

log = structlog.get_logger(__name__)

BEAT_EVERY_S = 0.5

Build = Callable[[Supervisor], tuple[Ground, Sequence[Part], HttpServer]]
"""Makes everything, within the event loop of the process."""


def live(build: Build, pulse: Pulse) -> int:
    """The body of a child: until SIGTERM; the exit code."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_live(build, pulse))


async def _live(build: Build, pulse: Pulse) -> int:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with Supervisor() as supervisor:
        supervisor.start(_beat(pulse), name="pulse")
        ground, parts, http = build(supervisor)
        await prepare(ground, parts)
        await _start(supervisor, ground, parts)
        for part in parts:
            if part.open is not None:
                await part.open(supervisor)
        supervisor.start(http.run(), name="http")
        supervisor.start(quiet.collect_in_quiet_moments(), name="garbage")
        pulse.ready()
        log.info("serving")
        await stop.wait()
        await _stop(parts, http)
    await ground.database.close()
    return 0


async def _beat(pulse: Pulse) -> None:
    while True:
        pulse.beat()
        await asyncio.sleep(BEAT_EVERY_S)


async def _start(supervisor: Supervisor, ground: Ground, parts: Sequence[Part]) -> None:
    never = asyncio.Event()
    for part in parts:
        for channel, callback in part.listens.items():
            await ground.changes.listen(channel, callback)
    supervisor.start(ground.changes.run(), name="changes")
    supervisor.start(metrics.watch_loop_lag(ground.clock), name="loop-lag")
    for part in parts:
        for name, task in part.tasks.items():
            supervisor.start(task(), name=name)
        for processor in part.processors:
            rests = _resting(ground, part)
            work = run_processor(processor, ground.wakeups, ground.clock, never, rests)
            supervisor.start(work, name=processor.name)
    if not ground.loaded.is_set():
        catching_up = CatchingUp(ground, parts)
        work = run_processor(catching_up, ground.wakeups, ground.clock, never, _never_rests)
        supervisor.start(work, name=catching_up.name)


def _resting(ground: Ground, part: Part) -> Callable[[], bool]:
    """When the processors of a part rest."""
    if part.waits:
        return lambda: not ground.loaded.is_set() or (part.yields and ground.stands_back())
    return ground.stands_back if part.yields else _never_rests


def _never_rests() -> bool:
    return False


async def _stop(parts: Sequence[Part], http: HttpServer) -> None:
    """Ways in first, then requests under way, then what they stood on."""
    log.info("stopping")
    for part in parts:
        await _fenced(part.leave)
    for part in reversed(parts):
        await _fenced(part.close)
    await http.stop()
    for part in reversed(parts):
        await _fenced(part.stop)


async def _fenced(step: Callable[[], Awaitable[None]]) -> None:
    try:
        await step()
    except Exception as error:  # noqa: BLE001 - the others are stopped all the same
        log.warning("part_not_stopped", error=str(error))
