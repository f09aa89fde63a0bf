"""What a gateway calls: stored and answered, once, and for nobody without the secret."""

from uuid import uuid4

import httpx
import pytest

from callcenter.sms.gateways.sandbox.gateway import SandboxGateway
from tests.support.hooks_server import SECRET, TOKEN, hooks_server
from tests.support.outbox import DAUGHTER, enqueue, stepped_sender, text_for


@pytest.fixture
async def server(database, clock):
    async with hooks_server(database, clock) as running:
        yield running


@pytest.fixture
async def http(server):
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as client:
        yield client


@pytest.fixture
async def submitted(database, owner, clock):
    """A text that the gateway has taken."""
    connection = await database.connect("cause")
    text = text_for(clock.now())
    await enqueue(connection, [text])
    await connection.close()
    await owner.execute(
        "UPDATE sms_message SET state = 'submitted', attempt = 1, gateway = 'kannel', lease_until = now()"
    )
    return text


def receipt(text, mask, **changes):
    query = {
        "id": str(text.id),
        "attempt": 1,
        "type": mask,
        "fid": "net-1",
        "answer": "",
        "smsc": "A",
    }
    return f"/hooks/kannel/{SECRET}/receipt", query | changes


async def test_a_receipt_delivers_the_text_and_a_repeat_changes_nothing(
    owner, server, http, submitted, clock
):
    path, query = receipt(submitted, 1)
    for _ in range(3):
        assert (await http.get(path, params=query)).status_code == 200
    row = await owner.fetchrow("SELECT * FROM sms_message")
    assert (row["state"], row["provider_id"], row["version"]) == ("delivered", "net-1", 2)
    assert row["settled_at"] == clock.now()
    assert row["lease_until"] is None
    assert server.changed == 1


async def test_receipts_out_of_order_end_delivered(owner, http, submitted):
    for mask in (1, 8, 4, 34, 8):
        path, query = receipt(submitted, mask)
        await http.post(path, params=query)
    assert await owner.fetchval("SELECT state FROM sms_message") == "delivered"


async def test_a_refusal_by_the_network_names_what_it_said(owner, http, submitted):
    path, query = receipt(submitted, 16, answer="NACK/0x00000045/Submit\x00 failed", fid="")
    await http.get(path, params=query)
    row = await owner.fetchrow("SELECT * FROM sms_message")
    assert (row["state"], row["error"]) == ("failed", "receipt_16 NACK/0x00000045/Submit failed")
    assert row["provider_id"] is None
    path, query = receipt(submitted, 1)
    await http.get(path, params=query)
    row = await owner.fetchrow("SELECT * FROM sms_message")
    assert (row["state"], row["error"]) == ("delivered", None)


async def test_a_receipt_of_no_text_of_ours_is_taken_and_forgotten(server, http, submitted):
    path, query = receipt(submitted, 1, id=str(uuid4()))
    assert (await http.get(path, params=query)).status_code == 200
    assert server.changed == 0


@pytest.mark.parametrize("changes", [{"id": "1"}, {"type": "x"}])
async def test_a_malformed_receipt_is_refused(http, submitted, changes):
    path, query = receipt(submitted, 1, **changes)
    assert (await http.get(path, params=query)).status_code == 422


@pytest.mark.parametrize("what", ["receipt", "inbound"])
@pytest.mark.parametrize("secret", ["wrong", "秘密", SECRET + "x"])
async def test_a_stranger_finds_nothing(owner, server, http, submitted, what, secret):
    _, query = receipt(submitted, 1)
    answer = await http.get(f"/hooks/kannel/{secret}/{what}", params=query | {"from": "1"})
    assert answer.status_code == 404
    assert await owner.fetchval("SELECT state FROM sms_message") == "submitted"
    assert await owner.fetchval("SELECT count(*) FROM sms_inbound") == 0


async def test_a_text_that_came_in_is_kept_raw_and_once(owner, server, http, clock):
    query = {"from": "13900000001", "to": "10690001", "id": "mo-1", "text": "１，马上到"}
    for _ in range(2):
        assert (await http.get(f"/hooks/kannel/{SECRET}/inbound", params=query)).status_code == 200
    [row] = await owner.fetch("SELECT * FROM sms_inbound")
    assert (row["sender"], row["text"]) == (DAUGHTER, "１，马上到")
    assert (row["gateway"], row["provider_key"], row["received_at"]) == (
        "kannel",
        "mo-1",
        clock.now(),
    )
    assert row["meaning"] is row["handled_at"] is row["reference"] is None
    assert server.arrivals == 1


