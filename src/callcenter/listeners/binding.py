"""The sockets that devices are listened to on. Whoever binds them keeps them: a listener is started on a copy, so that
one that stops, or a process that dies, leaves the address taken and the connections that come in waiting.
"""

from __future__ import annotations

import errno
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from callcenter.core.errors import Misconfigured
from callcenter.devices.codec import FormatOptions, Transport

BACKLOG = 1024
"""Connections that wait to be accepted while nobody does."""
TAKEN_FOR_S = 2.0
"""The processes of a server that was killed may hold an address for an instant longer than their parent."""


class Wanted(Protocol):
    """What the settings say of one listener."""

    @property
    def format(self) -> str: ...
    @property
    def transport(self) -> Transport: ...
    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def region(self) -> str | None: ...
    @property
    def options(self) -> FormatOptions: ...


@dataclass(frozen=True, slots=True)
class Bound:
    """A listener's socket, and what the settings say of it; `key` is where they say so."""

    wanted: Wanted
    key: str
    socket: socket.socket

    @property
    def port(self) -> int:
        """The one that was taken, where 0 was asked for."""
        return int(self.socket.getsockname()[1])


def bind_listeners(wanted: Sequence[Wanted]) -> list[Bound]:
    """Bind them all, or none. Raises Misconfigured, naming host, port and key, for an address that cannot be had."""
    bound: list[Bound] = []
    try:
        for number, each in enumerate(wanted):
            key = f"listeners.{number}"
            listening = bind(each.host, each.port, each.transport, key=f"{key}.port")
            bound.append(Bound(each, key, listening))
    except Misconfigured:
        for before in bound:
            before.socket.close()
        raise
    return bound


def bind(host: str, port: int, transport: Transport, *, key: str) -> socket.socket:
    """A socket that can be inherited; over TCP it listens already. Raises Misconfigured."""
    kind = socket.SOCK_STREAM if transport is Transport.TCP else socket.SOCK_DGRAM
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, kind)
    try:
        if transport is Transport.TCP:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _bind_patiently(made, (host, port))
        if transport is Transport.TCP:
            made.listen(BACKLOG)
    except OSError as error:
        made.close()
        reason = error.strerror or error
        raise Misconfigured(
            f"{key}: cannot listen on {host}:{port} ({transport}): {reason}"
        ) from error
    made.setblocking(False)
    return made


def _bind_patiently(made: socket.socket, address: tuple[str, int]) -> None:
    until = time.monotonic() + TAKEN_FOR_S
    while True:
        try:
            made.bind(address)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return
