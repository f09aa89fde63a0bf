"""What can be wrong with a value somebody typed or imported: a code, the value, and what to do, in both languages. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from callcenter.core.errors import Invalid

MESSAGES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "missing": ("不能为空，请填写", "must not be empty; fill it in"),
        "too_soon": ("填 0（从不自动通知）或不少于 30 秒", "is 0 for never, or at least 30 s"),
        "too_long": ("太长，请缩短", "is too long; shorten it"),
        "mangled": (
            "被电子表格改成了数值，末尾数字已丢失；请把该列设为“文本”格式后重新录入",
            "was turned into an amount by a spreadsheet and has lost digits; "
            "format the column as text and enter it again",
        ),
        "not_a_phone_number": (
            "不是有效的电话号码；手机11位，座机带区号",
            "is not a phone number; mobiles have 11 digits, landlines need the area code",
        ),
        "several_numbers": (
            "不止一个电话号码，请分开填写",
            "is more than one phone number; write them apart",
        ),
        "has_extension": (
            "带分机号；请只填写总机号码，分机号写入备注",
            "has an extension; write the number of the exchange, and the extension into a note",
        ),
        "old_form": (
            "是15位旧身份证号；按规则推算为{offered}，请核对后填写18位号码",
            "is an identity number of the old 15-digit form; {offered} by the rule: check it and enter the 18-digit one",
        ),
        "length": (
            "身份证号应为18位（末位可为X）",
            "an identity number has 18 characters (the last may be X)",
        ),
        "check_digit": (
            "身份证号校验位不符，请核对是否输错或颠倒",
            "the check digit does not fit: a digit is wrong or two are swapped",
        ),
        "birth_date": ("身份证号中的出生日期不成立", "the number holds no possible birth date"),
        "not_a_date": (
            "不是日期；请按1943-06-12填写",
            "is not a date; write it as 1943-06-12",
        ),
        "month_or_october": (
            "可能是1月，也可能是丢了零的10月；请按1943-10填写",
            "is January, or October without its zero; write it as 1943-10",
        ),
        "unlikely_date": (
            "出生日期不合理，请核对",
            "is not a believable birth date; check it",
        ),
        "after_today": ("不能晚于今天", "must not be after today"),
        "another_year": ("不在该年度内", "does not lie in the year"),
        "day_twice": ("重复出现", "is there twice"),
        "not_a_whole_year": (
            "未列为节假日；请录入全年的放假安排",
            "is not listed as a holiday; enter the list of the whole year",
        ),
        "ends_before_it_begins": ("早于开始日期，请核对", "lies before the beginning; check both"),
        "unlikely_day": ("日期太早，请核对", "is too long ago; check it"),
        "differs_from_identity": (
            "与身份证号不一致，请核对其中一项",
            "does not agree with the identity number; check both",
        ),
        "not_a_choice": ("不在可选范围内；可填：{choices}", "is not one of: {choices}"),
        "not_a_number": ("应为整数", "must be a whole number"),
        "not_a_position": ("不是有效的经纬度", "is not a position in degrees"),
        "unknown_region": (
            "没有这个网格或社区，或您无权在此录入",
            "no such grid or community, or none that you may edit",
        ),
        "needs_a_region": (
            "未填写；请填写网格，或在导入时选择地区",
            "is empty; name a grid, or choose a region for the import",
        ),
        "needs_a_name": (
            "填了关系或电话，却没有联系人姓名",
            "a relation or phone is given, but no name",
        ),
        "needs_a_phone": ("联系人必须有电话", "a contact needs a phone number"),
        "identity_taken": (
            "该身份证号已登记在另一位老人名下",
            "another resident is registered with this identity number",
        ),
        "duplicate_in_file": (
            "与第{row}行是同一个人",
            "is the same person as in row {row}",
        ),
        "device_twice": ("已在第{row}行出现", "stands in row {row} already"),
        "already_registered": (
            "这位老人已登记（姓名、住址相同，出生日期相同或未填）",
            "this resident is registered already (same name and home; same birth date, or one is missing)",
        ),
        "device_taken": (
            "该设备已分配给其他住户，请先解绑",
            "this device serves another home; release it there first",
        ),
        "as_above": (
            "不能写“同上”；排序后就找不到上一行，请填写完整",
            "must not refer to the row above, which a sorted file has elsewhere; write it out",
        ),
        "too_many_cells": (
            "这一行的内容比表头多，可能有未加引号的逗号，各列已错位；请核对",
            "stands beyond the headings: a comma without quotation marks may have moved the cells; check the row",
        ),
        "unknown_device": (
            "没有这个设备号，请先登记设备",
            "no such device; register it first",
        ),
        "not_a_name": ("不是姓名，请核对这一列", "is not a name; check the column"),
        "several_people": (
            "不止一个人，请每人一行",
            "is more than one person; give each a row",
        ),
        "not_a_device": (
            "不是设备号；没有设备请留空",
            "is not the number of a device; leave it empty where there is none",
        ),
        "needs_a_building": (
            "未填写，只有单元和门牌不能确定住址",
            "is empty: an entrance and a door alone are no address",
        ),
        # What is said of a row that is written all the same.
        "unknown_word": (
            "不在词表中，已记入备注",
            "is not among the words that are known; it is kept in a note",
        ),
        "taken_from_above": ("按上一行录入", "is taken from the row above"),
        "worked_out": (
            "由15位旧身份证号推算，未核实；请以身份证为准",
            "is worked out from the old 15-digit number and not verified; check it against the card",
        ),
        "area_code_added": ("已补上区号", "has been given the area code"),
        "no_area_code": (
            "缺区号，无法拨打，已记入备注",
            "has no area code and cannot be dialled; it is kept in a note",
        ),
        "number_restored": (
            "原为电子表格的数值，已还原为号码",
            "was an amount of a spreadsheet and is a number again",
        ),
        "kept_in_note": ("已记入备注", "is kept in a note"),
        "certificate_left_out": (
            "没有残疾类别，证号未录入",
            "is left out, since no kind of disability is named",
        ),
        "contact_of_next_row": (
            "在第{row}行，并入上一行老人的联系人",
            "of row {row} is a contact of the person above",
        ),
        "building_assumed": (
            "未填写，取自上方标题或工作表名称",
            "is empty; it is taken from the title above or the name of the sheet",
        ),
        "not_in_the_plan": (
            "不在已公布的号段内，已照录；请核对",
            "is in no published range of numbers and is kept as written; check it",
        ),
        "words_left_out": (
            "号码以外的文字未录入",
            "has words beside the number, which are left out",
        ),
        "extension_kept": (
            "的分机号已记入备注",
            "has an extension, which is kept in a note",
        ),
        "second_number": (
            "含有不止一个号码，已分别录入",
            "holds more than one number; each is kept",
        ),
        "month_only": (
            "只有年月，按当月1日录入",
            "is a month; its first day is kept",
        ),
        "year_only": (
            "只有年份，按当年1月1日录入",
            "is a year; its first day is kept",
        ),
        "region_assumed": (
            "未填写，按导入时选的地区录入",
            "is empty; the region chosen for the import is taken",
        ),
        "no_position": (
            "0,0不是有效位置，已忽略",
            "0,0 is no position and is left out",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one field or column."""

    column: str
    code: str
    value: str
    message: str
    message_zh: str


def problem(column: str, code: str, value: object = "", **params: object) -> Problem:
    """Worded from MESSAGES."""
    zh, en = MESSAGES[code]
    return Problem(column, code, str(value), en.format(**params), zh.format(**params))


class InvalidFields(Invalid):
    """Several fields may be wrong at once; `params["problems"]` lists all of them."""

    code = "invalid_fields"

    def __init__(self, problems: Sequence[Problem]) -> None:
        worded = "; ".join(
            f"{each.column}: {each.value!r} {each.message}"
            if each.value
            else f"{each.column} {each.message}"
            for each in problems
        )
        listed: list[dict[str, Any]] = [asdict(each) for each in problems]
        super().__init__(worded, problems=listed)
