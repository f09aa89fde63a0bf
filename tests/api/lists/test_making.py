"""The file of a list holds the rows of those who may export, all of them or none."""

from __future__ import annotations

import csv
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from callcenter.api.lists.cells import Column, Layout, Say
from callcenter.api.lists.making import Order, Orderer, follow, holding, make_file
from callcenter.api.trail.wording import Both
from callcenter.auth.permissions import Action, HeldGrant, Role
from callcenter.auth.sessions import Principal
from callcenter.core.errors import Invalid
from tests.support.api import trail

NUMBERS = Layout(
    "numbers",
    Both("数", "Numbers"),
    {
        "number": Column(Both("数", "Number"), lambda number, _: str(number)),
        "long": Column(
            Both("长", "Long"), lambda number, _: f"86100000000{number:04}", digits=True
        ),
        "word": Column(Both("词", "Word"), lambda number, _: f"={number}+1"),
    },
)
EXPORTER = HeldGrant(Role.ADMINISTRATOR, 1)


@pytest.fixture
def by(clock) -> Orderer:
    ends = clock.now() + timedelta(hours=1)
    grants = (EXPORTER, HeldGrant(Role.SUPERVISOR, 2))
    principal = Principal(
        7, "guan", "管", "", "en", grants, b"", "", ends, opened=frozenset({"home:1"})
    )
    return Orderer(principal, "10.0.0.7", clock.now())


def order(columns: list[str], pages: list[list[int]], file_format: str = "csv") -> Order[int]:
    async def ask(place: int | None) -> tuple[list[int], int | None]:
        at = place or 0
        return pages[at], at + 1 if at + 1 < len(pages) else None

    say = Say("en", ZoneInfo("Asia/Shanghai"))
    return Order(
        NUMBERS, columns, file_format, say, Action.EXPORT_RESIDENTS, lambda _: follow(ask), {}, "numbers"
    )  # fmt: skip


def test_other_roles_and_what_was_opened_with_a_reason_do_not_reach_into_a_file(by):
    held = holding(by.principal, Action.EXPORT_RESIDENTS)
    assert held.grants == (EXPORTER,)
    assert held.regions(Action.SEE_PROFILES) == {1}
    assert held.opened == frozenset()


async def test_all_pages_in_the_chosen_columns_each_once_with_no_formula_in_them(
    database, owner, by, tmp_path
):
    made = tmp_path / "file"
    chosen = ["word", "number", "word", "long"]
    assert await make_file(database, order(chosen, [[1, 2], [], [3]]), by, made) == 3
    with made.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    assert lines[0] == ["Word", "Number", "Long"]
    assert lines[1] == ["'=1+1", "1", "\t861000000000001"]
    assert [line[1] for line in lines[1:]] == ["1", "2", "3"]
    detail = {"list": "numbers", "filter": {}, "rows": 3, "columns": ["word", "number", "long"], "format": "csv"}  # fmt: skip
    [(action, subject, regions, told)] = await trail(
        owner, "action", "subject", "region_ids", "detail"
    )
    assert (action, subject, regions) == ("list_exported", "numbers", [1])
    assert told == detail


async def test_more_rows_than_a_file_may_hold_are_refused_and_nothing_is_written_down(
    database, owner, by, tmp_path
):
    with pytest.raises(Invalid) as refused:
        await make_file(
            database, order(["number"], [[1] * 19_999, [2]], "xlsx"), by, tmp_path / "f"
        )
    assert refused.value.code == "too_many_found"
    assert refused.value.params == {"most": 19_999}
    assert await trail(owner) == []
