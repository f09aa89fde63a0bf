"""The texts people receive: word for word, and always one part."""

import re
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from callcenter.sms import segments
from callcenter.sms.catalogue import (
    ASKING,
    CHINESE,
    ENGLISH,
    FOR_DUTY,
    FOR_FIELD,
    MessageKind,
)
from callcenter.sms.rendering import BY_READER, render

SHANGHAI = ZoneInfo("Asia/Shanghai")
CASE = {
    "name": "沈玉兰",
    "name_latin": "Shen Yulan",
    "signature": "榆荫里养老",
    "signature_en": "Yuyinli Care",
    "hotline": "0999-8012349",
    "ref": 37,
    "at": "2026-11-21T20:12:00+00:00",
    "called_at": "2026-11-21T20:18:00Z",
    "closed_at": "2026-11-21T20:52:00Z",
    "where": "市第一医院",
    "where_en": "City Hospital No. 1",
}
CASE_ON_DUTY = CASE | {"where": "榆荫里7号楼2单元501", "where_en": "Bldg 7 Ent. 2 Door 501"}
LONG_NAMES = [
    ("阿卜杜热依木·买买提", "Abdurehim Muhemmet"),  # Uygur
    ("古丽努尔·阿不力孜", "Gulnur Abliz"),
    ("乌仁图雅·巴特尔", "Oyuntuya Baatar"),  # Mongolian
    ("次仁旺堆·索朗多吉", "Cering Wangdoi Sonam Dorje"),  # Tibetan
    ("欧阳司徒慕容", "Ouyang Situ Murong"),
    ("𠮷田𣗋子", "Maximiliana-Theodora von Hohenzollern-Sig"),  # beyond the basic plane; 41 letters
]
LONG_PLACES = [
    (
        "云陌市第一人民医院神经内科重症监护室",
        "The First Affiliated Hospital of Yunmo Medical University",
    ),
    ("女儿家", "her daughter's home"),
]


ABOUT_SOMEBODY = sorted(set(MessageKind) - FOR_FIELD - {MessageKind.PHONE_CODE})
"""Those that tell of a caller, with the number of their incident."""


