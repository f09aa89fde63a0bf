"""What cannot be seen is taken out; what is wide becomes narrow."""

import pytest

from callcenter.core.visible import narrow, visible


@pytest.mark.parametrize(
    "hidden", ["\u202e", "\u200b", "\u2066", "\ufeff", "\x00", "\u00ad", "\U000e0041", "\ud800"]
)
def test_a_name_with_something_hidden_is_the_name_without_it(hidden):
    assert visible(f"沈{hidden}玉兰") == "沈玉兰"


def test_line_breaks_of_every_kind_become_one_kind():
    assert visible("一\r\n二\r三\n四\u2028五\t六") == "一\n二\n三\n四 五\t六"


def test_wide_digits_and_letters_become_narrow_and_chinese_signs_stay():
    assert narrow("Ａ座０５０１室（东），７－２－５０１") == "A座0501室（东），7-2-501"


def test_ordinary_names_stay_as_they_are():
    for name in ("沈玉兰", "阿依古丽·买买提", "O'Neil", "𠮷田"):
        assert narrow(visible(name)) == name
