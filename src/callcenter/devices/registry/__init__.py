"""Who stands behind a device."""

from callcenter.devices.registry.records import (
    UNREACHABLE,
    Caller,
    Credentials,
    Person,
    Recipient,
    SourceRef,
)
from callcenter.devices.registry.registry import Registry

__all__ = [
    "UNREACHABLE",
    "Caller",
    "Credentials",
    "Person",
    "Recipient",
    "Registry",
    "SourceRef",
]
