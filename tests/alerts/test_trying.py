"""Words that say that it is no test."""

from __future__ import annotations

import pytest

from callcenter.alerts.trying import says_real


@pytest.mark.parametrize(
    "text", ["不是测试", "不是在测试", "真的出事了", "救命啊", "This is NOT A TEST", "for real"]
)
def test_who_says_so_is_in_need(text: str):
    assert says_real(text)


@pytest.mark.parametrize("text", [None, "", "测试", "月度测试", "test 1", "battery ok"])
def test_who_only_tries_a_button_says_nothing_of_the_kind(text: str | None):
    assert not says_real(text)
