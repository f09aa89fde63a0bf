"""What the one kept takes over, and what it never loses."""

import pytest

from callcenter.directory.merging.taking_over import taken_by_home, taken_by_resident

OPEN = {
    **dict.fromkeys(
        ("sex", "birth_date", "identity_sealed", "identity_index", "insurance_sealed", "phone", "second_phone", "contact_policy", "retired_on", "photo")
    ),
    **dict.fromkeys(("salutation", "employer", "lunar_birthday", "health_note", "medicines", "allergies"), ""),
    **dict.fromkeys(("hospital", "hearing", "dialect", "talk_note"), ""),
    "hazards": [],
    "hazards_en": [],
    "risk": "low",
    "english": {},
}  # fmt: skip
PLACE = {
    **dict.fromkeys(("building_id", "floor", "lat", "lng")),
    **dict.fromkeys(("entrance", "door", "address_en", "access_note", "key_note"), ""),
    "english": {},
}


@pytest.mark.parametrize(
    ("kept", "other", "taken"),
    [
        ({}, {}, {}),
        ({"sex": "female"}, {"sex": "male"}, {}),
        ({}, {"birth_date": "1943-03-01"}, {"birth_date": "1943-03-01"}),
        (
            {},
            {"identity_sealed": "\\x01", "identity_index": "\\x02"},
            {"identity_sealed": "\\x01", "identity_index": "\\x02"},
        ),
        ({"allergies": "青霉素"}, {"allergies": "磺胺"}, {"allergies": "青霉素；磺胺"}),
        ({"allergies": "青霉素、磺胺"}, {"allergies": "磺胺"}, {}),
        ({"allergies": "青霉素"}, {"allergies": " "}, {}),
        ({"risk": "medium"}, {"risk": "high"}, {"risk": "high"}),
        ({"risk": "high"}, {"risk": "low"}, {}),
        ({"hazards": ["跌倒"]}, {"hazards": ["跌倒", "抗凝药"]}, {"hazards": ["跌倒", "抗凝药"]}),
        ({"phone": "+1"}, {"phone": "+1"}, {}),
        ({"phone": "+1"}, {"phone": "+2"}, {"second_phone": "+2"}),
        ({"second_phone": "+1"}, {"phone": "+2"}, {"phone": "+1", "second_phone": "+2"}),
        (
            {"phone": "+1", "second_phone": "+2"},
            {"phone": "+3", "talk_note": "慢"},
            {"talk_note": "慢；+3"},
        ),
        ({"english": {"a": "1"}}, {"english": {"a": "2", "b": "3"}}, {"english": {"a": "1", "b": "3"}}),
    ],
)  # fmt: skip
def test_a_resident(kept, other, taken):
    assert taken_by_resident(OPEN | kept, OPEN | other) == taken


@pytest.mark.parametrize(
    ("kept", "other", "taken"),
    [
        ({}, {"lat": 40.0, "lng": 104.0}, {"lat": 40.0, "lng": 104.0}),
        ({"lat": 1.0, "lng": 2.0}, {"lat": 40.0, "lng": 104.0}, {}),
        (
            {"door": "9"},
            {"building_id": 7, "entrance": "2", "floor": 5, "door": "501"},
            {"building_id": 7, "entrance": "2", "floor": 5, "door": "501"},
        ),
        ({"building_id": 7, "entrance": "2"}, {"entrance": "3", "door": "501"}, {"door": "501"}),
        ({"key_note": "邻居"}, {"key_note": "社区"}, {"key_note": "邻居；社区"}),
    ],
)
def test_a_home(kept, other, taken):
    assert taken_by_home(PLACE | kept, PLACE | other) == taken
