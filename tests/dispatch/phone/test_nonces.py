"""Signs that only this server can have given, to this person, at that time."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, strategies as st

from callcenter.core.sealed import Seal
from callcenter.dispatch.phone.nonces import SLOT, given_at, nonce_for
from tests.support.field import NOW

SEAL = Seal.of(
    {"current": 1, "keys": {"1": "A" * 43 + "="}, "index_key": "B" * 42 + "A="}, name="test"
)
ANNA, BERT = 1, 2


def test_it_says_when_it_was_given_to_whoever_it_was_given_to():
    nonce = nonce_for(SEAL, ANNA, NOW)
    at = given_at(SEAL, ANNA, nonce, NOW + timedelta(days=2))
    assert at is not None
    assert timedelta() <= NOW - at < SLOT
    assert given_at(SEAL, BERT, nonce, NOW) is None
    assert given_at(SEAL, ANNA, nonce, NOW - timedelta(days=1)) is None, "not given yet"
    assert given_at(SEAL, ANNA, nonce, NOW + timedelta(days=40)) is None


@given(st.text(max_size=40))
def test_invented_ones_are_none(nonce: str):
    assert given_at(SEAL, ANNA, nonce, NOW) is None
