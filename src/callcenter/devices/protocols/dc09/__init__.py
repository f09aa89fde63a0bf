"""SIA DC-09: alarm diallers, hubs and pendants over IP."""

from callcenter.devices.protocols.dc09.codec import ClockRule, Dc09Codec

__all__ = ["ClockRule", "Dc09Codec"]
