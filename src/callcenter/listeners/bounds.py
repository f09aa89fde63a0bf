"""How much devices, and requests of strangers, may say before others go first. Bytes and seconds. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MOST_FRAMES: Final = 20_000
"""As many as the lanes of intake hold."""


@dataclass(frozen=True, slots=True)
class HeadBounds:
    """Of every request, whoever parses it."""

    most: int = 32 * 1024
    lines: int = 100

    @property
    def said(self) -> str:
        return f"At most {self.most // 1024} KiB, at most {self.lines} headers."


@dataclass(frozen=True, slots=True)
class RequestBounds:
    """Of requests with signals. A signal is one small message: whoever needs longer for its head or its body than `within_s`
    holds a connection for nothing.
    """

    head: HeadBounds = HeadBounds()
    within_s: float = 10.0
    whole_within_s: float = 1.0
    """A body that has all that its format needs is waited for no longer, whatever its length said; nor is one without a length."""
    keep_alive_s: float = 75.0
    """Devices keep their connection between life signs of up to a minute."""


@dataclass(frozen=True, slots=True)
class TcpLimits:
    """Of one TCP listener."""

    idle_s: float = 1800.0
    """Diallers poll at most every 890 s (EN 50136-1, SP2); twice that and the connection is given up."""
    frames_in_flight: int = 64
    """Of one connection."""
    frames_in_all: int = MOST_FRAMES
    """Beyond it connections wait for their turn."""
    replies_held_back: int = 1000
    """Of life signs behind a frame that is being stored."""
    write_buffer_bytes: int = 64 * 1024
    stop_grace_s: float = 5.0


@dataclass(frozen=True, slots=True)
class UdpLimits:
    """Of one UDP listener; what is beyond is dropped and counted, and its device repeats."""

    datagrams: int = MOST_FRAMES
    most: int = 16 * 1024 * 1024
    of_floods: int = 2_000
    """With more than these under way, datagrams of addresses that have cost much lately are dropped."""
    stop_grace_s: float = 5.0


@dataclass(frozen=True, slots=True)
class SampleBounds:
    """What is kept, and told, of what nobody can read."""

    a_minute: int = 60
    """Of one source (design 6b.7): an administrator reads the first ten of them."""
    of_one: int = 5
    """Of one peer, so that one that floods does not hide the others."""
    told_a_minute: int = 20
    """Requests with signals that are refused or came beside their path, and are told of in the log; the rest is counted."""


@dataclass(frozen=True, slots=True)
class DeviceBounds:
    """Everything that the composition root may say of devices."""

    requests: RequestBounds = RequestBounds()
    tcp: TcpLimits = TcpLimits()
    udp: UdpLimits = UdpLimits()
    samples: SampleBounds = SampleBounds()
    light_s: float = 0.2
    """Seconds of reading that an address may have cost lately and still be read at once. A frame costs some 60 microseconds."""


USUAL: Final = DeviceBounds()
