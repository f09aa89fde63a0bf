"""Clause by clause: what is said, and what is only politeness, a reason or a doubt."""

import pytest

from callcenter.sms.wording import is_in_doubt, is_polite, normal, says_going, without_politeness


@pytest.mark.parametrize(
    ("text", "going"),
    [
        ("好的，我去，马上到", True),
        ("去不了，在出差", False),
        ("在上班，走不开", False),
        ("在上班", None),
        ("我去，去不了", None),
        ("去，她人呢", None),
        ("谢谢", None),
        ("", None),
        ("我在北京，去不了", False),
        ("我腿脚不好去不了", False),
        ("不能去，请联系我姐13912345678", False),
        ("cant, ask my brother", False),
        ("请联系我姐", None),  # that somebody else be asked is no word about themselves
        ("在北京", None),
        ("能去，20分钟到", True),
        ("be there in 10", True),
        ("20分钟", None),
        ("1小时到", None),
        ("这就过去看看我妈", True),
        ("yes im coming", True),
        ("yes i cannot", None),
        ("no i can", None),
    ],
)
def test_all_clauses_must_say_the_same(text: str, going: bool | None):
    assert says_going(text) is going


@pytest.mark.parametrize("text", ["去了", "可以了", "老人过去了", "放心去", "能去就好了"])
def test_words_that_need_more_words_say_nothing(text: str):
    assert says_going(text) is None


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("我馬上過去。", "我马上过去"),
        ("1【中国移动】", "1"),
        ("1 Sent from my iPhone", "1"),
        ("❶", "1"),
        ("1\ufe0f\u20e3", "1"),
        ("１　３７", "1 37"),
    ],
)
def test_one_form_for_what_looks_alike(text: str, plain: str):
    assert normal(text) == plain


def test_politeness_says_nothing():
    assert is_polite("好的，谢谢")
    assert not is_polite("好的，去")
    assert without_politeness("好的 1482 谢谢") == "1482"


def test_a_question_is_a_doubt_and_a_reservation_is_one_for_a_yes():
    assert is_in_doubt("她怎么了", going=False)
    assert is_in_doubt("不过要等我下班", going=True)
    assert not is_in_doubt("不过我老公在家", going=False)
    assert not is_in_doubt("不好意思，马上到", going=True)
