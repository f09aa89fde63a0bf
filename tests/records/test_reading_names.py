"""Names of the staff are read in Latin letters for whoever works in English."""

from __future__ import annotations

NAMES = "/api/v1/names/latin"


async def test_names_are_read_as_those_of_residents_are(operator):
    answer = await operator.post(NAMES, json={"names": ["何秀芬", "欧阳明", "Anna Weber"]})
    assert answer.json() == {
        "何秀芬": "He Xiufen",
        "欧阳明": "Ouyang Ming",
        "Anna Weber": "Anna Weber",
    }


async def test_more_than_a_page_can_show_is_refused(operator):
    answer = await operator.post(NAMES, json={"names": ["何秀芬"] * 501})
    assert answer.status_code == 422
