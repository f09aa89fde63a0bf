"""A switchboard at an exchange, a caller who gives up at any word that the two say to each other, and what must be gone then."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Final, Protocol
from uuid import UUID

import httpx

from callcenter.core.clock import SystemClock
from callcenter.core.errors import CallCenterError
from callcenter.core.supervisor import Supervisor
from callcenter.hotline.beginning import Ports
from callcenter.hotline.call import Call, Role, State
from callcenter.hotline.deeds import Deed
from callcenter.hotline.lines import Lines
from callcenter.hotline.switchboard import Switchboard
from callcenter.telephony import numbers
from callcenter.telephony.line import Line, LineKind
from callcenter.telephony.pbxs.asterisk.exchange import Asterisk, At
from tests.support.between import Between, between

HOTLINE: Final = Line("95001", LineKind.HOTLINE, 7, area_code="0311")
LI, ZHANG = 1, 2
SEATS: Final = {LI: "desk-1", ZHANG: "desk-2"}
CONTACT: Final = "13800000001"
GONE_WITHIN_S: Final = 4.0
"""Less than a caller's seat would ring, and than the next look at what stands."""


@dataclass
class Office:
    """`channels` asks the exchange which legs stand in it."""

    between: Between
    lines: Lines
    channels: Callable[[], Awaitable[Sequence[str]]]
    ended: list[Call] = field(default_factory=list)
    _more: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, calls: Sequence[Call]) -> None:
        self.ended += [each for each in calls if each.state is State.ENDED]
        self._more.set()

    @property
    def call(self) -> Call | None:
        return next(iter(self.lines.board.calls.values()), None)

    async def until(
        self, wanted: Callable[[Call | None], bool], within_s: float = GONE_WITHIN_S
    ) -> Call | None:
        """The call, or that there is none."""
        async with asyncio.timeout(within_s):
            while not wanted(self.call):
                self._more.clear()
                await self._more.wait()
        return self.call

    async def state(self, state: State) -> Call:
        call = await self.until(lambda each: each is not None and each.state is state)
        assert call is not None
        return call

    def orders(self, order: Callable[[UUID], Sequence[Deed]]) -> None:
        """What an operator wants of the call; they are told where it has ended meanwhile."""
        if self.call is None:
            return
        try:
            self.lines.follow(order(self.call.id))
        except CallCenterError:
            return

    def take(self) -> None:
        now = SystemClock().now()
        self.orders(lambda call: self.lines.board.take(call, LI, SEATS[LI], now))

    async def all_gone(self, within_s: float = GONE_WITHIN_S) -> None:
        """No call stands at a seat, and no telephone of it at the exchange."""
        await self.until(lambda call: call is None, within_s)
        async with asyncio.timeout(GONE_WITHIN_S):
            while await self.channels():
                await asyncio.sleep(0.02)


def _is_in(call: Call, role: Role) -> bool:
    return any(each.role is role for each in call.legs.values())


def _is_up(call: Call | None, role: Role) -> bool:
    return call is None or any(each.role is role and each.is_up for each in call.legs.values())


async def takes(office: Office) -> None:
    """The seat takes the call and speaks."""
    office.take()
    await office.until(lambda call: call is None or call.state is State.TALKING)


async def holds(office: Office) -> None:
    """And takes it back."""
    board = office.lines.board
    office.orders(lambda call: board.hold(call, LI))
    office.orders(lambda call: board.resume(call, LI))
    office.orders(lambda call: board.hold(call, LI))
    await office.until(lambda call: call is None or call.state is State.HELD)


async def consults(office: Office) -> None:
    """A colleague is asked, and given the call."""
    board, now = office.lines.board, SystemClock().now()
    office.orders(lambda call: board.consult(call, LI, ZHANG, SEATS[ZHANG], now))
    await office.until(lambda call: _is_up(call, Role.COLLEAGUE))
    office.orders(lambda call: board.give(call, LI, now))
    await office.until(lambda call: call is None or call.taken_by == ZHANG)


async def adds(office: Office) -> None:
    """A contact; they and the operator speak on without whoever rang, and it is over with them."""
    board, now = office.lines.board, SystemClock().now()
    office.orders(lambda call: board.add(call, LI, CONTACT, now))
    await office.until(lambda call: _is_up(call, Role.OTHER))


def hang_up(office: Office) -> None:
    """Whoever has it ends it."""
    board, now = office.lines.board, SystemClock().now()
    office.orders(lambda call: board.hang_up(call, board.calls[call].taken_by or LI, now))


Act = Callable[[Office], Awaitable[None]]
ACTS: Final[Sequence[Act]] = (takes, holds, consults, adds)


class Caller(Protocol):
    """Whoever rang."""

    def gives_up(self) -> None: ...


async def at_each_instant(
    office: Office,
    act: Act,
    rings: Callable[[], AbstractAsyncContextManager[Caller]],
    step: int = 1,
) -> int:
    """One call for each word (or each third) that server and exchange say to each other during this; before it, the caller gives up. How
    many words there were.
    """
    nth = 0
    while await _gives_up_before(nth, office, act, rings):
        nth += step
    return nth


async def _gives_up_before(
    nth: int, office: Office, act: Act, rings: Callable[[], AbstractAsyncContextManager[Caller]]
) -> bool:
    """False where there was no such word."""
    async with rings() as caller:
        await office.state(State.RINGING)
        if act is not takes:
            await takes(office)
        office.between.before(nth, caller.gives_up)
        await act(office)
        await office.between.quiet()
        was_said = office.between.has_done
        office.between.lets_all_through()
        caller.gives_up()
        await office.until(lambda call: call is None or not _is_in(call, Role.CALLER))
        hang_up(office)  # whoever speaks on with a contact
        await office.all_gone()
        return was_said


@asynccontextmanager
async def open_office(
    at: At, channels: Callable[[], Awaitable[Sequence[str]]]
) -> AsyncIterator[Office]:
    ids = count(1)
    async with AsyncExitStack() as stack:
        way = await stack.enter_async_context(between(at))
        supervisor = await stack.enter_async_context(Supervisor())
        ports = Ports(
            line_of=lambda _: HOTLINE,
            caller_of=lambda arrived, line: numbers.read(
                arrived.caller, arrived.withheld, (), line.area_code
            ),
            new_id=lambda: UUID(int=next(ids)),
        )
        pbx = Asterisk("trial", way.at)

        def told(calls: Sequence[Call]) -> None:
            office.hear(calls)

        lines = Lines(
            pbx,
            Switchboard("trial", ports),
            SystemClock(),
            supervisor.start_short,
            told,
        )
        office = Office(way, lines, channels)
        supervisor.start(lines.listen(), name="lines")
        async with asyncio.timeout(10):
            while not lines.board.is_connected:
                await asyncio.sleep(0.01)
        yield office


async def channels_of(at: At) -> Sequence[str]:
    """What stands in a real exchange."""
    async with httpx.AsyncClient(auth=(at.user, at.password), trust_env=False) as client:
        answer = await client.get(f"http://{at.address}/ari/channels")
        return [each["name"] for each in answer.json()]
