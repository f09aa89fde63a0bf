"""What a gateway says of its own accord: found by its name and secret, read by the gateway, stored, and only then answered.

Services sign little, and smsbox forgets what it hands over before it has our answer. So the secret in the address is all that
tells a gateway from a stranger (nothing here raises anybody's rights), and one short transaction is all that it waits for.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.errors import NotFound, Unavailable
from callcenter.core.phone import mask
from callcenter.sms import arrivals, receipts
from callcenter.sms.gateway import Gateway, Handled, HookRequest, HookResponse, InboundText, Receipt

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Hooks:
    """`tell_changed` and `tell_arrived` are hints, given after the commit."""

    database: Database
    clock: Clock
    gateways: Mapping[str, Gateway]
    secret: str = field(repr=False)
    tell_changed: Callable[[], Awaitable[None]]
    tell_arrived: Callable[[], Awaitable[None]]

    async def call(self, name: str, secret: str, request: HookRequest) -> HookResponse:
        """Raises NotFound for a stranger, Invalid for what cannot be read, Unavailable: the gateway is to come again."""
        known = secrets.compare_digest(secret.encode(), self.secret.encode())
        gateway = self.gateways.get(name)
        if gateway is None or not known:
            raise NotFound("There is nothing at this address.")
        handled = gateway.hooks(request)
        await self.take(name, handled)
        return handled.response

    async def take(self, gateway: str, handled: Handled) -> None:
        """Stores all of it or nothing, and tells those who wait for it. Raises Unavailable."""
        try:
            async with self.database.transaction() as session:
                # In one order everywhere: two calls about the same texts wait for each other instead of deadlocking.
                in_order = sorted(handled.receipts, key=lambda receipt: receipt.message_id)
                changed = [await self._apply(session, each) for each in in_order]
                new = [await self._keep(session, gateway, each) for each in handled.arrivals]
        except (DBAPIError, OSError) as error:
            raise Unavailable("This cannot be stored now.") from error
        if any(changed):
            await self.tell_changed()
        if any(new):
            await self.tell_arrived()

    async def _apply(self, session: AsyncSession, receipt: Receipt) -> bool:
        changed = await receipts.apply(session, receipt, self.clock.now())
        log.info(
            "sms_receipt",
            id=str(receipt.message_id),
            code=receipt.code,
            changed=changed,
            odd=list(receipt.odd),
        )
        return changed

    async def _keep(self, session: AsyncSession, gateway: str, arrival: InboundText) -> bool:
        new = await arrivals.keep(session, gateway, arrival, self.clock.now())
        log.info("sms_arrived", gateway=gateway, sender=mask(arrival.sender), new=new)
        return new
