"""The process of the second listener. It opens no database and reads no key: whatever strangers do to it, alarms, seats and texts are
other processes, which hear no more of it than a few requests at once.
"""

from __future__ import annotations

import asyncio
import resource
import signal
import socket
import ssl
import time
from collections.abc import Iterable
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Final

import structlog
import uvloop
from starlette.types import ASGIApp, Receive, Scope, Send

from callcenter.api.console import STATIC, Console
from callcenter.api.hosts import HostCheck, Names
from callcenter.api.middleware import SecurityHeaders
from callcenter.api.outside.away import AWAY_PAGE
from callcenter.api.outside.carried import Carried
from callcenter.api.outside.front import Outside
from callcenter.api.outside.pace import Pace
from callcenter.api.outside.pages import files_of_phones
from callcenter.api.outside.protocol import OutsideProtocol
from callcenter.api.passing import Office
from callcenter.api.serving import ApiProtocol, HttpServer, Manner
from callcenter.core import certificates, metrics
from callcenter.core.errors import Misconfigured
from callcenter.core.supervisor import Supervisor
from callcenter.devices.codec import Transport
from callcenter.listeners.binding import bind
from callcenter.listeners.places import Places
from callcenter.runtime import bounding
from callcenter.runtime.child import Pulse
from callcenter.settings import FieldSettings, Settings, is_loopback

log = structlog.get_logger(__name__)

BIND_AGAIN_S: Final = 2.0
TELL_EVERY: Final = 30
"""Tries between two words in the log."""
BEAT_EVERY_S: Final = 0.5
_OWN_FILES: Final = 128


def live(settings: Settings, way_to_office: Path, asked: socket.socket, pulse: Pulse) -> int:
    """The body of the child until SIGTERM; `asked` is where the alarm process asks how it is."""
    _restrain(settings.field)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_live(settings, way_to_office, asked, pulse))


async def _live(settings: Settings, way_to_office: Path, asked: socket.socket, pulse: Pulse) -> int:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    field = settings.field
    async with Supervisor() as supervisor:
        supervisor.start(_beat(pulse), name="pulse")
        office = Office(way_to_office, bounding.width_outside(field))
        standing = _Standing()
        own = HttpServer(standing, asked, protocol=ApiProtocol)
        supervisor.start(own.run(), name="asked")
        listening = await _bound(field, stop)
        if listening is None:
            return 0
        http = HttpServer(front(settings, office), listening, _manner(field), _protocol(settings))
        supervisor.start(office.watch(), name="office")
        supervisor.start(http.run(), name="http")
        standing.listens = True
        pulse.ready()
        log.info("outside_listening", host=field.address[0], port=listening.getsockname()[1])
        await stop.wait()
        await http.stop()
        await own.stop()
    await office.close()
    return 0


def front(settings: Settings, office: ASGIApp, static: Path = STATIC) -> ASGIApp:
    """What answers there."""
    field = settings.field
    files = files_of_phones(static)
    if not files:
        log.warning("outside_without_pages")
    outside = Outside(
        Carried(files),
        Pace(field.requests_a_minute),
        Console(static),
        office,
        time.monotonic,
        AWAY_PAGE,
        bounding.outside(field),
    )
    return SecurityHeaders(HostCheck(outside, names_of(settings)))


def names_of(settings: Settings) -> Names:
    """By which it is asked: the public name and those of its certificate."""
    field = settings.field
    public = (field.public_name,) if field.public_name else ()
    return Names.of((*public, *_certified(field.tls_certificate)), field.address[0])


def _certified(certificate: Path | None) -> Iterable[str]:
    if certificate is None:
        return ()
    try:
        return certificates.names_of(certificate)
    except (OSError, ValueError) as error:
        log.warning("certificate_names_unknown", reason=str(error))
        return ()


async def _bound(field: FieldSettings, stop: asyncio.Event) -> socket.socket | None:
    """The socket, as soon as its certificate can be used and its address be had: that of a tunnel may not be there yet, and no alarm
    waits for either. None: stopped before.
    """
    tries = 0
    while not stop.is_set():
        try:
            _demand_certificate(field)
            return bind(*field.address, Transport.TCP, key="field.listen")
        except Misconfigured as error:
            if tries % TELL_EVERY == 0:
                log.error("outside_not_bound", reason=error.message)  # noqa: TRY400 - it says all
            tries += 1
            await asyncio.sleep(BIND_AGAIN_S)
    return None


def _demand_certificate(field: FieldSettings) -> None:
    """Raises Misconfigured for one that nobody can be served with."""
    if field.tls_certificate is None:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(
            field.tls_certificate, field.tls_key
        )
    except OSError as error:  # ssl.SSLError is one
        raise Misconfigured(
            f"field.tls_certificate, field.tls_key: {field.tls_certificate} cannot be used: {error}"
        ) from error


def _manner(field: FieldSettings) -> Manner:
    return Manner(
        field.tls_certificate,
        field.tls_key,
        proxies=field.trusted_proxies,
        backlog=min(field.connections, 256),
    )


def _protocol(settings: Settings) -> partial[OutsideProtocol]:
    field = settings.field
    places = Places("outside", "field.connections", field.connections, time.monotonic)
    metrics.CONNECTIONS.labels("outside").set_function(lambda: len(places))
    is_open = field.tls_certificate is not None or is_loopback(field.address[0])
    return partial(
        OutsideProtocol,
        places=places,
        peers=() if is_open else field.trusted_proxies,
        head_within_s=settings.head_within_s,
        head=bounding.head_outside(settings),
        most_unread=bounding.outside(field).body_most,
    )


class _Standing:
    """What the alarm process asks over the Unix socket: whether strangers are heard, and what was counted."""

    def __init__(self) -> None:
        self.listens = False

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        body = metrics.exposition() if scope["path"] == "/metrics" else b""
        status = HTTPStatus.OK if self.listens else HTTPStatus.SERVICE_UNAVAILABLE
        headers = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
        ]
        start = {"type": "http.response.start", "status": int(status), "headers": headers}
        await send(start)
        await send({"type": "http.response.body", "body": body})


async def _beat(pulse: Pulse) -> None:
    while True:
        pulse.beat()
        await asyncio.sleep(BEAT_EVERY_S)


def _restrain(field: FieldSettings) -> None:
    """Files for its connections and for as many that are still shaking hands, and no more."""
    wanted = 2 * field.connections + _OWN_FILES
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
