"""Everything that is called from outside, bound at once."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from callcenter.core.errors import Misconfigured
from callcenter.runtime.sockets import bound
from callcenter.settings import Settings, load


def wanted(folder: Path, port: int = 0) -> Settings:
    listeners = [{"format": "dc09", "transport": each, "port": 0} for each in ("tcp", "udp")]
    given = {"data_dir": folder, "host": "127.0.0.1", "port": port, "listeners": listeners}
    return load(environ={}, overrides=given)


def test_who_calls_before_anybody_serves_is_connected(tmp_path: Path):
    sockets = bound(wanted(tmp_path))
    tcp, udp = sockets.devices
    for listening in (sockets.http, tcp.socket):
        socket.create_connection(listening.getsockname(), timeout=5).close()
    assert sockets.numbers() == [each.fileno() for each in (sockets.http, tcp.socket, udp.socket)]
    for each in (sockets.http, tcp.socket, udp.socket):
        each.close()


def test_an_address_that_is_taken_is_refused(tmp_path: Path):
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(Misconfigured, match="host, port: cannot listen"),
    ):
        bound(wanted(tmp_path, taken.getsockname()[1]))
