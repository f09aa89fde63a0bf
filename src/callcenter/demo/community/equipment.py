"""The devices of 榆荫里, as devices.toml lists them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pydantic import Field

from callcenter.demo.community.listed import Listed, read
from callcenter.devices.models import DeviceKind

SPARE_LABEL = "服务站备用"


class ListedDevice(Listed):
    """One device: of a `resident` or of the home of `home_of` (names), or a spare. `key_bytes` > 0: it encrypts."""

    kind: DeviceKind
    identifier: str
    resident: str | None = None
    home_of: str | None = None
    key_bytes: int = 0
    battery_low: bool = False
    silent: bool = False


class ListedKind(Listed):
    """What all devices of a kind share."""

    model: str
    label: str


class Equipment(Listed):
    """The content of devices.toml."""

    devices: tuple[ListedDevice, ...] = Field(alias="device")
    kinds: Mapping[DeviceKind, ListedKind]


@cache
def equipment() -> Equipment:
    """All devices, in the order in which they get their ids."""
    return read("devices.toml", Equipment)
