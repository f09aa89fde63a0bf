"""The link in the text opens one call, for reading and for a word back; nothing else, and for so long."""

from __future__ import annotations

import pytest

from callcenter.families.router import FamilyPages
from callcenter.families.saying import MOST
from callcenter.families.wrong import MOST as MOST_WRONG
from tests.alerts.conftest import DAUGHTER, SON
from tests.families.conftest import Family
from tests.support.api import trail

DAY = 86_400


async def test_the_page_says_how_it_stands_and_nothing_of_her_health(family: Family):
    answer = await family.open()
    assert answer.status_code == 200
    page = answer.text
    assert "沈玉兰的求助" in page
    assert "中心已收到求助" in page
    assert 'href="tel:09998012349"' in page
    for hidden in ("抗凝药", "1943", DAUGHTER, "沈岚", "榆荫里7号楼", "<script"):
        assert hidden not in page
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert not answer.cookies


async def test_it_speaks_the_language_of_the_contact_and_the_other_when_asked(family: Family):
    assert '<html lang="zh-CN">' in (await family.open()).text
    english = (await family.open(lang="en")).text
    assert '<html lang="en">' in english
    assert "The call for help of Shen Yulan" in english


async def test_looking_answers_nothing_and_the_operator_sees_the_first(family: Family):
    for _ in range(3):
        await family.open()
        await family.client.head(await family.link())
        await family.come()
    assert await family.on_timeline() == []
    assert await family.desk.entries(family.incident) == ["opened", "page_opened"]
    seen = family.desk.board.changes[-1].entries[0].data
    assert (seen.name, seen.relation) == ("沈岚", "女儿")
    assert await family.desk.owner.fetchval("SELECT state FROM incident") == "waiting"
    assert await family.desk.texts() == [(DAUGHTER, "alarm_raised")]
    assert await family.desk.owner.fetchval("SELECT count(*) FROM sms_inbound") == 0
    assert await family.desk.owner.fetchval("SELECT looks FROM family_look") == 6
    opened = ("family_page_opened", f"incident:{family.incident}")
    assert (await trail(family.desk.owner)).count(opened) == 1


async def test_i_am_on_my_way_is_the_answer_of_the_text_once(family: Family):
    answer = await family.press("yes")
    assert answer.status_code == 303
    [said] = await family.on_timeline()
    assert (said["meaning"], said["name"], said["relation"]) == ("yes", "沈岚", "女儿")
    assert not said["unverified"]
    assert await family.desk.texts() == [(DAUGHTER, "alarm_raised"), (DAUGHTER, "answer_noted")]
    shown = [each.kind for change in family.desk.board.changes for each in change.entries]
    assert shown.count("reply") == 1
    await family.send(say="yes")  # the same form again
    await family.press("yes")  # and the same said anew
    assert len(await family.on_timeline()) == 1
    assert "您在" in (await family.open()).text


async def test_i_cannot_asks_the_next_and_a_change_of_mind_is_said(family: Family):
    await family.desk.community.contact(
        await family.desk.owner.fetchval("SELECT id FROM resident"), 2, SON
    )
    await family.desk.reload()
    await family.press("no")
    assert (await family.desk.texts())[-1] == (SON, "can_you_go")
    family.desk.clock.advance(60)
    await family.press("yes")
    assert [said["meaning"] for said in await family.on_timeline()] == ["no", "yes"]


async def test_an_answer_by_text_shows_on_the_page(family: Family):
    await family.desk.owner.execute(
        "INSERT INTO sms_inbound (id, gateway, provider_key, sender, text, received_at)"
        " VALUES (gen_random_uuid(), 'sandbox', '1', $1, '1', $2)",
        DAUGHTER,
        family.desk.clock.now(),
    )
    await family.come()
    page = (await family.open()).text
    assert 'data-test="said"' in page
    assert 'value="yes"' not in page
    await family.press("yes")
    assert len(await family.on_timeline()) == 1


@pytest.mark.parametrize("words", ["1", "好的我去", "能去吗？\n钥匙在3号楼王阿姨那里", "2 不去了"])
async def test_a_note_reaches_the_operator_as_it_stands_and_means_nothing(
    family: Family, words: str
):
    await family.press("note", note=words)
    [said] = await family.on_timeline()
    assert (said["meaning"], said["text"]) == ("other", words)
    assert await family.desk.texts() == [(DAUGHTER, "alarm_raised")]
    page = (await family.open()).text
    assert "已记入处置记录" in page


