"""Whom to call, as one cell says it."""

import pytest

from callcenter.directory.contacts import Written, written_contacts

A, B = "13909100228", "13909100229"


@pytest.mark.parametrize(
    ("name", "relation"),
    [
        *((text, "女儿") for text in (f"周晓梅（女儿）{A}", f"女儿周晓梅{A}", f"周晓梅/女儿/{A}", f"女儿：周晓梅 电话：{A}", f"周晓梅{A}（女儿）")),
        *((text, "") for text in (f"周晓梅 {A}", f"{A}（周晓梅）", f"周晓梅:{A}")),
    ],
)  # fmt: skip
def test_name_relation_and_number_in_one_cell(name, relation):
    assert written_contacts(name, "", "") == [Written("周晓梅", relation, A)]
    assert written_contacts("", "", name) == [Written("周晓梅", relation, A)]


def test_several_people_in_one_cell():
    two = [Written("周晓梅", "女儿", A), Written("周晓峰", "儿子", B)]
    assert written_contacts(f"女儿周晓梅{A}；儿子周晓峰{B}", "", "") == two
    assert written_contacts("周晓梅、周晓峰", "女儿、儿子", f"{A}、{B}") == two


def test_what_has_its_own_columns_stays_as_it_is():
    assert written_contacts("孙小美", "", A) == [Written("孙小美", "", A)]
    assert written_contacts("周晓梅", "女儿", f"{A}/{B}") == [Written("周晓梅", "女儿", f"{A}/{B}")]
    assert written_contacts("周晓梅", "", "") == [Written("周晓梅", "", "")]


def test_a_relation_beside_the_name():
    assert written_contacts("周晓梅（女儿）", "", A) == [Written("周晓梅", "女儿", A)]
    assert written_contacts("女婿王强", "", A) == [Written("王强", "女婿", A)]
