"""How fast one address may ask: the generic cell rate algorithm, one number an address (ITU-T I.371). Pure: time is an argument."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from typing import Final

MOST_ADDRESSES: Final = 20_000
"""More are not remembered; the one that has been silent for longest is forgotten first."""
_HOUSEHOLD: Final = 64
"""Bits of an IPv6 address that one customer has as one."""


class Pace:
    """`a_minute` for long, a fifth of it at once. Behind one address of a mobile network there are many phones."""

    def __init__(self, a_minute: int) -> None:
        self._every_s = 60.0 / a_minute
        self._ahead_s = max(a_minute // 5, 1) * self._every_s
        self._due: OrderedDict[str, float] = OrderedDict()
        """By address, when all that it has asked is paid for."""

    def __len__(self) -> int:
        return len(self._due)

    def wait_s(self, address: str, now: float) -> float:
        """Zero, and the request counts; else the seconds until the next may come. `now` is monotonic s."""
        who = _customer(address)
        due = max(self._due.get(who, now), now)
        early = due + self._every_s - now - self._ahead_s
        if early > 0:
            return early
        self._due[who] = due + self._every_s
        self._due.move_to_end(who)
        if len(self._due) > MOST_ADDRESSES:
            self._due.popitem(last=False)
        return 0.0


def _customer(address: str) -> str:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found), _HOUSEHOLD), strict=False))
