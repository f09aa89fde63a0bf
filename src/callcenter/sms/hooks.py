"""What a gateway says of its own accord: found by its name and secret, read by the gateway, stored, and only then answered.

Services sign little, and smsbox forgets what it hands over before it has our answer. So the secret in the address is all that
tells a gateway from a stranger (nothing here raises anybody's rights), and one short transaction is all that it waits for. Where the
database does not take it, the call is kept as it came, on the disk, before it is answered (`kept.py`).
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Collection,
    Coroutine,
    Iterable,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.errors import NotFound, Unavailable
from callcenter.core.ids import new_id
from callcenter.core.phone import mask
from callcenter.sms import arrivals, receipts
from callcenter.sms.arrived_away import ArrivedTexts, ids_of
from callcenter.sms.flights import StartShort
from callcenter.sms.gateway import Gateway, Handled, HookRequest, HookResponse, InboundText, Receipt
from callcenter.sms.kept import Kept
from callcenter.sms.models import Reader

log = structlog.get_logger(__name__)

PATIENCE_S: Final = 1.5
"""A gateway gives up after some seconds, and its next call waits behind this one."""


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads which text: by the tables, and by memory while they cannot be reached. `tell` is a hint, given after the commit, that
    texts are there for those who read for the field.
    """

    whose: arrivals.Whose = arrivals.OF_INCIDENTS
    whose_away: Callable[[str, str], Reader] = lambda _sender, _words: Reader.INCIDENT
    tell: Callable[[], None] = lambda: None


def _nobody_starts(coro: Coroutine[Any, Any, None], *, name: str) -> object:
    coro.close()
    raise AssertionError(f"whoever keeps calls starts {name}")


