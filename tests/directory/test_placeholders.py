"""Cells that say nothing; what names a place or a person is never taken for one."""

import pytest

from callcenter.directory.placeholders import says_as_above, says_nothing, says_row_above


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


def test_which_other_cell_is_meant():
    assert all(
        says_row_above(text)
        for text in ("同上", "同 上", "(同上)", "同上一户", "〃", "ditto", "见上行")
    )
    assert not any(says_row_above(text) for text in ("同左", "同户主", "同户籍地址", "上同路", ""))


def test_the_row_above():
    assert says_as_above("同上")
    assert not says_as_above("同上路7号")


@pytest.mark.parametrize(
    "text",
    [
        "无。",
        "(无)",
        "[空]",
        "【无】",
        "无无",
        "无/无",
        "无、无",
        "暂缺",
        "空缺",
        "待查",
        "待完善",
        "未采集",
        "未登记",
        "拒绝提供",
        "n.a.",
        "没填",
        "未留电话",
        "无儿女",
        "暂无信息",
        "信息不详",
        "地址不详",
        "住址不明",
        "电话不详",
        "联系电话未提供",
        "空号",
        "停机",
        "不适用",
        "记不清",
        "00000000000",
        "未安装",
        "无记录",
        "没有联系人",
        "??",
        "***",
    ],
)
def test_nothing_in_other_words(text):
    assert says_nothing(text)


@pytest.mark.parametrize(
    "text", ["同上户", "同上一户", "同前户", "同左", "见上", "如前", "以上", "do.", "〞", "同户主", "同户籍地址", "同身份证", "(同上)", "同上。", "同住址"]
)  # fmt: skip
def test_what_stands_elsewhere(text):
    assert says_as_above(text)
    assert not says_nothing(text)


@pytest.mark.parametrize(
    "text", ["同仁里7号", "上同村3号", "以上海路7号", "空港路1号", "停机坪路2号", "无无庵巷3号"]
)
def test_names_of_places_that_begin_so(text):
    assert not says_nothing(text)
    assert not says_as_above(text)
