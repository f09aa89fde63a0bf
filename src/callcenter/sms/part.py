"""Everything that sends and receives texts, built as one part of a process."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from callcenter.sms.gateway import Gateway
from callcenter.sms.gateways.kannel.gateway import KannelGateway
from callcenter.sms.gateways.kannel.settings import KannelSettings
from callcenter.sms.gateways.sandbox.gateway import SandboxGateway
from callcenter.sms.gateways.sandbox.settings import SandboxSettings

HOOKS: Final = "/hooks"


def gateways_of(
    sections: Iterable[SandboxSettings | KannelSettings], hook_secret: str
) -> list[Gateway]:
    """The gateways of the settings, in order of preference."""
    return [_gateway(section, hook_secret) for section in sections]


def _gateway(section: SandboxSettings | KannelSettings, hook_secret: str) -> Gateway:
    match section:
        case SandboxSettings():
            return SandboxGateway()
        case KannelSettings():
            address = f"{section.callback_url.rstrip('/')}{HOOKS}/{section.name}/{hook_secret}"
            return KannelGateway(section, address)
