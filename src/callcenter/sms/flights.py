"""Texts on their way to a gateway: which one gets them, how each fares, and the answers that wait to be stored."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol
from uuid import UUID

import structlog

from callcenter.core.clock import Clock
from callcenter.core.phone import mask
from callcenter.sms import breaker
from callcenter.sms.breaker import Route
from callcenter.sms.catalogue import EMERGENCY
from callcenter.sms.claiming import Attempt, Choose
from callcenter.sms.gateway import HEALTHY, LONGEST_SEND_S, Gateway, Outcome, SendResult

log = structlog.get_logger(__name__)

_NEVER_SENT = SendResult(Outcome.REFUSED, "never_sent")


class StartShort(Protocol):
    """Runs one send as a task of its own: the supervisor's `start_short`."""

    def __call__(self, coro: Coroutine[Any, Any, None], /, *, name: str) -> object: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one attempt."""

    attempt: Attempt
    result: SendResult


def _nobody_asks(_answer: Answer) -> None:
    """It is enough when it is stored."""


class Flights:
    """`wake` is called when an answer has come."""

    def __init__(
        self,
        gateways: Sequence[Gateway],
        start_short: StartShort,
        wake: Callable[[], None],
        clock: Clock,
        *,
        longest_send_s: float = LONGEST_SEND_S,
    ) -> None:
        self._gateways = {gateway.name: gateway for gateway in gateways}
        self._routes = {gateway.name: Route(gateway.name, gateway.window) for gateway in gateways}
        self._start_short = start_short
        self._wake = wake
        self._clock = clock
        self._longest_send_s = longest_send_s
        self._flying: dict[UUID, Attempt] = {}
        self._answers: deque[Answer] = deque()
        self._landed = asyncio.Event()
        self.on_landing: Callable[[Answer], None] = _nobody_asks
        """Called with each answer as it comes, before anybody stores it."""

    @property
    def gateways(self) -> int:
        """How many there are to choose from."""
        return len(self._gateways)

    @property
    def routes(self) -> Mapping[str, Route]:
        """How each gateway fares, by name."""
        return self._routes

    @property
    def room(self) -> int:
        """Texts that may be claimed now."""
        return sum(route.window - route.in_flight for route in self._routes.values())

    @property
    def flying(self) -> Collection[Attempt]:
        return self._flying.values()

    def now(self) -> float:
        """By the clock of this sender (monotonic s)."""
        return self._clock.monotonic()

    def chooser(self) -> Choose:
        """Chooses for one slice; the windows it fills are only its own until `start`."""
        routes = dict(self._routes)

        def choose(tried: str | None, priority: int) -> Route | None:
            chosen = breaker.choose(
                list(routes.values()),
                tried=tried,
                emergency=priority <= EMERGENCY,
                now=self._clock.monotonic(),
            )
            if chosen is not None:
                routes[chosen.name] = breaker.taken(chosen)
            return chosen

        return choose

    async def start(self, attempts: Iterable[Attempt]) -> None:
        """Sends each as a task of its own; whoever waits for the loop gets a turn after each."""
        waiting = deque(attempts)
        try:
            while waiting:
                self._start(waiting.popleft())
                await asyncio.sleep(0)
        finally:
            self.give_back(waiting)

    def take_answers(self, limit: int) -> list[Answer]:
        return [self._answers.popleft() for _ in range(min(limit, len(self._answers)))]

    def put_back(self, answers: Iterable[Answer]) -> None:
        """They could not be stored: the next cycle tries again."""
        self._answers.extend(answers)

    def give_back(self, attempts: Iterable[Attempt]) -> None:
        """Claimed, but no byte has left, and none will."""
        self._answers.extend(Answer(attempt, _NEVER_SENT) for attempt in attempts)

    async def all_landed(self, limit_s: float) -> None:
        """Until nothing is on its way, or the time is over."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                while self._flying:
                    self._landed.clear()
                    await self._landed.wait()

    async def close(self) -> None:
        for gateway in self._gateways.values():
            await gateway.close()

    def _start(self, attempt: Attempt) -> None:
        route = breaker.taken(self._routes[attempt.gateway])
        self._routes[route.name] = replace(route, breaker=attempt.probe or route.breaker)
        self._flying[attempt.id] = attempt
        self._start_short(self._send(attempt), name=f"sms_{attempt.id}")

    async def _send(self, attempt: Attempt) -> None:
        result = SendResult(Outcome.UNKNOWN, "stopped")
        try:
            result = await self._result(attempt)
        except TimeoutError:
            result = SendResult(Outcome.UNKNOWN, "no_answer")
        except Exception:  # A fault in an adapter: whether bytes left is not known.
            log.exception("sms_gateway_failed", gateway=attempt.gateway)
            result = SendResult(Outcome.UNKNOWN, "gateway_fault")
        finally:
            self._land(attempt, result)

    async def _result(self, attempt: Attempt) -> SendResult:
        if attempt.message is None:
            return SendResult(Outcome.REJECTED, "cannot_render")
        async with asyncio.timeout(self._longest_send_s):
            return await self._gateways[attempt.gateway].send(attempt.message)

    def _land(self, attempt: Attempt, result: SendResult) -> None:
        del self._flying[attempt.id]
        answer = Answer(attempt, result)
        self._answers.append(answer)
        self.on_landing(answer)
        self._note_health(attempt.gateway, healthy=result.outcome in HEALTHY)
        if result.outcome not in HEALTHY:
            log.warning(
                "sms_not_sent",
                id=str(attempt.id),
                recipient=mask(attempt.recipient),
                outcome=result.outcome.value,
                error=result.error,
                attempt=attempt.number,
            )
        self._landed.set()
        self._wake()

    def _note_health(self, gateway: str, *, healthy: bool) -> None:
        route = self._routes[gateway]
        health = breaker.after(route.breaker, healthy=healthy, now=self._clock.monotonic())
        if (health.open_until is None) != (route.breaker.open_until is None):
            log.warning("sms_gateway_health", gateway=route.name, healthy=health.open_until is None)
        self._routes[gateway] = replace(route, in_flight=route.in_flight - 1, breaker=health)