@pytest.mark.parametrize(
    ("kind", "language", "text"),
    [
        (MessageKind.ALARM_RAISED, CHINESE, "【榆荫里养老】沈玉兰老人04:12发出紧急求助，中心已收到。能去现场请回复1，不能回复2。急询0999-8012349 编号37"),
        (MessageKind.CAN_YOU_GO, CHINESE, "【榆荫里养老】暂未联系上沈玉兰老人，请问您能去现场吗？能去回复1，不能回复2，我们将找下一位。0999-8012349 编号37"),
        (MessageKind.ANSWER_NOTED, CHINESE, "【榆荫里养老】已记录您正赶往沈玉兰老人处，谢谢。路上注意安全，请保持电话畅通。0999-8012349 编号37"),
        (MessageKind.AMBULANCE_CALLED, CHINESE, "【榆荫里养老】沈玉兰老人情况紧急，04:18已呼叫120前往住处。请保持电话畅通，有进展再通知您。0999-8012349 编号37"),
        (MessageKind.SAFE_CLOSED, CHINESE, "【榆荫里养老】沈玉兰老人已确认安全，现在市第一医院。本次求助04:52处置完毕。疑问请拨0999-8012349 编号37"),
        (MessageKind.MISTAKEN_PRESS, CHINESE, "【榆荫里养老】沈玉兰老人04:12的求助已回电核实为误按，老人平安，您不必前往。疑问请拨0999-8012349 编号37"),
        (MessageKind.CLOSED_OTHER, CHINESE, "【榆荫里养老】沈玉兰老人04:12的求助于04:52已办结。疑问请拨0999-8012349 编号37"),
        (MessageKind.NOBODY_REACHED, CHINESE, "【榆荫里养老】未能联系上沈玉兰老人，04:12的求助已办结，请您尽快联系老人。疑问请拨0999-8012349 编号37"),
        (MessageKind.NOBODY_REACHED, ENGLISH, "[Yuyinli Care] We could not reach Shen Yulan. The call at 04:12 is closed (04:52). Please contact them soon. Tel 0999-8012349 Ref 37"),
        (MessageKind.CORRECTION, CHINESE, "【榆荫里养老】更正：04:12求助的不是沈玉兰老人，短信误发，您不必前往，非常抱歉。疑问请拨0999-8012349 编号37"),
        (MessageKind.CORRECTION, ENGLISH, "[Yuyinli Care] Correction: it was not Shen Yulan who called at 04:12. No need to go. We are sorry. Tel 0999-8012349 Ref 37"),
        (MessageKind.ALARM_RAISED, ENGLISH, "[Yuyinli Care] Shen Yulan sent an emergency call at 04:12. We have received it. Can you go there? Reply 1 yes, 2 no. Tel 0999-8012349 Ref 37"),
        (MessageKind.CAN_YOU_GO, ENGLISH, "[Yuyinli Care] Shen Yulan not reached yet. Can you go there? Reply 1 yes, 2 no (we ask the next person). Tel 0999-8012349 Ref 37"),
        (MessageKind.ANSWER_NOTED, ENGLISH, "[Yuyinli Care] Thank you. Noted: you are on your way to Shen Yulan. Keep your phone on. Tel 0999-8012349 Ref 37"),
        (MessageKind.AMBULANCE_CALLED, ENGLISH, "[Yuyinli Care] Emergency: ambulance called to Shen Yulan's home at 04:18. Keep your phone on. Tel 0999-8012349 Ref 37"),
        (MessageKind.SAFE_CLOSED, ENGLISH, "[Yuyinli Care] Shen Yulan is confirmed safe: City Hospital No. 1. Closed at 04:52. Tel 0999-8012349 Ref 37"),
        (MessageKind.MISTAKEN_PRESS, ENGLISH, "[Yuyinli Care] Shen Yulan's call at 04:12 was a mistaken press. We phoned: all is well. No need to go. Tel 0999-8012349 Ref 37"),
        (MessageKind.CLOSED_OTHER, ENGLISH, "[Yuyinli Care] Shen Yulan's call at 04:12 has been closed (04:52). Tel 0999-8012349 Ref 37"),
    ],
)  # fmt: skip
def test_each_text_reads_as_agreed(kind, language, text):
    assert render(kind, CASE, language, SHANGHAI) == text


@pytest.mark.parametrize(
    ("alarm", "chinese", "english"),
    [
        (
            "smoke",
            "沈玉兰老人04:12家中烟雾报警，中心已收到",
            "Shen Yulan's smoke alarm went off at 04:12. We",
        ),
        ("gas", "家中燃气报警", "gas alarm went off"),
        ("fall", "的跌倒报警器报警", "fall detector called"),
        ("medical", "发出医疗求助", "sent a medical call"),
        ("unknown", "发出紧急求助", "sent an emergency call"),
    ],
)
def test_a_family_reads_what_kind_of_alarm_it_was(alarm: str, chinese: str, english: str):
    case = CASE | {"alarm": alarm}
    assert chinese in render(MessageKind.ALARM_RAISED, case, CHINESE, SHANGHAI)
    assert english in render(MessageKind.ALARM_RAISED, case, ENGLISH, SHANGHAI)


def test_a_duty_number_is_told_who_where_and_that_nobody_is_on():
    assert render(MessageKind.DUTY_ALARM, CASE_ON_DUTY, CHINESE, SHANGHAI) == (
        "【榆荫里养老】值班：沈玉兰04:12紧急求助，现无坐席在岗，接警请回复1。榆荫里7号楼2单元501 编号37"
    )
    assert render(MessageKind.DUTY_ALARM, CASE_ON_DUTY, ENGLISH, SHANGHAI) == (
        "[Yuyinli Care] On duty: emergency call of Shen Yulan at 04:12. No operator seat is manned."
        " Reply 1 to take it. Bldg 7 Ent. 2 Door 501 Ref 37"
    )


def test_a_duty_number_is_told_that_whoever_is_there_does_not_take_it():
    assert render(MessageKind.DUTY_UNTAKEN, CASE_ON_DUTY | {"code": 482}, CHINESE, SHANGHAI) == (
        "【榆荫里养老】值班：沈玉兰04:12紧急求助，至今无人接警，接警请回复1。榆荫里7号楼2单元501 编号37-482"
    )


