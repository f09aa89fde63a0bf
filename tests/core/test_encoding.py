"""JSON as it leaves this process."""

from __future__ import annotations

from uuid import UUID

import asyncpg
import pytest

from callcenter.core.encoding import array_literal, encode, encode_text
from tests.support.community import LONG_AGO

ID = UUID("0197a5d2-0000-7000-8000-000000000001")


def test_ids_and_times_are_text():
    assert encode({"id": ID, "at": LONG_AGO}) == (
        f'{{"id":"{ID}","at":"2020-01-01T00:00:00+00:00"}}'.encode()
    )


def test_ids_of_the_database_driver_are_text_too():
    assert encode_text(asyncpg.pgproto.pgproto.UUID(str(ID))) == f'"{ID}"'


def test_what_has_no_json_form_is_refused():
    with pytest.raises(TypeError):
        encode(object())


async def test_arrays_are_read_by_postgresql(owner: asyncpg.Connection):
    for values in ([], [1], [3, 1, 2]):
        assert await owner.fetchval("SELECT $1::text::bigint[]", array_literal(values)) == values
