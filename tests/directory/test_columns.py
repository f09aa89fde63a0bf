"""The columns of the spreadsheet: each heading means one thing, and what an export writes an import reads."""

from __future__ import annotations

from collections import Counter

import pytest

from callcenter.directory import columns
from callcenter.residents.models import Resident

CHOICES = {
    "sex": columns.SEX,
    "status": columns.STATUS,
    "living": columns.LIVING,
    "welfare": columns.WELFARE,
    "ability": columns.ABILITY,
    "risk": columns.RISK,
    "device_kind": columns.DEVICE_KIND,
    "encrypted_only": columns.ENCRYPTED_ONLY,
    "disability": columns.DISABILITY,
    "disability_level": columns.DISABILITY_LEVEL,
}


@pytest.mark.parametrize("name", CHOICES)
def test_no_word_means_two_things(name: str):
    words = Counter(word for written in CHOICES[name].values() for word in written)
    assert [word for word, times in words.items() if times > 1] == []


@pytest.mark.parametrize("name", CHOICES)
def test_what_stands_in_the_database_is_understood_too(name: str):
    for value, written in CHOICES[name].items():
        assert value in {word.replace(" ", "_") for word in written}, value


@pytest.mark.parametrize("name", ["sex", "status", "risk"])
def test_every_value_that_the_table_allows_can_be_written(name: str):
    [allowed] = [
        str(each.sqltext)
        for each in Resident.__table__.constraints
        if str(each.name).endswith(f"_{name}_known")
    ]
    assert {value for value in CHOICES[name] if f"'{value}'" in allowed} == set(CHOICES[name])
    assert allowed.count("'") == 2 * len(CHOICES[name])


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        *[(each, "name") for each in ("老年人姓名", "服务对象", "长者姓名", "名字")],
        *[(each, "sex") for each in ("性別", "男女", "Gender")],
        *[(each, "identity_number") for each in ("证件号", "居民身份证号码", "身份證號")],
        *[(each, "birth_date") for each in ("出生", "出生时间", "DOB")],
        *[
            (each, "phone")
            for each in ("本人联系电话", "老人手机", "移动电话", "联系电话1", "Telephone")
        ],
        *[(each, "second_phone") for each in ("固话", "家庭电话", "联系电话2", "宅电")],
        *[(each, "community") for each in ("村/社区", "居委会", "所属村社")],
        *[(each, "address") for each in ("家庭地址", "现居住地址", "实际居住地址", "常住地址")],
        *[(each, "building") for each in ("楼幢", "栋号")],
        *[(each, "door") for each in ("房间", "门牌号码")],
        *[
            ("联系人2（姓名）", "contact2_name"),
            ("联系人2（电话）", "contact2_phone"),
            ("姓名（必填）", "name"),
        ],
        *[("第一联系人", "contact1_name"), ("第二联系人电话", "contact2_phone")],
        *[(each, "devices") for each in ("IMEI", "终端编号", "设备ID", "呼叫器编号")],
        *[(each, "disability_certificate") for each in ("残疾人证号", "残疾证号")],
        *[("残疾证", "is_disabled"), ("工作单位", "employer"), ("社保卡号", "insurance_number")],
        ("户籍地址", None),  # where somebody is registered is not where they live
        ("备注", None),
    ],
)
def test_headings_of_other_offices(heading, key):
    assert columns.key_of(heading) == key


@pytest.mark.parametrize(
    ("choices", "written", "value"),
    [
        ("sex", "男性", "male"),
        ("living", "独居老人", "alone"),
        ("living", "独居（子女在外地）", "alone"),
        ("living", "与老伴同住", "couple"),
        ("living", "同儿子居住", "with_children"),
        ("status", "健在", "home"),
        ("status", "已去世", "deceased"),
        ("status", "病故", "deceased"),
        ("welfare", "低保户", "minimum_allowance"),
        ("welfare", "特困人员", "extreme_poverty"),
        ("ability", "半自理", "moderate"),
        ("ability", "不能自理", "total"),
        ("ability", "1级", "mild"),
        ("risk", "较高", "high"),
        ("device_kind", "烟雾报警器", "smoke_detector"),
        ("device_kind", "一键呼叫器", "bedside_button"),
        ("encrypted_only", "是", "required"),
        ("encrypted_only", "可不加密", "optional"),
        ("living", "不与子女同住", None),
        ("welfare", "非低保", None),
    ],
)
def test_words_of_other_offices(choices, written, value):
    assert columns.chosen(CHOICES[choices], written) == value
