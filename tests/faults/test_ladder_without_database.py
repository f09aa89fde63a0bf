"""The database stands still and nobody takes the alarm: duty phones are texted in their turn all the same, gateways are answered, and
pages that need the database say so at once. Afterwards every text has its row and was sent once, though the office was killed.
"""

from __future__ import annotations

import json
import signal
from collections import Counter
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import httpx

from callcenter.auth.guards import COOKIE
from callcenter.regions.policies import EscalationPolicy, stored_policies
from tests.support.console import open_console
from tests.support.flaky_proxy import FlakyProxy
from tests.support.kannel import PASSWORD, USER
from tests.support.place import Place
from tests.support.sms_gateway import Taken, fake_smsbox
from tests.support.waiting import until, until_told
from tests.support.wire import post, sos

DUTY, NIGHT, DAUGHTER = "+8613900000009", "+8613900000008", "+8613900000001"
QUICK = EscalationPolicy(unproved_s=1, supervisors_s=2, duty_s=3, again_s=3)
"""Shorter than anybody may set it."""


def text_of(taken: Taken) -> str:
    return parse_qs(urlsplit(taken.receipt_url).query)["id"][0]


async def test_g5_an_untaken_alarm_reaches_the_second_phone_once_while_the_database_stands_still(
    place: Place,
):
    owner = place.site.owner
    await owner.execute(
        "UPDATE region SET duty_numbers = $1, escalation = $2",
        [DUTY, NIGHT],
        stored_policies({0: QUICK}),
    )
    [wang, *_] = place.site.operators
    async with fake_smsbox() as smsbox, FlakyProxy.to_postgres(place.dsn) as proxy:
        kannel = {"kind": "kannel", "url": smsbox.url, "user": USER, "password": PASSWORD}
        gateways = json.dumps([{**kannel, "callback_url": "http://127.0.0.1:9"}])
        server = await place.serve(proxy.dsn, SMS__GATEWAYS=gateways)
        await until(lambda: bool(server.events("office_answers")), "the office", 60)
        client = httpx.AsyncClient(
            base_url=server.url, cookies={COOKIE: wang.cookie}, timeout=20, trust_env=False
        )
        async with client, open_console(server.url, wang) as console:
            await console.gets("beat")
            proxy.hold("down")
            pressed = await post(server.http_port, sos(place.site.phone(0)))
            await console.shows(pressed.document["incident_id"])

            def phoned() -> list[str]:
                return [each.recipient for each in smsbox.taken if each.recipient in {DUTY, NIGHT}]

            await until(lambda: phoned()[:2] == [DUTY, NIGHT], "the second phone", 40)
            reached = datetime.now(UTC)
            await until(lambda: bool(server.events("database_silent")), "the office to know", 20)
            page = await client.get("/api/v1/residents")
            assert (page.status_code, page.json()["error"]["code"]) == (503, "database_away")
            assert page.elapsed.total_seconds() < 1

            first = next(each for each in smsbox.taken if each.recipient == DUTY)
            receipt = urlsplit(first.receipt_url.replace("%d", "1"))
            hook = f"{receipt.path.rpartition('/')[0]}"
            assert (await client.get(f"{receipt.path}?{receipt.query}")).status_code == 200
            answer = {"from": DAUGHTER, "text": "1", "charset": "UTF-8", "id": "answer-1"}
            assert (await client.get(f"{hook}/inbound", params=answer)).status_code == 200
            server.signal("office", signal.SIGKILL)
            proxy.release()
            proxy.restore()

            async def is_entered() -> bool:
                found = await owner.fetchrow(
                    "SELECT (SELECT state FROM sms_message WHERE id = $1::uuid) AS state,"
                    " (SELECT count(*) FROM sms_inbound) AS answers",
                    text_of(first),
                )
                return tuple(found) == ("delivered", 1)

            await until_told(is_entered, "the receipt and the answer to be entered", 60)
    sent = Counter(text_of(each) for each in smsbox.taken)
    assert set(sent.values()) == {1}
    rows = await owner.fetch("SELECT id::text FROM sms_message")
    assert set(sent) <= {row["id"] for row in rows}
    told = await owner.fetch(
        "SELECT at FROM timeline_entry WHERE kind = 'duty_told' AND incident_id = $1::uuid ORDER BY number",
        pressed.document["incident_id"],
    )
    assert max(row["at"] for row in told[:2]) < reached
