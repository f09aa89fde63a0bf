"""Everything that sends and receives texts, built as one part of a process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.processing import Processor
from callcenter.sms import hints, sender
from callcenter.sms.entering import Entering
from callcenter.sms.flights import Flights, StartShort
from callcenter.sms.flown_again import FlownAgain
from callcenter.sms.gateway import Gateway, Polled
from callcenter.sms.hints import Hints
from callcenter.sms.hooks import Hooks, Readers
from callcenter.sms.kept import Kept
from callcenter.sms.links import LinkOf, no_link
from callcenter.sms.polling import Polling
from callcenter.sms.sender import Sender
from callcenter.sms.standing import Gateways


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the process lends to this part."""

    database: Database
    clock: Clock
    zone: tzinfo
    start_short: StartShort
    wake: Callable[[str], None]
    """Runs the processor of that name soon."""
    notify: Callable[[str], Awaitable[None]]
    """Gives a hint on that channel to the other processes."""
    tell_arrived: Callable[[], Awaitable[None]]
    """Texts have come in and are stored."""
    kept: Kept
    """What waits on the disk while the database is away."""
    link_of: LinkOf = no_link
    """The address of the family page in a text."""
    is_silent: Callable[[], bool] = lambda: False
    """The database says nothing."""
    is_loaded: Callable[[], bool] = lambda: True
    """Its tables are known to be those of this release."""
    readers: Readers = field(default_factory=Readers)
    """Who reads which text that comes in."""


@dataclass(frozen=True, slots=True)
class SmsPart:
    """`processors` are to be run, `hooks` to be mounted (`router.hooks_router`), and `close` awaited after both have ended."""

    gateways: Sequence[Gateway]
    standing: Gateways
    sender: Sender
    hooks: Hooks
    processors: Sequence[Processor]

    async def health(self) -> dict[str, str | None]:
        """What is wrong with each gateway, None where nothing is."""
        return {gateway.name: await gateway.health() for gateway in self.gateways}

    async def close(self) -> None:
        await self.sender.close()


def sms_part(around: Surroundings, gateways: Sequence[Gateway], hook_secret: str) -> SmsPart:
    """Sender, hooks and hints around these gateways."""
    told = Hints(around.notify, lambda: around.wake(hints.NAME), around.clock)
    flights = Flights(gateways, around.start_short, lambda: around.wake(sender.NAME), around.clock)
    sending = Sender(
        around.database,
        flights,
        tell_changed=told.tell_changed,
        zone=around.zone,
        clock=around.clock,
        kept=around.kept,
        link_of=around.link_of,
    )
    sending.is_loaded = around.is_loaded
    hooks = Hooks(
        database=around.database,
        clock=around.clock,
        gateways={gateway.name: gateway for gateway in gateways},
        secret=hook_secret,
        tell_changed=told.tell_changed,
        tell_arrived=around.tell_arrived,
        kept=around.kept,
        is_silent=around.is_silent,
        start_short=around.start_short,
        heard=sending.flown.heard,
        readers=around.readers,
    )
    entering = Entering(hooks, around.kept, around.is_silent)
    sending.flown.heard(entering.recall())

    def is_away() -> bool:
        return around.is_silent() or not sending.stores

    again = FlownAgain(sending.flown, around.kept, len(gateways), is_away, around.clock)
    polled = [Polling(gateway, hooks) for gateway in gateways if isinstance(gateway, Polled)]
    standing = Gateways(gateways, lambda: flights.routes)
    return SmsPart(gateways, standing, sending, hooks, [sending, told, entering, again, *polled])
