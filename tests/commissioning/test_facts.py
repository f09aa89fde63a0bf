"""What is found of a site: counted where it stands, and a certificate that cannot be read is none."""

from __future__ import annotations

from datetime import timedelta

import pytest

from callcenter.commissioning.facts import SiteSettings, certificate_until, read_facts
from callcenter.core.last_copy import Kind, LastCopy, note

NO_GATEWAY = SiteSettings((), None)


def test_until_when_a_certificate_holds(certificate, clock):
    until = certificate_until(certificate)
    assert until is not None
    assert timedelta(days=364) < until - clock.now() <= timedelta(days=365)


@pytest.mark.parametrize("content", [None, b"", b"-----BEGIN CERTIFICATE-----\nno\n"])
def test_what_is_no_certificate_holds_for_nothing(tmp_path, content):
    path = tmp_path / "server.pem"
    if content is not None:
        path.write_bytes(content)
    assert certificate_until(path) is None


async def test_each_home_counts_by_what_its_regions_say(database, clock, owner, community):
    elsewhere = await community.region(community.root, "street", "槐荫街道")
    await community.source()
    await community.device("3301-0042", await community.home())
    await community.home(region=elsewhere)
    await owner.execute("UPDATE region SET duty_numbers = '{}', hotline = NULL")
    hotline = "UPDATE region SET hotline = '0999-8012349', duty_numbers = '{+8613901000009}' WHERE id = $1"
    await owner.execute(hotline, community.street)
    async with database.transaction() as session:
        found = await read_facts(session, NO_GATEWAY, clock.now())
    assert (found.regions, found.homes, found.with_device) == (2, 2, 1)
    assert (found.without_hotline, found.without_duty, found.root_has_duty) == (1, 1, False)


async def test_only_who_works_now_may_sit_at_a_seat(database, clock, owner, community):
    for login, role in (("lin", "operator"), ("tang", "supervisor"), ("wei", "administrator")):
        await community.user(login, role)
    await owner.execute("UPDATE app_user SET active = false WHERE login = 'tang'")
    await community.user("zhao")
    over = "UPDATE role_grant SET until_at = $1 WHERE user_id = (SELECT id FROM app_user WHERE login = 'zhao')"
    await owner.execute(over, clock.now())
    async with database.transaction() as session:
        found = await read_facts(session, NO_GATEWAY, clock.now())
    assert found.operators == 1


async def test_a_drill_that_failed_since_is_none(database, clock, tmp_path):
    site = SiteSettings((), None, tmp_path)
    now = clock.now()
    note(tmp_path, LastCopy(now, Kind.BACKUP, True, "copy"))
    note(tmp_path, LastCopy(now, Kind.DRILL, True, "copy"))
    async with database.transaction() as session:
        found = await read_facts(session, site, now)
        assert (found.copied_at, found.drilled_at) == (now, now)
        note(tmp_path, LastCopy(now, Kind.DRILL, False, "copy"))
        found = await read_facts(session, site, now)
        assert (found.copied_at, found.drilled_at) == (now, None)