def test_a_duty_number_that_takes_it_is_told_that_it_has_it_and_until_when():
    case = CASE_ON_DUTY | {"until": "2026-11-22T04:32:00+08:00"}
    assert render(MessageKind.DUTY_HAS_IT, case, CHINESE, SHANGHAI) == (
        "【榆荫里养老】值班：沈玉兰的求助由您接警。须于04:32前由坐席办结或转交，否则重新响铃。榆荫里7号楼2单元501 编号37"
    )
    assert render(MessageKind.DUTY_HAS_IT, case, ENGLISH, SHANGHAI) == (
        "[Yuyinli Care] On duty: the call of Shen Yulan is yours. Have it closed at a seat or handed on"
        " by 04:32, or it rings again. Bldg 7 Ent. 2 Door 501 Ref 37"
    )


@pytest.mark.parametrize(
    ("taker", "chinese", "english"),
    [
        ("+8613900000008", "已由+8613900000008接警", "taken already: +8613900000008 has it."),
        ("王敏", "已由王敏接警", "taken already. Nothing"),
        (None, "的求助已接警，您不必处理", "taken already. Nothing"),
    ],
)
def test_a_duty_number_that_is_too_late_is_told_who_has_it(
    taker: str | None, chinese: str, english: str
):
    case = CASE_ON_DUTY | {"taker": taker}
    assert chinese in render(MessageKind.DUTY_TAKEN_ALREADY, case, CHINESE, SHANGHAI)
    assert english in render(MessageKind.DUTY_TAKEN_ALREADY, case, ENGLISH, SHANGHAI)


def test_a_duty_number_hears_of_a_caller_nobody_knows():
    case = CASE | {"name": "", "name_latin": "", "where": "", "where_en": ""}
    assert render(MessageKind.DUTY_ALARM, case, CHINESE, SHANGHAI) == (
        "【榆荫里养老】值班：未登记来电04:12紧急求助，现无坐席在岗，接警请回复1。 编号37"
    )
    assert "emergency call of an unregistered caller at 04:12" in render(
        MessageKind.DUTY_ALARM, case, ENGLISH, SHANGHAI
    )


@pytest.mark.parametrize("kind", ABOUT_SOMEBODY)
@pytest.mark.parametrize("language", [CHINESE, ENGLISH])
@pytest.mark.parametrize(("name", "latin"), LONG_NAMES)
@pytest.mark.parametrize(("where", "where_en"), LONG_PLACES)
@pytest.mark.parametrize("ref", [37, 1_234_567])
def test_the_longest_real_names_keep_the_text_in_one_part(
    kind, language, name, latin, where, where_en, ref
):
    case = CASE | {
        "name": name, "name_latin": latin, "where": where, "where_en": where_en, "ref": ref,
        "hotline": "0571-88012349", "code": 482,
    }  # fmt: skip
    text = render(kind, case, language, SHANGHAI)
    assert segments.fits_one(text)
    ending = f"编号{ref}" if language == CHINESE else f"Ref {ref}"
    with_code = kind in ASKING and ref == 37  # a longer number leaves no room for it
    assert (
        text.endswith(f"{ending}-482") if with_code else text.removesuffix("-482").endswith(ending)
    )
    assert (latin.split()[0][:16] if language == ENGLISH else name.partition("·")[0][:2]) in text
    assert "0571-88012349" in text or kind in FOR_DUTY


def test_a_minority_name_is_cut_at_its_dot():
    text = render(
        MessageKind.ALARM_RAISED, CASE | {"name": "古丽努尔·阿不力孜托乎提"}, CHINESE, SHANGHAI
    )
    assert "】古丽努尔老人04:12" in text


def test_a_long_signature_gives_way_before_the_name():
    case = CASE | {"name": "欧阳司徒", "signature": "澄溪区榆荫街道居家养老服务中心"}
    text = render(MessageKind.AMBULANCE_CALLED, case, CHINESE, SHANGHAI)
    assert text.startswith("【澄溪区榆荫街道…】欧阳司徒老人")


