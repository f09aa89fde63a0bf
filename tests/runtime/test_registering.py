"""Who calls, as a part: keys first, alarms taken in while the rest is read, changes by hint."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from hashlib import sha256

import pytest

from callcenter.alerts.arriving.intake import Intake
from callcenter.alerts.models import JournalOutcome
from callcenter.core.supervisor import Supervisor
from callcenter.devices.refreshing import DIRECTORY
from callcenter.devices.registry import Registry
from callcenter.devices.signals import Kind, Signal
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part
from callcenter.runtime.registering import registry_part
from callcenter.seats.hub import Hub
from tests.support.away import keeping_somewhere
from tests.support.community import Community


@pytest.fixture
async def community(community: Community) -> Community:
    """A pendant at home."""
    await community.source()
    await community.device("1234", await community.home())
    return community


@pytest.fixture
def registry() -> Registry:
    return Registry(unseal=lambda sealed, context: sealed)


@pytest.fixture
def intake(ground: Ground, registry: Registry) -> Intake:
    hub = Hub(ground.clock, hint=lambda: None)
    keeping = keeping_somewhere(hub, ground.clock)
    return Intake(
        ground.database, registry, ground.clock, hub, texts_written=lambda: None, keeping=keeping
    )


@pytest.fixture
async def part(
    ground: Ground, registry: Registry, intake: Intake, community: Community
) -> AsyncIterator[Part]:
    """Prepared, and writing."""
    made = registry_part(ground, registry, intake)
    connection = await ground.database.connect("start")
    await made.prepare(connection)
    await connection.close()
    ground.loaded.set()
    async with Supervisor() as supervisor:
        await made.open(supervisor)
        yield made
    gc.unfreeze()  # of what a complete registry has frozen


async def test_an_alarm_is_taken_in_and_known_before_the_registry_is_complete(
    part: Part, ground: Ground, registry: Registry, intake: Intake, owner
):
    assert not registry.complete
    raw = b"1234:1"
    pressed = Signal("1234", Kind.SOS, sha256(raw).digest(), raw)
    [stored] = await intake.accept(registry.source("dc09"), [pressed], ground.clock.now())
    assert stored.outcome is JournalOutcome.OPENED
    assert await owner.fetchval("SELECT home_id FROM incident") is not None


async def test_its_processors_read_the_rest_and_what_changes_later(
    part: Part, ground: Ground, registry: Registry, community: Community
):
    filling, directory, last_seen = part.processors
    while await filling.run_once(ground.clock.now()):
        pass
    assert registry.complete
    await community.device("5678", await community.home())
    await directory.run_once(ground.clock.now())
    source = registry.source("dc09")
    assert registry.resolve(source, "5678", ground.clock.now()).known
    for processor in (directory, last_seen):
        await processor.connections.close()


async def test_the_hint_of_a_changed_directory_wakes_the_one_that_reads_it(
    part: Part, ground: Ground
):
    assert not ground.wakeups.event(DIRECTORY).is_set()
    part.listens["directory"]("")
    assert ground.wakeups.event(DIRECTORY).is_set()
    assert DIRECTORY in [processor.name for processor in part.processors]


async def test_when_devices_were_heard_of_is_written_by_it(
    part: Part, ground: Ground, registry: Registry, intake: Intake, owner
):
    filling, _, last_seen = part.processors
    while await filling.run_once(ground.clock.now()):
        pass
    intake.count_liveness(registry.source("dc09"), "1234", ground.clock.now())
    await last_seen.run_once(ground.clock.now())
    assert await owner.fetchval("SELECT seen_at FROM device_last_seen") == ground.clock.now()
    await last_seen.connections.close()
