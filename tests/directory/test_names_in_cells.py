"""Names out of cells that say more, and cells that hold no name."""

import pytest

from callcenter.core.errors import Invalid
from callcenter.directory.names_in_cells import WrittenName, written_name


@pytest.mark.parametrize(
    ("text", "written"),
    [
        *(
            (text, WrittenName("沈玉兰"))
            for text in ("沈玉兰", "1、沈玉兰", "★沈玉兰", "沈玉兰*", "沈玉\n兰")
        ),
        ("沈玉兰（已故）", WrittenName("沈玉兰", "已故")),
        ("古丽 买买提", WrittenName("古丽 买买提")),
        ("O'Neil", WrittenName("O'Neil")),
        ("", WrittenName("")),
    ],
)
def test_names(text, written):
    assert written_name(text) == written


@pytest.mark.parametrize(
    "text", ["沈玉兰、贺长林", "沈玉兰/贺长林", "沈玉兰\n贺长林", "沈玉兰 贺长林"]
)
def test_two_people_in_one_cell_are_not_one(text):
    with pytest.raises(Invalid) as caught:
        written_name(text)
    assert caught.value.code == "several_people"


@pytest.mark.parametrize("text", ["0", "13901000137", "沈玉兰13901000137", "/7", "男"])
def test_no_name(text):
    with pytest.raises(Invalid) as caught:
        written_name(text)
    assert caught.value.code == "not_a_name"
