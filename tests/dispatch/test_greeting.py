"""Who a text is from: the nearest region upwards that says so."""

from __future__ import annotations

from callcenter.dispatch.greeting import greeting
from tests.support.field import Field


async def greeted(field: Field) -> dict[str, str]:
    async with field.database.transaction() as session:
        return await greeting(session, field.community.street)


async def test_what_a_street_does_not_say_is_said_by_those_above_it(field: Field):
    await field.owner.execute(
        "UPDATE region SET sms_signature = NULL, sms_signature_en = NULL, hotline = NULL"
    )
    assert await greeted(field) == {"signature": "", "signature_en": "", "hotline": ""}
    root, street = field.community.root, field.community.street
    named = "UPDATE region SET sms_signature = $2, hotline = $3 WHERE id = $1"
    await field.owner.execute(named, root, "云陌养老", "0999-8010000")
    await field.owner.execute(named, street, "榆荫里养老", None)
    assert await greeted(field) == {
        "signature": "榆荫里养老",
        "signature_en": "",
        "hotline": "0999-8010000",
    }
