"""Links that only this installation can make, short enough for a text of Chinese."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from callcenter.sms import segments
from callcenter.sms.catalogue import LINK, TO_CONTACTS, MessageKind
from callcenter.sms.links import (
    LASTS,
    SIGNATURE,
    links_to,
    no_link,
    read_token,
    signature,
    token_of,
)
from callcenter.sms.rendering import render

NOW = datetime(2026, 11, 28, 6, 5, tzinfo=UTC)
INCIDENT = UUID("01a2219a-d1a6-7555-960d-7f8b6907859d")
SHANGHAI = ZoneInfo("Asia/Shanghai")
HOST = "https://h.example.cn"

ids = st.uuids()
moments = st.integers(1_600_000_000, 2_800_000_000).map(lambda s: datetime.fromtimestamp(s, UTC))


@given(st.integers(1, 62**8 - 1), ids, st.integers(1, 2**40), moments)
def test_what_is_made_is_read_again(number: int, incident: UUID, contact: int, at: datetime):
    token = token_of("key", number, incident, contact, at)
    assert read_token(token) == (number, signature("key", incident, contact, at + LASTS))
    assert token.isascii()
    assert token.isalnum()


@given(ids, ids, st.integers(1, 9), st.integers(1, 9), moments, st.integers(1, 10**6))
def test_another_incident_contact_end_or_key_has_another_signature(
    one: UUID, two: UUID, contact: int, other: int, at: datetime, later_s: int
):
    made = signature("key", one, contact, at)
    assert (made == signature("key", two, other, at)) == ((one, contact) == (two, other))
    assert made != signature("key", one, contact, at + timedelta(seconds=later_s))
    assert made != signature("another key", one, contact, at)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "1",
        "0" * SIGNATURE,
        "x" * 40,
        "1-0000000000",
        "１0000000000",
        "10000000000\n",
        "1 000000000",
    ],
)
def test_what_cannot_be_a_link_of_ours_is_not_looked_up(wrong: str):
    assert read_token(wrong) is None


@given(st.text(max_size=40))
def test_nothing_that_is_written_there_raises(text: str):
    read = read_token(text)
    assert read is None or read[0] >= 0


def test_a_million_incidents_take_fourteen_letters_at_most():
    assert len(token_of("key", 1_000_000, INCIDENT, 2**40, NOW)) == 14


def row(**columns: Any) -> dict[str, Any]:
    usual = {"params": {"ref": 12345}, "contact_id": 7, "created_at": NOW, "reference": INCIDENT}
    return usual | columns


def test_a_text_whose_incident_has_no_number_yet_has_no_link():
    """It leaves before its row is there, while the database is away."""
    link_of = links_to(f"{HOST}/", "key")
    assert link_of(row()).startswith(f"{HOST}/f/")
    for missing in (
        {"params": {}},
        {"contact_id": None},
        {"created_at": None},
        {"reference": None},
    ):
        assert link_of(row(**missing)) == ""
    assert no_link(row()) == ""


CASE = {
    "name": "沈玉兰",
    "name_latin": "Shen Yulan",
    "at": NOW.isoformat(),
    "hotline": "0551-62841234",
    "signature": "榆荫里养老",
    "signature_en": "Yuyinli Care",
    "ref": 12345,
    "code": 482,
}


def with_link(kind: MessageKind, language: str, host: str = HOST, **params: object) -> str:
    link = links_to(host, "key")(row())
    return render(kind, {**CASE, **params, LINK: link}, language, SHANGHAI)


@pytest.mark.parametrize(
    ("kind", "language", "hotline", "begins"),
    [
        (MessageKind.ALARM_RAISED, "zh-CN", "0551-62841234", "【榆荫里养老】沈玉兰老人发出紧急求助。能去回1，不能回2。 https://"),
        (MessageKind.CAN_YOU_GO, "zh-CN", "0551-62841234", "【榆荫里养老】暂未联系上沈玉兰老人，能去回1，不能回2。 https://"),
        (MessageKind.ALARM_RAISED, "en", "12349", "[Yuyinli Care] Shen Yulan sent an emergency call at 14:05. Can you go there? Reply 1 yes, 2 no. Tel 12349 Ref 12345-482 https://"),
        (MessageKind.CAN_YOU_GO, "en", "12349", "[Yuyinli Care] Shen Yulan not reached yet. Can you go there? Reply 1 yes, 2 no. Tel 12349 Ref 12345-482 https://"),
    ],
)  # fmt: skip
def test_each_text_with_a_link_reads_as_agreed(
    kind: MessageKind, language: str, hotline: str, begins: str
):
    text = with_link(kind, language, hotline=hotline)
    assert text.startswith(begins)
    assert text.endswith(links_to(HOST, "key")(row()).removeprefix("https:"))
    assert segments.fits_one(text)


def test_a_short_number_to_call_has_room_beside_a_short_address():
    text = with_link(MessageKind.ALARM_RAISED, "zh-CN", "https://c.hf12.cn", hotline="12349")
    assert "急询12349 https://c.hf12.cn/f/" in text
    assert segments.units(text) == 70


def test_where_an_address_leaves_no_room_the_text_is_that_without_one():
    """Whose call it is and the answer that is asked for never go."""
    long = "https://yanglao-fuwu-zhongxin.example.gov.cn"
    for kind in TO_CONTACTS:
        text = with_link(kind, "zh-CN", long)
        assert text == render(kind, CASE, "zh-CN", SHANGHAI)


names = st.sampled_from(["沈玉兰", "阿卜杜热依木·买买提", "𠮷田𣗋子", "", "欧阳司徒慕容"])
hosts = st.sampled_from(
    [HOST, "https://c.cn", "https://a.very.long.name.of.a.centre.example.gov.cn"]
)


@given(
    st.sampled_from(sorted(TO_CONTACTS)),
    st.sampled_from(["zh-CN", "en"]),
    hosts,
    names,
    st.sampled_from(["", "12349", "0551-62841234"]),
    st.sampled_from(["", "养老", "榆荫里街道养老服务中心"]),
    st.booleans(),
)
def test_whatever_the_names_it_is_one_part_and_asks_for_the_answer(
    kind: MessageKind,
    language: str,
    host: str,
    name: str,
    hotline: str,
    signature: str,
    drill: bool,
):
    text = with_link(
        kind, language, host, name=name, hotline=hotline, signature=signature, drill=drill or None
    )
    assert segments.fits_one(text)
    asked = ("1 yes", "2 no") if language == "en" else ("1，", "2")
    assert all(each in text for each in asked)
    assert name[:1] in text or language == "en"
    if "/f/" in text:
        assert text.endswith(links_to(host, "key")(row()))


@pytest.mark.parametrize("kind", sorted(set(MessageKind) - TO_CONTACTS))
def test_no_other_text_has_a_link(kind: MessageKind):
    assert "/f/" not in with_link(kind, "zh-CN")
