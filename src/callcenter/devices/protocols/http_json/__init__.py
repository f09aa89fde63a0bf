"""Signals as JSON over HTTP: elder phones, platforms of device makers, scripts."""

from callcenter.devices.codec import Requests, WireFormat
from callcenter.devices.protocols.http_json.codec import HttpJsonCodec
from callcenter.devices.protocols.http_json.reading import (
    NeverAcceptable,
    Reading,
    canonical_device,
    clock_flags,
    read,
)
from callcenter.devices.protocols.http_json.signing import signature, signature_matches

__all__ = [
    "FORMAT",
    "HttpJsonCodec",
    "NeverAcceptable",
    "Reading",
    "clock_flags",
    "read",
    "signature",
    "signature_matches",
]

FORMAT = WireFormat(
    name="http_json",
    carried=Requests("/ingest/v1/signals", HttpJsonCodec),
    canonical_identifier=canonical_device,
    retry_horizon_s=86_400,  # an id names one signal, so a repeat is known for a day
)
