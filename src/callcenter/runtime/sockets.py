"""What the parent has bound. It is bound before anything large is loaded: who calls meanwhile waits in the queue of the socket."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from callcenter.core.descriptors import raise_limit
from callcenter.devices.codec import Transport
from callcenter.listeners.binding import Bound, bind, bind_listeners
from callcenter.settings import Settings

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Sockets:
    """The one port, the devices' ports, and how many files this process may open."""

    http: socket.socket
    devices: Sequence[Bound]
    descriptors: int

    def numbers(self) -> list[int]:
        """The file descriptors."""
        return [self.http.fileno(), *(each.socket.fileno() for each in self.devices)]


def bound(settings: Settings) -> Sockets:
    """Everything that is called from outside. Raises Misconfigured for an address that cannot be had."""
    http = bind(settings.host, settings.port, Transport.TCP, key="host, port")
    devices = bind_listeners(settings.listeners)
    for each in devices:
        transport, host = each.wanted.transport.value, each.wanted.host
        log.info(
            "listening", protocol=each.wanted.format, transport=transport, host=host, port=each.port
        )
    log.info("listening", protocol="http", port=http.getsockname()[1])
    return Sockets(http, devices, raise_limit())
