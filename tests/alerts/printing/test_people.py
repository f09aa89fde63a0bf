"""The printed page carries the numbers to call, for eyes that may see profiles."""

from __future__ import annotations

from uuid import UUID

import asyncpg

from callcenter.alerts.archive import read_incident
from callcenter.alerts.printing.people import read_around
from tests.alerts.conftest import Centre


async def test_residents_and_contacts_come_with_their_numbers(
    centre: Centre, incident: str, owner: asyncpg.Connection
):
    one = await read_incident(owner, UUID(incident))
    around = await read_around(owner, one, with_people=True)
    assert "沈玉兰" in {person.name for person in around.residents.values()}
    assert all(contact.numbers for contact in around.contacts.values())
    assert around.contacts
    without = await read_around(owner, one, with_people=False)
    assert (without.residents, without.contacts) == ({}, {})
