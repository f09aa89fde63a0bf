"""Texts that came in are kept as they came, and each of them once."""

import asyncio

import pytest

from callcenter.sms import arrivals
from callcenter.sms.catalogue import ASKING, ASKING_FIELD, ASKING_ROUNDS
from callcenter.sms.gateway import InboundText
from tests.support.outbox import DAUGHTER, enqueue, text_for


@pytest.fixture
def arrive(database, clock):
    async def arrive(words, provider_id=None, *, sender="13900000001", gateway="kannel"):
        async with database.transaction() as session:
            arrival = InboundText(sender, words, provider_id)
            return await arrivals.keep(session, gateway, arrival, clock.now()) is not None

    return arrive


async def test_what_a_gateway_repeats_under_its_id_is_one_text(arrive, clock):
    assert await arrive("1", "mo-1")
    clock.advance(86_400)
    assert not await arrive("1", "mo-1")
    assert await arrive("1", "mo-1", gateway="second")


@pytest.mark.parametrize("ids", [("mo-1", "mo-2"), (None, None)])
async def test_the_same_words_within_a_minute_are_one_answer_under_whatever_id(arrive, clock, ids):
    assert await arrive("1", ids[0])
    clock.advance(59.9)
    assert not await arrive("1", ids[1])
    clock.advance(0.1)
    assert await arrive("1", ids[1])


async def test_another_phone_and_other_words_are_other_answers(arrive):
    assert await arrive("1")
    assert await arrive("1", sender="13900000002")
    assert await arrive("2")


async def test_who_changes_their_mind_and_back_has_answered_three_times(arrive, owner):
    assert [await arrive(words) for words in ("1", "2", "1")] == [True] * 3
    rows = await owner.fetch("SELECT text FROM sms_inbound ORDER BY id")
    assert [row["text"] for row in rows] == ["1", "2", "1"]


@pytest.mark.parametrize("kind", sorted(ASKING | ASKING_FIELD | ASKING_ROUNDS))
async def test_the_same_words_to_a_new_question_are_a_new_answer(database, arrive, clock, kind):
    """A contact's and a duty phone's alike: the second alarm must not go untaken because the first was."""
    connection = await database.connect("cause")
    for _ in range(2):
        await enqueue(connection, [text_for(clock.advance(1), DAUGHTER, kind=kind)])
        clock.advance(1)
        assert await arrive("1")
    await connection.close()
    assert not await arrive("1")


async def test_copies_that_come_at_once_are_kept_once(arrive):
    kept = await asyncio.gather(*(arrive("1", f"mo-{number}") for number in range(8)))
    assert sum(kept) == 1


async def test_an_id_that_is_given_to_another_text_hides_neither(arrive, clock):
    """Modems number what they have from 1 each time they start."""
    assert await arrive("1", "7")
    assert await arrive("2", "7")
    assert await arrive("1", "7", sender="13900000002")
    clock.advance(4 * 86_400)
    assert await arrive("1", "7")


@pytest.mark.parametrize(
    "sender",
    ["+86 139 0000 0001", "0086 13900000001", "008613900000001", "8613900000001", "86-139-0000-0001", "+86-139-0000-0001", "１３９００００００01",
     "013900000001", "(86)13900000001", "tel:+8613900000001", "sip:+8613900000001@ims.example.net", "+8613900000001;phone-context=ims", " 13900000001 "],
)  # fmt: skip
def test_a_number_is_the_same_however_the_network_writes_it(sender):
    assert arrivals.sender_number(sender) == DAUGHTER


@pytest.mark.parametrize(
    ("sender", "written"),
    [
        ("13900000001", DAUGHTER),
        ("0571-8888 6666", "+8657188886666"),
        ("8657188886666", "+8657188886666"),
        ("85291234567", "+85291234567"),
        ("10690001", "10690001"),
        ("661234", "661234"),
        ("Bank\x00\ud800", "Bank?"),
    ],
)
def test_the_sender_is_a_number_where_it_is_one(sender, written):
    assert arrivals.sender_number(sender) == written
