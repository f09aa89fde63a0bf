"""Staff: numbers as they are dialled and with their past, spans that can be, words each once."""

from __future__ import annotations

PATH = "/api/v1/staff"


async def test_somebody_is_entered_with_what_they_can_do(editor, community, owner):
    body = {
        "name": "王芳",
        "phone": "139 0000 0007",
        "region_id": community.street,
        "kinds": ["caregiver", "driver"],
        "skills": ["翻身", "翻身"],
        "languages": ["普通话", "陕北话"],
        "vehicle": "甘A·12345",
        "health_cert_until": "2027-03-01",
    }
    made = (await editor.post(PATH, json=body)).json()
    assert made["phone"] == "+8613900000007"
    assert (made["skills"], made["languages"]) == (["翻身"], ["普通话", "陕北话"])
    assert (await editor.get(PATH, params={"kind": "driver"})).json() == [made]
    assert (await editor.get(PATH, params={"kind": "doctor"})).json() == []
    await editor.put(f"{PATH}/{made['id']}", json=body | {"phone": None})
    had = await owner.fetch("SELECT * FROM number_use WHERE holder = 'staff'")
    assert [(row["e164"], row["until_day"] is None) for row in had] == [("+8613900000007", False)]


async def test_what_cannot_be_is_refused_by_field(editor, community):
    body = {"name": " ", "region_id": community.street, "phone": "12", "active_until": "2000-01-01"}
    refused = await editor.post(PATH, json=body)
    problems = refused.json()["error"]["params"]["problems"]
    assert [each["column"] for each in problems] == ["name", "phone", "active_until"]


async def test_somebody_helps_in_further_regions_that_the_editor_may_see(
    editor, community, elsewhere
):
    grid = await community.region(community.street, "grid", "第一网格")
    body = {"name": "王芳", "region_id": community.street, "areas": [grid, grid, community.street]}
    made = (await editor.post(PATH, json=body)).json()
    assert made["areas"] == [grid]
    refused = await editor.post(PATH, json=body | {"areas": [elsewhere]})
    assert refused.status_code == 404
