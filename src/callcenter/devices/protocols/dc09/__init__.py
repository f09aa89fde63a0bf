"""SIA DC-09: alarm diallers, hubs and pendants over IP."""

from zoneinfo import ZoneInfo

from callcenter.devices.codec import Frames, Transport, WireFormat
from callcenter.devices.protocols.dc09.accounts import canonical_account
from callcenter.devices.protocols.dc09.codec import ClockRule, Dc09Codec
from callcenter.devices.protocols.dc09.crypto import key_from_text
from callcenter.devices.protocols.dc09.options import Dc09Options

__all__ = ["FORMAT", "ClockRule", "Dc09Codec", "Dc09Options"]


def _codec(options: Dc09Options) -> Dc09Codec:
    rule = ClockRule(options.clock_behind_s, options.clock_ahead_s, options.accept_wrong_clock)
    return Dc09Codec(
        rule, accept_clear_polls=options.accept_clear_polls, zone=ZoneInfo(options.timezone)
    )


FORMAT = WireFormat(
    name="dc09",
    carried=Frames(frozenset({Transport.TCP, Transport.UDP}), _codec, Dc09Options),
    canonical_identifier=canonical_account,
    read_key=key_from_text,
)
