"""Who stands behind a device."""

from callcenter.devices.registry.credentials import Credentials
from callcenter.devices.registry.registry import Registry

__all__ = ["Credentials", "Registry"]
