"""A listener as the settings ask for it, on a free port of this machine."""

from __future__ import annotations

from dataclasses import dataclass, field

from callcenter.devices.codec import Transport
from callcenter.devices.protocols.dc09 import Dc09Options


@dataclass(frozen=True)
class Wanted:
    """Fulfils what `bind_listeners` and `place_sources` read."""

    region: str | None = None
    transport: Transport = Transport.TCP
    port: int = 0
    host: str = "127.0.0.1"
    format: str = "dc09"
    options: Dc09Options = field(default_factory=Dc09Options)
