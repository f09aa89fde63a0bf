"""The second way, against servers that stand for it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from callcenter.core.errors import Unavailable
from callcenter.liveness.circle import Leg
from callcenter.watchdog.alarming import Event, Notice
from callcenter.watchdog.configuration import Email, Relay, Sms, Webhook
from callcenter.watchdog.ways import say
from callcenter.watchdog.wording import Said
from tests.support.watchdog import mail_server, sms_server, webhook_server

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
NOTICE = Notice(Event.ALARM, NOON, NOON, Leg.DEVICE, "answers 503")
SAID = Said("看门狗 WATCHDOG ALARM", "what to do 怎么办")


async def test_a_webhook_is_told_what_leg_and_since_when():
    async with webhook_server() as hooks:
        way = Webhook(kind="webhook", url=f"http://127.0.0.1:{hooks.port}/x")
        await say(way, NOTICE, SAID, "one")
    [told] = hooks.got
    assert (told["event"], told["leg"], told["watchdog"]) == ("alarm", "device", "one")
    assert told["text"] == "what to do 怎么办"


async def test_a_webhook_that_refuses_has_not_been_told():
    async with webhook_server() as hooks:
        hooks.refuse = True
        way = Webhook(kind="webhook", url=f"http://127.0.0.1:{hooks.port}/x")
        with pytest.raises(Unavailable, match="503"):
            await say(way, NOTICE, SAID, "one")


async def test_mail_goes_to_all_recipients_in_both_languages():
    async with mail_server() as mails:
        way = Email(
            kind="email",
            host="127.0.0.1",
            port=mails.port,
            sender="w@example.org",
            recipients=["a@example.org", "b@example.org"],
            plain=True,
        )
        await say(way, NOTICE, SAID, "one")
    [mail] = mails.got
    assert "a@example.org, b@example.org" in mail


async def test_a_text_goes_by_a_gateway_of_its_own_to_each_number():
    async with sms_server() as gateway:
        way = Sms(
            kind="sms",
            url=f"http://127.0.0.1:{gateway.port}/cgi-bin/sendsms",
            user="u",
            password=SecretStr("p"),
            recipients=["+8613900000001", "+8613900000002"],
        )
        await say(way, NOTICE, SAID, "one")
    assert [text["to"] for text in gateway.got] == ["+8613900000001", "+8613900000002"]
    assert gateway.got[0]["text"] == SAID.short


async def test_a_command_gets_its_arguments_as_they_stand_and_no_shell(tmp_path: Path):
    written = tmp_path / "written"
    script = "import sys; open(sys.argv[1], 'w').write(sys.argv[2])"
    way = Relay(
        kind="command", command=[sys.executable, "-c", script, str(written), "{event}; $(ls) | x"]
    )
    await say(way, NOTICE, SAID, "one")
    assert written.read_text() == "alarm; $(ls) | x"


@pytest.mark.parametrize(
    "command", [["/nowhere/lamp"], [sys.executable, "-c", "raise SystemExit('the lamp is broken')"]]
)
async def test_a_command_that_fails_has_not_told(command: list[str]):
    with pytest.raises(Unavailable, match=r"No such file|the lamp is broken"):
        await say(Relay(kind="command", command=command), NOTICE, SAID, "one")


async def test_nobody_at_the_other_end_is_said_so():
    way = Webhook(kind="webhook", url="http://127.0.0.1:1/x")
    with pytest.raises(Unavailable, match="webhook"):
        await say(way, NOTICE, SAID, "one")
