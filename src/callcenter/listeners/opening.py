"""From bound sockets to running listeners: each with its codec, its source and that source's keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import asyncpg

from callcenter.core.errors import Misconfigured
from callcenter.devices.callers import SourceRef
from callcenter.devices.codec import Frames, Transport, WireFormat
from callcenter.devices.formats import retry_horizon_s
from callcenter.devices.registry import Registry
from callcenter.listeners.binding import Bound, Wanted
from callcenter.listeners.delivery import Delivery, IntakePort
from callcenter.listeners.samples import Samples
from callcenter.listeners.surroundings import Surroundings
from callcenter.listeners.tcp import TcpListener
from callcenter.listeners.udp import UdpListener

Listener = TcpListener | UdpListener


async def place_sources(
    connection: asyncpg.Connection, wanted: Sequence[Wanted], root: int
) -> list[int | None]:
    """Give every listened format its source, of the region that is named for it first, else as it was, else of the root.

    Returns the region that each listener itself names, by id. Raises Misconfigured for a code that no region has.
    """
    regions = [
        await _region(connection, f"listeners.{number}.region", each.region)
        for number, each in enumerate(wanted)
    ]
    named: dict[str, int | None] = {}
    for each, region in zip(wanted, regions, strict=True):
        named[each.format] = named.get(each.format) or region
    for name, region in named.items():
        await connection.execute(_SOURCE, name, region or root, region is not None)
    return regions


async def _region(connection: asyncpg.Connection, key: str, code: str | None) -> int | None:
    if code is None:
        return None
    region: int | None = await connection.fetchval(REGION, code)
    if region is None:
        raise Misconfigured(f"{key}: there is no region with the code {code!r}")
    return region


async def open_listeners(
    bound: Sequence[Bound],
    formats: Mapping[str, WireFormat],
    registry: Registry,
    intake: IntakePort,
    regions: Sequence[int | None],
    around: Surroundings,
) -> list[Listener]:
    """Start one listener on each socket; `regions` as `place_sources` gave them, before the registry was loaded."""
    opened = []
    for each, region in zip(bound, regions, strict=True):
        wanted = each.wanted
        source = registry.source(wanted.format) or _until_it_has_one(wanted.format, registry)
        carried = formats[wanted.format].carried
        if not isinstance(carried, Frames):
            raise Misconfigured(f"{each.key}.format: {wanted.format} is not listened to")
        if region is not None:
            source = replace(source, region_id=region)
        kept = around.bounds.samples
        delivery = Delivery(source, intake, samples=Samples.within(kept, around.clock.monotonic))
        codec, keys = partial(carried.codec, wanted.options), registry.keys(source.name)
        make = TcpListener if wanted.transport is Transport.TCP else UdpListener
        listener: Listener = make(codec, delivery, keys, around)
        await listener.start(each.socket)
        opened.append(listener)
    return opened


def _until_it_has_one(name: str, registry: Registry) -> SourceRef:
    """Of a format that is listened to for the first time while the database is away: it is placed when that is back."""
    return SourceRef(name, name, registry.root_id, retry_horizon_s(name, None))


REGION = "SELECT id FROM region WHERE code = $1"

_SOURCE = """
INSERT INTO source (name, kind, region_id) VALUES ($1, $1, $2)
ON CONFLICT (name) DO UPDATE SET region_id = excluded.region_id
WHERE $3 AND source.region_id <> excluded.region_id
"""
