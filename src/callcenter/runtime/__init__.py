"""The composition root: a parent with two children, each a list of parts; adapters are picked here."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import structlog

from callcenter.api.passing import bind_unix
from callcenter.core.cluster import Cluster
from callcenter.core.descriptors import raise_limit
from callcenter.devices.codec import Transport
from callcenter.listeners.binding import bind, bind_listeners
from callcenter.runtime import alarm, bounding, office
from callcenter.runtime.alarm import Sockets
from callcenter.runtime.child import Manner
from callcenter.runtime.office import ExtraRouters, no_routers
from callcenter.runtime.parent import Child, Parent
from callcenter.runtime.process import live
from callcenter.settings import Settings

__all__ = ["ExtraRouters", "no_routers", "run"]

log = structlog.get_logger(__name__)

MIB = 1024 * 1024


def run(
    settings: Settings,
    dsn: str,
    cluster: Cluster | None,
    extra_routers: ExtraRouters = no_routers,
) -> int:
    """Serve until SIGTERM or Ctrl-C; the exit code. The private cluster, if any, is already up and is stopped by the caller."""
    with _private_folder() as folder:
        way_to_office = folder / "office"
        sockets = _bind(settings, way_to_office)
        passing = bind_unix(way_to_office)
        children = [
            Child(
                "alarm",
                partial(live, partial(alarm.build, settings, dsn, sockets)),
                keep=[sockets.http.fileno(), *(each.socket.fileno() for each in sockets.devices)],
            ),
            Child(
                "office",
                partial(live, partial(office.build, settings, dsn, passing, extra_routers)),
                Manner(nice=settings.office.nice, memory=settings.office.memory_mb * MIB),
                keep=[passing.fileno()],
            ),
        ]
        return Parent(children, cluster, bounding.reserve(settings)).run()


def _bind(settings: Settings, way_to_office: Path) -> Sockets:
    """Everything that is called from outside. Raises Misconfigured for an address that cannot be had."""
    http = bind(settings.host, settings.port, Transport.TCP, key="host, port")
    devices = bind_listeners(settings.listeners)
    for each in devices:
        transport, host = each.wanted.transport.value, each.wanted.host
        log.info(
            "listening", protocol=each.wanted.format, transport=transport, host=host, port=each.port
        )
    log.info("listening", protocol="http", port=http.getsockname()[1])
    return Sockets(http, devices, way_to_office, raise_limit())


@contextmanager
def _private_folder() -> Iterator[Path]:
    """For the Unix socket: only this user enters, and the path is short enough for an address."""
    folder = Path(tempfile.mkdtemp(prefix="callcenter-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
