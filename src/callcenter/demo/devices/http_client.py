"""A virtual elder phone: presses as signed JSON, posted to the real HTTP listener."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

import httpx
import orjson

from callcenter.demo.devices.device_state import Device, Key, Press
from callcenter.devices.protocols.http_json import signature
from callcenter.devices.signals import Kind

PATH = "/ingest/v1/signals"
ANSWER_WITHIN_S = 5.0

_KINDS: Mapping[Key, Kind] = MappingProxyType(
    {
        Key.RED: Kind.SOS,
        Key.GREEN: Kind.HELP,
        Key.FALL: Kind.FALL,
        Key.SMOKE: Kind.SMOKE,
        Key.CANCEL: Kind.CANCEL,
        Key.BATTERY: Kind.LOW_BATTERY,
        Key.TEST: Kind.TEST,
        Key.POWER: Kind.POWER_FAIL,
    }
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a source signs with."""

    key_id: str
    secret: str

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Credentials:
        """From demo-devices.json. Raises KeyError."""
        return cls(str(row["key_id"]), str(row["secret"]))


def encode(device: Device, press: Press) -> bytes:
    """The body of a press: the same bytes in every repeat."""
    return signal_body(press.id, device.identifier, _KINDS[press.key], press.pressed_at)


def signal_body(signal_id: str, device: str, kind: Kind, occurred_at: datetime) -> bytes:
    """One signal as the contract of docs/protocols/http-json.md has it."""
    return orjson.dumps(
        {"id": signal_id, "device": device, "kind": kind, "occurred_at": occurred_at}
    )


def signed_headers(credentials: Credentials, body: bytes, now: datetime) -> dict[str, str]:
    """Headers that prove the sender; the timestamp is that of this attempt."""
    timestamp = str(int(now.timestamp()))
    return {
        "Content-Type": "application/json",
        "X-Key-Id": credentials.key_id,
        "X-Timestamp": timestamp,
        "X-Signature": signature(credentials.secret.encode(), timestamp, body),
    }


async def send(
    client: httpx.AsyncClient, credentials: Credentials, body: bytes, now: datetime
) -> int:
    """Post a signal; the status. Raises httpx.TransportError when no answer came."""
    headers = signed_headers(credentials, body, now)
    response = await client.post(PATH, content=body, headers=headers, timeout=ANSWER_WITHIN_S)
    return response.status_code
