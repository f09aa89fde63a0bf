"""The list of a year is entered as a whole by who manages the site; a year that is missing is refused by its number."""

from __future__ import annotations

import pytest

from tests.records.test_yearly_list import LEAST
from tests.support.api import trail

YEAR, DEADLINE = "/api/v1/calendar/2030", "/api/v1/calendar/deadline"
LIST = {
    "source": "the notice of an invented year",
    "csv": LEAST + "2030-09-28,workday,\n2030-10-02,holiday,",
}


@pytest.fixture
async def administrator(signed_in, community):
    return await signed_in("administrator", community.root)


async def test_a_year_is_entered_corrected_and_asked(administrator, operator, owner):
    assert (await administrator.put(YEAR, json=LIST)).json()["version"] == 1
    corrected = await administrator.put(YEAR, json=LIST | {"csv": LEAST + "2030-09-28,workday,"})
    assert (corrected.json()["version"], len(corrected.json()["days"])) == (2, 4)
    assert (await operator.get("/api/v1/calendar")).json() == [2030]
    asked = {"from_day": "2030-09-27", "workdays": 2}
    assert (await operator.get(DEADLINE, params=asked)).json()["due"] == "2030-09-30"
    assert ("calendar_changed", "calendar:2030") in await trail(owner)


async def test_a_year_that_is_missing_is_refused_by_its_number(administrator, operator):
    await administrator.put(YEAR, json=LIST)
    answer = await operator.get(DEADLINE, params={"from_day": "2030-12-30", "workdays": 5})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["params"]["year"]) == (
        422,
        "calendar_year_missing",
        2031,
    )
    assert (await operator.get("/api/v1/calendar/2031")).status_code == 404


async def test_a_wrong_list_changes_nothing(administrator):
    await administrator.put(YEAR, json=LIST)
    wrong = await administrator.put(YEAR, json=LIST | {"csv": "2030-01-01,holiday,"})
    assert wrong.status_code == 422
    assert (await administrator.get(YEAR)).json()["version"] == 1


async def test_only_who_manages_the_whole_site_enters_a_year(signed_in, operator, community):
    of_a_street = await signed_in("administrator", community.street)
    assert (await of_a_street.put(YEAR, json=LIST)).status_code == 404
    assert (await operator.put(YEAR, json=LIST)).status_code == 403
