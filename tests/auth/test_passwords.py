"""Argon2id, one at a time, off the event loop."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from callcenter.auth.passwords import (
    NOBODYS_HASH,
    Passwords,
    hash_password,
    matches,
)
from callcenter.auth.waiting_line import Comer
from callcenter.core.errors import Unavailable


def test_a_hash_is_argon2id_and_knows_its_password_alone():
    stored = hash_password("correct horse")
    assert stored.startswith("$argon2id$")
    assert matches("correct horse", stored)
    assert not matches("correct hörse", stored)


def test_an_unknown_log_in_costs_as_much_as_a_known_one():
    """The same parameters: m, t and p stand before the salt."""
    assert NOBODYS_HASH.split("$")[:4] == hash_password("x").split("$")[:4]
    assert not matches("anything", None)


async def in_turn(passwords: Passwords, address: str, login: str, done: list[str]) -> None:
    async with passwords.turn(Comer(address, login)):
        await asyncio.sleep(0)
        done.append(login)


async def test_a_whole_shift_waits_its_turn():
    passwords, done = Passwords(), []
    names = [f"op{number}" for number in range(50)]
    await asyncio.gather(*(in_turn(passwords, "10.0.0.7", name, done) for name in names))
    assert done == names


async def test_a_flood_is_refused_and_pushes_out_nobody_from_elsewhere():
    passwords, done = Passwords(most=20), []
    flood = [in_turn(passwords, "10.9.9.9", f"invented{n}", done) for n in range(200)]
    ours = in_turn(passwords, "10.0.0.7", "linlan", done)
    with capture_logs() as told:
        answers = await asyncio.gather(*flood, ours, return_exceptions=True)
    assert [(line["limit"], line["used"]) for line in told] == [("log_in.waiting", 16)]
    refused = [answer for answer in answers if isinstance(answer, Unavailable)]
    assert (len(refused), {error.code for error in refused}) == (180, {"busy"})
    assert done.index("linlan") < 3


async def test_who_has_waited_too_long_is_refused_and_the_next_is_heard():
    passwords, done = Passwords(within_s=0), []
    async with passwords.turn(Comer("10.0.0.7", "linlan")):
        with pytest.raises(Unavailable):
            await in_turn(passwords, "10.0.0.7", "wang", done)
    await in_turn(passwords, "10.0.0.7", "wang", done)
    assert done == ["wang"]


async def test_who_gives_up_when_their_turn_comes_passes_it_on():
    passwords, done = Passwords(), []
    async with passwords.turn(Comer("10.0.0.7", "linlan")):
        gone, wang = (
            asyncio.ensure_future(in_turn(passwords, "10.0.0.7", name, done))
            for name in ("gone", "wang")
        )
        await asyncio.sleep(0)
    gone.cancel()
    await asyncio.gather(gone, wang, return_exceptions=True)
    assert done == ["wang"]
    await in_turn(passwords, "10.0.0.7", "linlan", done)


async def test_the_loop_goes_on_while_a_password_is_compared():
    passwords = Passwords()
    compared = asyncio.ensure_future(passwords.matches("x", None))
    await asyncio.sleep(0)
    assert not compared.done()
    assert not await compared