def test_one_accent_does_not_turn_an_english_text_into_two_parts():
    case = CASE | {"name_latin": "Zoë Šimůnková 沈"}
    text = render(MessageKind.CAN_YOU_GO, case, ENGLISH, SHANGHAI)
    assert "Zoe Simunkova not reached" in text
    assert segments.encoding_of(text) is segments.Encoding.GSM7


@pytest.mark.parametrize("language", [CHINESE, ENGLISH])
@pytest.mark.parametrize("kind", MessageKind)
def test_a_text_with_nothing_known_still_goes_out(kind, language):
    text = render(kind, {"at": "yesterday", "name": None}, language, SHANGHAI)
    assert "{" not in text
    assert "⟨" not in text
    assert "None" not in text
    assert len(text) > 10


def test_an_unknown_language_is_answered_in_chinese():
    assert "老人" in render(MessageKind.CAN_YOU_GO, CASE, "bo", SHANGHAI)


def test_a_name_cannot_break_the_line_or_bring_its_own_fields():
    case = CASE | {"name": "沈\n玉\x00兰{hotline}⟨"}
    text = render(MessageKind.CLOSED_OTHER, case, CHINESE, SHANGHAI)
    assert "\n" not in text
    assert "\x00" not in text
    assert text.count("0999-8012349") == 1


def test_every_kind_has_its_words_once_and_in_both_languages():
    for texts in BY_READER:
        assert set(texts.CHINESE) == set(texts.ENGLISH)
    kinds = [kind for texts in BY_READER for kind in texts.CHINESE]
    assert sorted(kinds) == sorted(MessageKind)


def test_both_languages_say_the_same_parts_of_a_text():
    """But for what has another form in the other language."""
    spoken = {"elder", "person", "count", "more", "closed_at"}
    for texts in BY_READER:
        for kind, words in texts.CHINESE.items():
            chinese, english = (
                set(re.findall(r"\{(\w+)\}", each)) for each in (words, texts.ENGLISH[kind])
            )
            assert chinese ^ english <= spoken, kind


_anything = st.one_of(st.none(), st.integers(), st.text(max_size=12).map(lambda text: text * 5))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # cores are shared
@given(
    kind=st.sampled_from(list(MessageKind)),
    language=st.sampled_from([CHINESE, ENGLISH, ""]),
    params=st.fixed_dictionaries({}, optional=dict.fromkeys(CASE, _anything)),
)
def test_whatever_the_parameters_the_text_is_one_part(kind, language, params):
    assert segments.fits_one(render(kind, params, language, SHANGHAI))


@pytest.mark.parametrize("kind", [kind for kind in ABOUT_SOMEBODY if kind not in FOR_DUTY])
def test_a_family_reads_what_it_calls_her(kind: MessageKind):
    called = CASE | {"salutation": "沈老师", "salutation_en": "Mrs Shen"}
    chinese = render(kind, called, CHINESE, SHANGHAI)
    assert "沈老师" in chinese
    assert "沈玉兰" not in chinese
    assert "老人" not in chinese
    assert "Mrs Shen" in render(kind, called, ENGLISH, SHANGHAI)
    only_chinese = CASE | {"salutation": "沈老师"}
    assert "Shen Yulan" in render(kind, only_chinese, ENGLISH, SHANGHAI)


@pytest.mark.parametrize("kind", sorted(FOR_DUTY))
def test_the_duty_list_reads_the_name(kind: MessageKind):
    assert "沈玉兰" in render(kind, CASE | {"salutation": "沈老师"}, CHINESE, SHANGHAI)


@pytest.mark.parametrize("name", LONG_NAMES)
@pytest.mark.parametrize("kind", MessageKind)
def test_a_text_of_a_drill_says_so_first_and_is_one_part(kind: MessageKind, name: tuple[str, str]):
    case = CASE | {"drill": True, "name": name[0], "name_latin": name[1]}
    for language, mark in ((CHINESE, "【演练】"), (ENGLISH, "DRILL: ")):
        text = render(kind, case, language, SHANGHAI)
        assert text.startswith(mark)
        assert segments.overflow(text) <= 0
        assert mark not in render(kind, CASE, language, SHANGHAI)
