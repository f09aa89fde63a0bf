"""The server: a parent with its children. The office is loaded by the parent when the alarms are served already, and the second
listener, where there is one, when the office is.
"""

from __future__ import annotations

import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from callcenter.api.passing import bind_unix
from callcenter.core.cluster import Cluster
from callcenter.core.loading import without_collecting
from callcenter.runtime import alarm, bounding
from callcenter.runtime.child import Manner, Pulse
from callcenter.runtime.known_away import KnownAway
from callcenter.runtime.parent import Child, Parent
from callcenter.runtime.process import live
from callcenter.runtime.sockets import Sockets
from callcenter.settings import Settings

if TYPE_CHECKING:
    from callcenter.runtime.office import ExtraRouters

MIB = 1024 * 1024
BEHIND_THE_OFFICE = 5
"""Niceness: of two that want the processor the pages of the house go before those from outside."""
MOST_NICE = 19
OUTSIDE_MB = 768
"""What it inherits, its connections and the bodies that it reads."""


def run(
    settings: Settings,
    dsn: str,
    cluster: Cluster | None,
    sockets: Sockets,
    extra_routers: ExtraRouters | None = None,
    make_ready: Callable[[], None] | None = None,
) -> int:
    """Serve until SIGTERM or Ctrl-C; the exit code. The private cluster, if any, is already up and is stopped by the caller; where it is
    not up yet, `make_ready` is to be done with it when it is.
    """
    with _private_folder() as folder:
        way_to_office, way_to_outside = folder / "office", folder / "outside"
        passing = bind_unix(way_to_office)
        known_away = KnownAway()
        later = make_ready is not None
        children = [
            Child(
                "alarm",
                partial(
                    live,
                    partial(
                        alarm.build,
                        settings,
                        dsn,
                        sockets,
                        way_to_office,
                        known_away,
                        way_to_outside if settings.field.listen else None,
                    ),
                ),
                keep=sockets.numbers(),
            ),
            Child(
                "office",
                partial(_live_in_office, settings, dsn, passing, extra_routers, known_away, later),
                Manner(nice=settings.office.nice, memory=settings.office.memory_mb * MIB),
                keep=[passing.fileno()],
                load=_load_office,
            ),
        ]
        if settings.field.listen:
            children.append(_outside(settings, way_to_office, way_to_outside))
        first = None if make_ready is None else Child("tables", partial(_once, make_ready))
        return Parent(children, cluster, bounding.reserve(settings), first).run()


def _outside(settings: Settings, way_to_office: Path, way_to_outside: Path) -> Child:
    """The second listener, last of all and behind all."""
    asked = bind_unix(way_to_outside)
    nice = min(settings.office.nice + BEHIND_THE_OFFICE, MOST_NICE)
    return Child(
        "outside",
        partial(_live_outside, settings, way_to_office, asked),
        Manner(nice=nice, memory=OUTSIDE_MB * MIB),
        keep=[asked.fileno()],
        load=_load_outside,
    )


def _load_outside() -> None:
    with without_collecting():
        import_module("callcenter.runtime.outside")


def _live_outside(
    settings: Settings, way_to_office: Path, asked: socket.socket, pulse: Pulse
) -> int:
    from callcenter.runtime import outside  # noqa: PLC0415 - loaded by then; the alarms do not wait for it

    return outside.live(settings, way_to_office, asked, pulse)


def _once(work: Callable[[], None], pulse: Pulse) -> int:
    pulse.beat()
    work()
    return 0


def _load_office() -> None:
    with without_collecting():
        import_module("callcenter.runtime.office")


def _live_in_office(
    settings: Settings,
    dsn: str,
    passing: socket.socket,
    extra_routers: ExtraRouters | None,
    known_away: KnownAway,
    tables_may_be_old: bool,
    pulse: Pulse,
) -> int:
    from callcenter.runtime import office  # noqa: PLC0415 - loaded by then; the alarms do not wait for it

    begins = office.Begins(known_away, tables_may_be_old)
    return live(partial(office.build, settings, dsn, passing, extra_routers, begins), pulse)


@contextmanager
def _private_folder() -> Iterator[Path]:
    """For the Unix socket: only this user enters, and the path is short enough for an address."""
    folder = Path(tempfile.mkdtemp(prefix="callcenter-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
