"""When a storm begins, what belongs to it and when it is over. Pure.

A storm is a row that says where, since when and of which kind; what belongs to it follows from the row alone. So nothing is
written at its alarms, and server, seats and wall agree on them. Only technical alarms are ever counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from callcenter.alerts.incident import Incident
from callcenter.regions.tree import RegionRow, settings_along

NEIGHBOURS: Final = "community"
"""Level of the tree at which alarms of several regions are one storm."""


@dataclass(frozen=True, slots=True)
class StormTimes:
    """`within`: so many alarms in so long are a storm. `quiet`: without another one for so long it is over."""

    within: timedelta = timedelta(seconds=60)
    quiet: timedelta = timedelta(seconds=600)


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """Alarms of one kind and mode in one region; with all regions below it, where `below` says so."""

    id: UUID
    kind: str
    mode: str
    region_id: int
    region_path: Sequence[int]
    below: bool
    reaches: Sequence[int]
    """Every region that sees one of its alarms, sorted: whoever does sees the storm."""
    since: datetime
    last_at: datetime
    """When its last alarm was opened, as far as somebody has looked."""
    over_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """Technical alarms of one kind and mode that one region has had within the time that counts."""

    region_path: Sequence[int]
    kind: str
    mode: str
    count: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Rule:
    """In this region more than `most` are a storm, counted with those `below` it or without; 0: they never are."""

    region_id: int
    most: int
    below: bool = True


@dataclass(frozen=True, slots=True)
class Look:
    """What has changed since the look before."""

    begun: Sequence[Storm]
    changed: Sequence[Storm]


Rules = Callable[[Sequence[int]], Sequence[Rule]]
"""For a region path: where its alarms are counted, the nearest region first."""


def rules_along(path: Sequence[RegionRow]) -> Sequence[Rule]:
    """In its community, else its own region, and in whichever region has a number of its own."""
    alone = all(region.level != NEIGHBOURS for region in path)
    counted = []
    for depth, region in enumerate(path, 1):
        below = region.level == NEIGHBOURS or region.storm_alarms is not None
        if below or (alone and depth == len(path)):
            counted.append(Rule(region.id, settings_along(path[:depth]).storm_alarms, below))
    return counted[::-1]


def storm_of(incident: Incident, storms: Iterable[Storm]) -> Storm | None:
    """Which of them the incident belongs to: the one of the nearest region, and of those the first."""
    if incident.signal_class != "technical":
        return None
    found = [
        storm
        for storm in storms
        if _covers(storm, incident.region_path)
        and (storm.kind, storm.mode) == (incident.kind, incident.mode)
        and storm.since <= incident.opened_at
        and (storm.over_at is None or incident.opened_at <= storm.last_at)
    ]
    return _nearest(found)


def _covers(storm: Storm, path: Sequence[int]) -> bool:
    return storm.region_id == path[-1] or (storm.below and storm.region_id in path)


def _nearest(found: Iterable[Storm]) -> Storm | None:
    return min(found, key=lambda one: (-len(one.region_path), one.since, one.id), default=None)


def look(
    running: Sequence[Storm],
    seen: Sequence[Seen],
    rules: Rules,
    now: datetime,
    times: StormTimes,
    new_id: Callable[[], UUID],
) -> Look:
    """What begins, grows and ends, with the storms that are not over and what was counted until now."""
    grown = {storm.id: storm for storm in running}
    free = []
    for one in seen:
        storm = _takes_in(running, one)
        if storm is None:
            free.append(one)
        else:
            grown[storm.id] = _grown(grown[storm.id], [one])
    after = [_ended(storm, now, times) for storm in grown.values()]
    return Look(
        begun=[storm for alike in _alike(free) for storm in _begun(alike, rules, new_id)],
        changed=[storm for storm, before in zip(after, running, strict=True) if storm != before],
    )


def _takes_in(running: Sequence[Storm], seen: Seen) -> Storm | None:
    """The storm that these alarms belong to, as far as one is running."""
    found = [
        storm
        for storm in running
        if _covers(storm, seen.region_path)
        and (storm.kind, storm.mode) == (seen.kind, seen.mode)
        and storm.since <= seen.last_at
    ]
    return _nearest(found)


def _grown(storm: Storm, seen: Sequence[Seen]) -> Storm:
    reaches = set(storm.reaches).union(*(one.region_path for one in seen))
    last_at = max(storm.last_at, *(one.last_at for one in seen))
    return replace(storm, last_at=last_at, reaches=tuple(sorted(reaches)))


def _ended(storm: Storm, now: datetime, times: StormTimes) -> Storm:
    return replace(storm, over_at=now) if now - storm.last_at >= times.quiet else storm


def _alike(seen: Sequence[Seen]) -> Iterable[Sequence[Seen]]:
    groups: dict[tuple[str, str], list[Seen]] = {}
    for one in seen:
        groups.setdefault((one.kind, one.mode), []).append(one)
    return groups.values()


def _begun(seen: Sequence[Seen], rules: Rules, new_id: Callable[[], UUID]) -> Iterable[Storm]:
    """From the leaves up: a region that has more than it may is a storm; what it does not hold counts in the region above."""
    left = list(seen)
    for path, rule in _places(seen, rules).items():
        here = [one for one in left if _counts(one, path, rule)]
        if not rule.most or sum(one.count for one in here) <= rule.most:
            continue
        left = [one for one in left if one not in here]
        first = min(one.first_at for one in here)
        began = Storm(
            id=new_id(), kind=here[0].kind, mode=here[0].mode, region_id=rule.region_id, region_path=path,
            below=rule.below, reaches=path, since=first, last_at=first,
        )  # fmt: skip
        yield _grown(began, here)


def _places(seen: Sequence[Seen], rules: Rules) -> Mapping[tuple[int, ...], Rule]:
    """The rule of each place where is counted, by its region path; the deepest first."""
    found = {
        tuple(one.region_path[: one.region_path.index(rule.region_id) + 1]): rule
        for one in seen
        for rule in rules(one.region_path)
    }
    ordered = sorted(found.items(), key=lambda item: (-len(item[0]), item[0]))
    return MappingProxyType(dict(ordered))


def _counts(seen: Seen, path: tuple[int, ...], rule: Rule) -> bool:
    own = tuple(seen.region_path)
    return own == path or (rule.below and own[: len(path)] == path)
