"""SIA DC-09 out over TCP: a connection for each message, three tries with the same number, then the second address.

What they acknowledge is that their machine has it. An answer is believed only whole: CRC, number and account as sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from callcenter.core.clock import Clock
from callcenter.devices.protocols.dc09.frame import FrameCutter
from callcenter.forwarding.course import Outcome
from callcenter.forwarding.parcel import Parcel, account_of
from callcenter.forwarding.way import Line, Sent
from callcenter.forwarding.ways.dc09_frames import (
    Answered,
    Reply,
    alarm_frame,
    poll_frame,
    read_reply,
)

TRIES: Final = 3
_LONGEST_ANSWER: Final = 8192
Frame = Callable[[datetime], bytes]
"""The message as it is sent at this time, by their clock."""


class Dc09Way:
    """How far each centre's clock is from ours is remembered from its last NAK."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offset: dict[int, timedelta] = {}

    async def send(self, line: Line, parcel: Parcel) -> Sent:
        account = account_of(line.account, line.home_digits, parcel.content)
        call = _Call(line, account, parcel.sequence)
        return await self._over_all(call, lambda now: alarm_frame(line, parcel, now))

    async def poll(self, line: Line) -> Sent:
        account = account_of(line.account, line.home_digits, {})
        return await self._over_all(_Call(line, account, None), lambda now: poll_frame(line, now))

    async def close(self) -> None:
        """Nothing is held."""

    async def _over_all(self, call: _Call, frame: Frame) -> Sent:
        for place, address in enumerate(call.line.addresses, start=1):
            found = await self._at(call, address, frame)
            call.note(found)
            if found.outcome is Outcome.DELIVERED:
                return Sent(Outcome.DELIVERED, address=place)
        return call.worst()

    async def _at(self, call: _Call, address: str, frame: Frame) -> Sent:
        """One address, until it says something or has had its tries."""
        found = Sent(Outcome.NOT_SENT, "no_connection")
        told_time = False
        for _ in range(TRIES):
            exchanged = await self._exchange(call, address, frame)
            if isinstance(exchanged, Sent):
                call.note(exchanged)
                found = exchanged
                if exchanged.outcome is Outcome.NOT_SENT:
                    return found
                continue
            if exchanged.reply is Reply.ACK:
                return Sent(Outcome.DELIVERED)
            found = Sent(Outcome.REFUSED, exchanged.reply.value)
            if exchanged.reply is Reply.DUH or exchanged.time is None or told_time:
                return found
            self._offset[call.line.centre_id] = exchanged.time - self._clock.now()
            told_time = True
        return found

    async def _exchange(self, call: _Call, address: str, frame: Frame) -> Answered | Sent:
        """Their answer, or what its absence proves."""
        host, _, port = address.rpartition(":")
        try:
            async with asyncio.timeout(call.line.timeout_s):
                reader, writer = await asyncio.open_connection(host.strip("[]"), int(port))
        except (OSError, ValueError):  # TimeoutError is an OSError
            return Sent(Outcome.NOT_SENT, "no_connection")
        try:
            offset = self._offset.get(call.line.centre_id, timedelta())
            writer.write(frame(self._clock.now() + offset))
            async with asyncio.timeout(call.line.timeout_s):
                await writer.drain()
                return await _answer(reader, call)
        except TimeoutError:
            return Sent(Outcome.UNKNOWN, "no_answer")
        except OSError:
            return Sent(Outcome.UNKNOWN, "connection_lost")
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader, call: _Call) -> Answered | Sent:
    """The first frame that is an answer to this message."""
    cutter, heard = FrameCutter(), 0
    while heard < _LONGEST_ANSWER:
        data = await reader.read(4096)
        if not data:
            return Sent(Outcome.UNKNOWN, "connection_lost")
        heard += len(data)
        for cut in cutter.feed(data):
            found = read_reply(cut, call.line, call.sequence, call.account)
            if found.reply is not Reply.OTHER:
                return found
    return Sent(Outcome.UNKNOWN, "answer_not_read")


class _Call:
    """One message on its way, and what was proved by the tries so far."""

    def __init__(self, line: Line, account: str, sequence: int | None) -> None:
        self.line = line
        self.account = account
        self.sequence = sequence
        self._found: list[Sent] = []

    def note(self, found: Sent) -> None:
        self._found.append(found)

    def worst(self) -> Sent:
        """Whatever may have arrived is unknown, though another address has refused it."""
        for outcome in (Outcome.UNKNOWN, Outcome.REFUSED):
            for found in self._found:
                if found.outcome is outcome:
                    return found
        return Sent(Outcome.NOT_SENT, "no_connection")
