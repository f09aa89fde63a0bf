"""A list is read page by page, whatever changes meanwhile, and counted only as far as somebody would read."""

import pytest
from sqlalchemy import select

from callcenter.core.errors import Invalid
from callcenter.residents.models import Resident
from callcenter.residents.paging import (
    COUNTED,
    DEEPEST_ROW,
    Branch,
    Window,
    find_page,
    in_bytes,
    read_cursor,
    write_cursor,
)
from tests.support.community import LONG_AGO, Community


@pytest.mark.parametrize("start", [("shenyulan", 12), ("", 0), ("沈", 2**62), ("a'b%", -1)])
def test_a_cursor_names_the_last_row_seen(start):
    assert read_cursor(write_cursor(start)) == start


@pytest.mark.parametrize("text", ["", "x", "!!!!", "W10", "沈", write_cursor(("a\0", 1)), "bnVsbA"])
def test_a_cursor_made_up_is_refused(text):
    with pytest.raises(Invalid) as refused:
        read_cursor(text)
    assert refused.value.code == "bad_cursor"


def test_pages_by_number_end_somewhere():
    assert Window(limit=100, page=101).offset == DEEPEST_ROW
    with pytest.raises(Invalid) as refused:
        _ = Window(limit=100, page=102).offset
    assert refused.value.code == "page_too_deep"
    assert Window(limit=100, page=102, after=write_cursor(("a", 1))).offset == 0


@pytest.fixture
async def many(owner):
    """Somebody more than is counted, five to a name."""
    community = await Community.found(owner)
    home = await community.home()
    await owner.execute(
        "INSERT INTO resident (home_id, name, name_latin, pinyin, initials, created_at, updated_at)"
        " SELECT $1, 'n' || n / 5, '', 'n' || n / 5, 'n', $2, $2 FROM generate_series(0, $3) AS n",
        home,
        LONG_AGO,
        COUNTED,
    )
    return await owner.fetchval("SELECT count(*) FROM resident")


def branches():
    """All, by two ways that find the same."""
    key = in_bytes(Resident.pinyin)
    everybody = select(Resident.id.label("id"), key.label("key"))
    return [Branch(everybody, walked=True), Branch(everybody.where(Resident.initials == "n"))]


async def test_cursors_lead_once_past_everybody(database, many):
    met, after = [], None
    async with database.transaction() as session:
        while True:
            found = await find_page(session, branches(), Window(limit=37, after=after))
            met += found.ids
            if (after := found.after) is None:
                break
    assert len(met) == len(set(met)) == many


async def test_a_page_by_number_is_the_same_part_of_the_list(database, many):
    async with database.transaction() as session:
        first = await find_page(session, branches(), Window(limit=40))
        by_number = await find_page(session, branches(), Window(limit=40, page=2))
        by_cursor = await find_page(session, branches(), Window(limit=40, after=first.after))
    assert by_number.ids == by_cursor.ids


async def test_a_long_list_says_only_that_there_are_more(database, many, owner):
    async with database.transaction() as session:
        long = await find_page(session, branches(), Window())
        await owner.execute("DELETE FROM resident WHERE id = (SELECT min(id) FROM resident)")
    async with database.transaction() as session:
        exact = await find_page(session, branches(), Window())
    assert (long.total, long.total_is_capped) == (COUNTED, True)
    assert (exact.total, exact.total_is_capped) == (COUNTED, False)
