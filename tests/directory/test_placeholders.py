"""Cells that say nothing; what names a place or a person is never taken for one."""

import pytest

from callcenter.directory.placeholders import says_as_above, says_nothing


@pytest.mark.parametrize(
    "text", ["无", " 无 ", "/", "--", "不详", "N/A", "无固定住址", "没有手机号", "#N/A", "。"]
)
def test_nothing(text):
    assert says_nothing(text)


@pytest.mark.parametrize(
    "text", ["无锡路7号", "吴", "无为里", "不详里3号", "A101", "7", "0", "没有巷5号"]
)
def test_something(text):
    assert not says_nothing(text)


def test_the_row_above():
    assert says_as_above("同上")
    assert not says_as_above("同上路7号")