async def test_a_receipt_that_is_odd_in_a_part_still_counts(owner, http, submitted):
    odd = {"attempt": "9" * 40, "answer": "x" * 9_000, "fid": "y" * 3_000}
    path, query = receipt(submitted, 66, answer="y" * 9_000)
    assert (await http.get(path, params=query)).status_code == 200
    row = await owner.fetchrow("SELECT state, error FROM sms_message")
    assert (row["state"], row["error"][:12]) == ("failed", "receipt_66 y")
    for mask, state in ((8, "failed"), (1, "delivered")):
        path, query = receipt(submitted, mask, **odd)
        assert (await http.get(path, params=query)).status_code == 200
        assert await owner.fetchval("SELECT state FROM sms_message") == state


async def test_a_text_is_read_in_the_charset_it_came_in(owner, http):
    path = f"/hooks/kannel/{SECRET}/inbound?from=13900000001&id=a&charset=UTF-16BE&coding=2"
    assert (await http.get(f"{path}&text=%FF%11")).status_code == 200
    assert await owner.fetchval("SELECT text FROM sms_inbound") == "１"


@pytest.mark.parametrize("gateway", ["sandbox", "nobody"])
async def test_a_gateway_that_calls_nobody_has_no_address(http, gateway):
    answer = await http.get(f"/hooks/{gateway}/{SECRET}/inbound", params={"from": "1"})
    assert answer.status_code == 404


async def test_without_an_id_the_same_text_within_a_minute_is_a_repeat(owner, http, clock):
    path = f"/hooks/kannel/{SECRET}/inbound"
    for text in ("1", "1", "2"):
        await http.get(path, params={"from": "10086", "text": text})
    clock.advance(60)
    await http.get(path, params={"from": "10086", "text": "1"})
    rows = await owner.fetch("SELECT sender, text FROM sms_inbound ORDER BY received_at, text")
    assert [tuple(row) for row in rows] == [("10086", "1"), ("10086", "2"), ("10086", "1")]


async def test_a_text_of_nothing_or_of_rubbish_is_kept_too(owner, http):
    path = f"/hooks/kannel/{SECRET}/inbound?from=%2B86139&id=a"
    assert (await http.get(path)).status_code == 200
    assert (await http.get(f"{path}b&text=%00%FF%ED%A0%80" + "x" * 9_000)).status_code == 200
    assert await owner.fetchval("SELECT count(*) FROM sms_inbound") == 2
    assert await owner.fetchval("SELECT max(length(text)) FROM sms_inbound") == 4_000


async def test_while_the_database_is_away_the_gateway_is_told_to_come_again(
    databases, dsn, database, owner, http, submitted
):
    await owner.execute("REVOKE UPDATE ON sms_message FROM callcenter_server")
    path, query = receipt(submitted, 1)
    assert (await http.get(path, params=query)).status_code == 503
    await owner.execute("GRANT UPDATE ON sms_message TO callcenter_server")
    assert (await http.get(path, params=query)).status_code == 200


async def test_the_virtual_phones_show_texts_and_answer(
    database, owner, server, http, clock, submitted
):
    await owner.execute(
        "UPDATE sms_message SET state = 'queued', gateway = NULL, lease_until = NULL"
    )
    async with stepped_sender(database, [SandboxGateway()], clock) as sender:
        await sender.settle()
    clock.advance(5)
    token = {"X-Demo-Token": TOKEN}
    said = await http.post(
        f"/api/demo/phones/{DAUGHTER}/reply", json={"text": "1"}, headers=token
    )  # fmt: skip
    assert said.status_code == 204
    assert server.arrivals == 1
    [phone] = (await http.get("/api/demo/phones", headers=token)).json()
    assert phone["number"] == DAUGHTER
    assert [message["direction"] for message in phone["messages"]] == ["out", "in"]
    assert phone["messages"][0]["text"].startswith("【榆荫里养老】沈玉兰老人17:26发出紧急求助")
    assert phone["messages"][0]["state"] == "delivered"
    assert phone["messages"][1]["text"] == "1"


@pytest.mark.parametrize("headers", [{}, {"X-Demo-Token": "wrong"}])
async def test_nobody_looks_at_the_virtual_phones_without_the_token(http, headers):
    assert (await http.get("/api/demo/phones", headers=headers)).status_code == 401
    answer = await http.post(
        f"/api/demo/phones/{DAUGHTER}/reply", json={"text": "1"}, headers=headers
    )
    assert answer.status_code == 401
