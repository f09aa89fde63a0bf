"""One round: press, wait for it at the seat, prove it, see what became of it, close it. Each leg is timed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Any, Final

import httpx

from callcenter.auth.guards import COOKIE, CSRF_HEADER
from callcenter.core.clock import Clock
from callcenter.core.errors import CallCenterError, Unavailable
from callcenter.core.ids import new_id
from callcenter.liveness.circle import Circle, Leg, LegResult, LegState, legs_after
from callcenter.watchdog.configuration import Configuration
from callcenter.watchdog.pressing import press
from callcenter.watchdog.virtual_seat import Shown, VirtualSeat

LOOK_EVERY_S: Final = 0.3
PROVED: Final = ["seen", "sounding"]
TEXT_ENDED: Final = ["drill"]
"""The state of a text that is written, and handed to no gateway: the end of every text of a watchdog."""


Holds = Callable[[Mapping[str, Any]], bool]
_FOLLOWED: Final[Mapping[Leg, Holds]] = MappingProxyType(
    {
        Leg.JOURNAL: lambda told: told["journal"] in ("opened", "joined"),
        Leg.PROOF: lambda told: told["proofs"] == PROVED,
        Leg.TEXT: lambda told: told["texts"] == TEXT_ENDED,
    }
)


@dataclass(slots=True)
class _Round:
    """What one round has found so far."""

    began: float
    legs: list[LegResult] = field(default_factory=list)

    def note(self, leg: Leg, state: LegState, at: float, detail: str = "") -> None:
        ms = max(0, round(1000 * (at - self.began)))
        self.legs.append(LegResult(leg=leg, state=state, ms=ms, detail=detail[:300]))


class Rounds:
    """Makes rounds against one site."""

    def __init__(
        self, settings: Configuration, seat: VirtualSeat, client: httpx.AsyncClient, clock: Clock
    ) -> None:
        self._settings = settings
        self._seat = seat
        self._client = client
        self._clock = clock

    async def one(self) -> Circle:
        """Never raises for what it watches."""
        pressed_at = self._clock.now()
        found = _Round(self._clock.monotonic())
        shown: Shown | None = None
        if await self._leg(found, Leg.SEAT, self._seat_hears):
            self._seat.forget()
        if await self._leg(found, Leg.DEVICE, self._press) and _holds(found, Leg.SEAT):
            shown = await self._shown(found)
        if shown is not None and await self._follow(found, shown):
            await self._leg(found, Leg.CLOSED, lambda: self._close(shown))
        legs = sorted(legs_after(found.legs), key=lambda each: list(Leg).index(each.leg))
        return Circle(pressed_at=pressed_at, legs=legs)

    async def tell(self, circle: Circle) -> None:
        """The server shows when the watchdog was heard last. Raises Unavailable."""
        body = {**circle.model_dump(mode="json"), "at": self._clock.now().isoformat()}
        await self._ask("POST", "/api/v1/watch/circles", body)

    async def _leg(self, found: _Round, leg: Leg, walk: Callable[[], Awaitable[LegState]]) -> bool:
        """Whether it holds, within what is left of the time."""
        left = self._settings.within_s - (self._clock.monotonic() - found.began)
        try:
            async with asyncio.timeout(max(0.0, left)):
                state, detail = await walk(), ""
        except TimeoutError:
            state, detail = LegState.FAILED, f"not within {self._settings.within_s:g} s"
            if leg is Leg.SEAT:
                detail = self._seat.why
        except CallCenterError as error:
            state, detail = LegState.FAILED, error.message
        found.note(leg, state, self._clock.monotonic(), detail)
        return state is not LegState.FAILED

    async def _seat_hears(self) -> LegState:
        """A seat that was cut a moment ago is given a third of the time to come back."""
        async with asyncio.timeout(self._settings.within_s / 3):
            await self._seat.beats.wait()
        if not self._seat.hears:
            raise Unavailable("the server's beat has stopped")
        return LegState.OK

    async def _press(self) -> LegState:
        await press(
            self._settings.press, self._client, self._seat.server, new_id(), self._clock.now()
        )
        return LegState.OK

    async def _shown(self, found: _Round) -> Shown | None:
        shown: list[Shown] = []

        async def wait() -> LegState:
            shown.append(await self._seat.shown())
            await self._seat.prove(shown[0])
            return LegState.OK

        return shown[0] if await self._leg(found, Leg.SHOWN, wait) else None

    async def _follow(self, found: _Round, shown: Shown) -> bool:
        """Journal, proofs and text, each timed when it was first seen to hold."""
        latest: dict[str, Any] = {}
        for leg, holds in _FOLLOWED.items():
            walk = partial(self._until, shown, holds, latest)
            if not await self._leg(found, leg, walk):
                return False
        return True

    async def _until(self, shown: Shown, holds: Holds, latest: dict[str, Any]) -> LegState:
        while True:
            path = f"/api/v1/watch/incidents/{shown.incident_id}?signal={shown.journal_id}"
            latest.update(await self._ask("GET", path))
            if latest["kept"]:
                return LegState.KEPT
            if holds(latest):
                return LegState.OK
            await asyncio.sleep(LOOK_EVERY_S)

    async def _close(self, shown: Shown) -> LegState:
        told = await self._ask("POST", f"/api/v1/watch/incidents/{shown.incident_id}/close", {})
        return LegState.KEPT if told["kept"] else LegState.OK

    async def _ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        headers = {
            "Cookie": f"{COOKIE}={self._settings.token.get_secret_value()}",
            CSRF_HEADER: self._settings.csrf.get_secret_value(),
        }
        url = f"{self._seat.server}{path}"
        try:
            answer = await self._client.request(method, url, json=body, headers=headers)
        except httpx.HTTPError as error:
            raise Unavailable(f"{path}: {error!r}") from error
        if not answer.is_success:
            raise Unavailable(f"{path} answers {answer.status_code}: {answer.text[:150]}")
        found: dict[str, Any] = answer.json()
        return found


def _holds(found: _Round, leg: Leg) -> bool:
    return any(each.leg is leg and each.state is LegState.OK for each in found.legs)
