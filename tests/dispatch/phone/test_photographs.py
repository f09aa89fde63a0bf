"""A photograph is kept sealed and once; one that cannot be kept says why, and costs nobody their check-in."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from structlog.testing import capture_logs

from callcenter.core.errors import NotFound
from callcenter.dispatch.phone.bodies import PhoneCommandBody
from callcenter.dispatch.phone.carrying_out import Hand
from callcenter.dispatch.phone.models import FieldPhoto
from callcenter.dispatch.phone.nonces import nonce_for
from callcenter.dispatch.phone.photographs import Album, Sent, bytes_of
from callcenter.dispatch.phone.sessions import Phone
from tests.support.field import NOW, Field, later
from tests.support.photos import opened, photo, with_place


@pytest.fixture
async def anna(field: Field) -> int:
    return await field.staff("王敏", ["caregiver"])


def phone_of(field: Field, staff_id: int) -> Phone:
    street = field.community.street
    return Phone(staff_id, "王敏", street, (street,), b"", later(days=3))


@pytest.fixture
def album(database, clock, seal, field: Field, anna: int) -> Album:
    return Album(database, clock, seal, phone_of(field, anna))


def sent(task_id: UUID, content: bytes, photo_id: UUID | None = None, nonce: str = "") -> Sent:
    return Sent(photo_id or uuid4(), task_id, nonce, content)


async def arrives(album: Album, task_id: UUID, photo_id: UUID, name: str = "arrive") -> Any:
    hand = Hand(album.database, album.clock, album.seal, album.phone)
    body = {"lat": 40.0, "lng": 104.0, "accuracy_m": 5.0, "photo_id": str(photo_id)}
    command = PhoneCommandBody(id=uuid4(), name=name, task_id=task_id, said_at=NOW, body=body)
    [told] = await hand.all_of([command])
    return told.params["flags"]


async def test_it_is_sealed_without_a_word_of_the_camera_and_a_repeat_is_one(
    field: Field, album: Album, anna: int
):
    task_id = await field.accepted(anna)
    nonce = nonce_for(album.seal, anna, NOW)
    first = sent(task_id, with_place(), nonce=nonce)
    kept, again = await album.keep(first), await album.keep(first)
    assert (kept.id, kept.refused, kept.nonce_at is not None) == (again.id, "", True)
    async with field.database.transaction() as session:
        row = await session.get_one(FieldPhoto, kept.id)
        content = await bytes_of(session, album.seal, row)
    assert opened(content).size == (480, 640)
    stored = await field.owner.fetchrow("SELECT content FROM photo")
    assert b"JFIF" not in stored["content"]
    assert await arrives(album, task_id, kept.id) == []
    assert await field.owner.fetchval("SELECT proof FROM check_in") == "photo"


async def test_one_that_cannot_be_kept_is_told_why_flagged_and_logged_and_the_arrival_counts(
    field: Field, album: Album, anna: int
):
    task_id = await field.accepted(anna)
    heic = sent(task_id, b"\x00\x00\x00\x18ftypheic" + bytes(400))
    with capture_logs() as logs:
        refused = await album.keep(heic)
    assert (refused.refused, (await album.keep(heic)).refused) == ("photo_heic", "photo_heic")
    assert [each["reason"] for each in logs if each["event"] == "phone_photo_flagged"] == [
        "photo_heic"
    ]
    assert await arrives(album, task_id, heic.id) == ["no_photo"]
    assert (await field.row(task_id))["state"] == "arrived"


async def test_a_picture_that_was_shown_before_is_flagged(field: Field, album: Album, anna: int):
    task_id, other = await field.accepted(anna), await field.accepted(anna)
    first = await album.keep(sent(task_id, photo(5, size=(1200, 900))))
    same = await album.keep(sent(other, photo(5, size=(1200, 900))))
    shrunk = await album.keep(sent(other, photo(5, size=(640, 480), quality=60)))
    assert (same.refused, same.alike, shrunk.refused, shrunk.alike) == (
        "seen_before",
        first.id,
        "",
        first.id,
    )
    assert await arrives(album, other, same.id) == ["seen_photo"]
    assert await arrives(album, other, shrunk.id, "depart") == ["seen_photo"]


async def test_it_may_come_after_its_check_in(field: Field, album: Album, anna: int):
    task_id = await field.accepted(anna)
    later_on = sent(task_id, b"no picture at all")
    assert await arrives(album, task_id, later_on.id) == []
    await album.keep(later_on)
    note = await field.owner.fetchval("SELECT data FROM task_step WHERE kind = 'note'")
    assert (note["photo"], note["photo_id"]) == ("photo_type", str(later_on.id))


async def test_a_job_of_somebody_else_takes_no_picture(field: Field, album: Album):
    theirs = await field.accepted(await field.staff("刘师傅"))
    with pytest.raises(NotFound):
        await album.keep(sent(theirs, photo()))
    assert await field.owner.fetchval("SELECT count(*) FROM photo") == 0
