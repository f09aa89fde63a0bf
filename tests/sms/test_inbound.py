"""What people really answer, and what must not be guessed."""

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from callcenter.sms.inbound import Meaning, Reply, is_courtesy, is_report, meaning, with_code


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
    for text in ("x" + "知道了嗯好的" * 160 + "x", "的" * 999 + "x", "1，" + "去了，" * 300):
        assert meaning(text).meaning is Meaning.OTHER


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
        "你好",
        "您好",
        "大家好",
        "您",
        "了",
        "so much",
        "好不",
        "知道了吗",
        "OK?",
        "TD",
    ],
)
def test_what_says_more_than_thanks_is_not(text: str):
    assert not is_courtesy(text)


GOES = (
    "在路上了", "在路上", "我在路上", "我已经在路上了", "已经在路上", "马上就到", "壹", "1 我马上过去", "On my way!", "on the way", "omw", "OMW!",
    "我出发了", "已出发", "已经出发了", "出发了", "我马上出发", "这就出发", "我赶过去", "正在赶过去", "正在赶", "正赶过去", "我正往家赶", "往家赶",
    "我马上回家", "马上回去", "我回去看看", "我回家看看", "马上到家", "我能过去", "能过去", "我可以过去", "可以过去看看", "我过去", "我过去一下",
    "我这就过去", "那我去", "那我马上过去", "好，我马上过去", "好的，马上到", "收到，马上过去", "收到，我马上到", "收到马上去", "好的我去看看",
    "嗯，我去", "嗯那个我马上过去啊", "行，我去", "行我过去", "行我马上到", "知道了，我马上去", "我去，马上到", "1，在路上了，马上到",
    "1，马上到，谢谢", "1👍", "1 👌", "1🙏", "1 【中国移动】", "1【中国移动】", "1【中国联通】", "1\n发自我的iPhone", "1 Sent from my iPhone",
    "1 -- 发自我的华为手机", "❶", "➀", "回复【1】", "回复“1”", "回复数字1", "选择1", "Re: 1", "RE:1", "答复：1", "1哈", "1！！！", "1...", "1、",
    "(1)", "<1>", "1~", "我馬上過去", "馬上到", "這就去", "我會去", "我過去看看", "可以過去", "1、我马上过去", "1；马上到", "yeah", "Yep",
    "yes I will", "Yes, on my way", "Yes I'm coming", "Coming", "I'm coming now", "be right there", "I'll be right there", "Sure, I'll go",
    "ok I'll go", "OK, on my way", "ok going now", "I’ll go", "I am going now", "heading over now", "leaving now", "1 on my way",
    "1, I'm on my way, thanks", "1 ok going", "I can go there", "yes i can go there", "Yes! 1", "好的 1", "收到 1", "收到，1", "1 收到", "1好",
    "1 能去", "1 可以", "一。", "能去的", "我可以去的", "我愿意去", "肯定去", "我现在过去", "我立刻过去", "您好，我马上过去", "您好 1",
    "你好，我能去",
)  # fmt: skip
STAYS = (
    "来不了", "我来不了", "我在外地", "在外地", "出差", "在出差", "我出差了", "出差中", "2。", "２", "贰", "②", "我在外地，去不了", "在外地过不去",
    "人在外地", "我人在外地", "在外地呢", "出差了，去不了", "不好意思，我在外地", "我在国外", "在国外", "走不开", "我走不开", "上班走不开",
    "在上班，走不开", "抽不开身", "我没法过去", "没办法过去", "过不来", "我过不来", "回不去", "我回不去", "回不来", "赶不回去", "赶不回来", "来不及",
    "我去不成", "去不了，谢谢", "去不了，在出差", "对不起，来不了", "抱歉，在外地", "我今天不方便", "现在不方便", "2 我在外地", "2，我在外地",
    "2，出差", "2 来不了", "2，来不了，不好意思", "2👎", "沒空", "沒辦法去", "我沒時間", "來不了", "過不去", "2【中国移动】", "Re: 2", "❷", "no",
    "No.", "nope", "No, I can't", "can't make it", "I can't make it", "sorry can't", "Sorry, I'm out of town", "out of town", "I'm abroad",
    "I am not in town", "I'm away", "can't come", "I can't come", "unable to go", "No I'm at work", "2 sorry", "2, I'm abroad", "won't be able to",
    "I won't be able to go", "Sorry I cannot go", "not able to go", "I couldn't go", "2 no", "不行，走不开", "我不行", "我不能", "我不去了",
    "不去了", "没空去", "没时间去", "我无法前往", "无法前往", "无法过去",
)  # fmt: skip
LEFT_TO_THE_OPERATOR = (
    "我妈怎么了?", "我妈怎么了", "什么情况", "什么情况？", "哪位?", "哪位", "你是谁", "1??", "1，怎么了", "1，怎么回事", "1，我妈怎么了",
    "1，要带钥匙吗", "1，她人呢", "1，什么情况", "1, what happened", "1, is she ok", "1. Who is this", "1，不过我现在去不了", "1，但是要两小时",
    "1，但要等我下班", "1，明天去", "1, but later", "1, not now", "1, tomorrow", "1，没人", "1，别打了", "1，如果需要的话", "是诈骗吗", "是真的吗",
    "真的假的", "你们是谁", "👍", "🙏", "👌", "❤️", "T", "STOP", "Unsubscribe", "退", "取消", "wrong number", "你发错了", "发错人了", "打错了",
    "我不认识这个人", "不是我家老人", "她去世了", "已经去世", "能去就好了", "我能去就好了", "可以就好了", "过去了", "老人过去了", "可以了", "行了",
    "去了", "好了", "没事", "没事了", "她没事", "不在家", "不在", "她不在家", "住院", "在医院", "她住院了", "不用", "不需要", "收到", "好的收到",
    "ok", "OK!", "Ok", "okay", "嗯嗯", "noted", "got it", "thanks", "收到谢谢", "1:30", "2:15", "1：30", "1号", "1个小时", "1 小时", "一会",
    "一会儿", "一会儿去", "等会", "等一下", "等下去", "晚点去", "稍后", "下班去", "下午去", "明天去", "我妈去", "我老公去", "让我哥去", "我哥过去了",
    "他去", "邻居去了", "不一定", "不一定能去", "可能去不了", "可能能去", "应该可以", "应该能去", "尽量", "看情况", "再说", "能去吗", "能去嘛",
    "能去没", "能去不", "去不去", "能不能去", "可以不", "可以吗", "要去吗", "要我去吗", "我要去吗", "需要我去吗", "我去有用吗", "我去干嘛",
    "我去，怎么回事", "我去哪", "我去不", "能去现场请回复1，不能回复2", "能去请回复1", "请回复1", "能去回复1，不能回复2，我们将找下一位。",
    "【榆荫中心】沈岚老人发出紧急求助，中心已收到。能去现场请回复1，不能回复2。急询057188886666 编号37-482", "Reply 1 yes, 2 no", "1 yes, 2 no",
    "回复1或2", "1或者2", "1还是2", "选1还是选2", "您的话费余额不足10元，请及时充值【中国移动】", "您本月流量已用80%",
    "【中国移动】流量提醒：您已使用1GB", "您有一条彩信，请登录查看", "您拨打的用户已关机", "来电提醒：139****0001于12:30呼叫您1次",
    "呼死你拦截：已拦截1个骚扰电话", "您发给13900000001的短信已送达", "Message delivered", "Delivered to +8613900000001", "自动回复：我在开会",
    "[自动回复] 我正在开车，稍后回复您", "I'm driving with Do Not Disturb turned on", "Out of office until Monday", "我正在开会，稍后联系您",
    "正在通话中", "请稍后再拨", "嗯嗯那个什么就是那个", "喂喂喂听得到吗", "你好", "您好", "在", "hello", "hi", "yes?", "No?", "Yes or no", "yes no",
    "no yes", "yes but not now", "yes tomorrow", "yes when I can", "maybe", "not sure", "I'm not going to be able to say", "no worries",
    "No one is home", "no signal", "Can I go", "can you go", "I can call", "I will call", "I will call her", "I'm on my way to work",
    "going to work", "I'm coming tomorrow", "on my way home from Beijing tomorrow", "call me", "打我电话", "给我打电话", "请打120", "叫120",
    "已打120", "快叫救护车", "摔倒了", "妈妈摔倒了", "她没接电话", "没人接电话", "钥匙在门口地毯下", "钥匙在邻居家", "密码1234", "门锁密码2580",
    "我电话13900000001", "13900000001", "10086", "37", "37-482", "100", "0", "9", "yi", "er", "l", "I", "二十分钟", "一小时", "一个小时到", "两小时",
    "十分钟到", "10分钟", "1分钟", "半小时", "1个半小时", "马上不了", "去不了也得去", "不得不去", "不是不去", "没说不去", "没有不方便", "不会不去",
    "不去不行", "不去怎么行", "怎么能不去", "谁说我不去", "我不在外地", "我没出差", "不是出差", "在外地的是我弟", "她在外地", "我妈在外地",
    "妈妈出差", "她出差了", "她在路上", "我妈在路上", "不在路上", "堵在路上了", "还没出发", "没出发", "刚出发又回来了", "没在路上", "摔在路上",
    "她到了", "马上到期", "来不了了吗", "在外地吗", "出差吗", "出差？",
)  # fmt: skip


@pytest.mark.parametrize("text", GOES)
def test_families_say_in_their_own_words_that_they_go(text: str):
    assert meaning(text) == Reply(Meaning.YES)


@pytest.mark.parametrize("text", STAYS)
def test_families_say_in_their_own_words_that_they_cannot(text: str):
    assert meaning(text) == Reply(Meaning.NO)


@pytest.mark.parametrize("text", LEFT_TO_THE_OPERATOR)
def test_questions_acknowledgements_others_later_and_carriers_are_no_answer(text: str):
    """Received is not going: the text would tell that somebody is on the way, and nobody else would be asked."""
    assert meaning(text).meaning is Meaning.OTHER


def test_a_receipt_that_comes_as_a_text_is_no_answer_of_the_phone():
    report = "id:0123 sub:001 dlvrd:001 submit date:2603141204 done date:2603141205 stat:DELIVRD err:000 text:"
    assert is_report(report)
    assert not is_report("她的id:12，stat: 不清楚")


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # cores are shared
@given(st.text())
def test_no_text_ever_raises(text):
    assert meaning(text).meaning in Meaning
