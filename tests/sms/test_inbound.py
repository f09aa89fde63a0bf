"""What people really answer, and what must not be guessed."""

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from callcenter.sms.inbound import Meaning, Reply, is_courtesy, meaning, with_code


@pytest.mark.parametrize(
    "text",
    ["1", " 1 ", "１", "1。", "1！", "1\n", "①", "1️⃣", "回复1", "回复 1", "Reply 1", "【1】", "“1”",
     "一", "能", "能去", "我能去。", "可以", "Yes", "YES!", "y", "1，马上到", "1. on my way", "\u200b1"],
)  # fmt: skip
def test_these_mean_yes(text):
    assert meaning(text) == Reply(Meaning.YES)


@pytest.mark.parametrize(
    "text",
    ["2", "２。", "回复2", "二", "不能", "不能去", "去不了", "No", "2，在外地", "2. cannot, sorry"],
)
def test_these_mean_no(text):
    assert meaning(text) == Reply(Meaning.NO)


@pytest.mark.parametrize(
    "text",
    ["1 。", "好的我去", "好的，我去", "好 我去", "我马上去", "马上过去", "这就去", "我现在去", "马上到", "我过去看看", "我去一下", "可以的", "能的",
     "我可以", "收到，我去", "没问题，我去", "ok我去", "我能", "1我去", "1 我去", "1好的", "1能去", "1 谢谢", "1谢谢", "1 ok", "好的1", "我选1", "选1",
     "回1", "回复：1", "1，我去", "Yes, I can", "I'm going", "on my way", "1 yes", "我去吧", "我能去，放心"],
)  # fmt: skip
def test_these_mean_yes_with_politeness_around_it(text):
    assert meaning(text) == Reply(Meaning.YES)


@pytest.mark.parametrize(
    "text",
    ["2 。", "不去", "我不去", "我去不了", "不行", "不可以", "没空", "没时间", "我没时间", "不方便", "没法去", "不能过去", "对不起，我去不了", "不好意思去不了",
     "2不能", "2 去不了", "2我不去", "好的，我不去", "No, sorry", "I can't", "Sorry, I can't", "回复：2"],
)  # fmt: skip
def test_these_mean_no_with_politeness_around_it(text):
    assert meaning(text) == Reply(Meaning.NO)


@pytest.mark.parametrize(
    "text",
    ["1不去", "1，不去", "2我去", "2，我去", "1 不能去", "你去", "你们去", "叫我妈去", "不马上去", "不能不去", "我不是不能去", "不是我", "别去", "不用去",
     "她去了", "让他去", "去哪里", "1号楼", "1楼", "1点", "2点去", "不好", "行", "好", "嗯", "没问题", "1或2", "我去医院了", "我去上班", "no problem", "去吧"],
)  # fmt: skip
def test_what_says_two_things_or_another_is_left_to_the_operator(text):
    assert meaning(text).meaning is Meaning.OTHER


def test_politeness_without_end_costs_no_time():
    assert meaning("x" + "知道了嗯好的" * 160 + "x").meaning is Meaning.OTHER


@pytest.mark.parametrize(
    ("text", "reply"),
    [("1482 谢谢", Reply(Meaning.OTHER, code=482)), ("好的 1 482", Reply(Meaning.YES, 482))],
)
def test_politeness_takes_no_code_away(text: str, reply: Reply):
    assert meaning(text) == reply


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("1 37", Reply(Meaning.YES, 37)),
        ("１　３７", Reply(Meaning.YES, 37)),
        ("1-37", Reply(Meaning.YES, 37)),
        ("1,37", Reply(Meaning.YES, 37)),
        ("1，37。", Reply(Meaning.YES, 37)),
        ("1编号37", Reply(Meaning.YES, 37)),
        ("1 编号 37", Reply(Meaning.YES, 37)),
        ("回复1 编号37", Reply(Meaning.YES, 37)),
        ("1#37", Reply(Meaning.YES, 37)),
        ("1 Ref 37", Reply(Meaning.YES, 37)),
        ("2 1234567", Reply(Meaning.NO, 1_234_567)),
        ("37 1", Reply(Meaning.YES, 37)),
        ("编号37，2", Reply(Meaning.NO, 37)),
        ("1\n37", Reply(Meaning.YES, 37)),
    ],
)
def test_the_number_of_the_incident_may_come_with_the_answer(text, reply):
    assert meaning(text) == reply


@pytest.mark.parametrize(
    "text",
    ["", "   ", "好的", "在吗", "137", "1小时后到", "1 小时后到", "1.5小时", "1.37", "11", "12", "21", "1 2 3",
     "我妈怎么样了？", "1？", "1?", "2？", "能去？", "能去﹖", "可以去？？", "1❓", "不能去？", "1，要带钥匙吗？", "1 37?", "Yes?",
     "+1", "3", "TD", "退订", "１０分钟", "1点到", "不", "1" * 5_000],
)  # fmt: skip
def test_these_are_left_to_the_operator(text):
    assert meaning(text).meaning is Meaning.OTHER


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("1 37-482", Reply(Meaning.YES, 37, 482)),
        ("2 编号37-482", Reply(Meaning.NO, 37, 482)),
        ("1 482", Reply(Meaning.YES, 482)),
        ("1，加482", Reply(Meaning.YES)),
        ("1+482", Reply(Meaning.YES, 482)),
        ("1482", Reply(Meaning.OTHER, code=482)),  # an amount, unless it is the code
    ],
)
def test_the_code_of_the_text_may_come_with_it(text: str, reply: Reply):
    assert meaning(text) == reply


def test_a_code_right_behind_the_answer_is_read_by_whoever_knows_it():
    assert [with_code(text) for text in ("1482", "２４８２", "482", "14820")] == [
        Meaning.YES,
        Meaning.NO,
        Meaning.OTHER,
        Meaning.OTHER,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "谢谢",
        "谢谢你们！",
        "好的，谢谢",
        "收到。",
        "知道了",
        "OK, thanks",
        "Thank you so much!",
        "🙏🙏",
    ],
)
def test_thanks_are_thanks(text: str):
    assert is_courtesy(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "。",
        "妈妈又摔倒了",
        "谢谢，她还是不接电话",
        "1",
        "好的，我去",
        "thanks but she fell again",
        "好" * 50,
    ],
)
def test_what_says_more_than_thanks_is_not(text: str):
    assert not is_courtesy(text)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # cores are shared
@given(st.text())
def test_no_text_ever_raises(text):
    assert meaning(text).meaning in Meaning
