"""Argon2id, one at a time, off the event loop."""

from __future__ import annotations

import asyncio

from callcenter.auth.passwords import (
    NOBODYS_HASH,
    Passwords,
    hash_password,
    matches,
)
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


async def test_a_flood_of_log_ins_is_refused_while_the_loop_goes_on():
    passwords = Passwords()
    tries = [asyncio.ensure_future(passwords.matches("x", None)) for _ in range(40)]
    turns = 0
    while not all(one.done() for one in tries[20:]):
        await asyncio.sleep(0)
        turns += 1
        assert turns < 1_000
    refused = [one.exception() for one in tries[20:]]
    assert all(isinstance(error, Unavailable) for error in refused)
    for one in tries[:20]:
        one.cancel()
    await asyncio.gather(*tries, return_exceptions=True)