async def test_a_note_cannot_bring_its_own_page(family: Family):
    await family.press("note", note="<script>alert(1)</script>\u202e")
    assert "<script>" not in (await family.open()).text
    [said] = await family.on_timeline()
    assert said["text"] == "<script>alert(1)</script>"


async def test_an_empty_note_and_an_endless_one(family: Family):
    answer = await family.press("note", note=" \n ")
    assert answer.status_code == 409
    assert "留言是空的" in answer.text
    await family.press("note", note="急" * 1000)
    [said] = await family.on_timeline()
    assert said["text"] == "急" * 200
    await family.open()
    assert (await family.send(say="note", note="急" * 9000)).status_code == 409


async def test_no_form_without_a_page_of_ours(family: Family):
    """Of another site, of another link, of the day before, or none at all: nothing is kept, and the page is shown anew."""
    link = await family.link()
    await family.open()
    for body in ("say=yes", "say=yes&issued=1&proof=x", "", "say=maybe", "\x00\xff" * 100):
        assert (await family.post(link, body)).status_code == 409
    assert (await family.send(say="yes", issued="1")).status_code == 409
    family.desk.clock.advance(DAY + 1)
    stale = await family.send(say="note", note="钥匙在我这里")
    assert stale.status_code == 409
    assert "钥匙在我这里" in stale.text  # nobody types it twice
    await family.come()
    assert await family.on_timeline() == []


@pytest.mark.parametrize(
    "body",
    [
        "say=yes&issued={issued}&proof=%E7%9C%9F%E7%9A%84",  # no letter of ours
        "say=yes&issued={issued}&proof=%ED%A0%80",
        "say=yes&issued={issued}",
        "say=yes&issued=%D9%A3&proof=x",  # a digit, and none of ours
        "say=yes&issued=999999999999&proof=x",
        "say=yes&issued=-1&proof=x",
        "&".join(["say=yes"] * 10_000),
        "say=yes&issued={issued}&proof=" + "f" * 30_000,
        "say=yes;issued={issued};proof=x",
        "%",
    ],
)
async def test_an_invented_form_is_answered_with_the_page(family: Family, body: str):
    await family.open()
    issued = str(int(family.desk.clock.now().timestamp()))
    answer = await family.post(await family.link(), body.replace("{issued}", issued))
    assert answer.status_code == 409
    assert "<form" in answer.text
    await family.come()
    assert await family.on_timeline() == []


@pytest.mark.parametrize("lang", ["\u0000", "en'><script>", "zh" * 2_000, "\u202e"])
async def test_an_invented_language_is_no_part_of_the_page(family: Family, lang: str):
    for path in (await family.link(), "/f/3D7BmqCxqYCm0"):
        answer = await family.open(path, lang=lang)
        assert answer.status_code in (200, 404)
        assert lang not in answer.text
    await family.open()
    answer = await family.send(say="yes", lang=lang)
    assert answer.status_code == 303
    assert answer.headers["location"].endswith(("?lang=zh-CN", "?lang=en"))


async def test_many_notes_have_an_end(family: Family):
    await family.open()
    for number in range(MOST + 5):
        answer = await family.send(say="note", note=f"第{number}句")
    assert answer.status_code == 409
    assert "您已经留了很多话" in answer.text
    assert await family.desk.owner.fetchval("SELECT count(*) FROM sms_inbound") == MOST


async def test_after_the_end_it_is_shown_for_a_day(family: Family):
    await family.open()
    form = family.last
    now = family.desk.clock.now()
    await family.become(
        state="closed", closed_at=now, outcome="assistance", safe_by="daughter", safe_where="home"
    )
    page = (await family.open()).text
    assert "已确认平安" in page
    assert "<form" not in page
    family.last = form
    late = await family.send(say="yes")
    assert "求助已经结束" in late.text
    family.desk.clock.advance(DAY + 1)
    assert "这次求助已经结束" in (await family.open()).text
    assert await family.desk.owner.fetchval("SELECT count(*) FROM sms_inbound") == 0


async def test_a_word_that_meets_the_end_on_its_way_becomes_a_quiet_call(family: Family):
    """Kept while the call was open, understood when it is closed: it is not dropped."""
    await family.open()
    await family.send(say="note", note="我到门口了，没人开门")
    await family.become(state="closed", closed_at=family.desk.clock.now(), outcome="nobody_reached")
    await family.come()
    kinds = await family.desk.owner.fetch("SELECT kind FROM incident WHERE state = 'waiting'")
    assert [row["kind"] for row in kinds] == ["help"]


