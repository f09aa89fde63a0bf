"""The columns of the residents' spreadsheet: what they are called in Chinese and English, and what may stand in them. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

CONTACTS: Final = 5
"""As many contacts as one row can carry."""


@dataclass(frozen=True, slots=True)
class Column:
    """`zh` and `en` are the headings of the template, `aliases` further ones that are understood."""

    key: str
    zh: str
    en: str
    aliases: tuple[str, ...] = ()
    note_zh: str = ""
    note_en: str = ""
    example: str = ""


Choices = Mapping[str, tuple[str, ...]]
"""Value in the database -> how people write it; the first is what an export writes."""

SEX: Choices = MappingProxyType(
    {
        "female": ("女", "女性", "女士", "female", "f", "♀", "2", "2-女", "2.女", "2女", "女2"),
        "male": ("男", "男性", "先生", "male", "m", "♂", "1", "1-男", "1.男", "1男", "男1"),
    }  # 1 and 2 are those of GB/T 2261.1
)
STATUS: Choices = MappingProxyType(
    {
        "home": ("在家", "居家", "健在", "在世", "在册", "正常", "在住", "常住", "home"),
        "away": ("外出", "外出居住", "住养老院", "入住养老院", "入住机构", "机构养老", "away"),
        "hospital": ("住院", "住院中", "hospital", "in hospital"),
        "moved": ("迁出", "搬离", "搬走", "已搬走", "已搬离", "已迁出", "已搬迁", "搬迁", "moved"),
        "deceased": (
            "去世",
            "死亡",
            "已故",
            "已去世",
            "已死亡",
            "亡故",
            "病故",
            "病逝",
            "过世",
            "已过世",
            "逝世",
            "身故",
            "dead",
            "died",
            "deceased",
        ),
    }
)
_FAMILY: Final = (
    "子女", "儿子", "女儿", "儿女", "家人", "家属", "子孙", "孙子", "孙女", "长子", "次子", "长女", "次女", "小儿子", "大儿子", "小女儿",
    "大女儿", "儿媳", "女婿", "亲属", "儿孙", "儿子儿媳", "女儿女婿", "子", "女",
)  # fmt: skip
LIVING: Choices = MappingProxyType(
    {
        "alone": (
            "独居",
            "独居老人",
            "独自居住",
            "单独居住",
            *("独住", "单独生活", "独自生活", "独自一人", "一人户", "1人户", "自己住", "一人生活"),
            "一人居住",
            "一人独居",
            "一个人住",
            "lives alone",
            "living alone",
            "alone",
        ),
        "couple": (
            "空巢",
            "夫妻同住",
            "空巢夫妻",
            "空巢老人",
            "空巢家庭",
            "双老",
            "双老户",
            "双居",
            "夫妻",
            *(
                "老两口",
                "老两口同住",
                "老夫妻",
                "两老",
                "夫妻俩",
                "夫妻同居",
                "纯老",
                "与老伴",
                "与配偶",
            ),
            *(
                f"{beside}{whom}{word}"
                for beside in "与和同跟"
                for whom in ("妻子", "丈夫", "爱人")
                for word in ("同住", "居住", "一起住")
            ),
            *(
                f"{beside}{whom}{word}"
                for beside in "与和同跟"
                for whom in ("老伴", "配偶")
                for word in ("一起住", "生活", "一起生活")
            ),
            "夫妻二人",
            "夫妻居住",
            "夫妇同住",
            "与配偶同住",
            "与老伴同住",
            "和老伴同住",
            "与配偶居住",
            "与老伴居住",
            "couple",
        ),
        "alone_by_day": ("日间独居", "白天独居", "alone_by_day", "alone by day"),
        "with_children": (
            *(
                f"{beside}{whom}{word}"
                for beside in ("与", "和", "同", "跟", "随")
                for whom in _FAMILY
                for word in (
                    "同住",
                    "居住",
                    "一起住",
                    "共同居住",
                    "住",
                    "一起居住",
                    "生活",
                    "一起生活",
                    "共同生活",
                )
            ),
            *(f"{whom}同住" for whom in _FAMILY),
            "三代同堂",
            "with_children",
            "with children",
        ),
        "with_carer": (
            "有护理员",
            "护理员同住",
            "保姆同住",
            "与保姆同住",
            *(
                "保姆照料",
                "住家保姆",
                "请保姆",
                "雇保姆",
                "雇佣保姆",
                "与护工同住",
                "护工照料",
                "有护工",
            ),
            "保姆照顾",
            "有保姆",
            "with_carer",
            "with carer",
        ),
    }
)
WELFARE: Choices = MappingProxyType(
    {
        "extreme_poverty": (
            "特困",
            "特困供养",
            "五保",
            *(
                "分散供养",
                "分散特困",
                "集中供养",
                "特困分散供养",
                "特困集中供养",
                "分散供养特困",
                "城市特困",
                "农村特困",
                "五保供养",
                "三无对象",
            ),
            "特困人员",
            "特困老人",
            "特困户",
            "特困供养人员",
            "五保户",
            "五保老人",
            "三无",
            "三无老人",
            "城市三无",
            "extreme_poverty",
        ),
        "minimum_allowance": (
            "低保",
            "低保户",
            "低保对象",
            "低保老人",
            "低保家庭",
            "城市低保",
            "农村低保",
            "城镇低保",
            "最低生活保障",
            *("享受低保", "在享低保", "城乡低保", "低保救助", "享低保"),
            "minimum_allowance",
        ),
        "no_family": ("社会孤老", "孤老", "孤寡", "孤寡老人", "no_family"),
        "lost_only_child": (
            "失独",
            "计划生育特殊家庭",
            "失独家庭",
            "失独老人",
            "计生特殊家庭",
            *(
                "计生特扶",
                "特扶",
                "计生特殊",
                "计划生育特殊",
                "失独父母",
                "失独户",
                "独生子女死亡",
                "计生失独",
            ),
            "计划生育特扶",
            "lost_only_child",
        ),
        "preferential": (
            *(
                "优抚",
                "烈属",
                "烈士遗属",
                "伤残军人",
                "残疾军人",
                "老复员军人",
                "复员军人",
                "参战退役",
                "带病回乡退伍军人",
            ),
            "优抚对象",
            "重点优抚",
            "重点优抚对象",
            "优抚老人",
            "preferential",
        ),
    }
)
ABILITY: Choices = MappingProxyType(
    {
        "intact": (
            "能力完好",
            "完好",
            "自理",
            *(
                "完全自理",
                "全自理",
                "生活完全自理",
                "生活基本自理",
                "能力正常",
                "可以自理",
                "能够自理",
            ),
            "能自理",
            "可自理",
            "基本自理",
            "生活自理",
            "生活能自理",
            "生活能够自理",
            "自理老人",
            "0级",
            "零级",
            "intact",
        ),
        "mild": ("轻度失能", "轻度", "轻度依赖", "1级", "一级", "mild"),
        "moderate": (
            "中度失能",
            "中度",
            "中度依赖",
            "半自理",
            "半失能",
            *("部分自理", "生活半自理", "部分能自理", "生活部分自理"),
            "部分失能",
            "介助",
            "介助老人",
            "2级",
            "二级",
            "moderate",
        ),
        "severe": ("重度失能", "重度", "重度依赖", "3级", "三级", "severe"),
        "total": (
            "完全失能",
            "完全",
            "全失能",
            "不能自理",
            "完全不能自理",
            "生活不能自理",
            "介护",
            "介护老人",
            "4级",
            "四级",
            "total",
        ),
    }
)
RISK: Choices = MappingProxyType(
    {
        "high": ("高", "高风险", "较高", "高危", "重点", "红", "红色", "high"),
        "medium": ("中", "中风险", "中等", "中度", "一般", "黄", "黄色", "橙", "橙色", "medium"),
        "low": ("低", "低风险", "较低", "无风险", "绿", "绿色", "low"),
    }
)
DEVICE_KIND: Choices = MappingProxyType(
    {
        "pendant": ("挂件", "吊坠", "胸坠", "挂坠", "pendant"),
        "bedside_button": (
            *(
                "床头求助器",
                "床头",
                "床头按钮",
                "床头呼叫器",
                "呼叫器",
                "紧急呼叫器",
                "一键呼叫",
                "一键呼叫器",
                "紧急按钮",
                "紧急求助按钮",
            ),
            *(
                "求助按钮",
                "报警按钮",
                "按钮",
                "拉绳",
                "拉绳报警器",
                "一键通",
                "sos",
                "sos按钮",
                "bedside_button",
            ),
        ),
        "elder_phone": ("老人机", "老人手机", "老年机", "elder_phone"),
        "fall_detector": (
            "跌倒探测器",
            "跌倒",
            "跌倒报警器",
            "跌倒检测",
            "跌倒检测器",
            "跌倒监测",
            "跌倒雷达",
            "fall_detector",
        ),
        "smoke_detector": (
            "烟感",
            "烟雾报警器",
            "烟感报警器",
            "烟雾探测器",
            "烟雾传感器",
            "smoke_detector",
        ),
        "hub": ("网关主机", "主机", "网关", "hub"),
        "other": (
            "其他",
            "其它",
            "手环",
            "手表",
            "智能手环",
            "智能手表",
            "红外",
            "门磁",
            "燃气",
            "燃气报警器",
            "水浸",
            "other",
        ),
    }
)
ENCRYPTED_ONLY: Choices = MappingProxyType(
    {
        "required": ("是", "必须加密", "加密", "required", "yes", "y", "true", "1"),
        "optional": ("否", "可不加密", "不加密", "optional", "false", "0"),
    }
)
CONTACT_POLICY: Choices = MappingProxyType(
    {
        "one_by_one": ("逐个通知", "逐个", "依次通知", "依次", "one by one", "one_by_one"),
        "all_at_once": ("同时通知", "同时", "全部通知", "all at once", "all_at_once"),
    }
)
DISABILITY: Choices = MappingProxyType(
    {
        "visual": ("视力", "视力残疾", "视觉", "visual"),
        "hearing": ("听力", "听力残疾", "听觉", "hearing"),
        "speech": ("言语", "言语残疾", "语言残疾", "speech"),
        "physical": ("肢体", "肢体残疾", "肢残", "physical"),
        "intellectual": ("智力", "智力残疾", "intellectual"),
        "mental": ("精神", "精神残疾", "mental"),
        "multiple": ("多重", "多重残疾", "multiple"),
    }  # GB/T 26341
)
DISABILITY_LEVEL: Choices = MappingProxyType(
    {
        "1": ("一级", "1级", "壹级", "1"),
        "2": ("二级", "2级", "贰级", "2"),
        "3": ("三级", "3级", "叁级", "3"),
        "4": ("四级", "4级", "肆级", "4"),
    }
)
LANGUAGE: Choices = MappingProxyType(
    {
        "zh-CN": ("中文", "汉语", "普通话", "chinese", "zh", "zh-cn"),
        "en": ("英文", "英语", "english", "en"),
    }
)
CHOICES: Mapping[str, Choices] = MappingProxyType(
    {
        "sex": SEX,
        "status": STATUS,
        "living": LIVING,
        "welfare": WELFARE,
        "ability": ABILITY,
        "risk": RISK,
        "device_kind": DEVICE_KIND,
        "encrypted_only": ENCRYPTED_ONLY,
        "telling": CONTACT_POLICY,
        "disability": DISABILITY,
        "disability_level": DISABILITY_LEVEL,
        "language": LANGUAGE,
    }
)


def _one_of(choices: Choices) -> str:
    return "、".join(words[0] for words in choices.values())


def _one_of_en(choices: Choices) -> str:
    return ", ".join(choices)


def _chosen(
    key: str, zh: str, en: str, *aliases: str, example: str = "", several: bool = False
) -> Column:
    choices = CHOICES[key]
    zh_several, en_several = (
        ("可填多项，用顿号分开：", "one or more of: ") if several else ("", "one of: ")
    )
    return Column(
        key,
        zh,
        en,
        aliases,
        zh_several + _one_of(choices),
        en_several + _one_of_en(choices),
        example,
    )


def _contact(number: int, numeral: str) -> tuple[Column, ...]:
    zh, en = f"紧急联系人{number}", f"Contact {number}"
    names = [f"{start}{mark}" for start in ("联系人", "紧急联系人") for mark in (number, numeral)]
    names += [
        f"第{mark}{start}" for start in ("联系人", "紧急联系人") for mark in (number, numeral)
    ]
    if number == 1:
        names += [
            "联系人",
            "紧急联系人",
            "家属",
            "亲属",
            "子女",
            "监护人",
            "紧急联络人",
            "联络人",
            "赡养人",
            "亲友",
            "家人",
            "主要联系人",
            "家庭联系人",
        ]
        names += ["家属联系人", "法定监护人", "第一监护人", "直系亲属"]
    name_aliases = (
        *names,
        *(f"{name}姓名" for name in names),
        *(
            f"{name}{word}"
            for name in names
            for word in (
                "及电话",
                "及联系方式",
                "及联系电话",
                "姓名及电话",
                "姓名及联系方式",
                "姓名及联系电话",
                "姓名电话",
                "和电话",
                "与电话",
                "信息",
                "及手机",
                "及手机号",
            )
        ),
    )
    return (
        Column(f"contact{number}_name", f"{zh}姓名", f"{en} name", name_aliases),
        Column(
            f"contact{number}_relation",
            f"{zh}关系",
            f"{en} relation",
            tuple(
                f"{name}{word}" for name in names for word in ("关系", "与老人关系", "与老人的关系")
            ),
        ),
        Column(
            f"contact{number}_phone",
            f"{zh}电话",
            f"{en} phone",
            tuple(
                f"{name}{word}"
                for name in (*names, *(("紧急",) if number == 1 else ()))
                for word in (
                    "电话",
                    "手机",
                    "联络电话",
                    "联络方式",
                    "电话号码",
                    "手机电话",
                    "联系电话",
                    "联系方式",
                    "手机号",
                    "手机号码",
                )
            ),
        ),
    )


STANDING: Final[tuple[Column, ...]] = (
    Column("name_latin", "英文姓名", "Name in Latin letters", ("姓名拼音", "latin name")),
    _chosen("language", "短信语言", "Language of texts"),
    Column("hazards_en", "英文警示", "Warnings in English"),
    Column(
        "hukou_region_code",
        "户籍地代码",
        "Household registered in",
        ("户籍代码", "户籍区划代码", "户籍行政区划代码", "户口所在地代码"),
        "行政区划代码，6、9或12位",
        "code of the region, 6, 9 or 12 digits",
    ),
    Column(
        "employer",
        "原工作单位",
        "Employer",
        ("工作单位", "退休单位", "退休前单位", "退休前工作单位", "原单位", "former employer"),
    ),
    Column(
        "retired_on",
        "退休日期",
        "Retired on",
        ("退休时间", "退休年月", "retirement date"),
        "如1998-07-01",
        "such as 1998-07-01",
    ),
    Column(
        "insurance_number",
        "社会保障号",
        "Insurance number",
        ("社会保障号码", "社保号", "社保号码", "社保卡号", "医保号", "医保卡号", "医疗保险号"),
        "请把列设为文本格式；加密保存",
        "format the column as text; kept sealed",
    ),
    Column(
        "party_joined_on",
        "入党日期",
        "Joined the party on",
        ("入党时间", "入党年月", "政治生日"),
        "党员填写，如1965-07-01",
        "of members, such as 1965-07-01",
    ),
    Column(
        "lunar_birthday",
        "农历生日",
        "Lunar birthday",
        ("阴历生日", "农历出生日期"),
        "月-日，如04-08或四月初八；闰月写L04-08",
        "month and day, 04-08; in a leap month L04-08",
    ),
    _chosen("disability", "残疾类别", "Disability", "残疾类型", "残疾种类"),
    _chosen("disability_level", "残疾等级", "Degree of disability", "残疾级别", "残疾程度"),
    Column(
        "disability_certificate",
        "残疾证号",
        "Disability certificate",
        ("残疾证号码", "残疾人证号", "残疾证编号", "残疾人证号码", "残疾证件号"),
        "请把列设为文本格式；加密保存",
        "format the column as text; kept sealed",
    ),
)
"""Who they are to offices, and what else the form of a resident asks for."""

COLUMNS: Final[tuple[Column, ...]] = (
    Column(
        "name",
        "姓名",
        "Name",
        (
            "老人姓名",
            "老人",
            "老年人",
            "名字",
            "老年人姓名",
            "居民姓名",
            "本人姓名",
            "长者",
            "长者姓名",
            "服务对象",
            "服务对象姓名",
            "被服务人姓名",
            "full name",
        ),
        "必填",
        "required",
        "沈玉兰",
    ),
    _chosen("sex", "性别", "Sex", "性別", "男女", "gender", example="女"),
    Column(
        "identity_number",
        "身份证号",
        "Identity number",
        (
            *(
                "身份证",
                "身份证号码",
                "证件号码",
                "公民身份号码",
                "公民身份证号码",
                "身份号码",
                "身份证编号",
                "身份证件号码",
                "证件号",
            ),
            *(
                "居民身份证",
                "居民身份证号",
                "居民身份证号码",
                "老人身份证号",
                "老人身份证号码",
                "身份證",
                "身份證號",
                "身份證號碼",
            ),
            *("id number", "identity card", "identity card number"),
        ),
        "18位；请把列设为文本格式",
        "18 characters; format the column as text",
    ),
    Column(
        "birth_date",
        "出生日期",
        "Birth date",
        (
            "出生年月",
            "出生年月日",
            "生日",
            "出生",
            "出生时间",
            "出生年份",
            "date of birth",
            "birthday",
            "birthdate",
            "dob",
        ),
        "如1943-06-12；有身份证号可不填",
        "such as 1943-06-12; not needed with an identity number",
        "1943-06-12",
    ),
    Column(
        "phone",
        "电话",
        "Phone",
        (
            *(
                "手机",
                "手机号",
                "手机号码",
                "联系电话",
                "联系方式",
                "联络电话",
                "联络方式",
                "电话号码",
            ),
            *(
                "本人电话",
                "老人电话",
                "mobile",
                "本人手机",
                "本人手机号",
                "本人手机号码",
                "本人联系电话",
                "本人联系方式",
                "老人手机",
                "老人手机号",
            ),
            *(
                "老人手机号码",
                "老人联系电话",
                "老人联系方式",
                "移动电话",
                "电话1",
                "手机1",
                "手机号1",
                "联系电话1",
                "联系方式1",
            ),
            *("telephone", "tel", "phone number", "mobile phone", "cell"),
        ),
        "手机，或带区号的座机",
        "mobile, or landline with its area code",
        "13901000137",
    ),
    Column(
        "second_phone",
        "备用电话",
        "Second phone",
        (
            "座机",
            "固定电话",
            "电话2",
            "固话",
            "座机号",
            "座机号码",
            "家庭电话",
            "家庭座机",
            "住宅电话",
            "宅电",
            "手机2",
            "手机号2",
            "联系电话2",
            "联系方式2",
            "备用手机",
            "备用联系电话",
            "landline",
            "home phone",
        ),
    ),
    Column(
        "community",
        "社区",
        "Community",
        (
            "所属社区",
            "社区名称",
            "所在社区",
            "村",
            "村社",
            "村居",
            "村社区",
            "社区村",
            "所属村社",
            "所属村居",
            "居委会",
            "居委",
            "所属居委",
            "所属居委会",
            "村委会",
        ),
    ),
    Column(
        "region",
        "网格",
        "Grid",
        ("所属网格", "网格名称", "所在网格", "网格号", "网格编号", "region"),
        "不填则用导入时选的地区",
        "empty: the region chosen for the import",
    ),
    Column(
        "estate",
        "小区",
        "Estate",
        ("小区名称", "所属小区", "小区名", "所在小区", "楼盘"),
        example="榆荫里",
    ),
    Column(
        "building",
        "楼号",
        "Building",
        (
            "楼栋",
            "楼栋号",
            "楼栋单元",
            "楼号单元",
            "楼幢单元",
            "楼栋及单元",
            "楼号及单元",
            "楼栋房号",
            "楼宇",
            "楼宇号",
            "楼牌号",
            "栋数",
            "座号",
            "座",
            "栋",
            "幢",
            "楼",
            "楼幢",
            "楼幢号",
            "幢号",
            "栋号",
            "楼座",
        ),
        example="7",
    ),
    Column("entrance", "单元", "Entrance", ("单元号",), example="2"),
    Column("floor", "楼层", "Floor", ("层",), example="5"),
    Column(
        "door",
        "门牌",
        "Door",
        (
            "门牌号",
            "门牌号码",
            "户号",
            "室牌号",
            "单元室",
            "单元房号",
            "房间号码",
            "户室",
            "户室号",
            "单元门牌",
            "单元门牌号",
            "房间",
            "房屋号",
            "室",
            "室号",
            "房号",
            "房间号",
            "门号",
        ),
        example="501",
    ),
    Column(
        "address",
        "住址",
        "Address",
        (
            *(
                "地址",
                "家庭住址",
                "详细地址",
                "居住地址",
                "现住址",
                "家庭地址",
                "详细住址",
                "现居地址",
                "现居住地址",
                "现居住地",
                "现住地",
            ),
            *(
                "现住地址",
                "常住地址",
                "常住地",
                "居住地",
                "实际住址",
                "实际居住地址",
                "实际居住地",
                "住所",
                "住宅地址",
                "联系地址",
            ),
            *(
                "家庭详细地址",
                "详细家庭地址",
                "家庭详细住址",
                "现住详细地址",
                "家庭现住址",
                "居住详细地址",
                "现家庭住址",
            ),
            *("home address", "residence"),
        ),
        "不填则由小区、楼号、单元、门牌组成",
        "empty: made of estate, building, entrance and door",
    ),
    Column("access_note", "进门方式", "How to get in", ("进门", "如何进门")),
    Column("key_note", "钥匙", "Keys", ("钥匙保管", "备用钥匙")),
    Column("lat", "纬度", "Latitude", ("lat",), "WGS-84", "WGS-84"),
    Column("lng", "经度", "Longitude", ("lng", "lon"), "WGS-84", "WGS-84"),
    _chosen("status", "状态", "Status", "老人状态"),
    _chosen(
        "living",
        "居住情况",
        "Living",
        "居住状况",
        "居住状态",
        "居住类型",
        "居住方式",
        example="独居",
    ),
    _chosen(
        "welfare",
        "福利类别",
        "Welfare",
        "保障类别",
        *(
            "老人类别",
            "类别",
            "老人性质",
            "人群分类",
            "人群类别",
            "老年人类别",
            "老年人类型",
            "服务对象类别",
            "救助类别",
            "困难类别",
            "保障类型",
        ),
        "老人类型",
        "对象类别",
        "对象类型",
        "人员类型",
        "特殊类别",
        "困难类型",
        "人员类别",
        several=True,
    ),
    _chosen(
        "ability",
        "能力等级",
        "Ability",
        "失能等级",
        "自理能力",
        "生活自理能力",
        "失能情况",
        "失能程度",
        "能力评估",
        "能力评估等级",
        example="轻度失能",
    ),
    _chosen("risk", "风险等级", "Risk", "风险", example="高"),
    Column(
        "hazards",
        "警示",
        "Warnings",
        ("注意事项",),
        "可填多项，用顿号分开",
        "several: divide by ;",
        "抗凝药",
    ),
    Column(
        "health_note",
        "健康状况",
        "Health",
        (
            "病史",
            "疾病",
            "身体状况",
            "健康情况",
            "身体情况",
            "既往病史",
            "既往史",
            "基础疾病",
            "慢性病",
            "慢病",
            "health notes",
        ),
    ),
    Column("medicines", "用药", "Medicines", ("常用药", "用药情况", "服药情况", "服药")),
    Column(
        "allergies", "过敏", "Allergies", ("过敏史", "药物过敏", "药物过敏史"), example="青霉素"
    ),
    Column("hospital", "就诊医院", "Hospital", ("医院",)),
    Column("hearing", "听力", "Hearing"),
    Column("dialect", "方言", "Dialect", ("语言",)),
    Column("talk_note", "沟通提示", "How to talk", ("沟通方式",)),
    Column(
        "salutation",
        "短信称呼",
        "Called in texts",
        ("尊称",),
        "短信里怎样称呼；不填则为姓名加“老人”",
        "in texts to the family; empty: the name",
        "沈奶奶",
    ),
    _chosen("telling", "联系人通知方式", "Telling contacts", "子女通知方式"),
    *STANDING,
    *(
        column
        for number, numeral in enumerate("一二三四五", start=1)
        for column in _contact(number, numeral)
    ),
    Column(
        "devices",
        "设备号",
        "Devices",
        (
            "设备编号",
            "设备",
            "设备id",
            "设备码",
            "设备序列号",
            "设备imei",
            "imei",
            "imei号",
            "终端号",
            "终端编号",
            "终端id",
            "呼叫器编号",
            "呼叫器号",
            "sn",
            "device",
            "device number",
            "device id",
            "serial number",
        ),
        "可填多个，用逗号分开；尚未登记的会新建",
        "several: divide by commas; unknown ones are registered",
        "A101",
    ),
    _chosen("device_kind", "设备类型", "Device kind", "设备种类"),
    _chosen("encrypted_only", "仅收加密轮询", "Encrypted polls only", "轮询必须加密", "仅加密"),
)

BY_KEY: Mapping[str, Column] = MappingProxyType({column.key: column for column in COLUMNS})


FLAGS: Final[Mapping[str, tuple[str, str, tuple[str, ...]]]] = MappingProxyType(
    {
        "is_alone": ("living", "alone", ("独居",)),
        "is_empty_nest": ("living", "couple", ("空巢",)),
        "has_allowance": ("welfare", "minimum_allowance", ("低保",)),
        "is_extremely_poor": ("welfare", "extreme_poverty", ("特困", "五保", "特困供养")),
        "has_no_family": ("welfare", "no_family", ("孤寡", "孤老")),
        "lost_child": ("welfare", "lost_only_child", ("失独", "计生特殊家庭", "计划生育特殊家庭")),
        "is_preferential": ("welfare", "preferential", ("优抚", "优抚对象")),
        "is_disabled": ("", "残疾", ("残疾", "残疾人", "持证残疾人", "残疾证")),
    }
)
"""Columns of yes and no: key -> the column that it answers (none: a note), the value that a yes means, its words."""


def _flag_headings(words: Sequence[str]) -> list[str]:
    subjects = [f"{word}{whom}" for word in words for whom in ("", "老人", "户", "家庭", "人员")]
    asked = [
        f"{ask}{subject}"
        for ask in ("是否", "是否为", "是否属于", "是否享受", "是否持有", "是否有")
        for subject in subjects
    ]
    return [*subjects, *asked]


def normal_heading(text: str) -> str:
    """A heading without what varies: spaces, stars, brackets and their content, width and case."""
    flat = unicodedata.normalize("NFKC", text).lower()
    flat = re.sub(r"\([^)]*\)|\[[^\]]*\]", "", flat)
    return re.sub(r"[\s*:/_\-.、]+", "", flat)


RELATION: Final = "relation"
"""A heading that says whose relation by where it stands: right behind a contact, else of the first."""
_RELATIONS: Final = (
    "关系",
    *(f"与{whom}关系" for whom in ("监护人", "联系人", "紧急联系人", "家属", "亲属")),
    "亲属关系",
    "与老人关系",
    "与老人的关系",
    "与本人关系",
    "relation",
    "relationship",
)

_KEY_OF: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{normal_heading(heading): RELATION for heading in _RELATIONS},
        **{
            heading: key
            for key, (_, _, words) in FLAGS.items()
            for heading in _flag_headings(words)
        },
        **{
            normal_heading(heading): column.key
            for column in reversed(COLUMNS)
            for heading in (column.zh, column.en, column.key, *column.aliases)
        },
    }
)


def key_of(heading: str) -> str | None:
    """The column a heading means, or None."""
    opened = re.sub(r"[()\[\]（）]", "", heading)  # 联系人1（电话） says it within brackets
    return _KEY_OF.get(normal_heading(opened)) or _KEY_OF.get(normal_heading(heading))


def headings(language: str) -> Sequence[str]:
    """The template's headings."""
    return [column.zh if language.startswith("zh") else column.en for column in COLUMNS]


_OF_PEOPLE: Final = re.compile("(?<=..)(?:老年人|老人|人员|人群|家庭|对象|户|者|类)$")
"""独居户, 失独家庭: whoever is meant by the word before."""


def chosen(choices: Choices, text: str) -> str | None:
    """The database value for what somebody wrote, or None."""
    flat = unicodedata.normalize("NFKC", text).strip().lower().strip(".。,、")
    bare = re.sub(r"\s*\([^)]*\)$", "", flat)  # 独居(子女在外地)
    tried = (flat, bare, _OF_PEOPLE.sub("", bare))
    return next(
        (value for value, words in choices.items() if any(t == value or t in words for t in tried)),
        None,
    )


def spelled(choices: Choices, value: str | None, language: str) -> str:
    """How an export writes a database value; words that an earlier release has written stay as they are."""
    if value is None:
        return ""
    return choices[value][0] if language.startswith("zh") and value in choices else value