@dataclass(frozen=True, slots=True)
class Hooks:
    """`tell_changed` and `tell_arrived` are hints, given after the commit."""

    database: Database
    clock: Clock
    gateways: Mapping[str, Gateway]
    secret: str = field(repr=False)
    tell_changed: Callable[[], Awaitable[None]]
    tell_arrived: Callable[[], Awaitable[None]]
    kept: Kept | None = None
    """None: what cannot be stored is refused, and comes again."""
    is_silent: Callable[[], bool] = lambda: False
    patience_s: float = PATIENCE_S
    start_short: StartShort = _nobody_starts
    heard: Callable[[Iterable[UUID]], None] = lambda _ids: None
    """Told of which texts a gateway has spoken in a call that was kept."""
    arrived: ArrivedTexts = field(default_factory=ArrivedTexts)
    """What families have written in such calls."""
    readers: Readers = field(default_factory=Readers)

    async def call(self, name: str, secret: str, request: HookRequest) -> HookResponse:
        """Raises NotFound for a stranger, Invalid for what cannot be read, Unavailable: the gateway is to come again."""
        known = secrets.compare_digest(secret.encode(), self.secret.encode())
        gateway = self.gateways.get(name)
        if gateway is None or not known:
            raise NotFound("There is nothing at this address.")
        handled, call_id = gateway.hooks(request), new_id()
        if self.kept is None:
            await self.take(name, handled)
        elif self.is_silent() or not await self._is_taken(name, handled, call_id):
            at, of_field = self.clock.now(), self._of_field(handled.arrivals)
            await self._keep_call(self.kept, name, request, at, call_id, of_field)
            self.arrived.note(call_id, handled.arrivals, at, of_field)
            self.heard(receipt.message_id for receipt in handled.receipts)
        return handled.response

    async def _is_taken(self, name: str, handled: Handled, call_id: UUID) -> bool:
        """Whether the database has it within patience. What it takes later is recognised when the kept call is entered."""
        taken: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.start_short(self._try(name, handled, call_id, taken), name="sms-hook")
        await asyncio.wait((taken,), timeout=self.patience_s)
        return taken.done() and taken.result()

    async def _try(
        self, name: str, handled: Handled, call_id: UUID, taken: asyncio.Future[bool]
    ) -> None:
        try:
            await self.take(name, handled, call_id=call_id)
        except Unavailable:
            taken.set_result(False)
        except BaseException:
            taken.set_result(False)  # kept, and looked at again when it is entered
            raise
        else:
            taken.set_result(True)

    def _of_field(self, texts: Sequence[InboundText]) -> tuple[int, ...]:
        """The places of those that are not for an incident, decided once: by this the alarm process hears of the others at once."""
        return tuple(
            place
            for place, one in enumerate(texts)
            if self.readers.whose_away(arrivals.sender_number(one.sender), one.text) is Reader.FIELD
        )

    async def _keep_call(
        self,
        kept: Kept,
        name: str,
        request: HookRequest,
        at: datetime,
        call_id: UUID,
        of_field: tuple[int, ...],
    ) -> None:
        """Raises Unavailable where the disk does not take it either."""
        try:
            await kept.call(name, request, at, call_id, of_field)
        except OSError as error:
            raise Unavailable("Neither database nor disk takes this: try again.") from error
        log.warning("sms_call_kept", gateway=name, waiting=len(kept.calls))

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that reads. Raises Unavailable."""
        try:
            async with self.database.transaction() as session:
                yield session
        except (DBAPIError, OSError) as error:
            raise Unavailable("This cannot be read now.") from error

    async def take(
        self,
        gateway: str,
        handled: Handled,
        at: datetime | None = None,
        call_id: UUID | None = None,
        of_field: Collection[int] | None = None,
    ) -> None:
        """Stores all of it or nothing, as it came `at` this time or now, and tells those who wait for it. `call_id`: texts get their ids of
        it. `of_field`: the places of those that are the field's, where that was decided before. Raises Unavailable.
        """
        now, ids = at or self.clock.now(), ids_of(call_id or new_id(), len(handled.arrivals))
        texts = list(zip(handled.arrivals, ids, strict=True))
        try:
            async with self.database.transaction() as session:
                # In one order everywhere: two calls about the same texts wait for each other instead of deadlocking.
                in_order = sorted(handled.receipts, key=lambda receipt: receipt.message_id)
                changed = [await self._apply(session, each, now) for each in in_order]
                new = [
                    await self._keep(session, gateway, each, now, own, _decided(place, of_field))
                    for place, (each, own) in enumerate(texts)
                ]
        except (DBAPIError, OSError) as error:
            raise Unavailable("This cannot be stored now.") from error
        if any(changed):
            await self.tell_changed()
        if Reader.INCIDENT in new:
            await self.tell_arrived()
        if {Reader.FIELD, Reader.ROUND} & set(new):
            self.readers.tell()

    async def _apply(self, session: AsyncSession, receipt: Receipt, now: datetime) -> bool:
        changed = await receipts.apply(session, receipt, now)
        log.info(
            "sms_receipt",
            id=str(receipt.message_id),
            code=receipt.code,
            changed=changed,
            odd=list(receipt.odd),
        )
        return changed

    async def _keep(
        self,
        session: AsyncSession,
        gateway: str,
        arrival: InboundText,
        now: datetime,
        inbound_id: UUID,
        decided: Reader | None,
    ) -> Reader | None:
        """`decided`: what the alarm process was told of while the tables could not be asked stays an incident's."""
        whose = self.readers.whose if decided is None else arrivals.always(decided)
        reader = await arrivals.keep(session, gateway, arrival, now, inbound_id, whose)
        if decided is not None:
            await arrivals.hold_to(session, inbound_id, decided)
        log.info(
            "sms_arrived",
            gateway=gateway,
            sender=mask(arrival.sender),
            new=reader is not None,
            reader=reader,
        )
        return reader


def _decided(place: int, of_field: Collection[int] | None) -> Reader | None:
    if of_field is None:
        return None
    return Reader.FIELD if place in of_field else Reader.INCIDENT
