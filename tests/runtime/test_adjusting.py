"""Settings that need no restart, in a process: the file's at first, and what is said elsewhere after a hint."""

from __future__ import annotations

from datetime import timedelta

import pytest

from callcenter.adjustable.current import SITE_SETTINGS
from callcenter.runtime.adjusting import adjusting_part
from callcenter.runtime.ground import Ground
from callcenter.settings import SiteSettings


@pytest.fixture
async def ground(settings, dsn):
    changed = settings.model_copy(update={"site": SiteSettings(session_h=10)})
    made = Ground(changed, dsn, pool_size=1)
    yield made
    await made.database.close()


async def test_what_was_said_before_a_start_holds_from_the_start_on(ground, owner, clock):
    part = adjusting_part(ground)
    assert ground.site.session == timedelta(hours=10)
    await owner.execute(
        "INSERT INTO site_setting (name, value, since, by_id, by_name, before)"
        " VALUES ('site.session_h', '14', $1, 7, '魏来', '10')",
        clock.now(),
    )
    assert part.prepare is not None
    await part.prepare(owner)
    assert ground.site.session == timedelta(hours=14)
    await part.stop()


async def test_a_hint_wakes_the_reading_and_a_change_here_tells_the_others(ground):
    part = adjusting_part(ground)
    awake = ground.wakeups.event(SITE_SETTINGS)
    part.listens[SITE_SETTINGS]("")
    assert awake.is_set()
    awake.clear()
    ground.site.tell()
    assert awake.is_set()
    await part.stop()
