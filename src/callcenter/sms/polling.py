"""Asking those gateways for receipts and texts that do not call by themselves."""

from __future__ import annotations

from datetime import datetime

from callcenter.sms.gateway import Polled
from callcenter.sms.hooks import Hooks


class Polling:
    """A processor for one such gateway."""

    def __init__(self, gateway: Polled, hooks: Hooks) -> None:
        self.name = f"sms_poll_{gateway.name}"
        self.interval_s = gateway.poll_every_s
        self._gateway = gateway
        self._hooks = hooks

    async def run_once(self, now: datetime) -> int:  # noqa: ARG002 - the gateway knows what is new
        """Number of receipts and texts that came. Raises Unavailable: they come again with the next poll."""
        handled = await self._gateway.poll()
        await self._hooks.take(self._gateway.name, handled)
        return len(handled.receipts) + len(handled.arrivals)
