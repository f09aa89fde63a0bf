"""The gateway of the demo and of tests: a text arrives the moment it is sent, and leaves the machine by no way.

It keeps nothing. The virtual phones show the outbox itself (`sms/phones.py`).
"""

from __future__ import annotations

from typing import Final

from callcenter.sms.gateway import Outcome, OutgoingText, SendResult


class SandboxGateway:
    name: Final = "sandbox"
    window: Final = 200

    async def send(self, message: OutgoingText) -> SendResult:
        return SendResult(Outcome.DELIVERED, provider_id=str(message.id))

    async def close(self) -> None:
        """Nothing is held."""