async def test_a_link_runs_out(family: Family):
    link = await family.link()
    family.desk.clock.advance(7 * DAY - 1)
    assert (await family.open(link)).status_code == 200
    family.desk.clock.advance(1)
    answer = await family.open(link)
    assert answer.status_code == 410
    assert "链接已经过期" in answer.text
    assert "0999-8012349" in answer.text


async def test_a_link_that_was_cut_off_or_made_up_opens_nothing(family: Family):
    link = await family.link()
    other = await family.desk.press("nobody")
    changed = link[:-1] + ("0" if link[-1] != "0" else "1")
    for wrong in (
        link[:-3],
        changed,
        "/f/1",
        "/f/%F0%9F%98%80",
        "/f/" + "z" * 300,
        f"/f/{link[3:]}x",
    ):
        answer = await family.open(wrong)
        assert answer.status_code == 404
        assert "拨打 0999-8012349" in answer.text
    signature = link[-10:]
    assert (await family.open(f"/f/{other.number}{signature}")).status_code == 404
    assert await family.desk.owner.fetchval("SELECT count(*) FROM family_look") == 0


async def test_whoever_tries_many_is_told_to_wait_and_a_right_link_opens_all_the_same(
    family: Family,
):
    """A mobile network has one address for many families."""
    for number in range(MOST_WRONG):
        assert (await family.open(f"/f/{number:013}")).status_code == 404
    answer = await family.open("/f/0000000000099")
    assert answer.status_code == 429
    assert "0999-8012349" in answer.text
    assert (await family.open()).status_code == 200
    family.desk.clock.advance(601)
    assert (await family.open("/f/0000000000099")).status_code == 404


async def test_a_text_that_was_withdrawn_opens_nothing(family: Family):
    """It was about somebody else's mother."""
    await family.desk.owner.execute(
        "UPDATE sms_message SET withdrawn_at = $1", family.desk.clock.now()
    )
    assert (await family.open()).status_code == 404


async def test_the_text_of_a_drill_opens_nothing(family: Family):
    await family.desk.owner.execute("ALTER TABLE sms_message DISABLE TRIGGER USER")
    await family.desk.owner.execute("UPDATE sms_message SET state = 'drill'")
    assert (await family.open()).status_code == 404


async def test_who_is_on_the_way_and_when(family: Family):
    staff = await family.desk.owner.fetchval(
        "INSERT INTO staff (name, phone, region_id, kinds, active_from)"
        " VALUES ('王建国', '+8613800001111', $1, '{grid_worker}', '2020-01-01') RETURNING id",
        family.desk.community.street,
    )
    now = family.desk.clock.now()
    await family.desk.owner.execute(
        "INSERT INTO task (id, kind, state, incident_id, region_id, region_path, code, created_at, begins_at, staff_id, eta)"
        " VALUES (gen_random_uuid(), 'rescue', 'under_way', $1, $2, '{1}', 123, $3, $3, $4, $3::timestamptz + interval '12 minutes')",
        family.incident,
        family.desk.community.street,
        now,
        staff,
    )
    page = (await family.open()).text
    assert "建国（网格员）正在赶去的路上" in page
    assert "预计17:38到达" in page
    assert "王建国" not in page
    assert "13800001111" not in page
    assert "Jianguo (community grid worker) is on the way" in (await family.open(lang="en")).text
    family.desk.clock.advance(1800)
    assert "还没有到达的消息" in (await family.open()).text


async def test_without_a_database_the_page_says_that_the_call_is_handled(family: Family):
    await family.open()
    link = await family.link()
    form = family.last
    async with family.without_database():
        answer = await family.open(link)
        assert answer.status_code == 503
        assert "求助照常处理" in answer.text
        assert "0999-8012349" in answer.text  # as it was read last
        family.last = form
        assert "没有送到" in (await family.send(link, say="yes")).text
    assert (await family.open(link)).status_code == 200


def test_the_key_is_in_no_log():
    assert "secret" not in repr(FamilyPages("secret"))


async def test_a_look_at_what_has_ended_is_counted_and_told_to_nobody(family: Family):
    await family.become(state="closed", closed_at=family.desk.clock.now(), outcome="nobody_reached")
    await family.open()
    await family.come()
    assert await family.desk.entries(family.incident) == ["opened"]
    assert await family.desk.owner.fetchval("SELECT told FROM family_look")
