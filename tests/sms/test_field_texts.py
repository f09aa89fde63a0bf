"""The texts to those who go there: word for word, always one part, and never without how to answer."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from callcenter.sms import segments
from callcenter.sms.catalogue import CHINESE, ENGLISH, FOR_FIELD, TO_FIELD, MessageKind
from callcenter.sms.field_texts import CHINESE as IN_CHINESE, ENGLISH as IN_ENGLISH
from callcenter.sms.rendering import render

SHANGHAI = ZoneInfo("Asia/Shanghai")
CASE = {
    "name": "王女士",
    "name_latin": "Ms Wang",
    "signature": "榆荫里养老",
    "signature_en": "Yuyinli Care",
    "hotline": "0999-8012349",
    "ref": 482,
    "task": "rescue",
    "where": "榆荫里7号楼2单元501",
    "where_en": "Bldg 7 Ent. 2 Door 501",
    "way_in": "门禁1234#",
    "way_in_en": "door code 1234#",
    "said": "1",
    "first": 482,
    "choices": "482榆荫里7号楼2单元501、511药店",
    "choices_en": "482 Bldg 7 Ent. 2 Door 501, 511",
    "at": "2026-11-21T20:12:00+00:00",
}
LONG = CASE | {
    "name": "阿卜杜热依木·买买提先生",
    "name_latin": "Mr Abdurehim-Muhemmet-Theodora",
    "signature": "澄溪区榆荫街道居家养老服",
    "signature_en": "Chengxi Yuyin Home Care Co",
    "where": "云陌市澄溪区榆荫街道榆荫里社区康乐新村东区17号楼3单元1204室（物业办公室对面）",
    "where_en": "Room 1204, Entrance 3, Building 17, East Area of Kangle New Village, Yuyinli Community, Yuyin Street, Chengxi",
    "way_in": "小区北门保安处登记，楼门密码2468#，房门钥匙在隔壁1203张阿姨家，门铃坏了请用力敲门",
    "way_in_en": "register at the north gate, door code 2468#, key with Mrs Zhang next door in 1203, the bell is broken so knock hard",
    "todo": "助浴、理发、量血压、打扫厨房卫生间并陪同散步半小时",
    "begins": "2026-11-22T20:12:00+00:00",
    "choices": "、".join(f"{each}榆荫里社区康乐新村东区17号楼" for each in range(482, 490)),
    "choices_en": ", ".join(f"{each} Kangle New Village" for each in range(482, 490)),
}


@pytest.mark.parametrize(
    ("kind", "chinese", "english"),
    [
        (MessageKind.TASK_OFFERED,
         "【榆荫里养老】紧急求助：王女士，榆荫里7号楼2单元501，门禁1234#。回1接，回2不接 编号482",
         "[Yuyinli Care] EMERGENCY: Ms Wang, Bldg 7 Ent. 2 Door 501, door code 1234#. Reply 1 take, 2 no Ref 482"),
        (MessageKind.TASK_YOURS,
         "【榆荫里养老】您已接单：紧急求助，王女士，榆荫里7号楼2单元501，门禁1234#。3到 4完成 0求助 编号482",
         "[Yuyinli Care] Yours: EMERGENCY, Ms Wang, Bldg 7 Ent. 2 Door 501, door code 1234#. 3 there, 4 done, 0 help Ref 482"),
        (MessageKind.TASK_GIVEN,
         "【榆荫里养老】派给您：紧急求助，王女士，榆荫里7号楼2单元501，门禁1234#。2不能去 3到 4完成 编号482",
         "[Yuyinli Care] For you: EMERGENCY, Ms Wang, Bldg 7 Ent. 2 Door 501, door code 1234#. 2 cannot, 3 there, 4 done Ref 482"),
        (MessageKind.TASK_TAKEN,
         "【榆荫里养老】紧急求助（王女士）已有人接单，您不必前往，谢谢。 编号482",
         "[Yuyinli Care] EMERGENCY (Ms Wang) has been taken. No need to go, thank you. Ref 482"),
        (MessageKind.TASK_WHICH,
         "【榆荫里养老】请加编号再回复一次，如：1 482。您的任务：482榆荫里7号楼2单元501、511药店",
         "[Yuyinli Care] Which job? Reply with its number, e.g. 1 482. Yours: 482 Bldg 7 Ent. 2 Door 501, 511"),
        (MessageKind.TASK_NOT_THERE,
         "【榆荫里养老】还没有您到达王女士处的记录。到过请回复3，即记为完成；没去回复2。 编号482",
         "[Yuyinli Care] You have not said that you were there with Ms Wang. Reply 3 if you were and it is done, 2 if not. Ref 482"),
        (MessageKind.FIELD_OFF_DUTY,
         "【榆荫里养老】已记录您04:12下班，不再派单。辛苦了。0999-8012349",
         "[Yuyinli Care] You are off duty since 04:12. No more jobs. Thank you. Tel 0999-8012349"),
    ],
)  # fmt: skip
def test_each_text_reads_as_agreed(kind, chinese, english):
    assert render(kind, CASE, CHINESE, SHANGHAI) == chinese
    assert render(kind, CASE, ENGLISH, SHANGHAI) == english


@pytest.mark.parametrize(
    ("task", "begins", "chinese", "english"),
    [
        ("visit", "2026-11-21T21:30:00+00:00", "上门服务：王女士，榆荫里7号楼2单元501，门禁1234#，05:30，助浴。", "Visit: Ms Wang, Bldg 7 Ent. 2 Door 501, door code 1234#, 05:30, bath."),
        ("ride", "2026-11-22T20:12:00+00:00", "接送：王女士，榆荫里7号楼2单元501，门禁1234#，11-23 04:12，助浴。", "Ride: Ms Wang, Bldg 7 Ent. 2 Door 501, door code 1234#, 11-23 04:12, bath."),
        ("something new", None, "任务：王女士", "Job: Ms Wang"),
    ],
)  # fmt: skip
def test_a_job_says_what_and_when(task, begins, chinese, english):
    case = CASE | {"task": task, "begins": begins, "todo": "助浴"}
    assert chinese in render(MessageKind.TASK_OFFERED, case, CHINESE, SHANGHAI)
    english_case = case | {"todo": "bath"}
    assert english in render(MessageKind.TASK_OFFERED, english_case, ENGLISH, SHANGHAI)


@pytest.mark.parametrize("kind", sorted(FOR_FIELD))
@pytest.mark.parametrize("language", [CHINESE, ENGLISH])
def test_the_longest_places_keep_the_text_in_one_part_with_its_code(kind, language):
    text = render(kind, LONG, language, SHANGHAI)
    assert segments.overflow(text) <= 0
    if kind in TO_FIELD - {MessageKind.TASK_WHICH}:
        assert text.endswith("编号482" if language == CHINESE else "Ref 482")


@pytest.mark.parametrize(
    ("language", "digits"), [(CHINESE, "回1接，回2不接"), (ENGLISH, "1 take, 2 no")]
)
def test_however_long_the_way_in_the_place_and_the_digits_stay(language, digits):
    text = render(MessageKind.TASK_OFFERED, LONG, language, SHANGHAI)
    assert digits in text
    assert ("云陌市澄溪区" if language == CHINESE else "Room 1204, Entrance 3") in text


@pytest.mark.parametrize(
    "kind", [MessageKind.TASK_OFFERED, MessageKind.TASK_YOURS, MessageKind.TASK_GIVEN]
)
def test_the_door_and_who_writes_are_whole_where_the_way_in_and_what_to_do_are_long(kind):
    """As they are registered with the networks, and as they stand at the door: half a number is another door."""
    case = CASE | {
        "task": "visit",
        "where": "榆荫里9号楼2单元602室",
        "way_in": "六楼无电梯，单元门按602，步子慢请等一等",
        "begins": "2026-11-22T18:25:00+00:00",
        "todo": "助浴、理发、打扫厨房",
    }
    text = render(kind, case, CHINESE, SHANGHAI)
    assert "【榆荫里养老】" in text
    assert "榆荫里9号楼2单元602室" in text


@pytest.mark.parametrize("longer", range(12))
def test_no_number_is_cut_in_the_middle(longer):
    way_in = "请" * longer + "单元门密码194976#，对门502有钥匙"
    text = render(MessageKind.TASK_YOURS, CASE | {"way_in": way_in, "todo": "助浴"}, CHINESE, SHANGHAI)  # fmt: skip
    for cut in ("密码1…", "密码19…", "密码194…", "密码1949…", "密码19497…", "对门5…", "对门50…"):
        assert cut not in text


def test_both_languages_have_every_kind():
    assert set(IN_CHINESE) == set(IN_ENGLISH) == FOR_FIELD | {MessageKind.PHONE_CODE}


_anything = st.one_of(st.none(), st.integers(), st.text(max_size=12).map(lambda text: text * 5))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # cores are shared
@given(
    kind=st.sampled_from(sorted(FOR_FIELD)),
    language=st.sampled_from([CHINESE, ENGLISH]),
    params=st.fixed_dictionaries({}, optional=dict.fromkeys(LONG, _anything)),
)
def test_whatever_the_parameters_the_text_is_one_part(kind, language, params):
    assert segments.fits_one(render(kind, params, language, SHANGHAI))
