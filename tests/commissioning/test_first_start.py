"""The code that makes the first accounts: there while nobody has one, readable by the server's user alone, and then gone."""

from __future__ import annotations

import pytest

from callcenter.commissioning.first_start import FirstCode
from callcenter.core.errors import Forbidden


def test_a_code_is_the_same_over_restarts_and_nobody_else_reads_it(code: FirstCode):
    code.offer()
    first = code.path.read_text()
    code.offer()
    assert code.path.read_text() == first
    assert code.path.stat().st_mode & 0o777 == 0o600


def test_a_code_is_right_however_it_is_typed(code: FirstCode):
    code.offer()
    typed = code.path.read_text().strip()
    code.demand(typed)
    code.demand(f" {typed.replace('-', ' ').lower()} ")


@pytest.mark.parametrize("typed", ["", "-", "AAAA-BBBB-CCCC-DDDD-EEEE", "八八八八"])
def test_another_code_is_refused_and_where_it_stands_is_said(code: FirstCode, typed: str):
    code.offer()
    with pytest.raises(Forbidden) as refused:
        code.demand(typed)
    assert refused.value.params["file"] == "first-start-code"


def test_without_a_file_nothing_is_right(code: FirstCode):
    with pytest.raises(Forbidden):
        code.demand("")


async def test_it_is_offered_while_nobody_has_an_account_and_gone_afterwards(
    code: FirstCode, owner, community
):
    await code.prepare(owner)
    assert code.path.exists()
    await community.user("wei")
    await code.prepare(owner)
    assert not code.path.exists()
