"""The printed page: every kind of entry in words of both languages, everything people wrote escaped."""

from __future__ import annotations

from dataclasses import fields
from zoneinfo import ZoneInfo

import pytest

from callcenter.alerts.detail import IncidentDetail, Numbers
from callcenter.alerts.entries import KINDS, Entry, Reply, Said, Step, Told
from callcenter.alerts.printing.page import DETAILS, print_page
from callcenter.alerts.printing.wording import words
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
    return print_page(IncidentDetail(one, entries, [], [], Numbers(), ()), language, ZONE, LONG_AGO)


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
    assert "dreamt" in print_page(detail, "en", ZONE, LONG_AGO)


def test_everything_it_gathered_is_named_the_gravest_first():
    one = incident(kind="smoke", kinds=("sos", "smoke"))
    printed = print_page(IncidentDetail(one, [], [], [], Numbers(), ()), "zh-CN", ZONE, LONG_AGO)
    assert "烟雾报警、紧急求助" in printed
