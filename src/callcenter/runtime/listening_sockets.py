"""The listening sockets that the parent binds and its children inherit."""

from __future__ import annotations

import errno
import socket
import time
from pathlib import Path
from typing import Final

from callcenter.core.errors import Misconfigured

BACKLOG: Final = 2048
"""Who calls while the process behind the socket is started again waits here."""
_TAKEN_FOR_S: Final = 3.0
"""A killed server's children may hold the port for an instant longer than their parent."""


def bind_tcp(host: str, port: int, key: str) -> socket.socket:
    """Listens. Raises Misconfigured with the settings' key when the port cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        _bind_patiently(listening, (host, port))
    except OSError as error:
        listening.close()
        raise Misconfigured(f"{key}: cannot listen on {host}:{port}: {error}") from error
    return _listen(listening)


def bind_unix(path: Path) -> socket.socket:
    """Listens at a path in a folder that only this user enters."""
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listening.bind(str(path))
    return _listen(listening)


def _listen(listening: socket.socket) -> socket.socket:
    listening.listen(BACKLOG)
    listening.setblocking(False)
    return listening


def _bind_patiently(listening: socket.socket, address: tuple[str, int]) -> None:
    until = time.monotonic() + _TAKEN_FOR_S
    while True:
        try:
            listening.bind(address)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return
