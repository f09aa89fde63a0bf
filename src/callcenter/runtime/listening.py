"""The devices' listeners of the alarm process, on sockets that the parent has bound."""

from __future__ import annotations

import structlog

from callcenter.alerts.intake import Intake
from callcenter.core.errors import Misconfigured
from callcenter.core.supervisor import Supervisor
from callcenter.devices.protocols.dc09 import ClockRule, Dc09Codec
from callcenter.devices.registry import Registry
from callcenter.listeners.delivery import Delivery
from callcenter.listeners.tcp import TcpListener
from callcenter.listeners.udp import UdpListener
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part

log = structlog.get_logger(__name__)

DC09 = "dc09"


def listening_part(ground: Ground, registry: Registry, intake: Intake) -> Part:
    """Opened last, closed first."""
    opened: list[TcpListener | UdpListener] = []

    async def open_listeners(supervisor: Supervisor) -> None:
        dc09 = ground.settings.dc09
        source = registry.source(DC09)
        if not dc09.enabled or source is None:
            return
        rule = ClockRule(dc09.clock_behind_s, dc09.clock_ahead_s, dc09.accept_wrong_clock)
        common = (
            lambda: Dc09Codec(rule),
            Delivery(source, intake),
            registry.keys(DC09),
            ground.clock,
            supervisor,
        )
        tcp, udp = TcpListener(*common), UdpListener(*common)
        try:
            tcp_port = await tcp.start(dc09.host, dc09.tcp_port)
            udp_port = await udp.start(dc09.host, dc09.udp_port)
        except OSError as error:
            raise Misconfigured(
                f"dc09: cannot listen on {dc09.host}, TCP {dc09.tcp_port} or UDP {dc09.udp_port}: {error}"
            ) from error
        opened.extend([tcp, udp])
        log.info("listening", protocol=DC09, host=dc09.host, tcp_port=tcp_port, udp_port=udp_port)

    async def close_listeners() -> None:
        for listener in opened:
            await listener.stop()

    return Part(open=open_listeners, close=close_listeners)
