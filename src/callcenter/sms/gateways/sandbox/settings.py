"""What can be set about the sandbox: nothing."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from callcenter.sms.gateway import GatewaySection


class SandboxSettings(GatewaySection):
    """Texts are stored and shown, and never leave the machine."""

    kind: Literal["sandbox"] = Field("sandbox", description="Nothing is sent.")
    name: Literal["sandbox"] = Field("sandbox", description="The virtual phones know it by it.")
