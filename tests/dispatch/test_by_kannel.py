"""The whole way of a task by a real Kannel: offered, taken, there and done by a telephone that has nothing but texts."""

from __future__ import annotations

import asyncio

import pytest

from callcenter.dispatch.addressing import FieldQuestions
from callcenter.sms.arrivals import whose_by
from callcenter.sms.gateways.kannel.gateway import KannelGateway
from callcenter.sms.hooks import Readers
from tests.support.field import NOW
from tests.support.field_phones import FieldPhones
from tests.support.hooks_server import hooks_server
from tests.support.kannel import network, running_kannel, settings_for
from tests.support.outbox import stepped_sender

pytestmark = pytest.mark.kannel

ZHANG = "+8613800000031"


async def until_read(phones: FieldPhones, count: int) -> None:
    """Until so many texts have come in and are carried out."""
    done = "SELECT count(*) FROM sms_inbound WHERE handled_at IS NOT NULL AND reader = 'field'"
    async with asyncio.timeout(15):
        while await phones.field.owner.fetchval(done) < count:
            await asyncio.sleep(0.02)
            await phones.come()


async def test_zhang_takes_goes_and_is_done(field, database, clock, tmp_path):
    clock.set_wall(NOW)
    phones = FieldPhones(field, clock)
    await field.staff("张强", ["caregiver"], phone=ZHANG)
    task_id = await field.task(what="助浴")
    whose = whose_by(FieldQuestions(database).claims)
    async with hooks_server(database, clock, Readers(whose)) as hooks:
        with running_kannel(tmp_path, hooks.inbound_url) as kannel:
            await kannel.start()
            gateway = KannelGateway(settings_for(kannel.sendsms_url, smsc="A"), hooks.hook_url)
            async with network(kannel) as air, stepped_sender(database, [gateway], clock) as sender:
                await phones.come()
                for count, digit in enumerate(("1", "３", "4"), 1):
                    await sender.settle()
                    await air.wait_for(count)
                    clock.advance(60)
                    await air.phone_sends(ZHANG, digit)
                    await until_read(phones, count)
                await sender.settle()
                got = [each.text for each in await air.wait_for(4)]
    code = (await field.row(task_id))["code"]
    assert got[0].endswith(f"榆荫里7号楼2单元501，助浴。回1接，回2不接 编号{code}")
    assert [text[-len(f"编号{code}") :] for text in got] == [f"编号{code}"] * 4
    assert await field.steps(task_id) == ["entered", "offered", "accepted", "arrived", "done"]
