"""The printed page: every kind of entry in words of both languages, everything people wrote escaped."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from callcenter.alerts.detail import IncidentDetail, Numbers
from callcenter.alerts.entries import KINDS, Entry, Joined, Opened, Reply, Said, Step, Told, Wanted
from callcenter.alerts.incident import IncidentMode
from callcenter.alerts.printing.around import Around, Letterhead, Reach
from callcenter.alerts.printing.page import DETAILS, print_page
from callcenter.alerts.printing.wording import words
from callcenter.alerts.storm_shown import StormView
from callcenter.core.ids import new_id
from tests.support.community import LONG_AGO
from tests.support.incidents import incident

ZONE = ZoneInfo("Asia/Shanghai")
LANGUAGES = ("zh-CN", "en")


def page(language: str, *said: Said) -> str:
    one = incident()
    kinds = {type_: kind for kind, type_ in KINDS.items()}
    entries = [
        Entry(one.id, number, LONG_AGO, kinds[type(each)], 7, "王敏", each)
        for number, each in enumerate(said, 1)
    ]
    detail = IncidentDetail(one, entries, [], [], Numbers(), ())
    return print_page(detail, language, ZONE, LONG_AGO, Around())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_words(language: str, kind: str):
    assert words(language)[f"entry.{kind}"] in page(language, KINDS[kind]())
    assert KINDS[kind] in DETAILS


@pytest.mark.parametrize("kind", KINDS)
def test_what_people_wrote_is_escaped(kind: str):
    said = KINDS[kind]
    written = {f.name: "<b>" for f in fields(said) if f.type in ("str", "str | None")}
    assert "<b>" not in page("zh-CN", said(**written))


def test_a_step_says_what_to_whom_and_what_came_of_it():
    said = Step(step="contact_called", result="busy", contact_name="沈岚", relation="女儿", relation_en="daughter")  # fmt: skip
    assert "致电联系人 · 占线 · 沈岚 · 女儿" in page("zh-CN", said)
    assert "Contact called · busy · 沈岚 · daughter" in page("en", said)


def test_what_was_told_by_hand_says_by_whom():
    called = {"caller": "邻居", "user": "王敏", "way": "phone"}
    said = Opened(kind="sos", identifier="+8613900000077", text="摔了", called=called)
    assert "+8613900000077 · 邻居 · 王敏 · 摔了" in page("zh-CN", said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_test_says_so_on_top_and_what_made_it_real(language: str):
    tried = IncidentDetail(incident(mode=IncidentMode.TEST), [], [], [], Numbers(), ())
    assert words(language)["mode.test"] in print_page(tried, language, ZONE, LONG_AGO, Around())
    assert words(language)["mode.test"] not in page(language)
    assert words(language)["entry.made_real"] in page(language, Joined(kind="sos", real=True))


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-CN", ["送餐 · 转给 食堂 · 少盐 · 时限 2026-03-14 17:26:53", "<td>送餐</td>"]),
        ("en", ["a meal · passed to 食堂 · 少盐 · until 2026-03-14 17:26:53", "<td>a meal</td>"]),
    ],
)
def test_a_request_says_what_was_wanted_and_by_when_to_call_back(
    language: str, expected: list[str]
):
    at = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
    one = incident(signal_class="service", kind="help", call_back_by=at, wanted="meal")
    for until in (at, at.isoformat()):
        said = Wanted(wanted="meal", note="少盐", passed_to="食堂", until=until)  # type: ignore[arg-type]
        entries = [Entry(one.id, 1, LONG_AGO, "wanted", 7, "王敏", said)]
        detail = IncidentDetail(one, entries, [], [], Numbers(), ())
        printed = print_page(detail, language, ZONE, LONG_AGO, Around())
        for words_ in (*expected, "<td>2026-03-14 17:26:53</td>"):
            assert words_ in printed


@pytest.mark.parametrize(("language", "where"), [("zh-CN", "榆荫里社区"), ("en", "Yuyinli")])
def test_what_was_part_of_a_storm_says_so(language: str, where: str):
    storm = StormView(
        id=new_id(), version=3, kind="power_fail", mode="real", region_id=2, region_path=(1, 2), below=True, region_name="榆荫里社区",
        region_name_en="Yuyinli", since=LONG_AGO, last_at=LONG_AGO, over_at=None, settled_at=None, order=None,
    )  # fmt: skip
    one = incident(signal_class="technical", kind="power_fail")
    say = words(language)
    printed = print_page(
        IncidentDetail(one, [], [], [], Numbers(), (), storm=storm),
        language,
        ZONE,
        LONG_AGO,
        Around(),
    )
    assert f"<th>{say['storm']}</th><td>{say['kind.power_fail']} · {where} · 2020-01-01" in printed
    assert say["storm"] not in page(language)


def test_an_answer_that_nobody_has_verified_says_so():
    assert "能去现场 · 沈岚 · 短信回复，未经核实" in page(
        "zh-CN", Reply(meaning="yes", name="沈岚", unverified=True)
    )
    assert "not verified" in page("en", Reply(meaning="yes", unverified=True))
    assert "not verified" not in page("en", Reply(meaning="yes"))


def test_who_was_told_is_named():
    assert "can you go · 沈岚" in page("en", Told(kind="can_you_go", names=["沈岚"]))


def test_an_entry_of_a_newer_server_is_shown_by_its_kind():
    one = incident()
    entry = Entry(one.id, 1, LONG_AGO, "dreamt", None, None, {"of": "rain"})
    detail = IncidentDetail(one, [entry], [], [], Numbers(), ())
    assert "dreamt" in print_page(detail, "en", ZONE, LONG_AGO, Around())


def test_the_page_is_complete_with_the_address_once():
    card = {
        "people": [{"name": "沈玉兰", "name_latin": "Shen Yulan", "age": 83, "sex": "female"}],
        "address": "榆荫里7号楼2单元501",
        "entrance": "2单元",
        "floor": 5,
        "door": "501",
        "device_kind": "pendant",
    }
    around = Around(
        {1: Reach("沈玉兰", "Shen Yulan", ["+8613900001001"])},
        {4: Reach("周晓梅", "Zhou Xiaomei", ["+8613900100228"], "女儿", "daughter")},
        Letterhead("榆荫街道应急呼叫中心", "Yuyin call centre"),
    )
    one = replace(incident(), card=card, identifier="1001")
    detail = IncidentDetail(one, [], [], [], Numbers(), ())
    paper = print_page(detail, "zh-CN", ZONE, LONG_AGO, around)
    assert paper.count("501") == 1
    assert paper.count("2单元") == 1
    for words_of in ("83岁 女", "+8613900001001", "女儿 +8613900100228", "挂件 1001"):
        assert words_of in paper
    assert "榆荫街道应急呼叫中心" in paper
    assert "签字" in paper
    english = print_page(detail, "en", ZONE, LONG_AGO, around)
    for words_of in ("female", "Zhou Xiaomei daughter", "Yuyin call centre", "Handled by"):
        assert words_of in english


def test_everything_it_gathered_is_named_the_gravest_first():
    one = incident(kind="smoke", kinds=("sos", "smoke"))
    printed = print_page(
        IncidentDetail(one, [], [], [], Numbers(), ()), "zh-CN", ZONE, LONG_AGO, Around()
    )
    assert "烟雾报警、紧急求助" in printed
