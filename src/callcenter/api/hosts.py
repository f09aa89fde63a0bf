"""By which names this server is asked. A page whose own name was made to lead here (DNS rebinding) is no page of ours, and its
browser would let it read everything.

Devices' requests do not come here: an alarm rings whatever its Host says. Call-backs of gateways carry their secret, and whoever
watches the server asks by any name.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from callcenter.api.errors import error_body

OPEN: Final = ("/healthz", "/readyz", "/metrics")
OPEN_BELOW: Final = "/hooks/"

_AUTHORITY: Final = re.compile(r"(\[[0-9a-f:.]+\]|[^\[\]:/?#@\s]+?)\.?(?::[0-9]{0,5})?")

_OF_THE_HOUSE: Final = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Names:
    """`own` are names and addresses in small letters, `*.` in front for all names one level below; `any_address`: the server
    listens on all addresses of its machine, and asked by one of them it cannot tell which that is.
    """

    own: frozenset[str]
    any_address: bool = False

    @classmethod
    def of(cls, names: Iterable[str], listening_on: str) -> Names:
        """The names of settings and certificate, and where the server listens."""
        address = _address(listening_on)
        own = {name.lower().strip("[]").rstrip(".") for name in (*names, listening_on)}
        return cls(frozenset(own), any_address=address is not None and address.is_unspecified)

    def has(self, authority: str) -> bool:
        """Whether this Host is ours, whatever its port: a proxy may have another. A name without a dot is one of the house's own
        network: no stranger can register it.
        """
        found = _AUTHORITY.fullmatch(authority.lower())
        if found is None:
            return False
        name = found[1].strip("[]")
        address = _address(name)
        if address is not None:
            return self.any_address or address.is_loopback or str(address) in self.own
        above = f"*.{name.partition('.')[2]}"
        return _OF_THE_HOUSE.fullmatch(name) is not None or name in self.own or above in self.own


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def is_this_machine(authority: str) -> bool:
    """Whether a request names this machine by a name that no foreign page can have."""
    return Names(frozenset()).has(authority)


class HostCheck:
    """Plain ASGI, for requests and sockets alike. A client that sends no Host is no browser."""

    def __init__(self, app: ASGIApp, names: Names) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _is_open(scope["path"]) or all(map(self._names.has, _hosts(scope))):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await _refuse(send)


def _is_open(path: str) -> bool:
    return path in OPEN or path.startswith(OPEN_BELOW)


def _hosts(scope: Scope) -> list[str]:
    return [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]


async def _refuse(send: Send) -> None:
    message = "This server is not asked by that name; its names are those of `public_origins` and of its certificate."
    body = error_body("host_refused", message, {})
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    status = int(HTTPStatus.MISDIRECTED_REQUEST)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
