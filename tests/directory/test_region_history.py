"""Who has changed what a region says, before and after."""

from __future__ import annotations

import pytest

from callcenter.directory.region_history import differing


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ({}, {"a": 1}, {}),
        ({"a": 1}, {}, {"a": 1}),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, {"b": 2}),
        ({"a": {"x": 1, "y": 2}}, {"a": {"x": 1, "y": 3}}, {"a": {"y": 2}}),
        ({"a": {"x": 1}}, {"a": {"x": 1}}, {}),
        ({"a": {"x": 1}}, {"a": None}, {"a": {"x": 1}}),
        ({"a": [1, 2]}, {"a": [2, 1]}, {"a": [1, 2]}),
    ],
)
def test_only_what_differs_is_shown(one, other, found):
    assert differing(one, other) == found


async def test_the_latest_change_comes_first_with_who_made_it(editor, signed_in, community):
    street = community.street
    path = f"/api/v1/regions/{street}"
    await editor.patch(f"{path}/escalation", json={"duty_numbers": ["13900000007"]})
    await editor.patch(f"{path}/escalation", json={"settings": {"next_contact_s": 300}})
    admin = await signed_in("administrator")
    await admin.patch(path, json={"hotline": "0999-8012350"})
    by_admin, second, first = (await editor.get(f"{path}/changes")).json()
    assert (by_admin["what"], by_admin["after"]) == ("region_changed", {"hotline": "0999-8012350"})
    assert by_admin["name_en"] == "administrator"
    assert (second["before"], second["after"]) == (
        {"settings": {"next_contact_s": None}},
        {"settings": {"next_contact_s": 300}},
    )
    assert first["after"] == {"duty_numbers": ["+8613900000007"]}
    assert (first["what"], first["name_en"]) == ("escalation_changed", "supervisor")


async def test_it_is_shown_to_whoever_may_change_it(operator, editor, elsewhere, community):
    path = f"/api/v1/regions/{community.street}/changes"
    assert (await operator.get(path)).status_code == 403
    assert (await editor.get(f"/api/v1/regions/{elsewhere}/changes")).status_code == 404
