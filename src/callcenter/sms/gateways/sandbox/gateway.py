"""The gateway of the demo and of tests: a text arrives the moment it is sent, and leaves the machine by no way.

It keeps nothing. The virtual phones show the outbox itself (`sms/phones.py`).
"""

from __future__ import annotations

from typing import Final

from callcenter.core.errors import NotFound
from callcenter.sms.gateway import Handled, HookRequest, Outcome, OutgoingText, SendResult


class SandboxGateway:
    name: Final = "sandbox"
    window: Final = 200

    async def send(self, message: OutgoingText) -> SendResult:
        return SendResult(Outcome.DELIVERED, provider_id=str(message.id))

    def hooks(self, request: HookRequest) -> Handled:  # noqa: ARG002 - nobody calls the sandbox
        raise NotFound("There is nothing at this address.")

    async def health(self) -> str | None:
        return None

    async def close(self) -> None:
        """Nothing is held."""
