"""The 60 people of 榆荫里 in their 52 homes, listed one by one; every name and fate is invented. Pure.

A home is `Household(building, entrance, door, living, people, ...)`. Contacts are written as one line each:
"relation name distance [key]", in the order in which they are asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from callcenter.demo.community.wording import NOTHING, Both


@dataclass(frozen=True, slots=True)
class Person:
    """One resident as listed. `conditions` are keys of wording.CONDITIONS, `contacts` lines as in the module's text."""

    name: str
    sex: str
    age: int
    ability: str
    risk: str
    conditions: str
    contacts: tuple[str, ...] = ()
    welfare: tuple[str, ...] = ()
    hospital: str = "一"
    dialect: str = "普"
    allergy: str = ""
    talk: Both | None = None
    hearing: Both = NOTHING
    status: str = "home"
    language: str = "zh-CN"


@dataclass(frozen=True, slots=True)
class Household:
    """One home: where it is, who lives there, how to get in."""

    building: int
    entrance: int
    door: str
    living: str
    people: tuple[Person, ...]
    access: Both | None = None
    key: Both = NOTHING

    @property
    def floor(self) -> int:
        return int(self.door[:-2])


F, M = "female", "male"
NO_KEY = Both("无人有备用钥匙", "nobody holds a spare key")

