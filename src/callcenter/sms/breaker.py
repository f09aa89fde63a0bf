"""Which gateway gets a text: the first that works and has room. Pure; time is seconds of a monotonic clock.

A gateway that fails several times in a row is left alone for a while and then probed with a text that is no emergency.
An emergency is sent in any case: when no gateway looks healthy, it is tried on those that do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

FAULTS_TO_OPEN = 5
PAUSES_S = (5.0, 10.0, 20.0, 40.0, 60.0)
"""How long a gateway is left alone, longer each time a probe fails."""
PROBE_S = 30.0
"""Time that a probe is given before the next one goes out."""


@dataclass(frozen=True, slots=True)
class Breaker:
    faults: int = 0
    pauses: int = 0
    open_until: float | None = None
    probing: bool = False


CLOSED = Breaker()


@dataclass(frozen=True, slots=True)
class Route:
    """A gateway as the choice sees it."""

    name: str
    window: int
    in_flight: int = 0
    breaker: Breaker = CLOSED


def after(breaker: Breaker, *, healthy: bool, now: float) -> Breaker:
    """The breaker after one more answer."""
    if healthy:
        return CLOSED
    faults = breaker.faults + 1
    if faults < FAULTS_TO_OPEN:
        return replace(breaker, faults=faults)
    if breaker.open_until is not None and now < breaker.open_until and not breaker.probing:
        return replace(breaker, faults=faults)  # stragglers of before it opened
    pause = PAUSES_S[min(breaker.pauses, len(PAUSES_S) - 1)]
    return Breaker(faults, breaker.pauses + 1, now + pause)


def choose(
    routes: Sequence[Route], *, tried: str | None, emergency: bool, now: float
) -> Route | None:
    """The route for a text whose last attempt went to `tried`; None: it stays in the outbox for now.

    Routes come in order of preference; after a failed attempt the one behind `tried` comes first. A text that is no emergency takes at most half of a window, so that an emergency
    always finds room.
    """
    with_room = [route for route in _from_next(routes, tried) if _has_room(route, emergency)]
    for route in with_room:
        if route.breaker.open_until is None:
            return route
    if emergency:
        return with_room[0] if with_room else None
    for route in with_room:
        if route.breaker.open_until is not None and now >= route.breaker.open_until:
            return replace(
                route, breaker=replace(route.breaker, open_until=now + PROBE_S, probing=True)
            )
    return None


def taken(route: Route) -> Route:
    """The route with one more text in flight."""
    return replace(route, in_flight=route.in_flight + 1)


def _from_next(routes: Sequence[Route], tried: str | None) -> list[Route]:
    """The routes in a circle that ends with `tried`, so that each is asked once before one is asked again."""
    names = [route.name for route in routes]
    start = names.index(tried) + 1 if tried in names else 0
    return [*routes[start:], *routes[:start]]


def _has_room(route: Route, emergency: bool) -> bool:
    limit = route.window if emergency else max(route.window // 2, 1)
    return route.in_flight < limit
