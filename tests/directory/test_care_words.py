"""What communities call their people, in whatever column it stands."""

import time

import pytest

from callcenter.directory.care_words import SEPARATORS, care_of, flagged, status_in


@pytest.mark.parametrize(
    "word", ["二级残疾", "残疾二级", "肢体残疾2级", "视力一级残疾人", "残疾人三级"]
)
def test_a_degree_of_disability_is_none_of_ability(word):
    found = care(word)
    assert (found.ability, found.noted, found.unknown) == (None, [("welfare", word)], [])


@pytest.mark.parametrize("written", ["空巢独居", "独居空巢", "空巢、独居老人"])
def test_who_lives_alone_in_an_empty_nest_lives_alone(written):
    found = care(written)
    assert (found.living, found.noted) == ("alone", [])


def care(welfare="", living="", ability=""):
    words = {"welfare": welfare, "living": living, "ability": ability}
    return care_of({key: [w for w in SEPARATORS.split(text) if w] for key, text in words.items()})


@pytest.mark.parametrize(
    ("written", "living", "welfare", "noted"),
    [
        ("独居、低保", "alone", ["minimum_allowance"], []),
        ("空巢老人", "couple", [], []),
        ("低保独居", "alone", ["minimum_allowance"], []),
        ("失独 独居高龄老人", "alone", ["lost_only_child"], ["高龄"]),
        ("低保+残疾（肢体、二级）", None, ["minimum_allowance"], ["残疾（肢体、二级）"]),
        ("特困供养老人", None, ["extreme_poverty"], []),
        ("普通老人", None, [], []),
        ("散居五保", None, ["extreme_poverty"], ["散居五保"]),
        ("低保边缘户", None, [], ["低保边缘户"]),
        ("享受高龄津贴", None, [], ["享受高龄津贴"]),
        ("80岁以上", None, [], ["80岁以上"]),
    ],
)
def test_words_of_the_welfare_column(written, living, welfare, noted):
    found = care(written)
    assert (found.living, found.welfare) == (living, welfare)
    assert [word for _, word in found.noted] == noted
    assert found.unknown == []


def test_a_word_that_nobody_knows_is_said():
    assert care("低保、贵宾").unknown == [("welfare", "贵宾")]
    assert care(living="一个人").unknown == [("living", "一个人")]


def test_a_column_s_own_word_outweighs_that_of_another():
    found = care("独居", living="与子女同住")
    assert (found.living, found.noted) == ("with_children", [("welfare", "独居")])


def test_words_without_end_cost_nothing():
    begun = time.monotonic()
    care("完全不能自理" * 400 + "x")
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    ("written", "answer"),
    [("是", True), ("√", True), ("是（A类）", True), ("低保户", True), ("否", False), ("", False), ("×", False), ("待查", None)],
)  # fmt: skip
def test_a_column_of_yes_and_no(written, answer):
    assert flagged("has_allowance", written) is answer


@pytest.mark.parametrize(
    ("words", "status"),
    [("已故", "deceased"), ("2025年去世", "deceased"), ("在养老院", "away"), ("搬走", "moved"), ("老伴去世", None), ("小名阿兰", None)],
)  # fmt: skip
def test_a_status_beside_a_name(words, status):
    assert status_in(words) == status
