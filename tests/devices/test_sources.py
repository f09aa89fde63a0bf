"""Sources on the page of the administrator: secrets shown once, renewed with an overlap, closed with open eyes."""

from datetime import timedelta
from hashlib import sha256

import pytest

from callcenter.alerts.telephoned import BY_NO_DEVICE
from callcenter.core.sealed import Seal
from callcenter.devices.codec import Request, SenderKey
from callcenter.devices.protocols.http_json.codec import HttpJsonCodec
from callcenter.devices.registry import Registry
from callcenter.devices.sources import NOT_SOURCES
from tests.devices.test_router import add_device, error_of
from tests.support.reading import read_whole

SOURCES = "/api/v1/sources"


@pytest.fixture
async def administrator(signed_in, community):
    return await signed_in("administrator", community.root)


@pytest.fixture
async def made(administrator, community):
    body = {"name": "phone-platform", "region_id": community.street}
    answer = await administrator.post(SOURCES, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


class Gate:
    """The alarm process's side: what its copy in memory lets in."""

    def __init__(self, owner, folder, clock):
        seal = Seal.load(folder)
        self._owner, self._clock = owner, clock
        self._registry = Registry(lambda sealed, context: seal.open(sealed, context=context))

    async def open(self):
        await read_whole(self._registry, self._owner)

    async def swept(self):
        await self._registry.sweep(self._owner)

    def sender(self, token, later=timedelta()):
        """Whom a request with this token comes from."""
        senders = {
            each.source.name: SenderKey(each.bearer_hash, each.key_id, each.secret, former=each.former)
            for each in self._registry.credentials()
        }  # fmt: skip
        request = Request({b"authorization": f"Bearer {token}".encode()}, b"{}")
        return HttpJsonCodec().receive(request, self._clock.now() + later, senders).source


@pytest.fixture
async def gate(owner, tmp_path, clock, made):
    gate = Gate(owner, tmp_path, clock)
    await gate.open()
    return gate


async def test_secrets_are_shown_once_and_kept_sealed(administrator, made, owner):
    assert made["token"]
    assert made["key_id"] == "phone-platform"
    [listed] = (await administrator.get(SOURCES)).json()
    assert (listed["by_secret"], listed["active"], listed["before_until"]) == (True, True, None)
    assert made["token"] not in str(listed)
    row = await owner.fetchrow("SELECT * FROM source")
    assert row["bearer_hash"] == sha256(made["token"].encode()).digest()
    assert made["secret"].encode() not in row["hmac_secret_sealed"]


async def test_old_and_new_are_heard_until_the_overlap_is_over(administrator, made, gate, hints):
    assert gate.sender(made["token"]) == "phone-platform"
    path = f"{SOURCES}/{made['source']['id']}/renewal"
    renewed = await administrator.post(path, json={"version": 1, "overlap_h": 24})
    assert renewed.status_code == 201, renewed.text
    assert hints[-1] == "directory", "the alarm process reads at once"
    await gate.swept()
    day = timedelta(hours=24)
    for token in (made["token"], renewed.json()["token"]):
        assert gate.sender(token) == "phone-platform"
    assert gate.sender(made["token"], day) is None, "ends by its time, whoever looks"
    assert gate.sender(renewed.json()["token"], day) == "phone-platform"
    assert gate.sender("a wrong one") is None


async def test_what_somebody_else_has_is_refused_at_once(administrator, made, gate):
    path = f"{SOURCES}/{made['source']['id']}/renewal"
    renewed = await administrator.post(path, json={"version": 1, "overlap_h": 0})
    await gate.swept()
    assert gate.sender(made["token"]) is None
    assert gate.sender(renewed.json()["token"]) == "phone-platform"


async def test_nobody_is_cut_off_by_a_second_renewal_unless_it_is_meant(administrator, made, gate):
    path = f"{SOURCES}/{made['source']['id']}/renewal"
    second = (await administrator.post(path, json={"version": 1, "overlap_h": 24})).json()
    body = {"version": 2, "overlap_h": 24}
    assert error_of(await administrator.post(path, json=body)) == (409, "still_overlapping")
    third = (await administrator.post(path, json=body | {"even_so": True})).json()
    await gate.swept()
    heard = [gate.sender(each["token"]) for each in (made, second, third)]
    assert heard == [None, "phone-platform", "phone-platform"]


async def test_a_source_of_homes_is_closed_only_by_who_knows(
    administrator, made, gate, community, owner
):
    device = await add_device(administrator, community.street, "P1", source="phone-platform")
    home = await community.home()
    await administrator.post(f"/api/v1/devices/{device['id']}/assignments", json={"home_id": home})
    path = f"{SOURCES}/{made['source']['id']}"
    closing = {"version": 1, "active": False}
    assert error_of(await administrator.patch(path, json=closing)) == (409, "source_serves")
    closed = await administrator.patch(path, json=closing | {"even_so": True})
    assert (closed.json()["active"], closed.json()["serving"]) == (False, 1)
    await gate.swept()
    assert gate.sender(made["token"]) is None
    told = await owner.fetchval(
        "SELECT detail FROM audit_entry WHERE action = 'source_changed' ORDER BY id DESC LIMIT 1"
    )
    assert told == {"before": {"active": True}, "after": {"active": False}}

    await administrator.patch(path, json={"version": 2, "active": True})
    await gate.swept()
    assert gate.sender(made["token"]) == "phone-platform"


async def test_the_source_of_a_listener_is_never_closed_here(administrator, community, owner):
    await community.source()
    source = await owner.fetchval("SELECT id FROM source")
    closing = {"version": 1, "active": False, "even_so": True}
    answer = await administrator.patch(f"{SOURCES}/{source}", json=closing)
    assert error_of(answer) == (422, "source_of_a_listener")
    renewing = {"version": 1, "overlap_h": 1}
    answer = await administrator.post(f"{SOURCES}/{source}/renewal", json=renewing)
    assert error_of(answer) == (422, "source_of_a_listener")
    horizon = await administrator.patch(
        f"{SOURCES}/{source}", json={"version": 1, "retry_horizon_s": None}
    )
    assert horizon.json()["retry_horizon_s"] is None


async def test_a_name_is_given_once_and_never_that_of_the_office_or_of_calls(
    administrator, community, made
):
    assert NOT_SOURCES == BY_NO_DEVICE
    for name in ("phone-platform", *NOT_SOURCES):
        body = {"name": name, "region_id": community.street}
        assert error_of(await administrator.post(SOURCES, json=body)) == (409, "source_exists")
    body = {"name": "panels", "region_id": community.street, "kind": "dc09"}
    assert error_of(await administrator.post(SOURCES, json=body)) == (422, "source_kind")


async def test_g8_a_source_of_another_region_is_not_there(signed_in, made, elsewhere):
    stranger = await signed_in("administrator", elsewhere)
    assert (await stranger.get(SOURCES)).json() == []
    path = f"{SOURCES}/{made['source']['id']}"
    assert (await stranger.patch(path, json={"version": 1})).status_code == 404
