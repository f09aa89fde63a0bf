"""What holds now: the file's until somebody says another, and the last word while the database is away."""

from __future__ import annotations

from datetime import timedelta

import pytest

from callcenter.adjustable.current import Site, SiteReading
from callcenter.adjustable.known import BUILT_IN
from callcenter.core.database import Database
from callcenter.core.errors import Unavailable

_SAY = """
INSERT INTO site_setting (name, value, since, by_id, by_name, before) VALUES ($1, $2, $3, 7, '魏来', '12')
ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""


@pytest.fixture
async def reading(database):
    made = SiteReading(Site(BUILT_IN | {"site.session_h": 10}), database)
    yield made
    await made.connections.close()


async def test_the_files_value_holds_until_another_is_said_and_again_when_that_is_taken_back(
    reading, owner, clock
):
    site = reading._site
    assert await reading.run_once(clock.now()) == 0
    assert (site.session, site.screen) == (timedelta(hours=10), timedelta(days=30))
    await owner.execute(_SAY, "site.session_h", 14, clock.now())
    await owner.execute(_SAY, "site.name", "榆荫里", clock.now())
    await reading.run_once(clock.now())
    assert (site.session, site.text("site.name")) == (timedelta(hours=14), "榆荫里")
    await owner.execute(_SAY, "site.session_h", None, clock.now())
    await reading.run_once(clock.now())
    assert site.session == timedelta(hours=10)


async def test_what_another_version_has_said_and_this_one_does_not_allow_is_left_out(
    reading, owner, clock
):
    await owner.execute(_SAY, "site.session_h", 1, clock.now())
    await owner.execute(_SAY, "site.unheard_of", 1, clock.now())
    await reading.run_once(clock.now())
    assert reading._site.session == timedelta(hours=10)


async def test_while_the_database_is_away_the_last_word_holds(reading, owner, clock):
    await owner.execute(_SAY, "site.session_h", 14, clock.now())
    await reading.run_once(clock.now())
    away = SiteReading(reading._site, Database("postgresql://nobody@127.0.0.1:1/none"))
    with pytest.raises(Unavailable):
        await away.run_once(clock.now())
    assert reading._site.session == timedelta(hours=14)
