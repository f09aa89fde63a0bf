"""Who may send signals over HTTP is said on the command line."""

from __future__ import annotations

from asyncio import to_thread
from hashlib import sha256

import pytest

from callcenter.core.errors import Conflict, NotFound
from callcenter.core.sealed import Seal
from callcenter.devices.registry import Registry
from tests.support.reading import read_whole


def told(output: str) -> dict[str, str]:
    return dict(line.split(":", 1) for line in output.strip().splitlines())


@pytest.fixture
def platform(site):
    result = site("source", "add", "phone-platform")
    assert result.exit_code == 0
    return {key: value.strip() for key, value in told(result.stdout).items()}


async def credentials(site_folder, owner):
    seal = await to_thread(Seal.load, site_folder)
    registry = Registry(lambda sealed, context: seal.open(sealed, context=context))
    await read_whole(registry, owner)
    return registry.credentials()


async def test_what_is_printed_is_what_the_server_knows(site, platform, owner, tmp_path):
    [known] = await credentials(tmp_path / "data", owner)
    assert known.bearer_hash == sha256(platform["bearer token"].encode()).digest()
    assert (known.key_id, known.secret) == (platform["key id"], platform["hmac secret"].encode())


async def test_renewed_secrets_replace_the_old(site, platform, owner, tmp_path):
    assert (await to_thread(site, "source", "renew", "phone-platform")).exit_code == 0
    [known] = await credentials(tmp_path / "data", owner)
    assert known.secret != platform["hmac secret"].encode()
    assert known.former is None


async def test_old_secrets_hold_for_as_long_as_it_is_said(site, platform, owner, tmp_path):
    done = await to_thread(site, "source", "renew", "phone-platform", "--overlap", "24")
    assert done.exit_code == 0
    [known] = await credentials(tmp_path / "data", owner)
    assert known.former is not None
    assert known.former.secret == platform["hmac secret"].encode()


async def test_a_closed_source_is_refused(site, platform, owner, tmp_path):
    assert (await to_thread(site, "source", "close", "phone-platform")).exit_code == 0
    assert await credentials(tmp_path / "data", owner) == []
    assert "closed" in (await to_thread(site, "source", "list")).stdout


def test_a_name_is_given_once(site, platform):
    assert isinstance(site("source", "add", "phone-platform").exception, Conflict)
    assert isinstance(site("source", "renew", "nobody").exception, NotFound)


def test_what_operators_open_by_hand_has_a_name_of_its_own(site):
    assert isinstance(site("source", "add", "office").exception, Conflict)


async def test_how_long_a_repeat_is_one_may_be_set_and_left_to_the_format(site, platform, owner):
    horizon = "SELECT retry_horizon_s FROM source WHERE name = 'phone-platform'"
    assert await owner.fetchval(horizon) is None
    for given, stored in ((["90"], 90), ([], None)):
        done = await to_thread(site, "source", "horizon", "phone-platform", *given)
        assert (done.exit_code, await owner.fetchval(horizon)) == (0, stored)
    unknown = await to_thread(site, "source", "horizon", "nobody", "90")
    assert isinstance(unknown.exception, NotFound)
