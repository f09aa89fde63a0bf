"""A slip of the pen in a data file is told, not passed over."""

import pytest
from pydantic import ValidationError

from callcenter.demo.community.listed import Listed, read
from callcenter.demo.community.people import Person

SHEN = {
    "name": "沈玉兰",
    "sex": "female",
    "age": 83,
    "ability": "mild",
    "risk": "high",
    "conditions": ["warfarin"],
}


def test_what_is_well_written_is_read():
    assert Person.model_validate(SHEN).name == "沈玉兰"


@pytest.mark.parametrize(
    "slip", [{"alergy": "penicillin"}, {"sex": "femal"}, {"age": "old"}, {"talk": {"zh": "慢"}}]
)
def test_a_key_misspelt_or_a_language_left_out_is_told(slip):
    with pytest.raises(ValidationError):
        Person.model_validate(SHEN | slip)


def test_a_file_with_more_than_its_shape_is_refused():
    class Nothing(Listed):
        pass

    with pytest.raises(ValidationError):
        read("users.toml", Nothing)