HOUSEHOLDS: tuple[Household, ...] = (
    Household(
        7,
        2,
        "501",
        "alone",
        (
            Person(
                "沈玉兰",
                F,
                83,
                "mild",
                "high",
                "warfarin pressure knees",
                ("女儿 周晓梅 本区", "邻居 邓桂香 对门 key", "儿子 周晓峰 外地"),
                allergy="青",
                hearing=Both("右耳较好", "right ear is better"),
                talk=Both(
                    "退休语文教师，请称沈老师；问话慢一点",
                    "retired teacher, call her Teacher Shen; ask slowly",
                ),
            ),
        ),
        Both(
            "单元门密码1949#，五楼左手；门往里推",
            "entrance code 1949#, fifth floor left; push the door inwards",
        ),
        Both("对门502邓桂香有钥匙", "neighbour Deng Guixiang, door 502, has the key"),
    ),
    Household(
        3,
        1,
        "201",
        "alone_by_day",
        (
            Person(
                "贺长林",
                M,
                79,
                "moderate",
                "high",
                "oxygen pressure",
                ("儿子 贺卫东 同住 key", "儿媳 田丽华 同住 key"),
                dialect="东",
                hospital="区",
                talk=Both(
                    "说话喘，只问能点头回答的问题",
                    "short of breath: ask what can be answered with yes or no",
                ),
            ),
        ),
        Both(
            "氧气机在门口左侧，进门先关燃气；楼道不能停氧气瓶",
            "oxygen machine left of the door; turn the gas off first; leave no cylinder in the hall",
        ),
        Both(
            "儿子儿媳白天上班，钥匙在门卫室",
            "son and his wife work by day; a key is at the gatehouse",
        ),
    ),
    Household(
        9,
        3,
        "302",
        "alone",
        (
            Person(
                "梁淑贞",
                F,
                88,
                "moderate",
                "high",
                "deaf pressure2",
                ("邻居 吴秋菊 对门 key", "侄女 梁咏梅 本市"),
                dialect="云",
                hearing=Both("双耳失聪", "deaf in both ears"),
                talk=Both(
                    "电话听不见：打给对门301吴秋菊，请她敲门看灯；见面用写字板",
                    "cannot hear the phone: call Wu Qiuju at 301 and ask her to look in; write on the board",
                ),
            ),
        ),
        Both("按门铃屋里灯会闪，等一分钟", "the bell makes a light flash; wait a minute"),
        Both("对门301吴秋菊有钥匙", "Wu Qiuju across the landing, door 301, has the key"),
    ),
    Household(
        14,
        1,
        "803",
        "couple",
        (
            Person(
                "乔文斌",
                M,
                81,
                "severe",
                "high",
                "dementia pressure",
                ("妻子 陆美云 同住 key", "儿子 乔志远 本市", "女儿 乔志华 外地"),
                allergy="磺",
                talk=Both(
                    "常误按，先问老伴陆美云在不在身边；他会答非所问",
                    "often presses by mistake: ask for his wife Meiyun; his answers may not fit",
                ),
            ),
            Person(
                "陆美云",
                F,
                78,
                "mild",
                "high",
                "insulin knees",
                ("儿子 乔志远 本市", "女儿 乔志华 外地"),
                talk=Both(
                    "说胡话、答得慢时按低血糖处理，请她先喝糖水",
                    "slow or odd answers mean low sugar: have her drink sugar water first",
                ),
            ),
        ),
        Both(
            "门禁803再按钟形键；防走失门磁会响",
            "dial 803 and the bell key; the anti-wander contact will beep",
        ),
        Both(
            "儿子乔志远有钥匙；服务站密码盒0417",
            "son Qiao Zhiyuan has a key; key box at the station, 0417",
        ),
    ),
    Household(
        11,
        1,
        "102",
        "alone",
        (
            Person(
                "费德海",
                M,
                76,
                "severe",
                "high",
                "aphasia pressure2",
                ("弟弟 费德江 本区 key", "侄子 费鸣 外地"),
                hospital="中",
                talk=Both(
                    "听得懂说不出。敲击暗号：一下是，两下否，连敲要120",
                    "understands but cannot speak. Knock code: once yes, twice no, many times 120",
                ),
            ),
        ),
        Both(
            "一楼，南窗可看见屋内；门右侧有扶手",
            "ground floor, the south window looks in; rail right of the door",
        ),
        Both(
            "弟弟费德江有钥匙；门卫室有一把", "his brother has a key; another is at the gatehouse"
        ),
    ),
    Household(
        18,
        2,
        "402",
        "with_carer",
        (
            Person(
                "闻秀珍",
                F,
                92,
                "total",
                "high",
                "bedridden pressure hearing",
                (),
                ("extreme_poverty", "no_family"),
                dialect="沪",
                hospital="区",
                talk=Both(
                    "无亲属，住家护理员姓孔；老人只能眨眼回答",
                    "no family; the live-in carer is Ms Kong; she answers by blinking",
                ),
            ),
        ),
        Both("担架走2单元货梯，长2.1米", "stretcher: goods lift of entrance 2, 2.1 m deep"),
        Both(
            "护理员孔师傅在家；服务站有备用钥匙", "the carer is at home; spare key at the station"
        ),
    ),
    Household(
        1,
        1,
        "401",
        "alone",
        (
            Person(
                "单桂芝",
                F,
                81,
                "mild",
                "medium",
                "stent pressure",
                ("女儿 赵敏 本市 key", "邻居 郝玉芬 同楼"),
                dialect="云",
            ),
        ),
        key=Both("女儿有钥匙", "her daughter has a key"),
    ),
    Household(
        1,
        2,
        "602",
        "alone",
        (
            Person(
                "仇永昌",
                M,
                74,
                "intact",
                "medium",
                "pills",
                (),
                ("minimum_allowance", "no_family"),
                dialect="鲁",
                talk=Both("无亲属，找社区工作者", "no relatives: call the community worker"),
            ),
        ),
        Both("六楼无电梯，门铃坏了请敲门", "sixth floor, no lift; the bell is broken, knock"),
        NO_KEY,
    ),
    Household(
        1,
        3,
        "302",
        "couple",
        (
            Person(
                "曾广福",
                M,
                85,
                "mild",
                "medium",
                "pacemaker pressure",
                ("妻子 汤月娥 同住 key", "女儿 曾丽娟 本区 key", "外孙 马骁 本市"),
            ),
            Person(
                "汤月娥",
                F,
                82,
                "mild",
                "low",
                "bones stomach",
                ("丈夫 曾广福 同住 key", "女儿 曾丽娟 本区 key"),
                dialect="川",
            ),
        ),
    ),
    Household(
        2,
        1,
        "101",
        "alone",
        (
            Person(
                "解玉珍",
                F,
                87,
                "moderate",
                "high",
                "failure pills",
                ("儿子 康健 本市 key",),
                talk=Both("气短，让她坐着说话", "short of breath, let her sit while talking"),
            ),
        ),
        Both("一楼带小院，院门不锁", "ground floor with a yard; the yard gate is not locked"),
        Both(
            "儿子有钥匙；花盆下没有钥匙，别找",
            "her son has a key; there is none under the flower pot",
        ),
    ),
    Household(
        2,
        2,
        "301",
        "alone",
        (
            Person(
                "欧阳素琴",
                F,
                77,
                "intact",
                "low",
                "thyroid",
                ("女儿 傅雅 本区 key", "妹妹 欧阳素芬 本市"),
                dialect="普",
            ),
        ),
    ),
    Household(
        2,
        3,
        "502",
        "alone_by_day",
        (
            Person(
                "邱德厚",
                M,
                80,
                "mild",
                "medium",
                "stroke pressure",
                ("女儿 邱红 同住 key", "女婿 常亮 同住 key", "弟弟 邱德宽 外地"),
            ),
        ),
        Both("白天无人应门，五楼右手", "nobody answers by day; fifth floor right"),
    ),
    Household(
        3,
        2,
        "402",
        "alone",
        (Person("司马文达", M, 72, "intact", "low", "gout", ("儿子 司马骏 本区",), dialect="陕"),),
        key=NO_KEY,
    ),
    Household(
        3,
        3,
        "601",
        "alone",
        (
            Person(
                "龚秀英",
                F,
                79,
                "mild",
                "medium",
                "low pressure",
                ("外甥女 黄静 本市 key",),
                ("lost_only_child",),
                talk=Both(
                    "独女已故，不要问起孩子", "her only child has died; do not ask about children"
                ),
            ),
        ),
    ),
    Household(
        4,
        1,
        "202",
        "alone",
        (
            Person(
                "霍占山",
                M,
                84,
                "moderate",
                "high",
                "parkinson",
                ("女儿 霍春燕 本区 key", "儿子 霍春雷 外地", "邻居 石大勇 同楼"),
            ),
        ),
        Both("起步慢，敲门后等两分钟", "slow to start walking; wait two minutes after knocking"),
        Both("女儿有钥匙", "his daughter has a key"),
    ),
    Household(
        4,
        2,
        "501",
        "alone",
        (
            Person(
                "尹慧芳",
                F,
                68,
                "intact",
                "low",
                "well",
                ("儿子 蒋涛 外地", "朋友 白洁 小区"),
                dialect="粤",
            ),
        ),
        key=NO_KEY,
    ),
    Household(
        4,
        3,
        "102",
        "couple",
        (
            Person(
                "钱守义",
                M,
                88,
                "mild",
                "medium",
                "cataract pressure2",
                ("妻子 傅淑兰 同住 key", "儿子 钱程 本市 key"),
            ),
            Person(
                "傅淑兰",
                F,
                86,
                "mild",
                "medium",
                "hip",
                ("丈夫 钱守义 同住 key", "儿子 钱程 本市 key", "孙女 钱小雨 本市"),
            ),
        ),
        Both("一楼，轮椅坡道在南侧", "ground floor, wheelchair ramp on the south side"),
    ),
    Household(
        5,
        1,
        "302",
        "alone",
        (
            Person(
                "武金生",
                M,
                78,
                "mild",
                "medium",
                "asthma",
                (),
                ("extreme_poverty", "no_family"),
                dialect="云",
                talk=Both(
                    "一生未婚，无亲属，找社区工作者",
                    "never married, no relatives: call the community worker",
                ),
            ),
        ),
        key=Both("服务站有备用钥匙", "spare key at the station"),
    ),
    Household(
        5,
        2,
        "602",
        "alone",
        (
            Person(
                "阎丽珍", F, 73, "intact", "low", "pressure", ("女儿 孟洁 本市", "女婿 宋凯 本市")
            ),
        ),
    ),
    Household(
        5,
        3,
        "401",
        "alone",
        (
            Person(
                "褚宏远",
                M,
                82,
                "mild",
                "medium",
                "angina hearing",
                ("儿子 褚卫国 本区 key", "儿媳 贾琳 本区", "孙子 褚明 外地"),
                hearing=Both("左耳戴助听器", "aid in the left ear"),
            ),
        ),
        key=Both("儿子有钥匙", "his son has a key"),
    ),
    Household(
        6,
        1,
        "201",
        "alone",
        (
            Person(
                "邵月华",
                F,
                75,
                "intact",
                "low",
                "pills",
                ("女儿 高欣 本区 key", "妹妹 邵月琴 小区 key"),
            ),
        ),
    ),
    Household(
        6,
        2,
        "402",
        "alone",
        (
            Person(
                "裴春山",
                M,
                80,
                "moderate",
                "high",
                "eyes pressure",
                ("侄子 裴军 本市",),
                ("minimum_allowance",),
                talk=Both("几乎失明，开口先报自己是谁", "almost blind: say who you are first"),
            ),
        ),
        Both(
            "家具位置不能动；门边有盲杖", "leave the furniture where it is; his cane is by the door"
        ),
    ),
    Household(
        6,
        3,
        "502",
        "couple",
        (
            Person(
                "蒲建业",
                M,
                76,
                "intact",
                "low",
                "pressure",
                ("妻子 苗凤英 同住 key", "女儿 蒲蕾 本区"),
                dialect="川",
            ),
            Person(
                "苗凤英",
                F,
                74,
                "intact",
                "low",
                "knees",
                ("丈夫 蒲建业 同住 key", "女儿 蒲蕾 本区"),
                dialect="川",
            ),
        ),
    ),
    Household(
        7,
        1,
        "302",
        "alone",
        (Person("冉启明", M, 69, "intact", "low", "well", ("女儿 冉冬梅 国外",), dialect="川"),),
        key=NO_KEY,
    ),
    Household(
        7,
        3,
        "601",
        "alone_by_day",
        (
            Person(
                "柴桂香",
                F,
                86,
                "mild",
                "medium",
                "bones cataract",
                ("儿子 柳青 同住 key", "孙女 柳叶 同住 key", "女儿 柳萍 外地"),
            ),
        ),
    ),
    Household(
        8,
        1,
        "101",
        "alone",
        (
            Person(
                "鲁淑清",
                F,
                90,
                "moderate",
                "high",
                "failure hearing",
                ("女儿 程秀云 附近 key", "外孙女 程可 本市"),
                hearing=Both("助听器夜里摘下", "takes the aid out at night"),
                talk=Both(
                    "夜里摘助听器，响足十声", "no hearing aid at night, let it ring ten times"
                ),
            ),
        ),
        Both("一楼，卧室窗朝小路", "ground floor, the bedroom window faces the path"),
        Both("女儿有钥匙", "her daughter has a key"),
    ),
    Household(
        8,
        2,
        "502",
        "alone",
        (
            Person(
                "郎志坚",
                M,
                71,
                "intact",
                "low",
                "stomach",
                ("儿子 郎逸 外地", "老同事 魏强 附近"),
                dialect="东",
            ),
        ),
    ),
    Household(
        8,
        3,
        "301",
        "alone",
        (
            Person(
                "宁玉环",
                F,
                82,
                "mild",
                "medium",
                "rivaroxaban",
                ("儿子 祝军 本市 key",),
                ("minimum_allowance",),
                allergy="头",
            ),
        ),
    ),
    Household(
        9,
        1,
        "402",
        "couple",
        (
            Person(
                "栾春生",
                M,
                68,
                "intact",
                "low",
                "gout pressure",
                ("妻子 贝素英 同住 key",),
                dialect="鲁",
            ),
            Person(
                "贝素英", F, 66, "intact", "low", "stomach", ("丈夫 栾春生 同住 key",), dialect="鲁"
            ),
        ),
    ),
    Household(
        9,
        2,
        "601",
        "alone",
        (
            Person(
                "甘素梅",
                F,
                76,
                "mild",
                "low",
                "thyroid knees",
                ("女儿 纪宁 本区 key", "儿子 纪安 外地", "邻居 樊玉 对门 key"),
            ),
        ),
        Both("六楼无电梯，楼道灯常坏，带手电", "sixth floor, no lift, dark stairs: bring a torch"),
        Both("对门602樊玉有钥匙", "Fan Yu across the landing, door 602, has a key"),
    ),
    Household(
        10,
        1,
        "201",
        "alone",
        (
            Person(
                "戚永福",
                M,
                85,
                "severe",
                "high",
                "stroke pills",
                ("女儿 戚文静 本区 key", "女婿 丁浩 本区", "弟弟 戚永寿 外地"),
                ("minimum_allowance",),
                hospital="中",
            ),
        ),
        Both("助行器靠门，推门要慢", "a walking frame stands behind the door, push slowly"),
        Both("女儿有钥匙", "his daughter has a key"),
    ),
    Household(
        10,
        2,
        "302",
        "alone",
        (
            Person(
                "卓丽君", F, 67, "intact", "low", "pressure", ("儿子 商亮 本市", "儿媳 毕晨 本市")
            ),
        ),
    ),
    Household(
        10,
        3,
        "602",
        "couple",
        (
            Person(
                "滕国栋",
                M,
                77,
                "intact",
                "medium",
                "stent",
                ("妻子 盛佩兰 同住 key", "儿子 滕飞 国外", "弟弟 滕国梁 附近"),
            ),
            Person(
                "盛佩兰",
                F,
                75,
                "intact",
                "low",
                "bones",
                ("丈夫 滕国栋 同住 key", "儿子 滕飞 国外"),
                dialect="沪",
            ),
        ),
        Both("六楼无电梯，担架要下六层", "sixth floor, no lift: six storeys with a stretcher"),
    ),
    Household(
        11,
        2,
        "401",
        "alone",
        (
            Person(
                "冷月娥",
                F,
                80,
                "mild",
                "low",
                "cataract pressure",
                ("儿子 牛建军 本市",),
                dialect="云",
            ),
        ),
    ),
    Household(
        11,
        3,
        "502",
        "alone",
        (
            Person(
                "狄万春",
                M,
                73,
                "mild",
                "medium",
                "epilepsy",
                ("姐姐 狄万秋 小区 key", "外甥 穆阳 本区"),
                ("minimum_allowance",),
                talk=Both(
                    "发作后会迷糊十分钟，别让他独自下楼",
                    "dazed for ten minutes after a seizure; keep him off the stairs",
                ),
            ),
        ),
        key=Both("姐姐有钥匙", "his sister has a key"),
    ),
    Household(
        12,
        1,
        "302",
        "alone",
        (
            Person(
                "花玉珠",
                F,
                84,
                "mild",
                "medium",
                "insulin eyes",
                ("女儿 章华 本区 key", "外孙 章一凡 本市", "邻居 刁桂荣 同楼 key"),
            ),
        ),
        key=Both("女儿和402刁桂荣有钥匙", "her daughter and Diao Guirong, door 402, have keys"),
    ),
    Household(
        12,
        2,
        "501",
        "alone_by_day",
        (
            Person(
                "简福全",
                M,
                83,
                "moderate",
                "medium",
                "parkinson pressure",
                ("儿子 简兵 同住 key", "儿媳 廖燕 同住 key"),
            ),
        ),
        Both(
            "白天一人在家，门反锁时找物业",
            "alone by day; if the door is bolted call the estate office",
        ),
    ),
    Household(
        12,
        3,
        "602",
        "alone",
        (Person("耿素云", F, 71, "intact", "low", "well", ("女儿 伍悦 外地", "朋友 辛梅 小区")),),
        key=NO_KEY,
    ),
    Household(
        13,
        1,
        "1102",
        "couple",
        (
            Person(
                "满书田",
                M,
                91,
                "moderate",
                "high",
                "failure pacemaker",
                ("妻子 纪素贞 同住 key", "女儿 满英 本区 key", "孙子 满博 本市"),
                hospital="中",
            ),
            Person(
                "纪素贞",
                F,
                89,
                "moderate",
                "medium",
                "forgetful bones",
                ("丈夫 满书田 同住 key", "女儿 满英 本区 key"),
            ),
        ),
        Both("电梯到11层右转到底", "lift to floor 11, right to the end"),
    ),
    Household(
        13,
        2,
        "701",
        "alone",
        (
            Person(
                "阮秋萍",
                F,
                66,
                "intact",
                "low",
                "asthma",
                ("儿子 纪元 本市",),
                dialect="粤",
                allergy="虾",
            ),
        ),
    ),
    Household(
        14,
        2,
        "902",
        "alone",
        (
            Person(
                "巩长贵",
                M,
                81,
                "moderate",
                "high",
                "dialysis pressure2",
                ("女儿 巩莉 本市 key", "女婿 薛峰 本市"),
                ("minimum_allowance",),
                allergy="碘",
                talk=Both(
                    "周二四六上午在市第一医院透析，不在家",
                    "Tue, Thu, Sat mornings at dialysis in City Hospital No. 1",
                ),
            ),
        ),
    ),
    Household(
        15,
        1,
        "502",
        "alone",
        (
            Person(
                "向桂兰",
                F,
                79,
                "intact",
                "low",
                "pressure stomach",
                ("女儿 桑晓 本区 key", "儿子 桑田 外地"),
                dialect="川",
            ),
        ),
    ),
    Household(
        15,
        2,
        "1001",
        "couple",
        (
            Person(
                "古兆祥",
                M,
                72,
                "intact",
                "low",
                "pills",
                ("妻子 臧玉梅 同住 key", "女儿 古悦 本区"),
            ),
            Person(
                "臧玉梅",
                F,
                69,
                "intact",
                "low",
                "knees",
                ("丈夫 古兆祥 同住 key", "女儿 古悦 本区"),
            ),
        ),
    ),
    Household(
        16,
        1,
        "301",
        "alone",
        (
            Person(
                "岳静娴",
                F,
                78,
                "mild",
                "medium",
                "low thyroid",
                ("侄女 岳彤 本市",),
                ("lost_only_child",),
                talk=Both(
                    "独子因公殉职，请称岳老师",
                    "lost her only son in the line of duty; call her Teacher Yue",
                ),
            ),
        ),
    ),
    Household(
        16,
        2,
        "1101",
        "alone_by_day",
        (
            Person(
                "葛青山",
                M,
                87,
                "mild",
                "medium",
                "angina knees",
                ("儿子 葛勇 同住 key", "女儿 葛红 本区 key", "孙子 葛浩 外地"),
                dialect="东",
            ),
        ),
    ),
    Household(
        17,
        1,
        "602",
        "alone",
        (
            Person(
                "路凤娟",
                F,
                85,
                "mild",
                "medium",
                "cancer pressure",
                ("女儿 鄢敏 本区 key", "邻居 佟大姐 对门 key"),
                hospital="区",
                talk=Both("有造口袋，搬动时留意", "has a stoma bag, mind it when moving her"),
            ),
        ),
        Both(
            "门禁602，电梯刷不了时走东侧楼梯", "dial 602; if the lift refuses use the east stairs"
        ),
        Both("女儿和对门601有钥匙", "her daughter and door 601 have keys"),
    ),
    Household(
        17,
        2,
        "1003",
        "alone",
        (
            Person(
                "万国忠",
                M,
                74,
                "intact",
                "low",
                "well",
                ("儿子 万里 外地",),
                ("preferential",),
                dialect="陕",
                talk=Both("退伍老兵，讲话直接", "a veteran, plain words are welcome"),
            ),
        ),
    ),
    Household(
        18,
        1,
        "903",
        "alone_by_day",
        (
            Person(
                "凌秋霞",
                F,
                90,
                "severe",
                "high",
                "parkinson bones",
                ("女儿 谷雨 同住 key", "女婿 龙军 同住 key", "外孙女 龙欣 本市"),
            ),
        ),
        Both("女儿白天上班，床边有对讲", "her daughter works by day; intercom at the bedside"),
    ),
    Household(
        19,
        1,
        "1602",
        "with_carer",
        (
            Person(
                "安世荣",
                M,
                93,
                "severe",
                "high",
                "stroke failure",
                ("儿子 安宁 本区 key", "护理员 柏春花 同住 key", "女儿 安静 国外"),
            ),
        ),
        Both(
            "16层，找护理员柏师傅；消防电梯在北侧",
            "floor 16; ask for the carer Ms Bai; fire lift on the north side",
        ),
    ),
    Household(
        19,
        1,
        "503",
        "alone",
        (Person("常淑敏", F, 69, "intact", "low", "pressure", ()),),
        key=NO_KEY,
    ),
    Household(
        20,
        1,
        "1801",
        "with_carer",
        (
            Person(
                "秦月仙",
                F,
                95,
                "moderate",
                "high",
                "hip hearing",
                ("孙女 秦岚 本区 key", "护理员 卞小兰 同住 key"),
                hearing=Both("要对着右耳说", "speak into the right ear"),
            ),
        ),
        Both("18层顶层，门口有轮椅", "floor 18, top; a wheelchair stands at the door"),
    ),
    Household(
        20,
        1,
        "1204",
        "alone_by_day",
        (
            Person(
                "余振邦",
                M,
                94,
                "moderate",
                "high",
                "pacemaker eyes",
                ("儿子 余江 同住 key", "儿媳 车晓燕 同住 key"),
                ("preferential",),
                dialect="沪",
            ),
        ),
        Both(
            "白天一人，门锁密码在服务站", "alone by day; the station has the code of the door lock"
        ),
    ),
)
